"""Full years from one day to another, by the calendar: ages at marriage, enrolment, retirement, and parents' ages.

Either day is a date, or the birth in a citizen id; of an id that is not valid nothing is said. Someone born on 29 February is a year
older on 1 March of a common year.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from expectations.engine.row_rule import Ask, Domain, RowRule
from expectations.rules.identifiers import citizen_id_birth_date


def _day(ask: Ask, role: str) -> pl.Expr:
    if ask.dtype(role) != pl.String:
        return ask.column(role).cast(pl.Date)
    return ask.column(role).map_batches(citizen_id_birth_date, return_dtype=pl.Date, is_elementwise=True)


def _month_and_day(day: pl.Expr) -> pl.Expr:
    return day.dt.month().cast(pl.Int32) * 100 + day.dt.day()


def _out_of_bounds(ask: Ask) -> pl.Expr:
    later, earlier = _day(ask, "column_A"), _day(ask, "column_B")
    years = later.dt.year() - earlier.dt.year() - (_month_and_day(later) < _month_and_day(earlier)).cast(pl.Int32)
    lowest, highest = ask.kwargs.get("min_years"), ask.kwargs.get("max_years")
    broken = pl.lit(False)
    if lowest is not None:
        broken = broken | (years < lowest)
    return broken if highest is None else broken | (years > highest)


def _wrong(kwargs: Mapping[str, Any]) -> str | None:
    bounds = [kwargs[name] for name in ("min_years", "max_years") if kwargs.get(name) is not None]
    if not bounds or not all(isinstance(bound, int) for bound in bounds):
        return "min_years 与 max_years 至少写一个，都是整数"
    return "min_years 大于 max_years，没有值能通过" if bounds != sorted(bounds) else None


RULES = (
    RowRule(
        expectation="expect_column_pair_years_to_be_between",
        metric="column_pair_values.years_between",
        domain=Domain.COLUMN_PAIR,
        broken=_out_of_bounds,
        values={"min_years": None, "max_years": None},
        ignore_row_if="either_value_is_missing",
        wrong=_wrong,
    ),
)
