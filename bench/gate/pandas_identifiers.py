"""The identifiers' expectations for GX's pandas engine, on our kernels: without them pandas could not be asked."""

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
from expectations.rules.identifiers import citizen_id_birth_date, valid_citizen_id, valid_credit_code
from expectations.rules.mobile import valid_mobile_number

Kernel = Callable[[pl.Series], pl.Series]


def _answers(column: pd.Series, kernel: Kernel) -> pd.Series:
    return pd.Series(kernel(pl.Series(column.astype(object).tolist(), dtype=pl.String)).fill_null(False).to_numpy(), index=column.index)


def register_kernels() -> None:
    """Tells GX the pandas side of four expectations that our engine has defined."""
    register()
    kernels: dict[str, tuple[Kernel, tuple[str, ...]]] = {
        "valid_citizen_id": (lambda ids: valid_citizen_id(ids, as_of=AS_OF), ("as_of",)),
        "valid_credit_code": (valid_credit_code, ()),
        "valid_mobile_number": (valid_mobile_number, ()),
    }
    for name, (kernel, values) in kernels.items():
        _column_metric(name, kernel, values)
    _birth_metric()


def _column_metric(name: str, kernel: Kernel, values: tuple[str, ...]) -> None:
    class Metric(ColumnMapMetricProvider):
        condition_metric_name = f"column_values.{name}"
        condition_value_keys = values

        @column_condition_partial(engine=PandasExecutionEngine)
        def _pandas(cls, column: pd.Series, **asked: Any) -> pd.Series:
            return _answers(column, kernel)


def _birth_metric() -> None:
    class Metric(ColumnPairMapMetricProvider):
        condition_metric_name = "column_pair_values.citizen_id_birth"
        condition_domain_keys = ("batch_id", "table", "column_A", "column_B", "row_condition", "condition_parser", "ignore_row_if")

        @column_pair_condition_partial(engine=PandasExecutionEngine)
        def _pandas(cls, column_A: pd.Series, column_B: pd.Series, **asked: Any) -> pd.Series:
            born = citizen_id_birth_date(pl.Series(column_B.astype(object).tolist(), dtype=pl.String))
            said = pl.Series(column_A.tolist(), dtype=pl.Date)
            return pd.Series(((said == born) | born.is_null()).to_numpy(), index=column_A.index)
