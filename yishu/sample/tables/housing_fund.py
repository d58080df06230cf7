"""市公积金中心: units and accounts of the housing fund. Habits: dates as eight digits."""

import numpy as np
import polars as pl

from yishu.sample.chance import Ints
from yishu.sample.fixed import pick
from yishu.sample.former_ids import as_known_to
from yishu.sample.legal_entities import entity_names
from yishu.sample.people import NONE, full_names
from yishu.sample.social import CONTRIBUTING
from yishu.sample.tables.periods import last_month
from yishu.sample.tables.text import amounts, choice, codes, dates
from yishu.sample.world import World

_FIRST_UNIT, _FIRST_ACCOUNT = 100_200_001, 100_000_300_001
_BRANCHES, _RATES = 6, 8  # rates of 5 to 12 per cent


def employed(world: World) -> Ints:
    """The insured (positions) who work for a unit."""
    return np.flatnonzero(world.insured.unit != NONE)


def units(world: World, positions: Ints) -> pl.DataFrame:
    entity = world.units.entity[positions]
    code = world.credit_code.gather(entity)
    counted = np.bincount(world.insured.unit[employed(world)], minlength=len(world.units))[positions]
    return pl.DataFrame(
        {
            "_subject": positions,
            "unit_account": codes(positions + _FIRST_UNIT),
            "unit_name": entity_names(world.entities.take(entity), world.seats.take(entity)),
            "credit_code": code,
            "organisation_code": code.str.slice(8, 9),
            "branch_no": codes(pick(positions, "fund branch", _BRANCHES) + 1, 2),
            "depositor_count": codes(counted),
            "monthly_amount_yuan": amounts(counted * (pick(positions, "fund amount", 1_500) + 600) * 100),
            "deposit_year": dates(np.full(len(positions), world.today), "%Y"),
            "opened_date": dates(world.units.insured_day[positions], "%Y%m%d"),
        }
    )


def accounts(world: World, positions: Ints) -> pl.DataFrame:
    insured = world.insured.take(positions)
    paying = insured.status == CONTRIBUTING
    month = last_month(world, len(positions), "%Y%m")
    return pl.DataFrame(
        {
            "_subject": positions,
            "account_no": codes(positions + _FIRST_ACCOUNT),
            "citizen_id": as_known_to(world, insured.person, "housing fund"),
            "full_name": full_names(world.persons, insured.person),
            "unit_account": codes(insured.unit + _FIRST_UNIT),
            "deposit_base_yuan": amounts(np.maximum(insured.base, 380_000)),
            "unit_rate_percent": codes(pick(insured.unit, "fund rate", _RATES) + 5),
            "status": choice(paying, "1", "2"),
            "balance_yuan": amounts(pick(positions, "fund balance", 30_000_000)),
            "opened_date": dates(insured.started_day, "%Y%m%d"),
            "paid_month": month,
        }
    )
