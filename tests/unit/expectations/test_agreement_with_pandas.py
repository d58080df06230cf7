"""Our engine against GX's own pandas engine: same success, same counts, and our keys are the rows pandas calls
unexpected.

Left out on purpose: texts that end in a line feed, where Python's `$` matches before it and Rust's does not.
"""

import datetime as dt
import math
from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expectations.engine.coverage import declarations
from expectations.engine.run import run_rules
from expectations.suite import Rule

DAY = dt.date(2024, 2, 29)
PAIR = {"column_A": "name", "column_B": "other"}
ASKED: list[tuple[str, dict[str, Any]]] = [
    ("expect_column_values_to_not_be_null", {"column": "name"}),
    ("expect_column_values_to_not_be_null", {"column": "amount"}),
    ("expect_column_values_to_be_unique", {"column": "name"}),
    ("expect_column_values_to_be_unique", {"column": "amount"}),
    ("expect_column_values_to_be_in_set", {"column": "name", "value_set": ["a", "张三", ""]}),
    ("expect_column_values_to_be_in_set", {"column": "name", "value_set": [str(i) for i in range(30)] + ["a"]}),
    ("expect_column_values_to_not_be_in_set", {"column": "name", "value_set": ["a", "𠮷"]}),
    ("expect_column_values_to_match_regex", {"column": "name", "regex": "^[a-b张]+$"}),
    ("expect_column_values_to_be_between", {"column": "amount", "min_value": 0, "max_value": 3.5}),
    ("expect_column_values_to_be_between", {"column": "amount", "min_value": 0, "strict_min": True}),
    ("expect_column_values_to_be_between", {"column": "amount", "max_value": 2, "strict_max": True, "mostly": 0.5}),
    ("expect_column_values_to_be_between", {"column": "day", "min_value": DAY, "max_value": dt.date(2024, 3, 2)}),
    ("expect_compound_columns_to_be_unique", {"column_list": ["name", "other"]}),
    ("expect_compound_columns_to_be_unique", {"column_list": ["name", "day"], "ignore_row_if": "any_value_is_missing"}),
    ("expect_compound_columns_to_be_unique", {"column_list": ["name", "other"], "ignore_row_if": "never"}),
    ("expect_column_pair_values_to_be_equal", PAIR),
    ("expect_column_pair_values_to_be_equal", {**PAIR, "ignore_row_if": "either_value_is_missing"}),
    ("expect_column_pair_values_to_be_equal", {**PAIR, "ignore_row_if": "neither", "mostly": 0.5}),
    ("expect_column_pair_values_a_to_be_greater_than_b", {"column_A": "amount", "column_B": "limit"}),
    ("expect_column_pair_values_a_to_be_greater_than_b", {"column_A": "amount", "column_B": "limit", "or_equal": True}),
    (
        "expect_column_pair_values_a_to_be_greater_than_b",
        {"column_A": "day", "column_B": "until", "or_equal": True, "ignore_row_if": "either_value_is_missing"},
    ),
    ("expect_table_row_count_to_be_between", {"min_value": 1, "max_value": 4}),
    ("expect_table_columns_to_match_set", {"column_set": ["name", "other"], "exact_match": False}),
    ("expect_table_columns_to_match_set", {"column_set": ["name", "other"]}),
]
TYPES = {
    "name": pl.String,
    "other": pl.String,
    "amount": pl.Float64,
    "limit": pl.Float64,
    "day": pl.Date,
    "until": pl.Date,
}

few_texts = st.sampled_from(["a", "b", "ab", "张三", "𠮷", "", " a"]) | st.text(max_size=3).filter(
    lambda text: not text.endswith("\n")
)
few_floats = st.sampled_from([0.0, 1.0, 2.0, 3.5, -1.0, 1e9, math.nan])
few_days = st.dates(dt.date(2024, 2, 27), dt.date(2024, 3, 3))
rows = st.fixed_dictionaries(
    {
        "name": st.none() | few_texts,
        "other": st.none() | few_texts,
        "amount": st.none() | few_floats,
        "limit": st.none() | few_floats,
        "day": st.none() | few_days,
        "until": st.none() | few_days,
    }
)


def by_pandas(frame: pl.DataFrame) -> list[Any]:
    from great_expectations.core import ExpectationSuite
    from great_expectations.execution_engine import PandasExecutionEngine
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from great_expectations.validator.validator import Validator

    numbers = {name: pd.Series(frame[name].to_list(), dtype="float64") for name in ("amount", "limit")}
    others = {name: pd.Series(frame[name].to_list(), dtype=object) for name in ("name", "other", "day", "until")}
    table = pd.DataFrame({"_row_number": frame["_row_number"].to_list(), **numbers, **others})
    engine = PandasExecutionEngine()
    engine.load_batch_data("table", table)
    configurations = [ExpectationConfiguration(type=name, kwargs=dict(kwargs)) for name, kwargs in ASKED]
    validator = Validator(
        execution_engine=engine, expectation_suite=ExpectationSuite("pandas", expectations=configurations)
    )
    validator.metrics_calculator.show_progress_bars = False
    complete = {"result_format": "COMPLETE", "unexpected_index_column_names": ["_row_number"]}
    return validator.graph_validate(configurations, {"catch_exceptions": False, "result_format": complete})


def by_polars(frame: pl.DataFrame) -> list[Any]:
    return run_rules(frame, [Rule(name, name, kwargs, "content", "准确性", "E01", "…") for name, kwargs in ASKED])


def assert_agreement(rows: list[dict[str, Any]]) -> None:
    frame = pl.DataFrame(rows, schema=TYPES).with_row_index("_row_number", offset=2)
    for asked, ours, theirs in zip(ASKED, by_polars(frame), by_pandas(frame), strict=True):
        assert ours.success == theirs.success, asked
        if "unexpected_count" in theirs.result:
            assert ours.unexpected == theirs.result["unexpected_count"], asked
            accused = [row["_row_number"] for row in theirs.result["unexpected_index_list"] or []]
            assert ours.keys.to_list() == accused, asked
            assert ours.evaluated == theirs.result["element_count"] - theirs.result.get("missing_count", 0), asked
        else:
            assert (
                sorted(ours.observed) == sorted(theirs.result["observed_value"])
                if isinstance(ours.observed, list)
                else (ours.observed == theirs.result["observed_value"])
            ), asked


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(rows, min_size=1, max_size=8))
def test_engines_agree_on_any_frame(frame_rows: list[dict[str, Any]]) -> None:
    assert_agreement(frame_rows)


NULLS = dict.fromkeys(TYPES)
FULL = {"name": "张三", "other": "张三", "amount": 1.0, "limit": 2.0, "day": DAY, "until": DAY}


@pytest.mark.parametrize(
    "frame_rows",
    [
        [],
        [FULL],
        [NULLS],
        [NULLS, NULLS],
        [FULL, FULL],
        [FULL, NULLS, {**FULL, "name": None}],
        [{**FULL, "amount": math.nan}],
    ],
    ids=[
        "no row",
        "one row",
        "one row of nulls",
        "two rows of nulls",
        "the same row twice",
        "a null among values",
        "nan",
    ],
)
def test_engines_agree_on_the_frames_that_break_engines(frame_rows: list[dict[str, Any]]) -> None:
    assert_agreement(frame_rows)


def test_every_expectation_of_gx_that_we_run_is_compared() -> None:
    from expectations.engine import core_rules

    assert {name for name, _ in ASKED} == {rule.expectation for rule in core_rules.RULES}
    assert {name for name, _ in ASKED} <= set(declarations())
