"""市卫健委 and 市医保局: births, institutions, doctors and nurses; the insured and what was paid for them.

Three institutions a district, the same for ever. Habits: two columns of codes for one institution, amounts in yuan with two decimals.
"""

import numpy as np
import polars as pl

from expectations.rules.identifiers import complete_credit_code
from yishu.sample.chance import Ints
from yishu.sample.fixed import pick
from yishu.sample.households import HEAD, SPOUSE
from yishu.sample.people import NONE, full_names
from yishu.sample.places import DIVISION_CODES, division_codes
from yishu.sample.social import CONTRIBUTING, ENDED, PAUSED
from yishu.sample.tables.text import amounts, choice, codes, dates, where
from yishu.sample.vocabulary import DIVISIONS
from yishu.sample.world import World

_A_DISTRICT = 3
_NAMES = ("人民医院", "中医院", "妇幼保健院")
_KINDS, _LEVELS = ("1", "2", "3"), ("1", "2", "2")
_PRACTITIONERS = 60  # one in so many grown-ups
_SINCE = 17_167  # 2017-01-01: births are certified electronically since then
# Settlements count from this day, so many a day for every hundred who were insured by then: what was told once never changes.
_EPOCH, _YOUNG = 20_483, 3_000  # 2026-01-30; born after 1978-03: hardly anybody of them dies
_YEAR = 365


def institutions(world: World) -> Ints:
    return np.arange(_A_DISTRICT * len(DIVISIONS), dtype=np.int64)


