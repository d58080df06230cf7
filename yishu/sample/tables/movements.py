"""市公安局: changed citizen ids, persons from abroad, moves in and out, guardians, and those who live here and are registered elsewhere.

Derived from positions, so that each fact stays what it was. Habits: dates with hyphens, codes of places outside the city as six digits.
"""

import numpy as np
import polars as pl

from expectations.rules.identifiers import complete_citizen_id
from yishu.sample.chance import Ints
from yishu.sample.fixed import pick
from yishu.sample.former_ids import former_ids
from yishu.sample.households import DAUGHTER, SON
from yishu.sample.people import AREAS, GIVEN, NONE, full_names, phones
from yishu.sample.places import DIVISION_CODES, division_codes, written
from yishu.sample.tables.healthcare import parents
from yishu.sample.tables.text import choice, codes, dates, either, where
from yishu.sample.vocabulary import DIVISIONS, SURNAMES
from yishu.sample.world import World

_DATE = "%Y-%m-%d"
_LAST_DAY = 20_400  # 2025-11: before the first delivery of any city
_MINOR_SINCE = 14_000  # born since 2008-05
_KINDS = ("414", "511", "516", "553", "601", "602")
_ABROAD = ("840", "826", "392", "410", "250", "276", "124", "036", "643", "702")
_FOREIGN_FIRST = ("约翰", "玛丽", "戴维", "安娜", "彼得", "索菲", "健一", "美子")
_FOREIGN_LAST = ("史密斯", "布朗", "穆勒", "杜邦", "田中", "金", "伊万诺夫", "泰勒")
_LATIN_FIRST = ("JOHN", "MARY", "DAVID", "ANNA", "PETER", "SOPHIE", "KENICHI", "YOSHIKO")
_LATIN_LAST = ("SMITH", "BROWN", "MULLER", "DUPONT", "TANAKA", "KIM", "IVANOV", "TAYLOR")


def _stations(division: Ints) -> pl.Series:
    return pl.Series([f"{name}户政大厅" for _, name, _, _ in DIVISIONS]).gather(division)


def identifier_changes(world: World, positions: Ints) -> pl.DataFrame:
    born = world.persons.birth_day[positions]
    return pl.DataFrame(
        {
            "_subject": positions,
            "former_citizen_id": former_ids(world, positions),
            "citizen_id": world.citizen_id.gather(positions),
            "full_name": full_names(world.persons, positions),
            "reason": codes(pick(positions, "number changed because", 2) + 1),
            "changed_date": dates(np.maximum(born + 30, 12_800 + pick(positions, "number changed", 7_000)), _DATE),
            "police_station": _stations(pick(positions, "number changed at", len(DIVISIONS))),
        }
    )


