"""Where our engine and GX's pandas engine part, and why; docs/great-expectations.md tells users the same, in the same order."""

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.engine.coverage import fault
from expectations.engine.run import RunError, run_rules
from expectations.suite import Rule
from tests.unit.expectations.conformance.engines import by_pandas, by_polars

DOCUMENT = Path(__file__).parents[4] / "docs" / "great-expectations.md"


def rule(expectation: str, **kwargs: Any) -> Rule:
    return Rule(expectation, expectation, kwargs, "content", "准确性", "E01", "…")


def numbered(**columns: Any) -> pl.DataFrame:
    return pl.DataFrame(columns).with_row_index("_row_number", offset=2)


def both(frame: pl.DataFrame, expectation: str, **kwargs: Any) -> tuple[Any, Any]:
    """(ours, pandas') of one question."""
    return by_polars(frame, [(expectation, kwargs)])[0], by_pandas(frame, [(expectation, kwargs)])[0]


def accused(frame: pl.DataFrame, expectation: str, **kwargs: Any) -> list[int]:
    return [int(key) - 2 for key in run_rules(frame, [rule(expectation, **kwargs)])[0].keys]


def test_the_end_of_a_text_is_its_end_not_the_place_before_a_line_feed() -> None:
    ours, theirs = both(numbered(name=["a", "a\n"]), "expect_column_values_to_match_regex", column="name", regex="^a$")
    assert ours.result["unexpected_list"] == ["a\n"]
    assert theirs.result["unexpected_list"] == []


@pytest.mark.parametrize("regex", ["(?=a)", r"(a)\1"])
def test_a_regex_that_may_take_exponential_time_is_refused_when_the_suite_is_loaded(regex: str) -> None:
    assert "regex" in str(fault("expect_column_values_to_match_regex", {"column": "name", "regex": regex}))


def test_all_accused_values_are_shown_where_pandas_stops_at_two_hundred() -> None:
    ours, theirs = both(numbered(name=[f"a{i}" for i in range(300)]), "expect_column_values_to_be_in_set", column="name", value_set=["b"])
    assert len(ours.result["unexpected_list"]) == ours.result["unexpected_count"] == 300
    assert len(theirs.result["unexpected_list"]) == 200


def test_whole_numbers_stay_whole_where_pandas_makes_them_floats_because_one_is_missing() -> None:
    frame = numbered(number=[2**53, 2**53 + 1, None])
    assert accused(frame, "expect_column_values_to_be_unique", column="number") == []
    as_floats = frame.with_columns(pl.col("number").cast(pl.Float64))  # what pandas does with such a column
    assert by_pandas(as_floats, [("expect_column_values_to_be_unique", {"column": "number"})])[0].result["unexpected_count"] == 2


def test_a_set_of_another_type_is_refused_where_pandas_finds_that_nothing_matches() -> None:
    frame = numbered(number=[1, 2])
    with pytest.raises(RunError, match="in_set"):
        run_rules(frame, [rule("expect_column_values_to_be_in_set", column="number", value_set=["1", "2"])])
    theirs = by_pandas(frame, [("expect_column_values_to_be_in_set", {"column": "number", "value_set": ["1", "2"]})])[0]
    assert theirs.result["unexpected_count"] == 2


def test_a_date_may_be_written_as_iso_text() -> None:
    frame = numbered(day=[dt.date(2024, 2, 29), dt.date(2024, 3, 1)])
    asked: dict[str, Any] = {"column": "day", "value_set": ["2024-02-29"]}
    assert accused(frame, "expect_column_values_to_be_in_set", **asked) == [1]
    assert by_pandas(frame, [("expect_column_values_to_be_in_set", asked)])[0].result["unexpected_count"] == 2
    assert accused(frame, "expect_column_values_to_be_between", column="day", max_value="2024-02-29") == [1]


@pytest.mark.parametrize("figure", ["sum", "mean", "median", "stdev"])
def test_texts_have_no_sum_where_pandas_strings_them_together(figure: str) -> None:
    with pytest.raises(RunError, match=f"expect_column_{figure}"):
        run_rules(numbered(name=["a", "b"]), [rule(f"expect_column_{figure}_to_be_between", column="name", min_value=0)])


def test_a_text_that_is_no_json_is_accused_where_pandas_breaks_off() -> None:
    frame = numbered(record=['{"a": 1}', "{", None])
    assert accused(frame, "expect_column_values_to_match_json_schema", column="record", json_schema={"type": "object"}) == [1]


