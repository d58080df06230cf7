"""Values that stand in another table and must not. The set comes with the run (`run_rules(related=…)`): this package
reads no tables. `other_column` tells the caller which column of the other table is meant."""

import polars as pl

from expectations.engine.row_rule import REQUIRED, Ask, Domain, RowRule


def _in_related(ask: Ask) -> pl.Expr:
    others = ask.related[ask.value("other")].drop_nulls().unique()
    return ask.column().is_in(others.implode())


RULES = (
    RowRule(
        expectation="expect_column_values_to_not_be_in_related",
        metric="column_values.not_in_related",
        domain=Domain.COLUMN,
        broken=_in_related,
        values={"other": REQUIRED, "other_column": None},
    ),
)
