"""Values that a suite writes down, in the type of the column they are compared with."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import polars as pl


def bound(value: Any, dtype: pl.DataType) -> pl.Expr:
    """A bound in the column's own type: dates may stand in a suite as ISO text.

    Raises TypeError where the two cannot be compared: no answer would be better than a false one.
    """
    value = _of_date(value, dtype)
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    if numeric != dtype.is_numeric() and dtype not in (pl.Boolean, pl.Null):
        raise TypeError(f"a bound of type {type(value).__name__} cannot be compared with a column of {dtype}")
    if isinstance(value, dt.datetime) and dtype == pl.Date and value.time() == dt.time():
        value = value.date()
    return pl.lit(value)


def _of_date(value: Any, dtype: pl.DataType) -> Any:
    if isinstance(value, str) and dtype == pl.Date:
        return dt.date.fromisoformat(value)
    if isinstance(value, str) and isinstance(dtype, pl.Datetime):
        return dt.datetime.fromisoformat(value)
    return value


def known(values: Iterable[Any], dtype: pl.DataType) -> pl.Series:
    """The set as a series of the column's type, without null and NaN; what the type cannot hold cannot be in the column.

    Raises TypeError where the set's type is another one altogether: no value could ever match.
    """
    given = [_of_date(value, dtype) for value in values if value is not None and value == value]
    if dtype.is_integer():
        given = [value for value in given if not isinstance(value, float) or value.is_integer()]
    found = pl.Series(given, strict=False)
    if found.is_empty():
        return pl.Series([], dtype=dtype)
    if found.dtype.is_numeric() != dtype.is_numeric() or (found.dtype == pl.String) != (dtype == pl.String):
        raise TypeError(f"value_set holds {found.dtype}, the column {dtype}: no value could ever match")
    return found.cast(dtype, strict=False).drop_nulls()
