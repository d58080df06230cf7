"""The two engines, asked the same things through GX's own validator."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import polars as pl

COMPLETE: Mapping[str, Any] = {"result_format": "COMPLETE", "unexpected_index_column_names": ["_row_number"], "return_unexpected_index_query": False}
_NUMPY = {pl.Float64: "float64", pl.Int64: "int64", pl.Boolean: "bool"}


def frame_of(rows: list[dict[str, Any]], types: Mapping[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=types).with_row_index("_row_number", offset=2)


def _pandas(frame: pl.DataFrame) -> pd.DataFrame:
    """The frame as pandas holds it: numbers and moments in numpy, everything else as Python's objects."""
    columns = {}
    for name, dtype in frame.schema.items():
        kind = "datetime64[us]" if isinstance(dtype, pl.Datetime) else _NUMPY.get(dtype.base_type(), object)
        columns[name] = pd.Series(frame[name].to_list(), dtype=kind)
    return pd.DataFrame(columns)


def validate(engine: Any, asked: Sequence[tuple[str, dict[str, Any]]], result_format: Any, *, catch: bool = False) -> list[Any]:
    """One result a question, in order."""
    from great_expectations.core import ExpectationSuite
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from great_expectations.validator.validator import Validator

    from expectations.engine.seam import remembering

    configurations = [ExpectationConfiguration(type=name, kwargs=dict(kwargs), meta={"place": place}) for place, (name, kwargs) in enumerate(asked)]
    validator = Validator(execution_engine=engine, expectation_suite=ExpectationSuite("asked"))
    validator.metrics_calculator.show_progress_bars = False
    with remembering():
        results = validator.graph_validate(configurations, {"catch_exceptions": catch, "result_format": result_format})
    return sorted(results, key=lambda result: result.expectation_config.meta["place"])


def by_pandas(frame: pl.DataFrame, asked: Sequence[tuple[str, dict[str, Any]]], result_format: Any = COMPLETE) -> list[Any]:
    from great_expectations.execution_engine import PandasExecutionEngine

    engine = PandasExecutionEngine()
    engine.load_batch_data("table", _pandas(frame))
    return validate(engine, asked, result_format)


def by_polars(frame: pl.DataFrame, asked: Sequence[tuple[str, dict[str, Any]]], result_format: Any = COMPLETE) -> list[Any]:
    from expectations.engine.execution_engine import PolarsExecutionEngine

    return validate(PolarsExecutionEngine(frame.lazy()), asked, result_format)


def plain(value: Any) -> Any:
    """A result without numpy, pandas and NaN, so that two engines' can be compared. Floats to twelve digits: they add up in another order."""
    if isinstance(value, Mapping):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, pd.DataFrame):
        return plain(value.to_dict("records"))
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    if hasattr(value, "item"):
        value = value.item()
    if value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    return float(f"{value:.12g}") if isinstance(value, float) and math.isfinite(value) else value
