"""Values that must, or must not, stand in another table. The set comes with the run (`run_rules(related=…)`): this package
reads no tables. `other_column` tells the caller which column of the other table is meant."""

from typing import Any

import polars as pl

from expectations.engine.row_rule import REQUIRED, Ask, Domain, RowRule

_VALUES: dict[str, Any] = {"other": REQUIRED, "other_column": None}


def _in_related(ask: Ask) -> pl.Expr:
    others = ask.related[ask.value("other")].drop_nulls().unique()
    return ask.column().is_in(others.implode())


RULES = (
    RowRule(
        expectation="expect_column_values_to_not_be_in_related",
        metric="column_values.not_in_related",
        domain=Domain.COLUMN,
        broken=_in_related,
        values=_VALUES,
    ),
    RowRule(
        expectation="expect_column_values_to_be_in_related",
        metric="column_values.in_related",
        domain=Domain.COLUMN,
        broken=lambda ask: ~_in_related(ask),
        values=_VALUES,
    ),
)
