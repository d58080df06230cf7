"""The identifiers' expectations for GX's pandas engine, without which pandas could not be asked: value by value in Python, as custom
expectations for pandas are written, or on our vectorised kernels."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pandas as pd
import polars as pl
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.metrics.map_metric_provider import (
    ColumnMapMetricProvider,
    ColumnPairMapMetricProvider,
    column_condition_partial,
    column_pair_condition_partial,
)

from bench.gate.suite import AS_OF
from expectations.engine.execution_engine import register
from expectations.rules.identifiers import CODE_ALPHABET, ENTITY_KINDS, PROVINCES, citizen_id_birth_date, valid_citizen_id, valid_credit_code
from expectations.rules.mobile import mobile_segments, valid_mobile_number

Kernel = Callable[[pl.Series], pl.Series]
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION = (3, 7, 9, 10, 5, 8, 4, 2)
_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def born(text: str) -> dt.date | None:
    """The birth date in a valid citizen id (GB 11643), value by value."""
    if len(text) != 18 or not text[:17].isascii() or not text[:17].isdigit() or int(text[:2]) not in PROVINCES or text[14:17] == "000":
        return None
    if "10X98765432"[sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False)) % 11] != text[17]:
        return None
    try:
        day = dt.date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return None
    return day if day.year >= 1900 else None


def is_citizen_id(text: str) -> bool:
    day = born(text)
    return day is not None and day <= AS_OF


def is_credit_code(text: str) -> bool:
    """GB 32100 with the organisation code of GB 11714 inside, value by value."""
    if len(text) != 18 or any(character not in CODE_ALPHABET for character in text):
        return False
    if text[1] not in ENTITY_KINDS.get(text[0], "") or not text[2:8].isdigit():
        return False
    inner = 11 - sum(_ALPHANUMERIC.index(character) * weight for character, weight in zip(text[8:16], _ORGANISATION, strict=True)) % 11
    if {10: "X", 11: "0"}.get(inner, str(inner)) != text[16]:
        return False
    total = sum(CODE_ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(text[:17]))
    return CODE_ALPHABET[(31 - total % 31) % 31] == text[17]


def _is_mobile() -> Callable[[str], bool]:
    segments = tuple(mobile_segments()["segment"])
    return lambda text: len(text) == 11 and text.isascii() and text.isdigit() and text.startswith(segments)


def _by_kernel(kernel: Kernel) -> Callable[[pd.Series], pd.Series]:
    def answers(column: pd.Series) -> pd.Series:
        told = kernel(pl.Series(column.astype(object).tolist(), dtype=pl.String)).fill_null(False)
        return pd.Series(told.to_numpy(), index=column.index)

    return answers


def register_identifiers(*, kernels: bool) -> None:
    """Tells GX the pandas side of four expectations that our engine has defined."""
    register()
    by_value: dict[str, Callable[[str], bool]] = {
        "valid_citizen_id": is_citizen_id, "valid_credit_code": is_credit_code, "valid_mobile_number": _is_mobile(),
    }  # fmt: skip
    by_kernel: dict[str, Kernel] = {
        "valid_citizen_id": lambda ids: valid_citizen_id(ids, as_of=AS_OF), "valid_credit_code": valid_credit_code,
        "valid_mobile_number": valid_mobile_number,
    }  # fmt: skip
    for name, question in by_value.items():
        valid = _by_kernel(by_kernel[name]) if kernels else lambda column, question=question: column.map(question)
        _column_metric(name, valid, ("as_of",) if name == "valid_citizen_id" else ())
    _birth_metric(kernels)


def _column_metric(name: str, valid: Callable[[pd.Series], pd.Series], values: tuple[str, ...]) -> None:
    class Metric(ColumnMapMetricProvider):
        condition_metric_name = f"column_values.{name}"
        condition_value_keys = values

        @column_condition_partial(engine=PandasExecutionEngine)
        def _pandas(cls, column: pd.Series, **asked: Any) -> pd.Series:
            return valid(column)


def _birth_metric(kernels: bool) -> None:
    class Metric(ColumnPairMapMetricProvider):
        condition_metric_name = "column_pair_values.citizen_id_birth"
        condition_domain_keys = ("batch_id", "table", "column_A", "column_B", "row_condition", "condition_parser", "ignore_row_if")

        @column_pair_condition_partial(engine=PandasExecutionEngine)
        def _pandas(cls, column_A: pd.Series, column_B: pd.Series, **asked: Any) -> pd.Series:
            if kernels:
                days = citizen_id_birth_date(pl.Series(column_B.astype(object).tolist(), dtype=pl.String))
                said = pl.Series(column_A.tolist(), dtype=pl.Date)
                return pd.Series(((said == days) | days.is_null()).to_numpy(), index=column_A.index)
            told = column_B.map(born)
            return told.isna() | (told == column_A)