def test_lengths_are_of_texts_and_numbers_only() -> None:
    with pytest.raises(RunError, match="length"):
        run_rules(numbered(day=[dt.date(2024, 2, 29)]), [rule("expect_column_value_lengths_to_equal", column="day", value=10)])


@pytest.mark.parametrize(
    ("dtype", "right", "wrong"),
    [
        (pl.String, ["String", "str", "string"], ["int", "Date"]),
        (pl.Int64, ["Int64", "int64", "int"], ["Int32", "float"]),
        (pl.Float32, ["Float32", "float"], ["Float64", "int"]),
        (pl.Date, ["Date", "date"], ["Datetime", "str"]),
        (pl.Datetime("us"), ["Datetime", "datetime64[us]", "timestamp"], ["Date"]),
        (pl.Boolean, ["Boolean", "bool"], ["int"]),
    ],
)
def test_a_column_has_one_type_by_whatever_name(dtype: Any, right: list[str], wrong: list[str]) -> None:
    frame = pl.DataFrame({"column": pl.Series([None], dtype=dtype)}).with_row_index("_row_number")
    for names, expected in ((right, True), (wrong, False)):
        for name in names:
            for expectation in ("expect_column_values_to_be_of_type", "expect_column_type_to_be"):
                assert run_rules(frame, [rule(expectation, column="column", type_=name)])[0].success is expected, (expectation, name)
    listed = [rule("expect_column_values_to_be_in_type_list", column="column", type_list=[*wrong, right[-1]])]
    assert run_rules(frame, listed)[0].success
    assert "没有名为" in str(fault("expect_column_values_to_be_of_type", {"column": "column", "type_": "integr"}))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.text("ab%_\\张\n", max_size=5), min_size=1, max_size=5, unique=True),
    st.text("ab%_张", max_size=4) | st.sampled_from(["a!%", "!_b", "a!!%"]),
)
def test_like_is_that_of_sql(names: list[str], pattern: str) -> None:
    escape = "!" if "!" in pattern else None
    frame = numbered(name=names)
    asked = {"column": "name", "like_pattern": pattern, **({"escape": escape} if escape else {})}
    clause = "name like $pattern escape '!'" if escape else "name like $pattern"
    expected = duckdb.connect().execute(
        f"select not ({clause}) from (select unnest($names) as name, unnest(range(len($names))) as place) order by place",
        {"names": names, "pattern": pattern},
    ).fetchall()
    unlike = [place for place, (no,) in enumerate(expected) if no]
    assert accused(frame, "expect_column_values_to_match_like_pattern", **asked) == unlike
    others = [place for place in range(len(names)) if place not in unlike]
    assert accused(frame, "expect_column_values_to_not_match_like_pattern", **asked) == others


def test_lists_of_like_patterns_match_any_or_all() -> None:
    frame = numbered(name=["ab", "ba", "cc"])
    listed: dict[str, Any] = {"column": "name", "like_pattern_list": ["a%", "%b"]}
    assert accused(frame, "expect_column_values_to_match_like_pattern_list", **listed) == [1, 2]
    both_heads: dict[str, Any] = {"column": "name", "like_pattern_list": ["a%", "b%"], "match_on": "all"}
    assert accused(frame, "expect_column_values_to_match_like_pattern_list", **both_heads) == [0, 1, 2]
    assert accused(frame, "expect_column_values_to_not_match_like_pattern_list", **listed) == [0]


def test_a_condition_that_gx_would_skip_in_silence_is_refused() -> None:
    asked = {"column_A": "name", "column_B": "other", "value_pairs_set": [["a", "b"]], "row_condition": 'col("name") == "a"'}
    assert "row_condition" in str(fault("expect_column_pair_values_to_be_in_set", asked))


def test_what_cannot_be_run_is_refused_by_name_with_its_reason() -> None:
    from expectations.engine.core.unsupported import UNSUPPORTED

    for name, reason in UNSUPPORTED.items():
        assert fault(name, {}) == f"引擎不支持期望 {name}：{reason}"
    assert "支持的有" in str(fault("expect_something_else", {}))


def test_every_difference_shown_here_is_told_to_users() -> None:
    told = DOCUMENT.read_text(encoding="utf-8")
    shown = [name for name in globals() if name.startswith("test_") and name != "test_every_difference_shown_here_is_told_to_users"]
    missing = [name for name in shown if f"`{name}`" not in told]
    assert not missing, f"add to {DOCUMENT.name}, section Differences: {missing}"
