"""Marriages, births in the register, families on assistance, persons with disabilities, and what units pay for their insured.

Derived from households and positions, so that each fact stays what it was; those who died stay in, with the state that tells it.
"""

import numpy as np
import polars as pl

from yishu.sample.chance import Ints
from yishu.sample.fixed import pick
from yishu.sample.households import HEAD, SPOUSE
from yishu.sample.people import NONE, full_names, phones
from yishu.sample.places import division_codes, written
from yishu.sample.tables.healthcare import birth_certificate_numbers, parents
from yishu.sample.tables.periods import last_month, month_bounds
from yishu.sample.tables.text import amounts, choice, codes, dates, where
from yishu.sample.vocabulary import DIVISIONS
from yishu.sample.world import World

_FIRST_HOUSEHOLD_NO = 100_000_000
_DISABLED, _ASSISTED = 18, 25  # one in so many
_SETTLED_AGE = 22 * 365 + 6  # days of 22 full years at most: nobody marries younger (《民法典》1047)
_LAST_WEDDING = 20_400
_FIRST_UNIT_NO, _FIRST_PERSON_NO = 400_100_000, 4_100_000_000
_MONTHLY_YUAN = ("100.00", "150.00")


def couples(world: World) -> Ints:
    """The spouses (positions) whose partner heads the household."""
    spouses = np.flatnonzero((world.persons.relation == SPOUSE) & world.persons.registered & (world.persons.household != NONE))
    partners = _partners(world, spouses)
    found, partners = spouses[partners != NONE], partners[partners != NONE]
    return np.asarray(found[_of_age(world, found, partners) <= _LAST_WEDDING], dtype=np.int64)


def _of_age(world: World, spouses: Ints, partners: Ints) -> Ints:
    """The day from which both may marry."""
    born = world.persons.birth_day
    return np.asarray(np.maximum(born[spouses], born[partners]) + _SETTLED_AGE, dtype=np.int64)


def _partners(world: World, spouses: Ints) -> Ints:
    people = world.persons
    heads = np.flatnonzero((people.relation == HEAD) & (people.household != NONE) & people.registered)
    found = np.full(len(world.homes), NONE, dtype=np.int64)
    found[people.household[heads[::-1]]] = heads[::-1]
    head = found[people.household[spouses]]
    other = (head != NONE) & (people.male[np.maximum(head, 0)] != people.male[spouses])
    return np.where(other, head, NONE).astype(np.int64)


def marriage_table(world: World, positions: Ints) -> pl.DataFrame:
    people, partner = world.persons, _partners(world, positions)
    husband, wife = (np.where(people.male[positions] == male, positions, partner) for male in (True, False))
    day = np.minimum(_of_age(world, husband, wife) + pick(positions, "married", 1_500), _LAST_WEDDING)
    before = pl.Series(["10", "40"])
    return pl.DataFrame(
        {
            "_subject": positions,
            "certificate_no": marriage_numbers(positions, day),
            "husband_citizen_id": world.citizen_id.gather(husband),
            "husband_name": full_names(people, husband),
            "husband_marital_status": before.gather((pick(positions, "his second", 12) == 0).astype(np.int64)),
            "wife_citizen_id": world.citizen_id.gather(wife),
            "wife_name": full_names(people, wife),
            "wife_marital_status": before.gather((pick(positions, "her second", 12) == 0).astype(np.int64)),
            "registered_date": dates(day, "%Y-%m-%d"),
            "division_code": division_codes(world.homes.take(people.household[positions])),
            "registry_name": pl.Series([f"{name}民政局婚姻登记处" for _, name, _, _ in DIVISIONS]).gather(
                world.homes.division[people.household[positions]]
            ),
        }
    )


