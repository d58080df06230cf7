"""市教体局: schools, pupils and teachers. Habits: Excel for schools, pupils by the number that begins with G.

Four schools a district, the same for ever; who goes where follows from the person's position and home.
"""

import numpy as np
import polars as pl

from expectations.rules.identifiers import complete_credit_code
from yishu.sample.chance import Ints
from yishu.sample.fixed import pick
from yishu.sample.people import NONE, full_names, phones
from yishu.sample.places import DIVISION_CODES
from yishu.sample.social import age_on
from yishu.sample.tables.text import choice, codes, dates
from yishu.sample.vocabulary import DIVISIONS, ROADS
from yishu.sample.world import World

_A_DISTRICT = 4
_FIRST_AGE, _GRADES, _LAST_AGE = 6, 12, 17
_KINDS = ("2", "2", "3", "4")
_NAMES = ("实验小学", "第一小学", "第二初级中学", "高级中学")
_SUBJECTS = ("语文", "数学", "英语", "物理", "体育", "音乐", "历史")
_TEACHERS = 30  # one in so many grown-ups
_YEAR = 365


def schools(world: World) -> Ints:
    return np.arange(_A_DISTRICT * len(DIVISIONS), dtype=np.int64)


def pupils(world: World) -> Ints:
    here = world.alive_here()
    age = age_on(world.persons, here, _school_year(world))
    return np.asarray(here[(age >= _FIRST_AGE) & (age <= _LAST_AGE)], dtype=np.int64)


def teachers(world: World) -> Ints:
    """Of those who were grown up at the turn of the century's first quarter, so that nobody changes profession over night."""
    persons = np.arange(len(world.persons), dtype=np.int64)
    born = world.persons.birth_day
    known = world.persons.registered & (born > -2_000) & (born < 10_000)
    return np.flatnonzero(known & ((pick(persons, "teacher", _TEACHERS) == 0) | (persons == np.flatnonzero(known)[0])))


def school_table(world: World, positions: Ints) -> pl.DataFrame:
    district = positions // _A_DISTRICT
    area = pl.Series(DIVISION_CODES).gather(district)
    private = pick(positions, "sponsor", 5) == 0
    return pl.DataFrame(
        {
            "_subject": positions,
            "school_code": _school_codes(positions),
            "credit_code": complete_credit_code(choice(private, "52", "12") + area, "ME" + codes(positions + 100_000, 6)),
            "name": _school_names(positions),
            "school_kind": pl.Series(_KINDS).gather(positions % _A_DISTRICT),
            "sponsor": choice(private, "2", "1"),
            "division_code": area,
            "address": pl.Series([f"河南省平顶山市{name}" for _, name, _, _ in DIVISIONS]).gather(district)
            + pl.Series(ROADS).gather(pick(positions, "road", len(ROADS))) + codes(pick(positions, "number", 90) + 1) + "号",
            "principal_name": full_names(world.persons, teachers(world)[positions % len(teachers(world))]),
            "phone": "0375-7" + codes(positions + 100_000, 6),
            "founded_date": dates(pick(positions, "founded", 14_000), "%Y-%m-%d"),
            "teacher_count": codes(pick(positions, "teachers", 120) + 20),
            "place_count": codes((pick(positions, "places", 40) + 8) * 45),
        }
    )  # fmt: skip


def pupil_table(world: World, positions: Ints) -> pl.DataFrame:
    persons = world.persons.take(positions)
    grade = np.minimum(age_on(world.persons, positions, _school_year(world)) - _FIRST_AGE + 1, _GRADES)
    school = _school_of(world, positions, grade)
    begun = np.datetime64(_school_year(world), "D").astype("datetime64[Y]").astype(np.int64) - (grade - 1)
    enrolled = begun.astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64) + 243  # the first days of September
    return pl.DataFrame(
        {
            "_subject": positions,
            "student_no": "G" + world.citizen_id.gather(positions),
            "citizen_id": world.citizen_id.gather(positions),
            "full_name": full_names(world.persons, positions),
            "sex": choice(persons.male, "1", "2"),
            "birth_date": dates(persons.birth_day, "%Y-%m-%d"),
            "ethnicity": codes(persons.ethnicity, 2),
            "school_code": _school_codes(school),
            "school_name": _school_names(school),
            "grade": codes(grade),
            "class_no": codes(pick(positions, "class", 8) + 1),
            "enrolled_date": dates(np.minimum(enrolled, world.today), "%Y-%m-%d"),
            "status": codes(np.where(pick(positions, "paused", 200) == 0, 2, 1)),
            "guardian_phone": phones(world.persons, positions),
        }
    )


def teacher_table(world: World, positions: Ints) -> pl.DataFrame:
    persons = world.persons.take(positions)
    certified = persons.birth_day + 23 * _YEAR + pick(positions, "certified", 3 * _YEAR)
    degree = pick(positions, "degree", 3)
    return pl.DataFrame(
        {
            "_subject": positions,
            "teacher_no": dates(certified, "%Y") + "4104" + codes(positions + 1, 9),
            "citizen_id": world.citizen_id.gather(positions),
            "full_name": full_names(world.persons, positions),
            "sex": choice(persons.male, "1", "2"),
            "birth_date": dates(persons.birth_day, "%Y%m%d"),
            "school_code": _school_codes(pick(positions, "school", _A_DISTRICT * len(DIVISIONS))),
            "subject": pl.Series(_SUBJECTS).gather(pick(positions, "subject", len(_SUBJECTS))),
            "education_level": pl.Series(["10", "20", "30"]).gather(degree),
            "degree": pl.Series(["3", "4", None]).gather(degree),
            "certified_date": dates(certified, "%Y-%m-%d"),
            "started_date": dates(certified + 60, "%Y-%m-%d"),
            "status": codes(np.where(persons.death_day != NONE, 2, 1)),
        }
    )


def _school_year(world: World) -> int:
    """The September that began the school year of today."""
    today = np.datetime64(world.today, "D")
    year = today.astype("datetime64[Y]")
    begins = (year.astype("datetime64[M]") + 8).astype("datetime64[D]")
    return int((begins if today >= begins else (year.astype("datetime64[M]") - 4).astype("datetime64[D]")).astype(np.int64))


def _school_of(world: World, positions: Ints, grade: Ints) -> Ints:
    district = world.homes.division[world.persons.household[positions]]
    stage = np.where(grade <= 6, pick(positions, "primary", 2), np.where(grade <= 9, 2, 3))
    return np.asarray(district * _A_DISTRICT + stage, dtype=np.int64)


def _school_codes(schools: Ints) -> pl.Series:
    return "4104" + codes(schools + 1, 6)


def _school_names(schools: Ints) -> pl.Series:
    return pl.Series([name for _, name, _, _ in DIVISIONS]).gather(schools // _A_DISTRICT) + pl.Series(_NAMES).gather(schools % _A_DISTRICT)


