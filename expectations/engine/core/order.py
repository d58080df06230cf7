"""Values against their neighbours (increasing, decreasing) and against the column's own spread (z-score, outliers)."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from expectations.engine.row_rule import REQUIRED, Ask, Domain, RowRule


def _out_of_order(values: pl.Expr, ask: Ask, *, up: bool) -> pl.Expr:
    """True where a value does not follow its predecessor, the last value before it that is not missing. The first has none."""
    previous = values.forward_fill().shift(1)
    if ask.value("strictly"):
        return values <= previous if up else values >= previous
    return values < previous if up else values > previous


def _number(ask: Ask) -> pl.Expr:
    """Raises TypeError for a column without a spread."""
    if not ask.dtype().is_numeric() and ask.dtype() != pl.Null:
        raise TypeError(f"a spread is of numbers, the column is {ask.dtype()}")
    return ask.column().cast(pl.Float64)


def _far(values: pl.Expr, ask: Ask) -> pl.Expr:
    """Not under the threshold; where the spread is zero or unknown nothing is far."""
    threshold = float(ask.value("threshold"))
    score = (values - values.mean()) / values.std()
    far = score.abs() >= abs(threshold) if ask.value("double_sided") else score >= threshold
    # The spread of values that differ by less than a float's square can hold is zero: dividing by it would make them infinitely far.
    return far & score.is_not_nan() & (values.std() > 0)


def _outlier(values: pl.Expr, ask: Ask) -> pl.Expr:
    """Beyond Tukey's fences (iqr), or at `multiplier` standard deviations or more (std); nothing where there is no spread to tell."""
    multiplier = float(ask.value("multiplier"))
    if ask.value("method") == "iqr":
        first, third = values.quantile(0.25, interpolation="linear"), values.quantile(0.75, interpolation="linear")
        reach = (third - first) * multiplier
        return ((values < first - reach) | (values > third + reach)) & reach.is_finite()
    distance, reach = (values - values.mean()).abs(), values.std() * multiplier
    return pl.when(reach <= 0).then(values != values.mean()).otherwise(distance >= reach) & reach.is_finite()


def _wrong_threshold(kwargs: Mapping[str, Any]) -> str | None:
    return None if isinstance(kwargs["threshold"], int | float) else "threshold 应为数"


def _wrong_method(kwargs: Mapping[str, Any]) -> str | None:
    return None if kwargs.get("method", "iqr") in ("iqr", "std") else "method 应为 iqr 或 std"


RULES = (
    RowRule(
        expectation="expect_column_values_to_be_increasing",
        metric="column_values.increasing",
        domain=Domain.COLUMN,
        broken=lambda ask: ask.column(),
        whole=lambda values, ask: _out_of_order(values, ask, up=True),
        values={"strictly": False},
        shipped=True,
    ),
    RowRule(
        expectation="expect_column_values_to_be_decreasing",
        metric="column_values.decreasing",
        domain=Domain.COLUMN,
        broken=lambda ask: ask.column(),
        whole=lambda values, ask: _out_of_order(values, ask, up=False),
        values={"strictly": False},
        shipped=True,
    ),
    RowRule(
        expectation="expect_column_value_z_scores_to_be_less_than",
        metric="column_values.z_score.under_threshold",
        domain=Domain.COLUMN,
        broken=_number,
        whole=_far,
        values={"threshold": REQUIRED, "double_sided": REQUIRED},
        shipped=True,
        wrong=_wrong_threshold,
    ),
    RowRule(
        expectation="expect_column_values_to_not_be_outliers",
        metric="column_values.not_outliers",
        domain=Domain.COLUMN,
        broken=_number,
        whole=_outlier,
        values={"method": "iqr", "multiplier": 1.5},
        shipped=True,
        wrong=_wrong_method,
    ),
)
