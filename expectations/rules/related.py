"""Values held against those of other tables, which a join has put beside them (`expectations.joins`)."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from expectations.engine.row_rule import Ask, Domain, RowRule


def _none_of_the_others(ask: Ask) -> pl.Expr:
    """The first column says what none of the others does. Where it says nothing, or they all do, nothing differs."""
    first, *others = ask.columns()
    says = first.is_not_null() & pl.any_horizontal(other.is_not_null() for other in others)
    return says & ~pl.any_horizontal((first == other).fill_null(False) for other in others)


def _wrong_others(kwargs: Mapping[str, Any]) -> str | None:
    return None if len(kwargs["column_list"]) > 1 else "column_list 至少写两列：前一列与其后各列之一相等"


RULES = (
    RowRule(
        expectation="expect_first_column_to_equal_one_of_the_others",
        metric="multicolumn_values.first_among_others",
        domain=Domain.COLUMN_LIST,
        broken=_none_of_the_others,
        ignore_row_if="all_values_are_missing",
        wrong=_wrong_others,
    ),
)
