"""市人社局: insured persons and units, pensions. Habits: dates as eight digits, a person number of its own, landlines
without hyphen."""

import numpy as np
import polars as pl

from yishu.sample.chance import Ints
from yishu.sample.legal_entities import entity_names
from yishu.sample.people import NONE, full_names
from yishu.sample.places import division_codes, written
from yishu.sample.social import CONTRIBUTING
from yishu.sample.tables.text import amounts, choice, codes, dates, where
from yishu.sample.world import World

_FIRST_PERSON_NO = 4_100_000_000
_FIRST_UNIT_NO = 400_100_000
_FILE_LOST = 40  # one in so many pensioners: nobody knows the day any more


def persons(world: World, positions: Ints) -> pl.DataFrame:
    insured = world.insured.take(positions)
    people = world.persons.take(insured.person)
    return pl.DataFrame(
        {
            "_subject": positions,
            "person_no": codes(positions + _FIRST_PERSON_NO),
            "citizen_id": world.citizen_id.gather(insured.person),
            "full_name": full_names(world.persons, insured.person),
            "sex": choice(people.male, "1", "2"),
            "birth_date": dates(people.birth_day, "%Y%m%d"),
            "unit_no": where(insured.unit != NONE, codes(insured.unit + _FIRST_UNIT_NO)),
            "insurance_type": codes(insured.scheme),
            "insured_status": codes(insured.status),
            "started_date": dates(insured.started_day, "%Y%m%d"),
            "contribution_base_yuan": amounts(insured.base),
        }
    )


def units(world: World, positions: Ints) -> pl.DataFrame:
    chosen = world.units.take(positions)
    entities, seats = world.entities.take(chosen.entity), world.seats.take(chosen.entity)
    contributing = world.insured.unit[(world.insured.status == CONTRIBUTING) & (world.insured.unit != NONE)]
    return pl.DataFrame(
        {
            "_subject": positions,
            "unit_no": codes(positions + _FIRST_UNIT_NO),
            "credit_code": world.credit_code.gather(chosen.entity),
            "unit_name": entity_names(entities, seats),
            "division_code": division_codes(seats),
            "address": written(seats),
            "phone": "0375000" + codes(entities.phone, 4),
            "insured_count": codes(np.bincount(contributing, minlength=len(world.units))[positions]),
            "insured_date": dates(chosen.insured_day, "%Y%m%d"),
        }
    )


def pensions(world: World, positions: Ints) -> pl.DataFrame:
    """Of those whose pension stopped, the month of the last payment."""
    chosen = world.pensions.take(positions)
    insured = world.insured.take(chosen.insured)
    paid = chosen.paid_until == NONE
    return pl.DataFrame(
        {
            "_subject": positions,
            "person_no": codes(chosen.insured + _FIRST_PERSON_NO),
            "citizen_id": world.citizen_id.gather(insured.person),
            "full_name": full_names(world.persons, insured.person),
            "insurance_type": codes(insured.scheme),
            "retired_date": where(positions % _FILE_LOST != 0, dates(chosen.retired_day, "%Y%m%d")),
            "monthly_amount_yuan": amounts(chosen.amount),
            "payment_status": choice(paid, "1", "2"),
            "paid_month": dates(np.where(paid, world.today, chosen.paid_until), "%Y%m"),
        }
    )
