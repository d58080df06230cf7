"""The persons of the city: who they are and how their names, numbers and telephones are written.

How they come together in households is in households.py; what happens to them later, in changes.py.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from expectations.rules.identifiers import complete_citizen_id
from yishu.sample.chance import Bools, Ints, between
from yishu.sample.columns import Columns
from yishu.sample.places import DIVISION_CODES
from yishu.sample.vocabulary import FEMALE_GIVEN, MALE_GIVEN, OTHER_AREAS, SURNAMES

# Nothing there. Far from every day that counts from 1970: somebody was born on day -1.
NONE = -1_000_000
_ERAS = ("old", "middle", "young")
_GIVEN_PARTS = [MALE_GIVEN[era] for era in _ERAS] + [FEMALE_GIVEN[era] for era in _ERAS]
_GIVEN_STARTS = np.cumsum([0, *(len(part) for part in _GIVEN_PARTS)])
GIVEN = [character for part in _GIVEN_PARTS for character in part]
AREAS = [*DIVISION_CODES, *OTHER_AREAS]
# Serials 996-999 were kept for centenarians, and 983-995 stay free for numbers that look right and are nobody's
# (defects).
LARGEST_SERIAL_PAIR = 490
_MOBILE_PREFIXES = (
    130,
    131,
    132,
    135,
    136,
    137,
    138,
    139,
    150,
    151,
    152,
    155,
    156,
    157,
    158,
    159,
    166,
    176,
    177,
    180,
    182,
    183,
    185,
    186,
    187,
    188,
    189,
    198,
    199,
)


@dataclass
class Persons(Columns):
    """One entry a person; days count from 1970-01-01, NONE where there is nothing.

    household and relation (GB/T 4761 code) are NONE for those who live elsewhere; `given_second` is NONE for names
    of two characters; `former_first` NONE for those who never changed their name; `registered` is false for those
    who are not in the city's register.
    """

    household: Ints
    relation: Ints
    male: Bools
    birth_day: Ints
    surname: Ints
    given_first: Ints
    given_second: Ints
    former_first: Ints
    former_second: Ints
    ethnicity: Ints
    marital: Ints
    phone: Ints
    death_day: Ints
    registered: Bools
    area: Ints


def draw_given(rng: np.random.Generator, male: Bools, birth_day: Ints) -> tuple[Ints, Ints]:
    """First and second character of the given name, as was usual for the sex and the year of birth."""
    size = len(male)
    era = np.digitize(birth_day, [-1461, 9131])  # born before 1966, before 1995, later
    part = np.where(male, era, era + len(_ERAS))
    low, high = _GIVEN_STARTS[part], _GIVEN_STARTS[part + 1] - 1
    second = np.where(rng.random(size) < 0.72, between(rng, low, high, size), NONE)
    return between(rng, low, high, size), second


def draw_phones(rng: np.random.Generator, size: int) -> Ints:
    """Mobile numbers whose exchange part is 0000."""
    prefix = np.array(_MOBILE_PREFIXES, dtype=np.int64)[between(rng, 0, len(_MOBILE_PREFIXES) - 1, size)]
    return np.asarray(prefix * 100_000_000 + between(rng, 0, 9999, size), dtype=np.int64)


def full_names(persons: Persons, positions: Ints) -> pl.Series:
    chosen = persons.take(positions)
    return _surnames(chosen) + _given(chosen.given_first, chosen.given_second)


def former_names(persons: Persons, positions: Ints) -> pl.Series:
    """Former names; null for those who never changed theirs."""
    chosen = persons.take(positions)
    text = _surnames(chosen) + _given(np.maximum(chosen.former_first, 0), chosen.former_second)
    changed = pl.Series("changed", chosen.former_first != NONE)
    return pl.select(pl.when(changed).then(text)).to_series()


def _surnames(chosen: Persons) -> pl.Series:
    return pl.Series(SURNAMES, dtype=pl.String).gather(chosen.surname)


def _given(first: Ints, second: Ints) -> pl.Series:
    characters = pl.Series([*GIVEN, ""], dtype=pl.String)
    return characters.gather(first) + characters.gather(np.where(second == NONE, len(GIVEN), second))


def phones(persons: Persons, positions: Ints) -> pl.Series:
    chosen = pl.Series("phone", persons.phone[positions])
    return pl.select(pl.when(chosen != NONE).then(chosen.cast(pl.String))).to_series()


def citizen_ids(persons: Persons) -> pl.Series:
    """GB 11643 numbers, all different: the serial counts the persons of one area, birth date and sex.

    Persons of one call never share a number; calls must differ in their birth dates.
    """
    group = (persons.area * 100_000 + persons.birth_day + 50_000) * 2 + persons.male
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    begins = (
        np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
        if len(ordered)
        else np.zeros(0, dtype=np.int64)
    )
    rank = np.empty(len(group), dtype=np.int64)
    rank[order] = np.arange(len(group)) - np.repeat(begins, np.diff(np.append(begins, len(group))))
    if len(rank) and rank.max() >= LARGEST_SERIAL_PAIR:
        raise ValueError("同一地区、同一天出生的人太多，身份证顺序码不够用；请减少 --persons")
    pair = (rank + group * 7919 % LARGEST_SERIAL_PAIR) % LARGEST_SERIAL_PAIR
    serial = pair * 2 + np.where(persons.male, 1, 2)
    frame = pl.DataFrame({"area": pl.Series(AREAS).gather(persons.area), "birth": persons.birth_day, "serial": serial})
    first17 = frame.select(
        pl.col("area")
        + pl.col("birth").cast(pl.Int32).cast(pl.Date).dt.strftime("%Y%m%d")
        + pl.col("serial").cast(pl.String).str.zfill(3)
    ).to_series()
    return complete_citizen_id(first17)
