"""市民政局: allowances for the old, standard addresses. Habits: 男 and 女, 在发 and 停发 in place of codes, dates with slashes, amounts
without decimals."""

import numpy as np
import polars as pl

from yishu.sample import coordinates
from yishu.sample.chance import Ints
from yishu.sample.estate import PREMISES
from yishu.sample.legal_entities import CANCELLED
from yishu.sample.people import full_names, phones
from yishu.sample.places import DIVISION_CODES, division_codes, written
from yishu.sample.social import PAID, age_on
from yishu.sample.tables.addresses import address_codes, levels, site_points
from yishu.sample.tables.text import choice, codes, dates, either
from yishu.sample.world import World

_NO_SUCH_LEVEL = "无"
_MONTHLY_YUAN = np.array([60, 100, 300])


def allowances(world: World, positions: Ints) -> pl.DataFrame:
    chosen = world.allowances.take(positions)
    persons = world.persons.take(chosen.person)
    # The level of those who died is that of their last day.
    until = np.where(persons.death_day >= 0, persons.death_day, world.today)
    age = np.where(
        persons.death_day >= 0, _age_at(world, chosen.person, until), age_on(world.persons, chosen.person, world.today)
    )
    level = np.where(age >= 100, 3, np.where(age >= 90, 2, 1))
    moved = chosen.moved == 1
    homes, residences = world.homes.take(persons.household), world.residences.take(positions)
    return pl.DataFrame(
        {
            "_subject": positions,
            "citizen_id": world.citizen_id.gather(chosen.person),
            "full_name": full_names(world.persons, chosen.person),
            "sex": choice(persons.male, "男", "女"),
            "residence_division_code": either(moved, division_codes(residences), division_codes(homes)),
            "residence_address": either(moved, written(residences), written(homes)),
            "phone": phones(world.persons, chosen.person),
            "allowance_level": codes(level),
            "monthly_amount_yuan": codes(_MONTHLY_YUAN[level - 1]),
            "status": choice(chosen.status == PAID, "在发", "停发"),
            "granted_date": dates(chosen.granted_day, "%Y/%m/%d"),
        }
    )


def _age_at(world: World, persons: Ints, days: Ints) -> Ints:
    return (days - world.persons.birth_day[persons]) * 4 // 1461


def standard_addresses(world: World, positions: Ints) -> pl.DataFrame:
    """A level that an address does not have is written 无, as the rules for standard addresses ask."""
    sites = world.estate.sites.take(positions)
    longitude, latitude = coordinates.written(*site_points(sites))
    # Premises of companies that are gone were struck off; the code is not given again.
    closed = np.isin(positions, world.estate.seat[world.entities.status == CANCELLED]) & (sites.use == PREMISES)
    return (
        levels(sites)
        .with_columns(pl.exclude("full_address").fill_null(_NO_SUCH_LEVEL))
        .with_columns(
            pl.Series("_subject", positions),
            address_codes(sites, positions).alias("address_code"),
            pl.lit("河南省").alias("province"),
            pl.lit("平顶山市").alias("city"),
            pl.Series("division_code", DIVISION_CODES).gather(sites.division),
            longitude.alias("longitude_degrees"),
            latitude.alias("latitude_degrees"),
            choice(closed, "注销", "启用").alias("status"),
        )
    )
