"""Columns' values one by one: missing, unique, in a set, between bounds, of a length. Not here: texts against patterns
(`texts`), values against their neighbours or the column's spread (`order`)."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from expectations.engine.core.by_value import by_value
from expectations.engine.core.known_values import bound, known
from expectations.engine.repeats import fingerprint, repeated
from expectations.engine.row_rule import REQUIRED, Ask, Domain, RowRule

BOUNDS: Mapping[str, Any] = {"min_value": None, "max_value": None, "strict_min": False, "strict_max": False}


def outside(values: pl.Expr, ask: Ask, dtype: pl.DataType) -> pl.Expr:
    """True where the values lie outside the kwargs' bounds."""
    broken = pl.lit(False)
    lowest, highest = ask.value("min_value"), ask.value("max_value")
    if lowest is not None:
        least = bound(lowest, dtype)
        broken = broken | (values <= least if ask.value("strict_min") else values < least)
    if highest is not None:
        most = bound(highest, dtype)
        broken = broken | (values >= most if ask.value("strict_max") else values > most)
    return broken


def lengths(ask: Ask) -> pl.Expr:
    """Characters of each value as Python writes it, which is what GX's pandas engine counts."""
    dtype = ask.dtype()
    if dtype == pl.String:
        return ask.column().str.len_chars()
    if dtype.is_integer():
        return ask.column().cast(pl.String).str.len_chars()
    if dtype.is_float() or dtype == pl.Boolean:
        return by_value(ask.column(), lambda value: len(str(value)), pl.UInt32)
    raise TypeError(f"a column of {dtype} has no length: cast it to text first")


def _in_set(ask: Ask) -> pl.Expr:
    return ask.column().is_in(known(ask.value("value_set"), ask.dtype()).implode())


def wrong_bounds(kwargs: Mapping[str, Any]) -> str | None:
    lowest, highest = kwargs.get("min_value"), kwargs.get("max_value")
    if lowest is None and highest is None:
        return "min_value 与 max_value 至少写一个"
    if lowest is not None and highest is not None and type(lowest) is type(highest) and lowest > highest:
        return "min_value 大于 max_value，没有值能通过"
    return None


def wrong_set(kwargs: Mapping[str, Any]) -> str | None:
    value_set = kwargs["value_set"]
    if not isinstance(value_set, list | tuple | set | frozenset):
        return "value_set 应为列表"
    kinds = {float if type(value) is int else type(value) for value in value_set if value is not None}
    if len(kinds) > 1:
        return "value_set 的值应属同一类型；编码请加引号"
    return None


RULES = (
    RowRule(
        expectation="expect_column_values_to_not_be_null",
        metric="column_values.nonnull",
        domain=Domain.COLUMN,
        broken=lambda ask: ask.column().is_null(),
        skips_missing=False,
        shipped=True,
    ),
    RowRule(
        expectation="expect_column_values_to_be_null",
        metric="column_values.null",
        domain=Domain.COLUMN,
        broken=lambda ask: ask.column().is_not_null(),
        skips_missing=False,
        shipped=True,
    ),
    RowRule(
        expectation="expect_column_values_to_be_unique",
        metric="column_values.unique",
        domain=Domain.COLUMN,
        broken=lambda ask: pl.struct(fingerprint([ask.column()])),
        whole=lambda kept, ask: repeated(kept),
        shipped=True,
    ),
    RowRule(
        expectation="expect_column_values_to_be_in_set",
        metric="column_values.in_set",
        domain=Domain.COLUMN,
        broken=lambda ask: ~_in_set(ask),
        values={"value_set": REQUIRED},
        shipped=True,
        wrong=wrong_set,
    ),
    RowRule(
        expectation="expect_column_values_to_not_be_in_set",
        metric="column_values.not_in_set",
        domain=Domain.COLUMN,
        broken=_in_set,
        values={"value_set": REQUIRED},
        shipped=True,
        wrong=wrong_set,
    ),
    RowRule(
        expectation="expect_column_values_to_be_between",
        metric="column_values.between",
        domain=Domain.COLUMN,
        broken=lambda ask: outside(ask.column(), ask, ask.dtype()),
        values=BOUNDS,
        shipped=True,
        wrong=wrong_bounds,
    ),
    RowRule(
        expectation="expect_column_value_lengths_to_be_between",
        metric="column_values.value_length.between",
        domain=Domain.COLUMN,
        broken=lambda ask: outside(lengths(ask), ask, pl.UInt32()),
        values=BOUNDS,
        shipped=True,
        wrong=wrong_bounds,
    ),
    RowRule(
        expectation="expect_column_value_lengths_to_equal",
        metric="column_values.value_length.equals",
        domain=Domain.COLUMN,
        broken=lambda ask: lengths(ask) != pl.lit(ask.value("value")),
        values={"value": REQUIRED},
        shipped=True,
    ),
)
