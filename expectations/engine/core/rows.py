"""Pairs and lists of columns within one row: equal, in order, in a set of pairs, unique together, adding up."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from expectations.engine.core.known_values import known
from expectations.engine.repeats import fingerprint, repeated
from expectations.engine.row_rule import REQUIRED, Ask, Domain, RowRule


def _not_equal(ask: Ask) -> pl.Expr:
    return ~(ask.column("column_A") == ask.column("column_B")).fill_null(False)


def _not_after(ask: Ask) -> pl.Expr:
    a, b = ask.column("column_A"), ask.column("column_B")
    kept = a >= b if ask.value("or_equal") else a > b
    return ~kept.fill_null(False)  # a row asked about with one side missing cannot be in order


def _not_a_pair(ask: Ask) -> pl.Expr:
    """Pairs compare with null as a value of its own: (a, None) is in the set only if it is written there."""
    roles = ("column_A", "column_B")
    found = pl.lit(False)
    for pair in ask.value("value_pairs_set"):
        sides = []
        for role, value in zip(roles, pair, strict=True):
            column = ask.column(role)
            values = known([value], ask.dtype(role)) if value is not None else None
            sides.append(column.is_null() if values is None else column.is_in(values.implode()).fill_null(False))
        found = found | (sides[0] & sides[1])
    return ~found


def _twice_within(ask: Ask) -> pl.Expr:
    """True where two of the columns hold the same value, null and null included."""
    columns = ask.columns()
    same = [a.eq_missing(b) for place, a in enumerate(columns) for b in columns[place + 1 :]]
    return pl.any_horizontal(same) if same else pl.lit(False) & columns[0].is_null()


def _other_sum(ask: Ask) -> pl.Expr:
    for name in ask.kwargs["column_list"]:
        if not ask.schema[name].is_numeric() and ask.schema[name] != pl.Null:
            raise TypeError(f"only numbers add up, column {name} is {ask.schema[name]}")
    columns = ask.columns()
    total = columns[0]
    for column in columns[1:]:
        total = total + column
    return ~(total == pl.lit(ask.value("sum_total"))).fill_null(False)


def _not_all_equal(ask: Ask) -> pl.Expr:
    first, *others = ask.columns()
    return pl.any_horizontal([first.ne_missing(other) for other in others]) if others else pl.lit(False) & first.is_null()


def _wrong_pairs(kwargs: Mapping[str, Any]) -> str | None:
    pairs = kwargs["value_pairs_set"]
    right = isinstance(pairs, list | tuple | set) and all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in pairs)
    return None if right else "value_pairs_set 应为两个值一组的列表"


RULES = (
    RowRule(
        expectation="expect_column_pair_values_to_be_equal",
        metric="column_pair_values.equal",
        domain=Domain.COLUMN_PAIR,
        broken=_not_equal,
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
    RowRule(
        expectation="expect_column_pair_values_to_be_in_set",
        metric="column_pair_values.in_set",
        domain=Domain.COLUMN_PAIR,
        broken=_not_a_pair,
        values={"value_pairs_set": REQUIRED},
        ignore_row_if="both_values_are_missing",
        shipped=True,
        conditional=False,  # GX's metric leaves the row condition out of its domain: it would be skipped in silence
        wrong=_wrong_pairs,
    ),
    RowRule(
        expectation="expect_compound_columns_to_be_unique",
        metric="compound_columns.unique",
        domain=Domain.COLUMN_LIST,
        broken=lambda ask: pl.struct(fingerprint(ask.columns())),
        whole=lambda kept, ask: repeated(kept),
        ignore_row_if="all_values_are_missing",
        shipped=True,
    ),
    RowRule(
        expectation="expect_select_column_values_to_be_unique_within_record",
        metric="select_column_values.unique.within_record",
        domain=Domain.COLUMN_LIST,
        broken=_twice_within,
        ignore_row_if="all_values_are_missing",
        shipped=True,
    ),
    RowRule(
        expectation="expect_multicolumn_sum_to_equal",
        metric="multicolumn_sum.equal",
        domain=Domain.COLUMN_LIST,
        broken=_other_sum,
        values={"sum_total": REQUIRED},
        ignore_row_if="all_values_are_missing",
        shipped=True,
    ),
    RowRule(
        expectation="expect_multicolumn_values_to_be_equal",
        metric="multicolumn_values.equal",
        domain=Domain.COLUMN_LIST,
        broken=_not_all_equal,
        ignore_row_if="all_values_are_missing",
        shipped=True,
    ),
)
