"""What the city does for its persons: pension insurance, allowances for the old, the registration of deaths."""

from dataclasses import dataclass

import numpy as np

from yishu.sample.chance import Ints, between, weighted
from yishu.sample.columns import Columns
from yishu.sample.households import YEAR
from yishu.sample.people import NONE, Persons

STAFF_SCHEME, CIVIL_SCHEME, RESIDENT_SCHEME = 11, 12, 15
_SCHEMES = (STAFF_SCHEME, CIVIL_SCHEME, RESIDENT_SCHEME)
_MONTHLY_PENSION_YUAN = ((1_900, 3_400, 123), (4_800, 7_900, 460))
CONTRIBUTING, PAUSED, ENDED = 1, 2, 3
PAID, STOPPED = 1, 2
ALLOWANCE_AGE = 80
RETIREMENT_AGE = 60


@dataclass
class Insured(Columns):
    """One entry an insured person; `unit` is a position among the units or NONE, `base` the monthly contribution
    base in fen or NONE."""

    person: Ints
    unit: Ints
    scheme: Ints
    status: Ints
    started_day: Ints
    base: Ints


@dataclass
class Units(Columns):
    """One entry a unit registered for insurance; `entity` is a position among the legal entities."""

    entity: Ints
    insured_day: Ints


@dataclass
class Allowances(Columns):
    """One entry a person who was granted the allowance; `moved` tells that the residence is not the registered
    address."""

    person: Ints
    status: Ints
    granted_day: Ints
    moved: Ints


@dataclass
class Pensions(Columns):
    """One entry a pension; `insured` is a position among the insured, `amount` a month in fen, `paid_until` the day of the last
    payment once it has stopped, NONE while it is paid."""

    insured: Ints
    retired_day: Ints
    amount: Ints
    paid_until: Ints


@dataclass
class Deaths(Columns):
    """One entry a registered death; `withdrawn` when it turned out to be wrong: the person's own death day is then
    NONE again."""

    person: Ints
    death_day: Ints
    cancelled_day: Ints
    serial: Ints
    withdrawn: Ints


def age_on(persons: Persons, positions: Ints, day: int) -> Ints:
    """Full years, by the calendar: the allowance begins on the birthday."""
    born = persons.birth_day[positions].astype("datetime64[D]")
    today = np.datetime64(day, "D")
    years = today.astype("datetime64[Y]").astype(np.int64) - born.astype("datetime64[Y]").astype(np.int64)
    before_birthday = _month_and_day(np.array([today])) < _month_and_day(born)
    return np.asarray(years - before_birthday, dtype=np.int64)


def _month_and_day(days: "np.ndarray[tuple[int, ...], np.dtype[np.datetime64]]") -> Ints:
    months = days.astype("datetime64[M]")
    return np.asarray(months.astype(np.int64) % 12 * 31 + (days - months).astype(np.int64), dtype=np.int64)


def draw_insured(rng: np.random.Generator, persons: Persons, chosen: Ints, units: int, today: int) -> Insured:
    """Insurance of the chosen persons: employees belong to a unit, the others to the scheme for residents."""
    size = len(chosen)
    age = age_on(persons, chosen, today)
    retired = age >= RETIREMENT_AGE
    employed = (rng.random(size) < np.where(retired, 0.35, 0.5)) & (units > 0)
    # A few large units, many small ones.
    weights = 1 / (np.arange(max(units, 1)) + 5.0) ** 0.8
    unit = np.where(employed & ~retired, weighted(rng, weights, size), NONE)
    scheme = np.where(employed, np.where(rng.random(size) < 0.85, STAFF_SCHEME, CIVIL_SCHEME), RESIDENT_SCHEME)
    status = np.where(retired, PAUSED, np.where(rng.random(size) < 0.95, CONTRIBUTING, PAUSED))
    years_insured = (rng.random(size) * np.maximum(age - 17, 0.5) * YEAR).astype(np.int64)
    started = np.maximum(today - 30 - years_insured, persons.birth_day[chosen] + 16 * YEAR + 5)
    base = np.where(employed & ~retired, between(rng, 3_800, 19_000, size) * 100 + between(rng, 0, 1, size) * 50, NONE)
    return Insured(chosen, unit, scheme, status, np.minimum(started, today - 1), base)


def draw_allowances(rng: np.random.Generator, persons: Persons, chosen: Ints, today: int) -> Allowances:
    """Allowances granted after the 80th birthday, at latest yesterday."""
    size = len(chosen)
    birthday = persons.birth_day[chosen] + ALLOWANCE_AGE * 365 + ALLOWANCE_AGE // 4 + 2
    granted = np.minimum(np.maximum(birthday + between(rng, 3, 60, size), today - 12 * YEAR), today - 1)
    return Allowances(chosen, np.full(size, PAID, dtype=np.int64), granted, (rng.random(size) < 0.08).astype(np.int64))


def retired_insured(persons: Persons, insured: Insured, today: int) -> Ints:
    """The insured (positions) who have reached the age at which one retires, or had when they died."""
    until = np.where(persons.death_day == NONE, today, persons.death_day)[insured.person]
    birthday = persons.birth_day[insured.person] + RETIREMENT_AGE * 365 + RETIREMENT_AGE // 4 + 1
    return np.flatnonzero(birthday < until)


def draw_pensions(rng: np.random.Generator, persons: Persons, insured: Insured, chosen: Ints) -> Pensions:
    """Pensions of the chosen insured from their sixtieth birthday on, paid while they live."""
    size, person = len(chosen), insured.person[chosen]
    low, high = (np.array(yuan)[np.searchsorted(_SCHEMES, insured.scheme[chosen])] for yuan in _MONTHLY_PENSION_YUAN)
    retired = persons.birth_day[person] + RETIREMENT_AGE * 365 + RETIREMENT_AGE // 4 + 1
    return Pensions(chosen, retired, between(rng, low * 100, high * 100, size), persons.death_day[person])


def choose_dying(rng: np.random.Generator, persons: Persons, candidates: Ints, count: int, today: int) -> Ints:
    """Who dies: chance doubles about every eight years of age."""
    if not len(candidates) or not count:
        return np.zeros(0, dtype=np.int64)
    weights = 2.0 ** ((today - persons.birth_day[candidates]) / YEAR / 8)
    return np.sort(
        rng.choice(candidates, size=min(count, len(candidates)), replace=False, p=weights / weights.sum())
    ).astype(np.int64)
