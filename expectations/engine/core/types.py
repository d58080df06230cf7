"""Types of columns. A column of polars has one type for all its values, so these rules judge the column, as GX does for
Spark and SQL; in pandas a column of objects is judged value by value.

Names: polars' own, and what Python, numpy, pandas and SQL call the same thing.
"""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from expectations.engine.row_rule import REQUIRED, Domain, TableRule

_WHOLE, _REAL = ("int", "integer", "int_", "Int"), ("float", "float_", "double", "Float")
_ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "String": ("str", "string", "Utf8", "text", "varchar", "StringType", "StringDtype"),
    "Boolean": ("bool", "boolean", "bool_", "BooleanType"),
    "Date": ("date", "DateType"),
    "Datetime": ("datetime", "timestamp", "datetime64", "datetime64[ns]", "datetime64[us]", "datetime64[ms]", "Timestamp", "TimestampType"),
    "Duration": ("timedelta", "timedelta64", "timedelta64[ns]", "Timedelta"),
    "Time": ("time",),
    "Decimal": ("decimal", "numeric", "DecimalType"),
    "Binary": ("bytes", "binary", "BinaryType"),
    "Null": ("NoneType", "null"),
    "List": ("list", "ArrayType"),
    "Struct": ("dict", "StructType"),
    "Categorical": ("category",),
    "Object": ("object", "O", "object_"),
    "Enum": (), "Array": (), "Int128": _WHOLE,
    **{f"Int{bits}": (*_WHOLE, f"int{bits}") for bits in (8, 16, 32, 64)},
    **{f"UInt{bits}": (*_WHOLE, f"uint{bits}") for bits in (8, 16, 32, 64)},
    **{f"Float{bits}": (*_REAL, f"float{bits}") for bits in (32, 64)},
}  # fmt: skip
NAMES: Final = frozenset(_ALIASES) | {alias for aliases in _ALIASES.values() for alias in aliases}


def type_name(dtype: pl.DataType) -> str:
    """polars' name of the type, without its parameters."""
    return str(dtype.base_type().__name__)


def is_called(dtype: pl.DataType, name: str) -> bool:
    """Whether the type goes by that name. Raises ValueError for a name of no type: it could never hold."""
    if name not in NAMES:
        raise ValueError(f"no type is called {name}; known: {', '.join(sorted(NAMES))}")
    own = type_name(dtype)
    return name == own or name in _ALIASES.get(own, ())


def _wrong_names(kwargs: Mapping[str, Any]) -> str | None:
    given = kwargs.get("type_list", [kwargs.get("type_")])
    names = given if isinstance(given, list | tuple) else [given]
    strange = [str(name) for name in names if name not in NAMES]
    return f"没有名为 {'、'.join(strange)} 的类型；例如 String、Int64、Float64、Date" if strange else None


RULES = (
    TableRule(expectation="expect_column_values_to_be_of_type", values={"type_": REQUIRED}, domain=Domain.COLUMN, wrong=_wrong_names),
    TableRule(expectation="expect_column_values_to_be_in_type_list", values={"type_list": REQUIRED}, domain=Domain.COLUMN, wrong=_wrong_names),
    TableRule(expectation="expect_column_type_to_be", values={"type_": REQUIRED}, domain=Domain.COLUMN, wrong=_wrong_names),
)
