"""Our engine against GX's own pandas engine: the same success, counts, values, keys and figures, in every result format."""

import math
import pkgutil
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.engine.coverage import declarations
from expectations.engine.run import run_rules
from expectations.suite import Rule
from tests.examples import dear
from tests.unit.expectations.conformance import asked
from tests.unit.expectations.conformance.engines import COMPLETE, by_pandas, by_polars, frame_of, plain

ASKED = [*asked.ROWS, *asked.TABLES]
FORMATS: list[Any] = [
    "BOOLEAN_ONLY", "BASIC", "SUMMARY", "COMPLETE",
    {"result_format": "SUMMARY", "partial_unexpected_count": 2, "return_unexpected_index_query": False},
    {"result_format": "BASIC", "include_unexpected_rows": True},
    {**COMPLETE, "unexpected_index_column_names": ["_row_number", "name"], "exclude_unexpected_values": True},
]  # fmt: skip
few = dear(few=3, many=400)  # hundreds of questions a frame


def comparable(result: Any) -> Any:
    """A result without what is each engine's own: the query text, and the order of a set's values."""
    told = plain(dict(result.result))
    told.pop("unexpected_index_query", None)
    if "partial_missing_list" in told:
        told["partial_missing_list"] = sorted(told["partial_missing_list"], key=repr)
    # pandas counts each NaN for itself, as no NaN equals another; of None, GX cannot make an order, and leaves the counts out.
    counts = told.pop("partial_unexpected_counts", [])
    if not any("None" in repr(value) for value in told.get("partial_unexpected_list", [])):
        told["counts"] = sorted((repr(entry.get("value")), entry.get("count")) for entry in counts)
    if "observed_value" in told and isinstance(told["observed_value"], list):
        told["observed_value"] = sorted(told["observed_value"], key=repr)
    return result.success, told


def assert_agreement(frame: pl.DataFrame, questions: list[asked.Asked], result_format: Any = COMPLETE) -> None:
    both = zip(questions, by_polars(frame, questions, result_format), by_pandas(frame, questions, result_format), strict=True)
    for question, ours, theirs in both:
        assert comparable(ours) == comparable(theirs), question


@few
@given(st.lists(asked.row(asked.records | st.sampled_from(["", "{", "NaN"])), min_size=1, max_size=8))
def test_engines_agree_on_any_frame(rows: list[dict[str, Any]]) -> None:
    assert_agreement(frame_of(rows, asked.TYPES), ASKED)


@few
@given(st.lists(asked.row(asked.records), max_size=6))
def test_engines_agree_on_schemas_of_json(rows: list[dict[str, Any]]) -> None:
    assert_agreement(frame_of(rows, asked.TYPES), asked.OF_RIGHT_JSON)


NULLS = {**dict.fromkeys(asked.TYPES), "number": 0}
FULL = {"name": "张三", "other": "张三", "third": "a", "amount": 1.0, "limit": 2.0, "number": 1, "day": asked.DAY, "until": asked.DAY,
        "at": asked.NIGHT, "stamp": "2024-02-29", "record": "{}"}  # fmt: skip
BREAKING = {
    "no row": [],
    "one row": [FULL],
    "one row of nulls": [NULLS],
    "two rows of nulls": [NULLS, NULLS],
    "the same row twice": [FULL, FULL],
    "a null among values": [FULL, NULLS, {**FULL, "name": None}],
    "nan": [{**FULL, "amount": math.nan}],
    "infinity": [{**FULL, "limit": math.inf}, FULL],
    "a spread below what a float can hold": [{**FULL, "amount": 0.0}, {**FULL, "amount": 5e-324}],
}


@pytest.mark.parametrize("rows", BREAKING.values(), ids=BREAKING)
def test_engines_agree_on_the_frames_that_break_engines(rows: list[dict[str, Any]]) -> None:
    assert_agreement(frame_of(rows, asked.TYPES), ASKED)


@pytest.mark.parametrize("result_format", FORMATS, ids=lambda given: given if isinstance(given, str) else "-".join(map(str, given)))
def test_every_result_format_says_the_same(result_format: Any) -> None:
    rows = [FULL, NULLS, {**FULL, "name": "ab", "amount": -1.0}, {**FULL, "other": "b", "record": "{"}, {**FULL, "number": 4}]
    assert_agreement(frame_of(rows, asked.TYPES), ASKED, result_format)


@few
@given(st.lists(asked.row(asked.records), min_size=1, max_size=8))
def test_what_the_gate_takes_is_what_pandas_accuses(rows: list[dict[str, Any]]) -> None:
    frame = frame_of(rows, asked.TYPES)
    ours = run_rules(frame, [Rule(name, name, kwargs, "content", "准确性", "E01", "…") for name, kwargs in asked.ROWS])
    for question, mine, theirs in zip(asked.ROWS, ours, by_pandas(frame, asked.ROWS), strict=True):
        assert mine.success == theirs.success, question
        assert mine.unexpected == len(mine.keys) == theirs.result["unexpected_count"], question
        assert mine.keys.to_list() == [row["_row_number"] for row in theirs.result["unexpected_index_list"] or []], question
        assert mine.evaluated == theirs.result["element_count"] - theirs.result.get("missing_count", 0), question


def test_every_expectation_of_gx_that_we_run_is_compared() -> None:
    from great_expectations.expectations import core

    from expectations.engine.core.unsupported import UNSUPPORTED

    shipped = {module.name for module in pkgutil.iter_modules(core.__path__)} - {"schemas"}
    compared = {name for name, _ in [*ASKED, *asked.OF_RIGHT_JSON]}
    elsewhere = {  # pandas cannot be asked these: test_differences.py
        "expect_column_values_to_match_like_pattern", "expect_column_values_to_not_match_like_pattern",
        "expect_column_values_to_match_like_pattern_list", "expect_column_values_to_not_match_like_pattern_list",
        "expect_table_row_count_to_equal_other_table", "expect_column_values_to_be_of_type", "expect_column_values_to_be_in_type_list",
        "expect_column_type_to_be",
    }  # fmt: skip
    assert compared | elsewhere == shipped - set(UNSUPPORTED)
    assert compared | elsewhere <= set(declarations())
    assert not set(UNSUPPORTED) & set(declarations())
    assert set(UNSUPPORTED) <= shipped
