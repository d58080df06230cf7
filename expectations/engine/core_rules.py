"""GX's own expectations, restated in polars: the same names, kwargs and meaning as in its pandas engine (a test
compares the two).

One difference is meant: in `regex`, `$` is the end of the text (as in Rust), not also the place before a last line
feed (as in Python). Not here: expectations that GX does not have (`expectations.rules`).
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl

from expectations.engine.repeats import repeated
from expectations.engine.row_rule import REQUIRED, Ask, Domain, RowRule, TableRule


def _bound(value: Any, dtype: pl.DataType) -> pl.Expr:
    """A bound in the column's own type: dates may stand in a suite as ISO text."""
    if isinstance(value, str) and dtype == pl.Date:
        value = dt.date.fromisoformat(value)
    elif isinstance(value, str) and isinstance(dtype, pl.Datetime):
        value = dt.datetime.fromisoformat(value)
    return pl.lit(value)


def _outside(ask: Ask) -> pl.Expr:
    column, broken = ask.column(), pl.lit(False)
    lowest, highest = ask.value("min_value"), ask.value("max_value")
    if lowest is not None:
        bound = _bound(lowest, ask.dtype())
        broken = broken | (column <= bound if ask.value("strict_min") else column < bound)
    if highest is not None:
        bound = _bound(highest, ask.dtype())
        broken = broken | (column >= bound if ask.value("strict_max") else column > bound)
    return broken


def _not_after(ask: Ask) -> pl.Expr:
    a, b = ask.column("column_A"), ask.column("column_B")
    kept = a >= b if ask.value("or_equal") else a > b
    return ~kept.fill_null(False)  # a row asked about with one side missing cannot be in order


def _in_set(ask: Ask) -> pl.Expr:
    dtype = ask.dtype()
    known = pl.Series([v for v in ask.value("value_set") if v is not None], strict=False)
    if known.dtype == pl.String and dtype == pl.Date:
        known = known.str.to_date("%Y-%m-%d")
    if len(known) and known.dtype.is_numeric() != dtype.is_numeric():
        raise TypeError(f"value_set holds {known.dtype}, the column {dtype}: no value could ever match")
    return ask.column().is_in(known.cast(dtype).implode())


def _wrong_bounds(kwargs: Mapping[str, Any]) -> str | None:
    lowest, highest = kwargs.get("min_value"), kwargs.get("max_value")
    if lowest is None and highest is None:
        return "min_value 与 max_value 至少写一个"
    if lowest is not None and highest is not None and type(lowest) is type(highest) and lowest > highest:
        return "min_value 大于 max_value，没有值能通过"
    return None


def _wrong_regex(kwargs: Mapping[str, Any]) -> str | None:
    try:
        pl.Series([""]).str.contains(str(kwargs["regex"]))
    except pl.exceptions.ComputeError:
        return "regex 不是 polars（Rust）支持的正则表达式；不支持环视与反向引用"
    return None


def _wrong_set(kwargs: Mapping[str, Any]) -> str | None:
    value_set = kwargs["value_set"]
    if not isinstance(value_set, list | tuple | set | frozenset):
        return "value_set 应为列表"
    if len({type(value) for value in value_set}) > 1:
        return "value_set 的值应属同一类型；编码请加引号"
    return None


_BOUNDS = {"min_value": None, "max_value": None, "strict_min": False, "strict_max": False}

RULES: tuple[RowRule | TableRule, ...] = (
    RowRule(
        expectation="expect_column_values_to_not_be_null",
        metric="column_values.nonnull",
        domain=Domain.COLUMN,
        broken=lambda ask: ask.column().is_null(),
        skips_missing=False,
        shipped=True,
    ),
    RowRule(
        expectation="expect_column_values_to_be_unique",
        metric="column_values.unique",
        domain=Domain.COLUMN,
        broken=lambda ask: repeated([ask.column()]),
        shipped=True,
    ),
    RowRule(
        expectation="expect_column_values_to_be_in_set",
        metric="column_values.in_set",
        domain=Domain.COLUMN,
        broken=lambda ask: ~_in_set(ask),
        values={"value_set": REQUIRED},
        shipped=True,
        wrong=_wrong_set,
    ),
    RowRule(
        expectation="expect_column_values_to_not_be_in_set",
        metric="column_values.not_in_set",
        domain=Domain.COLUMN,
        broken=_in_set,
        values={"value_set": REQUIRED},
        shipped=True,
        wrong=_wrong_set,
    ),
    RowRule(
        expectation="expect_column_values_to_match_regex",
        metric="column_values.match_regex",
        domain=Domain.COLUMN,
        broken=lambda ask: ~ask.column().str.contains(ask.value("regex")),
        values={"regex": REQUIRED},
        shipped=True,
        wrong=_wrong_regex,
    ),
    RowRule(
        expectation="expect_column_values_to_be_between",
        metric="column_values.between",
        domain=Domain.COLUMN,
        broken=_outside,
        values=_BOUNDS,
        shipped=True,
        wrong=_wrong_bounds,
    ),
    RowRule(
        expectation="expect_compound_columns_to_be_unique",
        metric="compound_columns.unique",
        domain=Domain.COLUMN_LIST,
        broken=lambda ask: repeated(ask.columns()),
        ignore_row_if="all_values_are_missing",
        shipped=True,
    ),
    RowRule(
        expectation="expect_column_pair_values_to_be_equal",
        metric="column_pair_values.equal",
        domain=Domain.COLUMN_PAIR,
        broken=lambda ask: ~(ask.column("column_A") == ask.column("column_B")).fill_null(False),
        ignore_row_if="both_values_are_missing",
        shipped=True,
    ),
    RowRule(
        expectation="expect_column_pair_values_a_to_be_greater_than_b",
        metric="column_pair_values.a_greater_than_b",
        domain=Domain.COLUMN_PAIR,
        broken=_not_after,
        values={"or_equal": False},
        ignore_row_if="both_values_are_missing",
        shipped=True,
    ),
    TableRule(expectation="expect_table_row_count_to_be_between", values=_BOUNDS, wrong=_wrong_bounds),
    TableRule(expectation="expect_table_columns_to_match_set", values={"column_set": REQUIRED, "exact_match": True}),
)
