"""Which county-level division took over the whole of one that was abolished, as far as exactly one did.

Two origins: the list `data/division_successors.csv` where the name changed (its head says how little it was checked); else
`data/division_years.csv` itself: a division of the same name in the same province that began when the other ended (a county that
became a city or a district). Whoever was split has no one successor. Not here: whether a division was in force (`divisions`).
"""

from functools import cache
from importlib.resources import files
from typing import Final

import polars as pl

from expectations.rules.divisions import UNCERTAIN_YEARS, division_years

_SUFFIX: Final = r"(特区|林区|新区|市|区|县|旗)$"
# What a city calls its parts says nothing of which city.
_GENERIC: Final = ("市中", "城中", "城关", "新城", "老城", "城东", "城西", "城南", "城北")
_LONGEST_CHAIN: Final = 6


@cache
def division_successors() -> pl.DataFrame:
    """code, successor (in force today), year (of the abolition); one row for each abolished division that has one successor."""
    years = division_years()
    known = _listed()
    steps = pl.concat([known, _of_the_same_name(years).join(known, on="code", how="anti")])
    ends: list[pl.DataFrame] = []
    following = steps
    in_force = years.filter(pl.col("last_year").is_null()).select(successor="code")
    for _ in range(_LONGEST_CHAIN):
        ends.append(following.join(in_force, on="successor", how="semi"))
        following = following.join(in_force, on="successor", how="anti").join(steps, left_on="successor", right_on="code")
        following = following.select("code", successor="successor_right")
    reached = pl.concat(ends).unique().filter(pl.len().over("code") == 1)
    ended = years.filter(pl.col("last_year").is_not_null()).select("code", year=pl.col("last_year").cast(pl.Int64))
    return reached.join(ended, on="code").sort("code").select("code", "successor", "year")


def _listed() -> pl.DataFrame:
    file = files("expectations.rules").joinpath("data", "division_successors.csv")
    schema = {"code": pl.String, "successor": pl.String, "name": pl.String}
    return pl.read_csv(file.read_bytes(), comment_prefix="#", schema=schema).select("code", "successor")


def _of_the_same_name(years: pl.DataFrame) -> pl.DataFrame:
    stem = pl.col("name").str.replace(_SUFFIX, "")
    named = years.with_columns(stem=stem, province=pl.col("code").str.head(2))
    named = named.filter((pl.col("stem").str.len_chars() >= 2) & ~pl.col("stem").is_in(_GENERIC) & (pl.col("name") != "市辖区"))
    ended = named.filter(pl.col("last_year").is_not_null())
    begun = named.filter(pl.col("first_year").is_not_null()).select("province", "stem", successor="code", begun="first_year")
    apart = pl.col("begun").cast(pl.Int64) - pl.col("last_year").cast(pl.Int64)
    both = ended.join(begun, on=["province", "stem"]).filter((pl.col("code") != pl.col("successor")) & (apart.abs() <= UNCERTAIN_YEARS))
    return both.select("code", "successor")
