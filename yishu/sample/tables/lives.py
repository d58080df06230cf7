"""What follows from who a person is, for departments that keep persons: heads and parents, school years, fixed days.

Only derived from the world's stores; nothing here is drawn or remembered. How a department writes it stands in its own module.
"""

from datetime import date, timedelta

import numpy as np

from yishu.sample.chance import Bools, Ints
from yishu.sample.households import HEAD, SPOUSE
from yishu.sample.people import NONE
from yishu.sample.world import World

_UNIX = date(1970, 1, 1)
YEAR_DAYS = 365


def day(year: int, month: int, of_month: int) -> int:
    """Days since 1970, as in the stores of the world."""
    return (date(year, month, of_month) - _UNIX).days


START = day(2026, 3, 1)  # histories were written before; what is drawn for them never lies later


def as_date(today: int) -> date:
    return _UNIX + timedelta(days=today)


def years(days: Ints) -> Ints:
    """The calendar year of each day."""
    return np.asarray(days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970, dtype=np.int64)


def months(days: Ints) -> Ints:
    """The calendar month of each day, 1 to 12."""
    return np.asarray(days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1, dtype=np.int64)


def first_of(years_: Ints, month: int) -> Ints:
    """The first day of a month in each of the years."""
    counted = (years_ - 1970) * 12 + month - 1
    return np.asarray(counted.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64), dtype=np.int64)


def registered(world: World) -> Ints:
    """Everybody who is or was in the city's register: the dead stay, so that no table shrinks by a death."""
    return np.flatnonzero(world.persons.registered)


def living(world: World, positions: Ints) -> Bools:
    return np.asarray(world.persons.death_day[positions] == NONE, dtype=np.bool_)


def heads(world: World) -> Ints:
    """Household -> its head, living or dead; NONE where there never was one."""
    return _of_relation(world, HEAD)


def spouses(world: World) -> Ints:
    """Household -> the spouse of its head, living or dead."""
    return _of_relation(world, SPOUSE)


def _of_relation(world: World, relation: int) -> Ints:
    persons = world.persons
    found = np.full(len(world.homes), NONE, dtype=np.int64)
    those = np.flatnonzero((persons.relation == relation) & (persons.household != NONE))
    found[persons.household[those]] = those
    return found


def parents(world: World, children: Ints) -> tuple[Ints, Ints]:
    """Mother and father of children of a household's head; NONE where there is none of that sex."""
    household = world.persons.household[children]
    mother = np.full(len(children), NONE, dtype=np.int64)
    father = mother.copy()
    for adult in (heads(world)[household], spouses(world)[household]):
        male = world.persons.male[np.maximum(adult, 0)]
        mother = np.where((adult != NONE) & ~male, adult, mother)
        father = np.where((adult != NONE) & male, adult, father)
    return mother, father


def school_year(today: int) -> int:
    """The year in which the school year of that day began, on 1 September."""
    on = as_date(today)
    return on.year if on.month >= 9 else on.year - 1


def grades(birth_days: Ints, today: int) -> Ints:
    """1 to 12 for those of school age (born by 31 August: school at six), outside of it for the others."""
    entered = years(birth_days) + np.where(months(birth_days) <= 8, 6, 7)
    return np.asarray(school_year(today) - entered + 1, dtype=np.int64)
