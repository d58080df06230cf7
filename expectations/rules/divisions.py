"""Whether the district in a citizen id was in force when the number can have been given. The years are data
(`data/division_years.csv`, whose head says how they were compiled); here is the kernel over polars text.

Not here: whether the number is valid in itself (`identifiers`). Numbers were first given in 1984, and may be given
long after birth: so the district must have been in force in some year from birth, or 1984 if later, to the as-of date.
"""

import datetime as dt
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from expectations.rules.characters import ZERO, Flags, Sums, fitting, number
from expectations.rules.identifiers import valid_citizen_id

Years = npt.NDArray[np.uint16]

FIRST_NUMBERS: Final = 1984
# Sources differ by a year between decree, hand-over and publication; an accusation must not hang on that.
UNCERTAIN_YEARS: Final = 1
_REGIONS: Final = 1_000_000
_OPEN: Final = 9999


def division_years() -> pl.DataFrame:
    """code, name, first_year (null: before 1984), last_year (null: still in force), note."""
    file = files("expectations.rules").joinpath("data", "division_years.csv")
    schema = {"code": pl.String, "name": pl.String, "first_year": pl.UInt16, "last_year": pl.UInt16, "note": pl.String}
    return pl.read_csv(file.read_bytes(), comment_prefix="#", schema=schema)


@cache
def _first_and_last() -> tuple[Years, Years]:
    """By region: the first year and the last, with the tolerance; the last of a region that never was is 0."""
    table = division_years()
    regions = table["code"].cast(pl.UInt32).to_numpy()
    first, last = np.zeros(_REGIONS, dtype=np.uint16), np.zeros(_REGIONS, dtype=np.uint16)
    first[regions] = table["first_year"].fill_null(FIRST_NUMBERS).to_numpy() - UNCERTAIN_YEARS
    last[regions] = table["last_year"].fill_null(_OPEN).to_numpy() + UNCERTAIN_YEARS
    return first, last


def _in_force(regions: Sums, birth_years: Sums, as_of: dt.date | None) -> Flags:
    first, last = _first_and_last()
    regions = np.minimum(regions, _REGIONS - 1)  # letters give larger numbers; 999999 is no region
    kept = last[regions] >= np.maximum(birth_years, FIRST_NUMBERS)
    return np.asarray(kept if as_of is None else kept & (first[regions] <= as_of.year))


def citizen_id_district_in_force(texts: pl.Series, *, as_of: dt.date | None = None) -> pl.Series:
    """False for a valid citizen id whose six-digit region was not in force in any year in which it can have been given
    (until `as_of`, or ever if None); true for every other text, whose region is nobody's evidence; null for null.

    Residence permits of 港澳台居民 (81, 82, 83) were first given in 2018, whenever their holder was born.
    """
    fits, starts = fitting(texts, 18, read=10)
    digits = starts - ZERO
    answer = np.ones(len(texts), dtype=np.bool_)
    answer[fits] = _in_force(number(digits[:6]), number(digits[6:10]), as_of)
    suspects = np.flatnonzero(~answer)  # few: only these need the whole of GB 11643
    if len(suspects):
        answer[suspects] = ~valid_citizen_id(texts.gather(suspects), as_of=as_of).to_numpy()
    whole = pl.Series(texts.name, answer, dtype=pl.Boolean)
    return whole.set(texts.is_null(), None) if texts.null_count() else whole
