"""市公安局: the register of residents, of deaths, and of door plates. Habits: dates with hyphens among residents, with
slashes and bare months among deaths; levels that an address does not have are left empty."""

import numpy as np
import polars as pl

from expectations.rules.coordinates import GCJ02
from yishu.sample import coordinates
from yishu.sample.chance import Ints
from yishu.sample.people import former_names, full_names, phones
from yishu.sample.places import DIVISION_CODES, division_codes, written
from yishu.sample.tables.addresses import address_codes, levels, site_points
from yishu.sample.tables.text import choice, codes, dates
from yishu.sample.world import World

_FIRST_HOUSEHOLD_NO = 100_000_000


def residents(world: World, positions: Ints) -> pl.DataFrame:
    persons = world.persons.take(positions)
    homes = world.homes.take(persons.household)
    return pl.DataFrame(
        {
            "_subject": positions,
            "citizen_id": world.citizen_id.gather(positions),
            "full_name": full_names(world.persons, positions),
            "former_name": former_names(world.persons, positions),
            "sex": choice(persons.male, "1", "2"),
            "ethnicity": codes(persons.ethnicity, 2),
            "birth_date": dates(persons.birth_day, "%Y-%m-%d"),
            "marital_status": codes(persons.marital),
            "household_no": codes(persons.household + _FIRST_HOUSEHOLD_NO),
            "household_relation": codes(persons.relation, 2),
            "registered_division_code": division_codes(homes),
            "registered_address": written(homes),
            "phone": phones(world.persons, positions),
        }
    )


def deaths(world: World, positions: Ints) -> pl.DataFrame:
    chosen = world.deaths.take(positions)
    return pl.DataFrame(
        {
            "_subject": positions,
            "citizen_id": world.citizen_id.gather(chosen.person),
            "full_name": full_names(world.persons, chosen.person),
            "death_date": dates(chosen.death_day, "%Y/%-m/%-d"),
            "certificate_no": "4104" + dates(chosen.death_day, "%Y") + codes(chosen.serial, 7),
            "cancelled_date": dates(chosen.cancelled_day, "%Y/%-m/%-d"),
        }
    )


def plated(world: World) -> Ints:
    """The sites with a door plate of the police: three in five."""
    return np.flatnonzero(np.arange(len(world.estate.sites)) % 5 < 3)


def door_plates(world: World, positions: Ints) -> pl.DataFrame:
    sites = world.estate.sites.take(positions)
    longitude, latitude = coordinates.written(*site_points(sites), GCJ02)
    station = pl.col("town").str.replace("(街道|镇|乡)$", "派出所")
    plates = levels(sites).with_columns(pl.Series("_subject", positions), station.alias("police_station"))
    return plates.with_columns(
        address_codes(sites, positions).alias("address_code"),
        pl.Series("division_code", DIVISION_CODES).gather(sites.division),
        longitude.alias("longitude_degrees"),
        latitude.alias("latitude_degrees"),
    )
