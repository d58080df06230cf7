"""市教体局: schools, pupils and teachers. Habits: codes of the education ministry's kind, dates with hyphens, 1 September for every entry."""

import numpy as np
import polars as pl

from yishu.sample.chance import Ints
from yishu.sample.fixed import chosen, pick, share
from yishu.sample.people import NONE, full_names, phones
from yishu.sample.places import DIVISION_CODES
from yishu.sample.tables import institutions
from yishu.sample.tables.institutions import JUNIOR, KINDERGARTEN, PRIMARY, SCHOOLS, school_codes, school_names
from yishu.sample.tables.lives import day, first_of, grades, heads, living, registered, school_year, years
from yishu.sample.tables.text import choice, codes, dates, looked_up
from yishu.sample.world import World

_DATE = "%Y-%m-%d"
_AT_SCHOOL, _TEACHING = 0.985, 0.016
_OLDEST_TEACHER_BORN, _YOUNGEST_TEACHER, _PENSION = 1950, 24, 60
_SUBJECTS = (("语文",), ("数学",), ("英语",), ("物理",), ("历史",), ("体育与健康",), ("音乐",), ("信息技术",))


def pupils(world: World) -> Ints:
    """Those of school age in this school year; who died in it stays until it ends."""
    everybody = registered(world)
    grade = grades(world.persons.birth_day[everybody], world.today)
    return chosen(everybody[(grade >= 1) & (grade <= 12)], "at school", _AT_SCHOOL)


def students(world: World, positions: Ints) -> pl.DataFrame:
    persons = world.persons.take(positions)
    grade = np.clip(grades(persons.birth_day, world.today), 1, 12)
    school = institutions.school_for(positions, grade, world.homes.town[persons.household])
    begun = np.where(grade <= 6, 1, np.where(grade <= 9, 7, 10))  # the first grade of this school
    resting = share(positions, "leave from school") < 0.01
    ids = world.citizen_id.gather(positions)
    return pl.DataFrame(
        {
            "_subject": positions,
            "student_no": "G" + ids,
            "citizen_id": ids,
            "full_name": full_names(world.persons, positions),
            "sex": choice(persons.male, "1", "2"),
            "birth_date": dates(persons.birth_day, _DATE),
            "ethnicity": codes(persons.ethnicity, 2),
            "school_code": school_codes(school),
            "school_name": school_names(school),
            "grade": codes(grade),
            "class_no": codes(pick(positions, "class", 6) + 1),
            "enrolled_date": dates(first_of(school_year(world.today) - (grade - begun), 9), _DATE),
            "status": codes(np.where(living(world, positions), np.where(resting, 2, 1), 3)),
            "guardian_phone": phones(world.persons, heads(world)[persons.household]),
        }
    )


def teaching(world: World) -> Ints:
    """Who has or had a post: none leaves the table, only the post."""
    everybody = registered(world)
    born = years(world.persons.birth_day[everybody])
    return chosen(everybody[(born >= _OLDEST_TEACHER_BORN) & (school_year(world.today) - born >= _YOUNGEST_TEACHER)], "teacher", _TEACHING)


def teachers(world: World, positions: Ints) -> pl.DataFrame:
    persons = world.persons.take(positions)
    began = years(persons.birth_day) + 22 + pick(positions, "first year of teaching", 3)
    school = pick(positions, "school of a teacher", len(SCHOOLS))
    level = np.where(share(positions, "studies of a teacher") < 0.08, 10, np.where(SCHOOLS.kind[school] == KINDERGARTEN, 30, 20))
    retired = school_year(world.today) - years(persons.birth_day) >= _PENSION
    left = ~living(world, positions) | (share(positions, "gave up teaching") < 0.03)
    subject = looked_up(_SUBJECTS, 0, pick(positions, "subject of a teacher", len(_SUBJECTS)))
    return pl.DataFrame(
        {
            "_subject": positions,
            "teacher_no": codes(began) + "4104" + codes(persons.area, 2) + codes(positions, 7),
            "citizen_id": world.citizen_id.gather(positions),
            "full_name": full_names(world.persons, positions),
            "sex": choice(persons.male, "1", "2"),
            "birth_date": dates(persons.birth_day, _DATE),
            "school_code": school_codes(school),
            "subject": subject.set(pl.Series(SCHOOLS.kind[school] == KINDERGARTEN), "学前教育"),
            "education_level": codes(level),
            "degree": codes(np.where(level == 10, 3, np.where(level == 20, 4, NONE))),
            "certified_date": dates(first_of(began, 7) + pick(positions, "day of the certificate", 50), _DATE),
            "started_date": dates(first_of(began, 9), _DATE),
            "status": codes(np.where(left, 2, np.where(retired, 3, 1))),
        }
    )


def all_schools(world: World) -> Ints:
    return np.arange(len(SCHOOLS), dtype=np.int64)


def schools(world: World, positions: Ints) -> pl.DataFrame:
    chosen_schools = SCHOOLS.take(positions)
    places = np.select([chosen_schools.kind == KINDERGARTEN, chosen_schools.kind == PRIMARY, chosen_schools.kind == JUNIOR], [270, 720, 1200], 1500)
    places = places + pick(positions, "places of a school", 10) * 45
    return pl.DataFrame(
        {
            "_subject": positions,
            "school_code": school_codes(positions),
            "credit_code": institutions.school_credit_codes(positions),
            "name": school_names(positions),
            "school_kind": codes(chosen_schools.kind),
            "sponsor": choice(share(positions, "sponsor of a school") < 0.85, "公办", "民办"),
            "division_code": pl.Series(DIVISION_CODES).gather(chosen_schools.division),
            "address": institutions.addresses(SCHOOLS, positions, "a school"),
            "principal_name": institutions.leaders(positions, "school"),
            "phone": institutions.landlines(positions, "school"),
            "founded_date": dates(day(1952, 9, 1) + pick(positions, "a school's founding", 60 * 365), _DATE),
            "teacher_count": codes(places // 14 + pick(positions, "teachers of a school", 9)),
            "place_count": codes(places),
        }
    )
