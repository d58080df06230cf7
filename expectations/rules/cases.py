"""What a column must hold where another says so: case by case a form, or a value at all.

A case that is not listed is not judged, nor is a row whose case is missing or unreadable. Not here: rules whose condition is free
(GX's row conditions).
"""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from expectations.engine.row_rule import REQUIRED, Ask, Domain, RowRule
from expectations.rules.valid import text_of, wrong_kind, wrong_pattern

ANY: Final = "*"  # any value, where a list of cases could only name some


def _of_another_form(ask: Ask) -> pl.Expr:
    text, case = text_of(ask, "column_A", ask.value("valid_A")), text_of(ask, "column_B")
    broken = ((case == value) & ~text.str.contains(form) for value, form in ask.value("cases").items())
    return pl.any_horizontal(pl.lit(False), *broken)


def _wrong_cases(kwargs: Mapping[str, Any]) -> str | None:
    cases = kwargs["cases"]
    if not isinstance(cases, dict) or not cases or not all(isinstance(part, str) for pair in cases.items() for part in pair):
        return 'cases 应为“取值: 正则表达式”，两边都是文本，例如 {"1": "^91"}'
    wrong = (wrong_pattern(form, f"cases 中 {value} 的正则表达式") for value, form in cases.items())
    return next(filter(None, wrong), None) or wrong_kind(kwargs, "valid_A")


def _chosen(ask: Ask, values: list[str | None] | None) -> pl.Expr:
    """Rows of the cases listed: values, ANY of them, or none at all (null)."""
    column, listed = ask.column("column_B"), values or []
    named = [value for value in listed if value not in (ANY, None)]
    chosen = column.cast(pl.String).is_in(named).fill_null(False)
    if ANY in listed:
        chosen = chosen | column.is_not_null()
    return chosen | column.is_null() if None in listed else chosen


def _filled_against_the_case(ask: Ask) -> pl.Expr:
    missing = ask.column("column_A").is_null()
    return (missing & _chosen(ask, ask.value("filled"))) | (~missing & _chosen(ask, ask.value("empty")))


def _wrong_filling(kwargs: Mapping[str, Any]) -> str | None:
    lists = [kwargs.get(name) for name in ("filled", "empty")]
    if not any(lists) or not all(listed is None or isinstance(listed, list) for listed in lists):
        return f'filled 与 empty 至少写一个，都是列表：列出取值，"{ANY}" 表示任何值，null 表示空'
    return None


RULES = (
    RowRule(
        expectation="expect_column_form_to_follow_case",
        metric="column_pair_values.form_of_case",
        domain=Domain.COLUMN_PAIR,
        broken=_of_another_form,
        values={"cases": REQUIRED, "valid_A": None},
        ignore_row_if="either_value_is_missing",
        wrong=_wrong_cases,
    ),
    RowRule(
        expectation="expect_column_presence_to_follow_case",
        metric="column_pair_values.presence_of_case",
        domain=Domain.COLUMN_PAIR,
        broken=_filled_against_the_case,
        values={"filled": None, "empty": None},
        ignore_row_if="neither",
        wrong=_wrong_filling,
    ),
)
