"""Columns as a whole: extremes, means, quantiles, sums, distinct values, shares. Each figure is one expression of the pass."""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from expectations.engine.core.known_values import known
from expectations.engine.core.values import BOUNDS, wrong_bounds, wrong_set
from expectations.engine.row_rule import REQUIRED, Ask, Domain, Statistic, TableRule

MAX_DISTINCT = 20  # how many values GX itself shows of a set


def _numbers(ask: Ask) -> pl.Expr:
    """Raises TypeError for a column that is no number: pandas would add texts up to one long text."""
    if not ask.dtype().is_numeric() and ask.dtype() not in (pl.Boolean, pl.Null):
        raise TypeError(f"this figure is of numbers, the column is {ask.dtype()}")
    return ask.values().cast(pl.Float64) if ask.dtype() in (pl.Null,) or ask.dtype().is_decimal() else ask.values()


_PLACES: Mapping[str, Callable[[pl.Expr], pl.Expr]] = {
    "nearest": lambda place: place.round(0, mode="half_to_even"),  # numpy takes the even neighbour where two are as near
    "lower": lambda place: place.floor(),
    "higher": lambda place: place.ceil(),
}


def _quantiles(ask: Ask) -> pl.Expr:
    """GX asks `nearest` where it allows no relative error. Where no value is between two, the value itself: its type stays."""
    values = _numbers(ask)
    how: Any = ask.value("allow_relative_error") or "nearest"
    in_order, last = values.sort(), values.len().cast(pl.Float64) - 1
    places = [(last * q).clip(0) for q in ask.value("quantiles")]
    if how not in _PLACES:
        return pl.concat_list([_between(in_order, place, pl.lit(0.5) if how == "midpoint" else place - place.floor()) for place in places])
    return pl.concat_list([in_order.get(_PLACES[how](place).cast(pl.UInt32), null_on_oob=True) for place in places])


def _between(in_order: pl.Expr, place: pl.Expr, share: pl.Expr) -> pl.Expr:
    """The value that far between two neighbours, reckoned from the nearer one as numpy does: of the smallest numbers halves are lost."""
    low, high = (in_order.get(at.cast(pl.UInt32), null_on_oob=True).cast(pl.Float64) for at in (place.floor(), place.ceil()))
    gap = high - low
    return pl.when(low == high).then(low).when(share < 0.5).then(low + gap * share).otherwise(high - gap * (1 - share))


def _outsiders(ask: Ask) -> pl.Expr:
    values = ask.values()
    return values.filter(~values.is_in(known(ask.value("value_set"), ask.dtype()).implode())).unique()


def _insiders(ask: Ask) -> pl.Expr:
    values = ask.values()
    return values.filter(values.is_in(known(ask.value("value_set"), ask.dtype()).implode())).unique()


def _in_order(values: list[Any], kwargs: Mapping[str, Any]) -> list[Any]:
    return sorted(values)[: kwargs.get("limit") or MAX_DISTINCT]


def _missing(seen: pl.Series, kwargs: Mapping[str, Any]) -> list[Any]:
    return sorted(set(known(kwargs["value_set"], seen.dtype)) - set(seen.to_list()))


def _share_of_distinct(ask: Ask) -> pl.Expr:
    values = ask.values()
    return pl.when(values.len() > 0).then(values.n_unique() / values.len()).otherwise(0)


def _share_there(ask: Ask) -> pl.Expr:
    rows = pl.len() if ask.among is None else ask.among.sum()
    return pl.when(rows > 0).then(ask.values().len() / rows).otherwise(0)


def _listed(value: pl.Series, kwargs: Mapping[str, Any]) -> list[Any]:
    return value.to_list()


STATISTICS = (
    Statistic(metric="column.min", aggregate=lambda ask: ask.values().min()),
    Statistic(metric="column.max", aggregate=lambda ask: ask.values().max()),
    Statistic(metric="column.mean", aggregate=lambda ask: _numbers(ask).mean()),
    Statistic(metric="column.median", aggregate=lambda ask: _numbers(ask).median()),
    Statistic(metric="column.sum", aggregate=lambda ask: _numbers(ask).sum()),
    Statistic(metric="column.standard_deviation", aggregate=lambda ask: _numbers(ask).std()),
    Statistic(metric="column.quantile_values", aggregate=lambda ask: _quantiles(ask), values=("quantiles", "allow_relative_error"), told=_listed),
    Statistic(metric="column.most_common_value", aggregate=lambda ask: ask.values().mode().sort().implode(), told=_listed),
    Statistic(metric="column.unique_proportion", aggregate=_share_of_distinct),
    Statistic(metric="column.non_null_proportion", aggregate=_share_there),
    Statistic(metric="column.distinct_values.count", aggregate=lambda ask: ask.values().n_unique()),
    Statistic(metric="column.distinct_values", aggregate=lambda ask: ask.values().unique().implode(), told=lambda value, kwargs: set(value)),
    Statistic(metric="column.distinct_values.not_in_set.count", aggregate=lambda ask: _outsiders(ask).len(), values=("value_set",)),
    Statistic(
        metric="column.distinct_values.not_in_set",
        aggregate=lambda ask: _outsiders(ask).implode(),
        values=("value_set", "limit"),
        told=lambda value, kwargs: _in_order(value.to_list(), kwargs),
    ),
    Statistic(
        metric="column.distinct_values.missing_from_column.count",
        aggregate=lambda ask: _insiders(ask).implode(),
        values=("value_set",),
        told=lambda value, kwargs: len(_missing(value, kwargs)),
    ),
    Statistic(
        metric="column.distinct_values.missing_from_column",
        aggregate=lambda ask: _insiders(ask).implode(),
        values=("value_set", "limit"),
        told=lambda value, kwargs: _in_order(_missing(value, kwargs), kwargs),
    ),
)


def _wrong_quantiles(kwargs: Mapping[str, Any]) -> str | None:
    ranges = kwargs["quantile_ranges"]
    if not isinstance(ranges, dict) or set(ranges) != {"quantiles", "value_ranges"}:
        return "quantile_ranges 应写 quantiles 和 value_ranges"
    if len(ranges["quantiles"]) != len(ranges["value_ranges"]):
        return "quantiles 与 value_ranges 的个数应相同"
    return None


def _rule(expectation: str, values: Mapping[str, Any], wrong: Callable[[Mapping[str, Any]], str | None]) -> TableRule:
    return TableRule(expectation=f"expect_column_{expectation}", values=values, domain=Domain.COLUMN, conditional=True, wrong=wrong)


RULES = (
    *(
        _rule(f"{figure}_to_be_between", BOUNDS, wrong_bounds)
        for figure in (
            "min", "max", "mean", "median", "sum", "stdev", "unique_value_count",
            "proportion_of_unique_values", "proportion_of_non_null_values",
        )  # fmt: skip
    ),
    _rule("quantile_values_to_be_between", {"quantile_ranges": REQUIRED, "allow_relative_error": False}, _wrong_quantiles),
    _rule("most_common_value_to_be_in_set", {"value_set": REQUIRED, "ties_okay": None}, wrong_set),
    *(_rule(f"distinct_values_to_{how}_set", {"value_set": REQUIRED}, wrong_set) for how in ("be_in", "contain", "equal")),
)
