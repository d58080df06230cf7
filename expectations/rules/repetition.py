"""Rows that come twice, and rows that claim the same key with different words. Every member of a group is accused:
which of them is right, the sender knows. Not here: what the pool then keeps."""

import polars as pl

from expectations.engine.repeats import conflicting, fingerprint, repeated
from expectations.engine.row_rule import REQUIRED, Ask, Domain, RowRule


def _key_and_row(ask: Ask) -> pl.Expr:
    return pl.struct(*fingerprint([ask.column()], "key "), *fingerprint([ask.column(), *ask.columns()]))


RULES = (
    RowRule(
        expectation="expect_rows_not_to_be_repeated",
        metric="rows.not_repeated",
        domain=Domain.COLUMN_LIST,
        broken=lambda ask: pl.struct(fingerprint(ask.columns())),
        whole=lambda kept, ask: repeated(kept),
        ignore_row_if="all_values_are_missing",
    ),
    RowRule(
        expectation="expect_key_not_to_conflict",
        metric="key.not_conflicting",
        domain=Domain.COLUMN,
        broken=_key_and_row,
        whole=lambda kept, ask: conflicting(kept),
        values={"column_list": REQUIRED},
    ),
)
