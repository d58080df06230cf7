"""Defects that show only against the rest of the row, and kinds that more than one rule sees.

Not here: what is wrong in a value by itself (wrong_values.py), and contradictions between departments.
"""

from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from yishu.sample.defects import wrong_values as wrong
from yishu.sample.defects.kind import Kind, cell

_SOME_COMPANY = "91410402MA4K0X7T4H"


def where(column: str, texts: tuple[str, ...], make: wrong.Wrong) -> wrong.Wrong:
    """Only in rows whose other column holds one of the texts."""

    def made(right: pl.Series, place: wrong.Place, /) -> pl.Series:
        return pl.select(pl.when(place.rows[column].is_in(texts)).then(make(right, place))).to_series()

    return made


def where_filled(column: str, make: wrong.Wrong, *, filled: bool = True) -> wrong.Wrong:
    """Only in rows whose other column holds something, or nothing at all."""

    def made(right: pl.Series, place: wrong.Place, /) -> pl.Series:
        return pl.select(pl.when(place.rows[column].is_not_null() == filled).then(make(right, place))).to_series()

    return made


def company_beside(column: str) -> wrong.Wrong:
    """A company's code in a row that names a person already."""
    return lambda _, place: pl.select(pl.when(place.rows[column].is_not_null()).then(pl.lit(_SOME_COMPANY))).to_series()


masked_name = wrong.replaced("^(.).", "${1}*")
other_first_digit = wrong.replaced("^.", "5")


def other_word_for_sex(right: pl.Series, _: wrong.Place, /) -> pl.Series:
    return right.replace_strict({"男": "女", "女": "男"}, default=None, return_dtype=pl.String)


def seen_too(kinds: Iterable[Kind], name: str, *rules: str) -> Iterable[Kind]:
    """The kinds, those of a name seen by further rules (whole ids)."""
    return (replace(kind, rules=(*kind.rules, *rules)) if kind.name == name else kind for kind in kinds)


def masked_names(*items: str) -> Iterable[Kind]:
    return (cell("masked_name", item, masked_name, "characters") for item in items)


def contradicted_sex(item: str = "sex") -> Kind:
    return cell("sex_contradicts_id", item, wrong.other_sex, "matches_citizen_id")


def dummy_date(item: str, *rules: str) -> Kind:
    """1900-01-01, in the department's own way of writing."""
    return cell("dummy_date", item, wrong.dummy_date, *rules)
