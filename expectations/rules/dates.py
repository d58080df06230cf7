"""Dates written as text, and dates that lie too late. Not here: birth dates inside citizen ids (`identifiers`,
`citizen_id`)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from expectations.engine.row_rule import REQUIRED, Ask, Domain, RowRule

# Three ways of writing, each with an optional midnight (Excel and databases append it). Years of four digits:
# 0225-01-01 is a slip.
_MIDNIGHT: Final = r"( 00:00:00)?$"
_FORMS: Final = (
    (r"^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}" + _MIDNIGHT, "%Y-%m-%d"),
    (r"^[1-9][0-9]{3}/[0-9]{1,2}/[0-9]{1,2}" + _MIDNIGHT, "%Y/%m/%d"),
    (r"^[1-9][0-9]{7}" + _MIDNIGHT, "%Y%m%d"),
)


def parse_date(texts: pl.Series) -> pl.Series:
    """Dates of YYYY-MM-DD, YYYY/M/D or YYYYMMDD, each with an optional ` 00:00:00`; null where the text is not a real
    date."""
    text = pl.col("text")
    day = text.str.strip_suffix(" 00:00:00")
    parsed = [pl.when(text.str.contains(form)).then(day).str.to_date(layout, strict=False) for form, layout in _FORMS]
    frame = pl.DataFrame({"text": texts.cast(pl.String)})
    return frame.select(pl.coalesce(parsed)).to_series().rename(texts.name)


def _not_real(ask: Ask) -> pl.Expr:
    return ask.column().map_batches(
        lambda texts: parse_date(texts).is_null(), return_dtype=pl.Boolean, is_elementwise=True
    )


def _after(ask: Ask) -> pl.Expr:
    return ask.column() > pl.lit(_day(ask.value("date")))


def _day(value: dt.date | str) -> dt.date:
    return dt.date.fromisoformat(value) if isinstance(value, str) else value


def _wrong_date(kwargs: Mapping[str, Any]) -> str | None:
    try:
        _day(kwargs["date"])
    except (TypeError, ValueError):
        return "date 参数应为日期，写作 YYYY-MM-DD"
    return None


RULES = (
    RowRule(
        expectation="expect_column_values_to_be_real_date",
        metric="column_values.real_date",
        domain=Domain.COLUMN,
        broken=_not_real,
    ),
    RowRule(
        expectation="expect_column_values_to_not_be_after",
        metric="column_values.not_after",
        domain=Domain.COLUMN,
        broken=_after,
        values={"date": REQUIRED},
        wrong=_wrong_date,
    ),
)
