"""Numbers that must add up: factor times value, summed over some columns, lies between two bounds.

One rule for what accounts and meters must satisfy: parts make a total, a reading less the one before is the volume, a due is a rate
of its base, less was enforced than claimed. Not here: bounds of one column (GX has that).
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from expectations.engine.core.values import BOUNDS, outside, wrong_bounds
from expectations.engine.row_rule import REQUIRED, Ask, Domain, RowRule


def _out_of_bounds(ask: Ask) -> pl.Expr:
    terms = [column * factor for column, factor in zip(ask.columns(), ask.value("factors"), strict=True)]
    return outside(pl.sum_horizontal(*terms, ignore_nulls=False), ask, pl.Float64())


def _wrong(kwargs: Mapping[str, Any]) -> str | None:
    factors = kwargs["factors"]
    if not isinstance(factors, list) or len(factors) != len(kwargs["column_list"]) or not all(isinstance(f, int | float) for f in factors):
        return "factors 应为数的列表，与 column_list 一一对应"
    return wrong_bounds(kwargs)


RULES = (
    RowRule(
        expectation="expect_weighted_sum_to_be_between",
        metric="multicolumn_values.weighted_sum",
        domain=Domain.COLUMN_LIST,
        broken=_out_of_bounds,
        values={"factors": REQUIRED, **BOUNDS},
        ignore_row_if="any_value_is_missing",
        wrong=_wrong,
    ),
)
