"""Water and power companies: customers, one a site, and what they used last month. Habits: the water company knows no villages, the power
company everybody."""

import numpy as np
import polars as pl

from yishu.sample.chance import Bools, Ints
from yishu.sample.estate import DWELLING
from yishu.sample.fixed import pick
from yishu.sample.legal_entities import entity_names
from yishu.sample.people import NONE, full_names
from yishu.sample.places import VILLAGE, division_codes
from yishu.sample.tables.addresses import levels
from yishu.sample.tables.periods import last_month, next_days
from yishu.sample.tables.text import always, amounts, codes, dates, either, where
from yishu.sample.world import World

_SPECIAL, _IN_ARREARS = 40, 25  # one in so many


def with_water(world: World) -> Ints:
    return np.flatnonzero(world.estate.sites.style != VILLAGE)


def with_power(world: World) -> Ints:
    return np.arange(len(world.estate.sites), dtype=np.int64)


def water_customers(world: World, positions: Ints) -> pl.DataFrame:
    return _customers(world, positions, "SH", "%Y-%m-%d")


def power_customers(world: World, positions: Ints) -> pl.DataFrame:
    return _customers(world, positions, "DL", "%Y%m%d")


def water_usage(world: World, positions: Ints) -> pl.DataFrame:
    volume = np.where(_dwelling(world, positions), 300, 4_000) + pick(positions, "water used", 2_000)
    return _usage(world, positions, "SH", "volume_cubic_metres", volume, 380)


def power_usage(world: World, positions: Ints) -> pl.DataFrame:
    energy = np.where(_dwelling(world, positions), 8_000, 90_000) + pick(positions, "power used", 30_000)
    return _usage(world, positions, "DL", "energy_kilowatt_hours", energy, 56)


def _dwelling(world: World, positions: Ints) -> Bools:
    return np.asarray(world.estate.sites.use[positions] == DWELLING)


def _customers(world: World, positions: Ints, prefix: str, pattern: str) -> pl.DataFrame:
    """The owner where one is registered; the name of a tenant nobody knows."""
    sites = world.estate.sites.take(positions)
    person, entity = sites.owner_person, sites.owner_entity
    some_person, some_entity = np.maximum(person, 0), np.maximum(entity, 0)
    dwelling = _dwelling(world, positions)
    named = either(entity != NONE, entity_names(world.entities.take(some_entity), world.seats.take(some_entity)),
                   full_names(world.persons, some_person))  # fmt: skip
    kind = np.where(dwelling, 1, np.where(pick(positions, "special trade", _SPECIAL) == 0, 3, 2))
    return pl.DataFrame(
        {
            "_subject": positions,
            "customer_no": prefix + codes(positions + 10_000_001),
            "customer_name": either((person == NONE) & (entity == NONE), always("（未实名）", len(positions)), named),
            "customer_kind": codes(kind),
            "citizen_id": where(person != NONE, world.citizen_id.gather(some_person)),
            "credit_code": where(entity != NONE, world.credit_code.gather(some_entity)),
            "address": levels(sites)["full_address"],
            "division_code": division_codes(sites.addresses()),
            "meter_no": codes(positions * 7 + 20_230_001),
            "opened_date": dates(np.minimum(sites.completed_day + 30, world.today), pattern),
            "state": codes(np.where(pick(positions, "account state", 60) == 0, 2, 1)),
        }
    )


def _usage(world: World, positions: Ints, prefix: str, item: str, used: Ints, price: int) -> pl.DataFrame:
    """used: tenths of a unit; price: fen a unit."""
    before = pick(positions, f"{prefix} meter", 900_000)
    owed = np.where(pick(positions, f"{prefix} arrears", _IN_ARREARS) == 0, used * price // 10, NONE)
    return pl.DataFrame(
        {
            "_subject": positions,
            "customer_no": prefix + codes(positions + 10_000_001),
            "period": last_month(world, len(positions), "%Y%m"),
            item: _tenths(used),
            "previous_reading": _tenths(before),
            "reading": _tenths(before + used),
            "fee_yuan": amounts(used * price // 10),
            "read_date": dates(next_days(world, positions, pick(positions, "reading day", 5)), "%Y-%m-%d"),
            "arrears_yuan": amounts(owed),
        }
    )


def _tenths(values: Ints) -> pl.Series:
    return pl.Series(values // 10).cast(pl.String) + "." + pl.Series(values % 10).cast(pl.String)


