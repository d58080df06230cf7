"""The schools and hospitals of the city: the same ones in every city and on every day, a few in each division and town.

Here is which there are, and what each is called, coded and where it stands; the tables of education and health write them down.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from expectations.rules.identifiers import complete_credit_code
from yishu.sample.chance import Ints
from yishu.sample.columns import Columns
from yishu.sample.fixed import pick
from yishu.sample.places import DIVISION_CODES, TOWN_DIVISIONS, TOWNS
from yishu.sample.tables.text import codes
from yishu.sample.vocabulary import DIVISIONS, FEMALE_GIVEN, MALE_GIVEN, ROADS, SURNAMES

KINDERGARTEN, PRIMARY, JUNIOR, SENIOR, VOCATIONAL = 1, 2, 3, 4, 5
GENERAL, CHINESE_MEDICINE, MATERNITY, TOWNSHIP, COMMUNITY = 1, 2, 3, 4, 5
WHOLE_DIVISION = -1  # serves more than one town
_PUBLIC_INSTITUTION = "12"
_GIVEN = [*MALE_GIVEN["middle"], *FEMALE_GIVEN["middle"]]


@dataclass
class Institutions(Columns):
    """One entry an institution: its kind, its division and town (positions in places.py), and the number of its name."""

    kind: Ints
    division: Ints
    town: Ints
    number: Ints


def _laid_out(rows: list[tuple[int, int, int, int]]) -> Institutions:
    return Institutions(*(np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)))


_ALL_DIVISIONS = range(len(DIVISIONS))
SCHOOLS = _laid_out([
    *((kind, division, town, 0) for town, division in enumerate(TOWN_DIVISIONS) for kind in (KINDERGARTEN, PRIMARY)),
    *((JUNIOR, division, WHOLE_DIVISION, number) for division in _ALL_DIVISIONS for number in (0, 1)),
    *((kind, division, WHOLE_DIVISION, 0) for division in _ALL_DIVISIONS for kind in (SENIOR, VOCATIONAL)),
])  # fmt: skip
HOSPITALS = _laid_out([
    *((kind, division, WHOLE_DIVISION, 0) for division in _ALL_DIVISIONS for kind in (GENERAL, CHINESE_MEDICINE, MATERNITY)),
    *((COMMUNITY if TOWNS[town].endswith("街道") else TOWNSHIP, division, town, 0) for town, division in enumerate(TOWN_DIVISIONS)),
])  # fmt: skip
_PRIMARY_OF_TOWN = np.flatnonzero(SCHOOLS.kind == PRIMARY)
_FIRST_JUNIOR, _FIRST_SENIOR = (int(np.flatnonzero(SCHOOLS.kind == kind)[0]) for kind in (JUNIOR, SENIOR))
_NUMBERS = ("第一", "第二")
_SCHOOL_WORDS = {KINDERGARTEN: "中心幼儿园", PRIMARY: "中心小学", JUNIOR: "初级中学", SENIOR: "高级中学", VOCATIONAL: "职业中等专业学校"}
_HOSPITAL_WORDS = {GENERAL: "人民医院", CHINESE_MEDICINE: "中医医院", MATERNITY: "妇幼保健院", TOWNSHIP: "卫生院", COMMUNITY: "社区卫生服务中心"}


def school_for(pupils: Ints, grades: Ints, towns: Ints) -> Ints:
    """The school of each pupil: the town's up to grade 6, then one of the division's."""
    division = np.array(TOWN_DIVISIONS)[towns]
    junior = _FIRST_JUNIOR + division * 2 + pick(pupils, "junior school", 2)
    senior = _FIRST_SENIOR + division * 2 + pick(pupils, "senior school", 2)
    return np.asarray(np.where(grades <= 6, _PRIMARY_OF_TOWN[towns], np.where(grades <= 9, junior, senior)), dtype=np.int64)


def school_names(schools: Ints) -> pl.Series:
    return _names(SCHOOLS, _SCHOOL_WORDS).gather(schools)


def school_codes(schools: Ints) -> pl.Series:
    """Ten digits; kind, province, serial."""
    return codes(SCHOOLS.kind[schools]) + "14104" + codes(schools + 1, 4)


def school_credit_codes(schools: Ints) -> pl.Series:
    return _credit_codes(SCHOOLS, "ME").gather(schools)


def hospital_names(hospitals: Ints) -> pl.Series:
    return _names(HOSPITALS, _HOSPITAL_WORDS).gather(hospitals)


def hospital_credit_codes(hospitals: Ints) -> pl.Series:
    return _credit_codes(HOSPITALS, "MH").gather(hospitals)


def delivering_hospital(divisions: Ints, children: Ints) -> Ints:
    """Where a child of the division came into the world: one of its three hospitals."""
    return np.asarray(divisions * 3 + pick(children, "born in", 3), dtype=np.int64)


def addresses(institutions: Institutions, positions: Ints, purpose: str) -> pl.Series:
    chosen = institutions.take(positions)
    place = pl.Series([f"河南省平顶山市{name}" for _, name, _, _ in DIVISIONS]).gather(chosen.division)
    road = pl.Series(ROADS).gather(pick(positions, f"road of {purpose}", len(ROADS)))
    return place + road + codes(pick(positions, f"number of {purpose}", 300) + 1) + "号"


def leaders(positions: Ints, purpose: str) -> pl.Series:
    """Names of those who lead institutions: of nobody in the register."""
    surname = pl.Series(SURNAMES).gather(pick(positions, f"surname, {purpose}", len(SURNAMES)))
    return surname + pl.Series(_GIVEN).gather(pick(positions, f"given name, {purpose}", len(_GIVEN)))


def landlines(positions: Ints, purpose: str) -> pl.Series:
    return "0375-000" + codes(pick(positions, f"telephone, {purpose}", 10_000), 4)


def _names(institutions: Institutions, words: dict[int, str]) -> pl.Series:
    rows = zip(institutions.kind.tolist(), institutions.division.tolist(), institutions.town.tolist(), institutions.number.tolist(), strict=True)
    return pl.Series([
        f"{DIVISIONS[division][1]}{_NUMBERS[number] if kind == JUNIOR else TOWNS[town] if town != WHOLE_DIVISION else ''}{words[kind]}"
        for kind, division, town, number in rows
    ])  # fmt: skip


def _credit_codes(institutions: Institutions, series: str) -> pl.Series:
    first8 = _PUBLIC_INSTITUTION + pl.Series(DIVISION_CODES).gather(institutions.division)
    return complete_credit_code(first8, series + codes(np.arange(1, len(institutions) + 1), 6))
