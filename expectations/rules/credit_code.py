"""The rule about unified social credit codes (GB 32100); the arithmetic is in `identifiers`."""

import polars as pl

from expectations.engine.row_rule import Ask, Domain, RowRule
from expectations.rules.identifiers import valid_credit_code


def _invalid(ask: Ask) -> pl.Expr:
    return ~ask.column().map_batches(valid_credit_code, return_dtype=pl.Boolean, is_elementwise=True)


RULES = (
    RowRule(
        expectation="expect_column_values_to_be_valid_credit_code",
        metric="column_values.valid_credit_code",
        domain=Domain.COLUMN,
        broken=_invalid,
    ),
)
