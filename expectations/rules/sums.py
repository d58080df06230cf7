"""Numbers that must add up: factor times value, summed over some columns, lies between two bounds.

One rule for what accounts and meters must satisfy: parts make a total, a reading less the one before is the volume, a due is a rate
of its base, less was enforced than claimed. Not here: bounds of one column (GX has that).
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from expectations.engine.row_rule import REQUIRED, Ask, Domain, RowRule


def _out_of_bounds(ask: Ask) -> pl.Expr:
    # Asked only how many rows are considered, GX gives no factors.
    factors = ask.kwargs.get("factors") or [0] * len(ask.columns())
    terms = [column * factor for column, factor in zip(ask.columns(), factors, strict=True)]
    total = pl.sum_horizontal(*terms, ignore_nulls=False)
    lowest, highest = ask.kwargs.get("min_value"), ask.kwargs.get("max_value")
    broken = pl.lit(False)
    if lowest is not None:
        broken = broken | (total < lowest)
    return broken if highest is None else broken | (total > highest)


def _wrong(kwargs: Mapping[str, Any]) -> str | None:
    factors = kwargs["factors"]
    if not isinstance(factors, list) or len(factors) != len(kwargs["column_list"]) or not all(isinstance(f, int | float) for f in factors):
        return "factors 应为数的列表，与 column_list 一一对应"
    lowest, highest = kwargs.get("min_value"), kwargs.get("max_value")
    if lowest is None and highest is None:
        return "min_value 与 max_value 至少写一个"
    if lowest is not None and highest is not None and lowest > highest:
        return "min_value 大于 max_value，没有值能通过"
    return None


RULES = (
    RowRule(
        expectation="expect_weighted_sum_to_be_between",
        metric="multicolumn_values.weighted_sum",
        domain=Domain.COLUMN_LIST,
        broken=_out_of_bounds,
        values={"factors": REQUIRED, "min_value": None, "max_value": None},
        ignore_row_if="any_value_is_missing",
        wrong=_wrong,
    ),
)
