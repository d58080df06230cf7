"""Row conditions: the rows that a rule is asked of, in GX's objects and in its text, as pandas takes them."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.engine.conditions import ConditionError, parsed
from expectations.engine.run import run_rules
from expectations.suite import Rule
from tests.unit.expectations.conformance.engines import by_pandas, by_polars, frame_of, plain

TYPES: dict[str, Any] = {"kind": pl.String, "amount": pl.Float64, "number": pl.Int64, "name": pl.String}
ASKED: list[tuple[str, dict[str, Any]]] = [
    ("expect_column_values_to_not_be_null", {"column": "name"}),
    ("expect_column_values_to_be_unique", {"column": "name"}),
    ("expect_column_values_to_be_in_set", {"column": "name", "value_set": ["a"], "mostly": 0.5}),
    ("expect_column_values_to_be_increasing", {"column": "number"}),
    ("expect_column_value_z_scores_to_be_less_than", {"column": "number", "threshold": 1, "double_sided": True}),
    ("expect_column_values_to_not_be_outliers", {"column": "number", "method": "std", "multiplier": 1.0}),
    ("expect_column_pair_values_to_be_equal", {"column_A": "name", "column_B": "kind"}),
    ("expect_compound_columns_to_be_unique", {"column_list": ["name", "kind"]}),
    ("expect_select_column_values_to_be_unique_within_record", {"column_list": ["name", "kind"]}),
    ("expect_column_mean_to_be_between", {"column": "number", "min_value": 0}),
    ("expect_column_max_to_be_between", {"column": "amount", "max_value": 2}),
    ("expect_column_unique_value_count_to_be_between", {"column": "name", "max_value": 1}),
    ("expect_column_proportion_of_non_null_values_to_be_between", {"column": "name", "min_value": 0.5}),
    ("expect_column_distinct_values_to_be_in_set", {"column": "name", "value_set": ["a", "b"]}),
    ("expect_column_most_common_value_to_be_in_set", {"column": "name", "value_set": ["a"], "ties_okay": True}),
]
row = st.fixed_dictionaries(
    {
        "kind": st.none() | st.sampled_from(["1", "2", "a"]), "amount": st.none() | st.sampled_from([0.0, 1.0, 2.5]),
        "number": st.integers(-1, 3), "name": st.none() | st.sampled_from(["a", "b"]),
    }
)  # fmt: skip


def conditions() -> dict[str, Any]:
    from great_expectations.expectations.conditions import Column

    kind, amount, number = Column("kind"), Column("amount"), Column("number")
    return {
        "equal": kind == "1", "unlike": kind != "1", "less": amount < 1, "at most": amount <= 1.0, "more": number > 0, "at least": number >= 1,
        "in": kind.is_in(["1", "a"]), "not in": kind.is_not_in(["1", "a"]), "null": amount.is_null(), "not null": kind.is_not_null(),
        "and": (number > 0) & (kind == "1"), "or": (number > 1) | (kind == "2"),
    }  # fmt: skip


@settings(max_examples=6, deadline=None)
@given(st.lists(row, min_size=1, max_size=8), st.data())
def test_conditions_let_in_the_rows_that_pandas_lets_in(rows: list[dict[str, Any]], data: st.DataObject) -> None:
    name, condition = data.draw(st.sampled_from(list(conditions().items())))
    frame = frame_of(rows, TYPES)
    asked = [(expectation, {**kwargs, "row_condition": condition}) for expectation, kwargs in ASKED]
    for question, ours, theirs in zip(asked, by_polars(frame, asked), by_pandas(frame, asked), strict=True):
        mine, other = plain(dict(ours.result)), plain(dict(theirs.result))
        for differing in ("unexpected_index_query", "partial_unexpected_counts"):  # the query is each engine's own; NaN is counted one by one
            mine.pop(differing, None), other.pop(differing, None)
        assert (ours.success, mine) == (theirs.success, other), (name, question)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ('col("kind") == "1"', [0]),
        ("col(\"kind\") != '1'", [1, 2, 3]),
        ('col("number") > 1', [2, 3]),
        ('col("number")<=-1.0', [1]),
        ('col("amount").notnull()', [0, 2, 3]),
    ],
)
def test_suites_write_conditions_as_text(text: str, places: list[int]) -> None:
    rows = [
        {"kind": "1", "amount": 1.0, "number": 0, "name": None}, {"kind": None, "amount": None, "number": -1, "name": None},
        {"kind": "2", "amount": 0.0, "number": 2, "name": None}, {"kind": "a", "amount": 0.0, "number": 3, "name": None},
    ]  # fmt: skip
    asked = {"column": "name", "row_condition": text, "condition_parser": "great_expectations"}
    found = run_rules(frame_of(rows, TYPES), [Rule("r", "expect_column_values_to_not_be_null", asked, "content", "完整性", "E01", "…")])[0]
    assert [int(key) - 2 for key in found.keys] == places
    assert found.evaluated == len(places)


def test_dates_are_written_as_dates() -> None:
    comparison = parsed('col("day") >= date("2024-02-29")')
    assert (comparison.operator, str(comparison.value)) == (">=", "2024-02-29")


@pytest.mark.parametrize("text", ["kind == 1", 'col("kind") like "1"', 'col("kind") == 1; drop', 'col("a") == "b" and col("c") == "d"', ""])
def test_a_condition_that_says_nothing_clear_is_refused_with_the_way_out(text: str) -> None:
    with pytest.raises(ConditionError, match="请写作"):
        parsed(text)