def institution_table(world: World, positions: Ints) -> pl.DataFrame:
    district = positions // _A_DISTRICT
    kind = positions % _A_DISTRICT
    registered = pick(positions, "hospital", 9_000) + 8_000
    return pl.DataFrame(
        {
            "_subject": positions,
            "institution_code": _credit_codes(positions).str.slice(8, 9),
            "credit_code": _credit_codes(positions),
            "name": _institution_names(positions),
            "institution_kind": pl.Series(_KINDS).gather(kind),
            "hospital_level": pl.Series(_LEVELS).gather(kind),
            "division_code": pl.Series(DIVISION_CODES).gather(district),
            "address": pl.Series([f"河南省平顶山市{name}" for _, name, _, _ in DIVISIONS]).gather(district) + "建设路" + codes(kind + 1) + "号",
            "phone": "0375-4" + codes(positions + 120_000, 6),
            "bed_count": codes((pick(positions, "beds", 60) + 3) * 10),
            "staff_count": codes(pick(positions, "staff", 600) + 40),
            "registered_date": dates(registered, "%Y-%m-%d"),
            "valid_until_date": dates(registered + 15 * _YEAR * (1 + (20_700 - registered) // (15 * _YEAR)), "%Y-%m-%d"),
        }
    )


def births(world: World) -> Ints:
    """Children of the register with a mother in their household."""
    persons = np.arange(len(world.persons), dtype=np.int64)
    young = world.persons.registered & (world.persons.birth_day >= _SINCE) & (world.persons.household != NONE)
    own = persons[young]
    return np.asarray(own[parents(world, own, male=False) != NONE], dtype=np.int64)


def parents(world: World, children: Ints, *, male: bool) -> Ints:
    """The head or spouse of that sex in each child's household, NONE where there is none."""
    people = world.persons
    fitting = np.flatnonzero(np.isin(people.relation, (HEAD, SPOUSE)) & (people.male == male) & (people.household != NONE))
    found = np.full(len(world.homes), NONE, dtype=np.int64)
    found[people.household[fitting[::-1]]] = fitting[::-1]
    return np.asarray(found[people.household[children]], dtype=np.int64)


def birth_table(world: World, positions: Ints) -> pl.DataFrame:
    children = world.persons.take(positions)
    mother, father = parents(world, positions, male=False), parents(world, positions, male=True)
    hospital = world.homes.division[children.household] * _A_DISTRICT + 2
    return pl.DataFrame(
        {
            "_subject": positions,
            "certificate_no": birth_certificate_numbers(positions),
            "child_name": full_names(world.persons, positions),
            "child_sex": choice(children.male, "1", "2"),
            "birth_date": dates(children.birth_day, "%Y-%m-%d"),
            "gestational_weeks": codes(36 + pick(positions, "weeks", 6)),
            "birth_weight_grams": codes(2_500 + pick(positions, "weight", 1_600)),
            "mother_name": full_names(world.persons, mother),
            "mother_citizen_id": world.citizen_id.gather(mother),
            "father_name": where(father != NONE, full_names(world.persons, np.maximum(father, 0))),
            "father_citizen_id": where(father != NONE, world.citizen_id.gather(np.maximum(father, 0))),
            "institution_name": _institution_names(hospital),
            "division_code": division_codes(world.homes.take(children.household)),
            "issued_date": dates(np.minimum(children.birth_day + 3, world.today), "%Y-%m-%d"),
        }
    )


def birth_certificate_numbers(positions: Ints) -> pl.Series:
    return "U" + codes(positions + 410_000_000, 9)


def practitioners(world: World) -> Ints:
    persons = np.arange(len(world.persons), dtype=np.int64)
    born = world.persons.birth_day
    known = world.persons.registered & (born > -3_000) & (born < 9_500)
    return np.flatnonzero(known & ((pick(persons, "practitioner", _PRACTITIONERS) == 0) | (persons == np.flatnonzero(known)[0])))


def practitioner_table(world: World, positions: Ints) -> pl.DataFrame:
    persons = world.persons.take(positions)
    place = pick(positions, "hospital", _A_DISTRICT * len(DIVISIONS))
    kind = pick(positions, "practice", 5)
    return pl.DataFrame(
        {
            "_subject": positions,
            "licence_no": "141" + codes(positions + 1, 12),
            "citizen_id": world.citizen_id.gather(positions),
            "full_name": full_names(world.persons, positions),
            "sex": choice(persons.male, "1", "2"),
            "practice_kind": codes(kind + 1),
            "practice_level": codes(np.where(kind == 4, 3, pick(positions, "practice level", 2) + 1)),
            "institution_code": _credit_codes(place).str.slice(8, 9),
            "institution_name": _institution_names(place),
            "scope": pl.Series(["内科", "口腔", "公共卫生", "中医内科", "护理"]).gather(kind),
            "registered_date": dates(persons.birth_day + 25 * _YEAR, "%Y/%m/%d"),
            "status": codes(np.where(persons.death_day != NONE, 2, 1)),
        }
    )


def covered(world: World) -> Ints:
    """Everybody who was ever in the register: who dies stays in, as ended."""
    return np.flatnonzero(world.persons.registered)


def covered_table(world: World, positions: Ints) -> pl.DataFrame:
    persons = world.persons.take(positions)
    employed = pick(positions, "employees' scheme", 3) == 0
    status = np.where(persons.death_day != NONE, ENDED, np.where(pick(positions, "paused", 50) == 0, PAUSED, CONTRIBUTING))
    return pl.DataFrame(
        {
            "_subject": positions,
            "person_no": "4104" + codes(positions + 1, 8),
            "citizen_id": world.citizen_id.gather(positions),
            "full_name": full_names(world.persons, positions),
            "sex": choice(persons.male, "1", "2"),
            "birth_date": dates(persons.birth_day, "%Y%m%d"),
            "insurance_type": choice(employed, "310", "390"),
            "insured_status": codes(status),
            "unit_no": where(employed, codes(pick(positions, "unit", 900) + 400_100_000)),
            "division_code": pl.Series(DIVISION_CODES).gather(pick(positions, "insured at", len(DIVISION_CODES))),
            "started_date": dates(np.minimum(np.maximum(persons.birth_day + 5, 12_000), world.today), "%Y%m%d"),
            "contribution_base_yuan": where(employed, amounts((pick(positions, "base", 9_000) + 3_800) * 100)),
        }
    )


def settlements(world: World) -> Ints:
    """Numbers of what was settled up to today."""
    return np.arange(max(world.today - _EPOCH, 0) * _a_day(world), dtype=np.int64)


def settlement_table(world: World, positions: Ints) -> pl.DataFrame:
    patients = _patients(world)
    chosen = pick(positions, "patient", len(patients))
    day = _EPOCH + positions // _a_day(world)
    stay = pick(positions, "stay", 12)
    person = patients[chosen]
    died = world.persons.death_day[person]
    # Who had died by then was not treated: the next one was.
    person = np.where((died != NONE) & (died < day), patients[(chosen + 1) % len(patients)], person).astype(np.int64)
    hospital = pick(positions, "treated at", _A_DISTRICT * len(DIVISIONS))
    total = (pick(positions, "fees", 9_000) + 30) * 100 + pick(positions, "fen", 100)
    pool, account = total * 55 // 100, total * 20 // 100
    return pl.DataFrame(
        {
            "_subject": positions,
            "settlement_no": "JS" + codes(positions + 1, 12),
            "person_no": "4104" + codes(person + 1, 8),
            "citizen_id": world.citizen_id.gather(person),
            "institution_code": _credit_codes(hospital).str.slice(8, 9),
            "institution_name": _institution_names(hospital),
            "visit_kind": pl.Series(["11", "14", "21", "41"]).gather(np.where(stay > 2, 2, pick(positions, "visit", 2))),
            "admitted_date": dates(day - np.where(stay > 2, stay, 0), "%Y-%m-%d"),
            "discharged_date": dates(day, "%Y-%m-%d"),
            "settled_date": dates(day, "%Y-%m-%d"),
            "total_yuan": amounts(total),
            "pool_paid_yuan": amounts(pool),
            "account_paid_yuan": amounts(account),
            "cash_paid_yuan": amounts(total - pool - account),
        }
    )


def _patients(world: World) -> Ints:
    born = world.persons.birth_day
    return np.flatnonzero(world.persons.registered & (born > _YOUNG) & (born < _EPOCH - 40))


def _a_day(world: World) -> int:
    return max(len(_patients(world)) // 100, 2)


def _credit_codes(institutions: Ints) -> pl.Series:
    area = pl.Series(DIVISION_CODES).gather(institutions // _A_DISTRICT)
    return complete_credit_code("12" + area, "MH" + codes(institutions + 100_000, 6))


def _institution_names(institutions: Ints) -> pl.Series:
    return pl.Series([name for _, name, _, _ in DIVISIONS]).gather(institutions // _A_DISTRICT) + pl.Series(_NAMES).gather(institutions % _A_DISTRICT)
