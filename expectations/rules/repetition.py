"""Rows that come twice, and rows that claim the same key with different words. Every member of a group is accused:
which of them is right, the sender knows. Not here: what the pool then keeps."""

import polars as pl

from expectations.engine.repeats import conflicting_keys, repeated
from expectations.engine.row_rule import REQUIRED, Ask, Domain, RowRule


def _conflicting(ask: Ask) -> pl.Expr:
    others = [column for column in ask.columns() if column.meta.output_name() != ask.name()]
    rows = pl.struct(ask.column().alias("the key"), *others)
    return rows.map_batches(
        lambda structs: conflicting_keys(structs.struct.unnest(), "the key"), return_dtype=pl.Boolean
    )


RULES = (
    RowRule(
        expectation="expect_rows_not_to_be_repeated",
        metric="rows.not_repeated",
        domain=Domain.COLUMN_LIST,
        broken=lambda ask: repeated(ask.columns()),
        ignore_row_if="all_values_are_missing",
    ),
    RowRule(
        expectation="expect_key_not_to_conflict",
        metric="key.not_conflicting",
        domain=Domain.COLUMN,
        broken=_conflicting,
        values={"column_list": REQUIRED},
    ),
)
