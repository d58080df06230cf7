"""Row conditions: which rows a rule is asked of at all. GX's own notation in suites: `col("status") == "1"`.

Where a value is missing, `!=` and "not in" hold and everything else does not, as in GX's pandas engine.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from expectations.engine.core.known_values import bound, known

PARSERS: Final = ("great_expectations", "great_expectations__experimental__")
OPERATORS: Final = ("==", "!=", "<=", ">=", "<", ">")
_COMPARISON: Final = re.compile(
    r"""^\s*col\("(?P<column>[^"]+)"\)\s*(?P<operator>==|!=|<=|>=|<|>)\s*
        (?:(?P<number>[+-]?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?)|(?P<date>date\()?(?P<quote>["'])(?P<text>[^"']*)(?P=quote)(?(date)\)|))\s*$""",
    re.VERBOSE,
)
_PRESENCE: Final = re.compile(r'^\s*col\("(?P<column>[^"]+)"\)\.notnull\(\)\s*$', re.IGNORECASE)


class ConditionError(ValueError):
    """A condition that cannot be asked."""


@dataclass(frozen=True)
class Comparison:
    """One comparison; `operator` also IN, NOT_IN, IS NULL, IS NOT NULL (without a value)."""

    column: str
    operator: str
    value: Any = None


def parsed(text: str) -> Comparison:
    """A condition as written in a suite. Raises ConditionError."""
    if present := _PRESENCE.match(text):
        return Comparison(present["column"], "IS NOT NULL")
    found = _COMPARISON.match(text)
    if found is None:
        raise ConditionError(f'无法理解条件 {text}；请写作 col("列") == "值"、col("列") > 1 或 col("列").notnull()')
    if found["number"] is not None:
        number = float(found["number"])
        return Comparison(found["column"], found["operator"], int(number) if number.is_integer() else number)
    return Comparison(found["column"], found["operator"], dt.date.fromisoformat(found["text"]) if found["date"] else found["text"])


def holds(comparison: Comparison, schema: pl.Schema) -> pl.Expr:
    """True for the rows that meet it, false for all others. Raises ConditionError for an unknown column, TypeError for another type."""
    if comparison.column not in schema:
        raise ConditionError(f"条件中的列 {comparison.column} 不存在")
    dtype = schema[comparison.column]
    column = pl.col(comparison.column).fill_nan(None) if dtype.is_float() else pl.col(comparison.column)
    match comparison.operator:
        case "IS NULL":
            return column.is_null()
        case "IS NOT NULL":
            return column.is_not_null()
        case "IN" | "NOT_IN":
            inside = column.is_in(known(comparison.value, dtype).implode()).fill_null(False)
            return inside if comparison.operator == "IN" else ~inside
    value = bound(comparison.value, dtype)
    answer = {"==": column == value, "!=": column != value, "<": column < value, "<=": column <= value, ">": column > value, ">=": column >= value}
    return answer[comparison.operator].fill_null(comparison.operator == "!=")
