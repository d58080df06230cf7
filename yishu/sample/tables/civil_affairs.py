"""市民政局: allowances for the old. Habits: 男 and 女, 在发 and 停发 in place of codes, dates with slashes, amounts
without decimals."""

import numpy as np
import polars as pl

from yishu.sample.chance import Ints
from yishu.sample.people import full_names, phones
from yishu.sample.places import division_codes, written
from yishu.sample.social import PAID, age_on
from yishu.sample.tables.text import choice, codes, dates
from yishu.sample.world import World

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
    moved = pl.Series("moved", chosen.moved == 1)
    homes, residences = world.homes.take(persons.household), world.residences.take(positions)
    return pl.DataFrame(
        {
            "_subject": positions,
            "citizen_id": world.citizen_id.gather(chosen.person),
            "full_name": full_names(world.persons, chosen.person),
            "sex": choice(persons.male, "男", "女"),
            "residence_division_code": _either(moved, division_codes(residences), division_codes(homes)),
            "residence_address": _either(moved, written(residences), written(homes)),
            "phone": phones(world.persons, chosen.person),
            "allowance_level": codes(level),
            "monthly_amount_yuan": codes(_MONTHLY_YUAN[level - 1]),
            "status": choice(chosen.status == PAID, "在发", "停发"),
            "granted_date": dates(chosen.granted_day, "%Y/%m/%d"),
        }
    )


def _age_at(world: World, persons: Ints, days: Ints) -> Ints:
    return (days - world.persons.birth_day[persons]) * 4 // 1461


def _either(condition: pl.Series, yes: pl.Series, no: pl.Series) -> pl.Series:
    return pl.select(pl.when(condition).then(yes).otherwise(no)).to_series()