def marriage_numbers(positions: Ints, day: Ints) -> pl.Series:
    """Six digits a year and registry; beyond a million persons another registry counts, so that no two marriages share a number."""
    return "J4104" + codes(positions // 1_000_000, 2) + "-" + dates(day, "%Y") + "-" + codes(positions % 1_000_000, 6)


def birth_registrations(world: World, positions: Ints) -> pl.DataFrame:
    children = world.persons.take(positions)
    mother = parents(world, positions, male=False)
    homes = world.homes.take(children.household)
    return pl.DataFrame(
        {
            "_subject": positions,
            "registration_no": "CS" + codes(positions + 1, 10),
            "citizen_id": world.citizen_id.gather(positions),
            "full_name": full_names(world.persons, positions),
            "sex": choice(children.male, "1", "2"),
            "birth_date": dates(children.birth_day, "%Y-%m-%d"),
            "birth_division_code": division_codes(homes),
            "household_no": codes(children.household + _FIRST_HOUSEHOLD_NO),
            "certificate_no": where(pick(positions, "certificate shown", 40) != 0, birth_certificate_numbers(positions)),
            "declarant_citizen_id": world.citizen_id.gather(mother),
            "declarant_name": full_names(world.persons, mother),
            "police_station": pl.Series([f"{name}户政大厅" for _, name, _, _ in DIVISIONS]).gather(homes.division),
            "accepted_date": dates(np.minimum(children.birth_day + 20, world.today), "%Y-%m-%d"),
        }
    )


def assisted(world: World) -> Ints:
    heads = np.flatnonzero((world.persons.relation == HEAD) & world.persons.registered & (world.persons.household != NONE))
    heads = np.setdiff1d(heads, world.entities.representative)  # who has a company is not assisted
    return np.asarray(heads[(pick(heads, "assisted", _ASSISTED) == 0) | (heads == heads[0])], dtype=np.int64)


def assistance_table(world: World, positions: Ints) -> pl.DataFrame:
    heads = world.persons.take(positions)
    homes = world.homes.take(heads.household)
    members = 1 + pick(positions, "members", 4)
    return pl.DataFrame(
        {
            "_subject": positions,
            "assistance_no": "DB" + codes(positions + 1, 9),
            "head_citizen_id": world.citizen_id.gather(positions),
            "head_name": full_names(world.persons, positions),
            "assistance_kind": codes(pick(positions, "assistance", 3) + 1),
            "head_employment": pl.Series(["31", "70", "80", None]).gather(pick(positions, "employment", 4)),
            "member_count": codes(members),
            "monthly_amount_yuan": amounts(members * (pick(positions, "assistance paid", 300) + 300) * 100),
            "division_code": division_codes(homes),
            "address": written(homes).str.replace(",", "，", literal=True),
            "phone": phones(world.persons, positions),
            "approved_date": dates(18_000 + pick(positions, "approved", 2_400), "%Y-%m-%d"),
            "status": codes(np.where(heads.death_day != NONE, 2, 1)),
        }
    )


def disabled(world: World) -> Ints:
    persons = np.flatnonzero(world.persons.registered & (world.persons.household != NONE))
    return np.asarray(persons[(pick(persons, "disabled", _DISABLED) == 0) | (persons == persons[0])], dtype=np.int64)


def severely_disabled(world: World) -> Ints:
    persons = disabled(world)
    return np.asarray(persons[(_grade(persons) <= 2) | (persons == persons[0])], dtype=np.int64)


def disability_table(world: World, positions: Ints) -> pl.DataFrame:
    persons = world.persons.take(positions)
    homes = world.homes.take(persons.household)
    issued = 17_000 + pick(positions, "disability issued", 3_300)
    issued = np.minimum(np.maximum(issued, persons.birth_day + 100), world.today)
    return pl.DataFrame(
        {
            "_subject": positions,
            "certificate_no": _certificates(world, positions),
            "citizen_id": world.citizen_id.gather(positions),
            "full_name": full_names(world.persons, positions),
            "sex": choice(persons.male, "1", "2"),
            "disability_category": codes(_category(positions)),
            "disability_grade": codes(_grade(positions)),
            "division_code": division_codes(homes),
            "address": written(homes).str.replace(",", "，", literal=True),
            "phone": phones(world.persons, positions),
            "issued_date": dates(issued, "%Y-%m-%d"),
            "valid_until_date": dates(issued + 10 * 365 + 3, "%Y-%m-%d"),
            "status": codes(np.where(persons.death_day != NONE, 2, 1)),
        }
    )


def subsidy_table(world: World, positions: Ints) -> pl.DataFrame:
    persons = world.persons.take(positions)
    kind = np.where(_grade(positions) <= 2, pick(positions, "subsidy", 2), 0)  # the allowance for care is for the severely disabled
    return pl.DataFrame(
        {
            "_subject": positions,
            "citizen_id": world.citizen_id.gather(positions),
            "subsidy_kind": codes(kind + 1),
            "full_name": full_names(world.persons, positions),
            "certificate_no": _certificates(world, positions),
            "division_code": division_codes(world.homes.take(persons.household)),
            "monthly_amount_yuan": pl.Series(_MONTHLY_YUAN).gather(kind),
            "paid_month": last_month(world, len(positions), "%Y%m"),
            "approved_date": dates(19_000 + pick(positions, "subsidy approved", 1_300), "%Y/%m/%d"),
            "payment_status": codes(np.where(persons.death_day != NONE, 2, 1)),
        }
    )


def _category(positions: Ints) -> Ints:
    return pick(positions, "disability", 7) + 1


def _grade(positions: Ints) -> Ints:
    return pick(positions, "disability grade", 4) + 1


def _certificates(world: World, positions: Ints) -> pl.Series:
    """GB/T 26341: the citizen id, then category and grade."""
    return world.citizen_id.gather(positions) + codes(_category(positions)) + codes(_grade(positions))


def contributions(world: World, positions: Ints) -> pl.DataFrame:
    """What units owe for their insured (positions) of last month."""
    insured = world.insured.take(positions)
    entity = world.units.entity[insured.unit]
    base = np.maximum(insured.base, 380_000)
    settled = pick(positions, "settled", 30) != 0
    arrived = np.minimum(np.full(len(positions), month_bounds(world)[1] + 1), world.today)
    return pl.DataFrame(
        {
            "_subject": positions,
            "relation_id": codes(positions + 7_000_000_001),
            "person_no": codes(positions + _FIRST_PERSON_NO),
            "citizen_id": world.citizen_id.gather(insured.person),
            "full_name": full_names(world.persons, insured.person),
            "unit_no": codes(insured.unit + _FIRST_UNIT_NO),
            "unit_credit_code": world.credit_code.gather(entity),
            "insurance_type": codes(insured.scheme),
            "period": last_month(world, len(positions), "%Y%m"),
            "contribution_base_yuan": amounts(base),
            "unit_due_yuan": amounts(base * 16 // 100),
            "personal_due_yuan": amounts(base * 8 // 100),
            "settled": choice(settled, "1", "0"),
            "settled_date": where(settled, dates(arrived, "%Y%m%d")),
        }
    )


