"""Questions that only Python can answer (dateutil, strptime, json): asked once of each distinct value."""

from collections.abc import Callable
from typing import Any

import polars as pl


def by_value(column: pl.Expr, answer: Callable[[Any], Any], dtype: type[pl.DataType] = pl.Boolean) -> pl.Expr:
    """`answer` of each value, null for null. Columns repeat themselves, so the distinct values are few."""

    def answered(values: pl.Series) -> pl.Series:
        if values.dtype.is_float():  # 0.0 and -0.0 are one distinct value, and two texts
            return pl.Series([None if value is None else answer(value) for value in values], dtype=dtype)
        distinct = values.drop_nulls().unique()
        if distinct.is_empty():
            return pl.repeat(None, len(values), dtype=dtype, eager=True)
        answers = pl.Series([answer(value) for value in distinct.to_list()], dtype=dtype)
        return values.replace_strict(distinct, answers, default=None, return_dtype=dtype)

    return column.map_batches(answered, return_dtype=dtype, is_elementwise=True)