def from_abroad(world: World) -> Ints:
    """One person from abroad for every 250 who live here."""
    return np.arange(len(world.homes) // 100 + 24, dtype=np.int64)


def travel_documents(world: World, positions: Ints) -> pl.DataFrame:
    kind = positions % len(_KINDS)
    permit, foreigner = kind >= 4, (kind == 0) | (kind == 3)
    male, born = pick(positions, "abroad male", 2) == 0, 1_000 + pick(positions, "abroad born", 10_000)
    registered = 19_000 + pick(positions, "abroad registered", 1_400)
    first, last = pick(positions, "abroad first", len(_LATIN_FIRST)), pick(positions, "abroad last", len(_LATIN_LAST))
    chinese = pl.Series(SURNAMES).gather(pick(positions, "surname", len(SURNAMES))) + pl.Series(GIVEN).gather(pick(positions, "given", len(GIVEN)))
    foreign = pl.Series(_FOREIGN_FIRST).gather(first) + "·" + pl.Series(_FOREIGN_LAST).gather(last)
    area, serial = choice(kind == 4, "810000", "830000"), codes((positions % 449 + 50) * 2 + male, 3)
    permit_no = complete_citizen_id(area + dates(born, "%Y%m%d") + serial)
    homes = world.homes.take(positions * 7 % len(world.homes))
    region = pl.Series(["158", "344", "158", "344"]).gather(kind % 4)
    return pl.DataFrame(
        {
            "_subject": positions,
            "document_kind": pl.Series(_KINDS).gather(kind),
            "document_no": either(permit, permit_no, pl.Series(["E", "T", "H", "F", "", ""]).gather(kind) + codes(positions + 10_000_000, 8)),
            "citizen_id": where(permit, permit_no),
            "full_name": either(foreigner, foreign, chinese),
            "latin_name": where(foreigner, pl.Series(_LATIN_LAST).gather(last) + " " + pl.Series(_LATIN_FIRST).gather(first)),
            "sex": choice(male, "1", "2"),
            "birth_date": dates(born, _DATE),
            "nationality": either(foreigner, pl.Series(_ABROAD).gather(pick(positions, "from", len(_ABROAD))), region),
            "residence_division_code": division_codes(homes),
            "residence_address": written(homes),
            "valid_until_date": dates(registered + 5 * 365, _DATE),
            "registered_date": dates(registered, _DATE),
        }
    )


def came(world: World) -> Ints:
    """Every second of those whose number was given elsewhere: they moved in."""
    persons = np.flatnonzero(world.persons.registered & (world.persons.area >= len(DIVISION_CODES)) & (world.persons.birth_day < 12_000))
    return np.asarray(persons[(pick(persons, "moved in", 2) == 0) | (persons == persons[0])], dtype=np.int64)


def left(world: World) -> Ints:
    """Every third of those who work here and are registered elsewhere: they moved out and stayed."""
    persons = np.flatnonzero(~world.persons.registered & (world.persons.birth_day < 12_000))
    return np.asarray(persons[(pick(persons, "moved out", 3) == 0) | (persons == persons[0])], dtype=np.int64)


def moves_in(world: World, positions: Ints) -> pl.DataFrame:
    return _moves(world, positions, "from", "moved in")


def moves_out(world: World, positions: Ints) -> pl.DataFrame:
    return _moves(world, positions, "to", "moved out")


def _moves(world: World, positions: Ints, way: str, purpose: str) -> pl.DataFrame:
    persons = world.persons.take(positions)
    earliest = np.maximum(persons.birth_day + 18 * 365, 12_000)
    moved = earliest + pick(positions, f"{purpose} on", 1_000_000) % (_LAST_DAY - earliest)
    return pl.DataFrame(
        {
            "_subject": positions,
            "citizen_id": world.citizen_id.gather(positions),
            "moved_date": dates(moved, _DATE),
            "full_name": full_names(world.persons, positions),
            "reason": codes(pick(positions, f"{purpose} because", 5) + 1),
            f"{way}_division_code": pl.Series(AREAS).gather(persons.area),
            "migration_permit_no": where(pick(positions, f"{purpose} by permit", 4) != 0, "豫" + codes(positions + 1, 8)),
            "entry_permit_no": where(pick(positions, f"{purpose} by entry permit", 4) != 0, "准" + codes(positions + 1, 8)),
            "police_station": _stations(pick(positions, f"{purpose} at", len(DIVISIONS))),
        }
    )


def wards(world: World) -> Ints:
    """Two for each minor with a mother or father in the household: position * 2 for the mother, + 1 for the father."""
    people = world.persons
    minors = np.flatnonzero(people.registered & (people.birth_day >= _MINOR_SINCE) & np.isin(people.relation, (SON, DAUGHTER)))
    found = [minors[parents(world, minors, male=male) != NONE] * 2 + male for male in (False, True)]
    return np.sort(np.concatenate(found)).astype(np.int64)


def guardians(world: World, subjects: Ints) -> pl.DataFrame:
    child, father = subjects // 2, subjects % 2 == 1
    guardian = np.where(father, parents(world, child, male=True), parents(world, child, male=False)).astype(np.int64)
    return pl.DataFrame(
        {
            "_subject": subjects,
            "citizen_id": world.citizen_id.gather(child),
            "guardian_citizen_id": world.citizen_id.gather(guardian),
            "full_name": full_names(world.persons, child),
            "guardian_name": full_names(world.persons, guardian),
            "relation": choice(father, "51", "52"),
            "guardian_phone": phones(world.persons, guardian),
        }
    )


def lodging(world: World) -> Ints:
    return np.flatnonzero(~world.persons.registered)


def residence_registrations(world: World, positions: Ints) -> pl.DataFrame:
    persons = world.persons.take(positions)
    homes = world.homes.take(pick(positions, "lodges with", len(world.homes)))
    return pl.DataFrame(
        {
            "_subject": positions,
            "citizen_id": world.citizen_id.gather(positions),
            "full_name": full_names(world.persons, positions),
            "sex": choice(persons.male, "1", "2"),
            "birth_date": dates(persons.birth_day, _DATE),
            "home_division_code": pl.Series(AREAS).gather(persons.area),
            "residence_division_code": division_codes(homes),
            "residence_address": written(homes),
            "reason": codes(pick(positions, "lives here because", 4) + 1),
            "residence_permit_no": where(pick(positions, "residence permit", 3) != 0, "4104" + codes(positions + 1, 10)),
            "registered_date": dates(np.maximum(persons.birth_day + 1, 18_500 + pick(positions, "lives here since", 1_900)), _DATE),
            "phone": phones(world.persons, positions),
        }
    )
