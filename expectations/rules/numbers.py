"""Numbers written as text. Not here: whether a number is plausible (a suite's `expect_column_values_to_be_between`)."""

from typing import Final

import polars as pl

from expectations.engine.row_rule import Ask, Domain, RowRule

# No exponent, no thousands separator, no unit: each of them means one thing here and another there, so a person should
# look.
_DECIMAL: Final = r"^[+-]?[0-9]{1,18}(\.[0-9]+)?$"
_INTEGER: Final = r"^[+-]?[0-9]{1,18}(\.0+)?$"  # databases export 12 as 12.0; 18 digits always fit in 64 bits


def parse_number(texts: pl.Series, *, integer: bool = False) -> pl.Series:
    """Float64, or Int64 if `integer`; null where the text is no plain decimal (or whole) number."""
    text = pl.col("text")
    plain = pl.when(text.str.contains(_INTEGER if integer else _DECIMAL)).then(text.str.strip_prefix("+"))
    number = (
        plain.str.replace(r"\..*$", "").cast(pl.Int64, strict=False)
        if integer
        else plain.cast(pl.Float64, strict=False)
    )
    return pl.DataFrame({"text": texts.cast(pl.String)}).select(number).to_series().rename(texts.name)


def _no_number(ask: Ask) -> pl.Expr:
    integer = bool(ask.value("integer"))
    return ask.column().map_batches(
        lambda texts: parse_number(texts, integer=integer).is_null(), return_dtype=pl.Boolean, is_elementwise=True
    )


RULES = (
    RowRule(
        expectation="expect_column_values_to_be_number",
        metric="column_values.number",
        domain=Domain.COLUMN,
        broken=_no_number,
        values={"integer": False},
    ),
)
