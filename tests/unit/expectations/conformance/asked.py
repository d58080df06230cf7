"""What both engines are asked, and of which frames: every expectation that GX's pandas engine implements.

Where pandas itself is wrong, or its answer is one of its types' making, the question is put so that it does not arise;
test_differences.py shows each of those, and docs/great-expectations.md says why.
"""

import datetime as dt
import math
from typing import Any

import polars as pl
from hypothesis import strategies as st

DAY, NIGHT = dt.date(2024, 2, 29), dt.datetime(2024, 2, 29, 23, 59, 59)
PAIR = {"column_A": "name", "column_B": "other"}
AMOUNTS = {"column_A": "amount", "column_B": "limit"}
LIST = ["name", "other", "third"]
QUANTILES = {"quantiles": [0.0, 0.1, 0.5, 0.75, 1.0], "value_ranges": [[0, 2], [None, 1], [0, 1], [1, None], [0, 9]]}
SCHEMA = {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer"}}}
TYPES: dict[str, Any] = {
    "name": pl.String, "other": pl.String, "third": pl.String, "amount": pl.Float64, "limit": pl.Float64, "number": pl.Int64,
    "day": pl.Date, "until": pl.Date, "at": pl.Datetime("us"), "stamp": pl.String, "record": pl.String,
}  # fmt: skip
Asked = tuple[str, dict[str, Any]]

ROWS: list[Asked] = [
    ("expect_column_values_to_not_be_null", {"column": "name"}),
    ("expect_column_values_to_not_be_null", {"column": "amount", "mostly": 0.5}),
    ("expect_column_values_to_be_null", {"column": "name"}),
    ("expect_column_values_to_be_null", {"column": "amount", "mostly": 0.4}),
    ("expect_column_values_to_be_unique", {"column": "name"}),
    ("expect_column_values_to_be_unique", {"column": "amount"}),
    ("expect_column_values_to_be_unique", {"column": "day"}),
    ("expect_column_values_to_be_in_set", {"column": "name", "value_set": ["a", "张三", ""]}),
    ("expect_column_values_to_be_in_set", {"column": "name", "value_set": [str(i) for i in range(30)] + ["a"]}),
    ("expect_column_values_to_be_in_set", {"column": "number", "value_set": [0, 1, 2.0, 2.5]}),
    ("expect_column_values_to_be_in_set", {"column": "amount", "value_set": [0, 1, 3.5]}),
    ("expect_column_values_to_not_be_in_set", {"column": "name", "value_set": ["a", "𠮷"]}),
    ("expect_column_values_to_not_be_in_set", {"column": "day", "value_set": [DAY], "mostly": 0.7}),
    ("expect_column_values_to_match_regex", {"column": "name", "regex": "^[a-b张]+$"}),
    ("expect_column_values_to_not_match_regex", {"column": "name", "regex": "[a三]"}),
    ("expect_column_values_to_match_regex_list", {"column": "name", "regex_list": ["^a", "三"], "match_on": "any"}),
    ("expect_column_values_to_match_regex_list", {"column": "name", "regex_list": ["^a", "b$"], "match_on": "all"}),
    ("expect_column_values_to_not_match_regex_list", {"column": "name", "regex_list": ["^a", "三"]}),
    ("expect_column_value_lengths_to_be_between", {"column": "name", "min_value": 1, "max_value": 2}),
    ("expect_column_value_lengths_to_be_between", {"column": "amount", "min_value": 3, "strict_min": True, "max_value": 4}),
    ("expect_column_value_lengths_to_equal", {"column": "name", "value": 2}),
    ("expect_column_value_lengths_to_equal", {"column": "number", "value": 1}),
    ("expect_column_values_to_be_between", {"column": "amount", "min_value": 0, "max_value": 3.5}),
    ("expect_column_values_to_be_between", {"column": "amount", "min_value": 0, "strict_min": True}),
    ("expect_column_values_to_be_between", {"column": "amount", "max_value": 2, "strict_max": True, "mostly": 0.5}),
    ("expect_column_values_to_be_between", {"column": "day", "min_value": DAY, "max_value": dt.date(2024, 3, 2)}),
    ("expect_column_values_to_be_between", {"column": "at", "min_value": NIGHT}),
    ("expect_column_values_to_be_increasing", {"column": "amount"}),
    ("expect_column_values_to_be_increasing", {"column": "number", "strictly": True}),
    ("expect_column_values_to_be_increasing", {"column": "at"}),
    ("expect_column_values_to_be_decreasing", {"column": "amount", "mostly": 0.6}),
    ("expect_column_values_to_be_decreasing", {"column": "number", "strictly": True}),
    ("expect_column_value_z_scores_to_be_less_than", {"column": "amount", "threshold": 1, "double_sided": True}),
    ("expect_column_value_z_scores_to_be_less_than", {"column": "number", "threshold": 0.5, "double_sided": False}),
    ("expect_column_values_to_not_be_outliers", {"column": "amount", "method": "iqr", "multiplier": 1.5}),
    ("expect_column_values_to_not_be_outliers", {"column": "number", "method": "std", "multiplier": 1.1}),
    ("expect_column_values_to_be_dateutil_parseable", {"column": "stamp"}),
    ("expect_column_values_to_match_strftime_format", {"column": "stamp", "strftime_format": "%Y-%m-%d"}),
    ("expect_column_values_to_be_json_parseable", {"column": "record"}),
    ("expect_column_pair_values_to_be_equal", PAIR),
    ("expect_column_pair_values_to_be_equal", {**PAIR, "ignore_row_if": "either_value_is_missing"}),
    ("expect_column_pair_values_to_be_equal", {**PAIR, "ignore_row_if": "neither", "mostly": 0.5}),
    ("expect_column_pair_values_a_to_be_greater_than_b", AMOUNTS),
    ("expect_column_pair_values_a_to_be_greater_than_b", {**AMOUNTS, "or_equal": True}),
    ("expect_column_pair_values_a_to_be_greater_than_b",
     {"column_A": "day", "column_B": "until", "or_equal": True, "ignore_row_if": "either_value_is_missing"}),
    ("expect_column_pair_values_to_be_in_set", {**PAIR, "value_pairs_set": [["a", "a"], ["张三", None], ["b", "a"]]}),
    ("expect_column_pair_values_to_be_in_set", {**AMOUNTS, "value_pairs_set": [[1.0, 2.0], [0.0, 0.0]], "ignore_row_if": "neither"}),
    ("expect_compound_columns_to_be_unique", {"column_list": ["name", "other"]}),
    ("expect_compound_columns_to_be_unique", {"column_list": ["name", "day"], "ignore_row_if": "any_value_is_missing"}),
    ("expect_compound_columns_to_be_unique", {"column_list": ["name", "other"], "ignore_row_if": "never"}),
    ("expect_select_column_values_to_be_unique_within_record", {"column_list": LIST}),
    ("expect_select_column_values_to_be_unique_within_record", {"column_list": LIST, "ignore_row_if": "any_value_is_missing", "mostly": 0.5}),
    ("expect_multicolumn_sum_to_equal", {"column_list": ["amount", "limit", "number"], "sum_total": 3}),
    ("expect_multicolumn_sum_to_equal", {"column_list": ["amount", "limit"], "sum_total": 3, "ignore_row_if": "any_value_is_missing"}),
    ("expect_multicolumn_values_to_be_equal", {"column_list": LIST}),
    ("expect_multicolumn_values_to_be_equal", {"column_list": ["amount", "limit"], "ignore_row_if": "any_value_is_missing"}),
]  # fmt: skip
# GX's pandas engine raises for a text that is no JSON at all.
OF_RIGHT_JSON: list[Asked] = [("expect_column_values_to_match_json_schema", {"column": "record", "json_schema": SCHEMA})]
TABLES: list[Asked] = [
    *((f"expect_column_{figure}_to_be_between", {"column": column, "min_value": 0, "max_value": 2})
      for figure in ("min", "max", "mean", "median", "sum", "stdev", "unique_value_count",
                     "proportion_of_unique_values", "proportion_of_non_null_values") for column in ("amount", "number")),
    ("expect_column_max_to_be_between", {"column": "at", "max_value": NIGHT, "strict_max": True}),
    ("expect_column_unique_value_count_to_be_between", {"column": "name", "max_value": 2}),
    *(("expect_column_quantile_values_to_be_between", {"column": column, "quantile_ranges": QUANTILES, "allow_relative_error": how})
      for column in ("amount", "number") for how in (False, "linear", "lower", "higher", "midpoint")),
    ("expect_column_most_common_value_to_be_in_set", {"column": "name", "value_set": ["a", "张三"], "ties_okay": True}),
    ("expect_column_most_common_value_to_be_in_set", {"column": "number", "value_set": [1], "ties_okay": False}),
    *((f"expect_column_distinct_values_to_{how}_set", {"column": column, "value_set": values})
      for how in ("be_in", "contain", "equal") for column, values in (("name", ["a", "b", "张三"]), ("number", [0, 1, 2]), ("amount", [0.0, 3.5]))),
    ("expect_table_row_count_to_be_between", {"min_value": 1, "max_value": 4}),
    ("expect_table_row_count_to_equal", {"value": 2}),
    ("expect_table_column_count_to_be_between", {"min_value": 1, "max_value": len(TYPES) + 1}),
    ("expect_table_column_count_to_equal", {"value": 3}),
    ("expect_table_columns_to_match_set", {"column_set": ["name", "other"], "exact_match": False}),
    ("expect_table_columns_to_match_set", {"column_set": ["name", "other"]}),
    ("expect_table_columns_to_match_ordered_list", {"column_list": ["_row_number", *TYPES]}),
    ("expect_column_to_exist", {"column": "name"}),
    ("expect_column_to_exist", {"column": "day", "column_index": 3}),
    ("expect_column_to_exist", {"column": "absent"}),
]  # fmt: skip

_any_text = st.text(max_size=3).filter(lambda text: not text.endswith("\n"))
_texts = st.sampled_from(["a", "b", "ab", "张三", "𠮷", "", " a", "\u0000", "e\u0301"]) | _any_text
_floats = st.sampled_from([0.0, -0.0, 1.0, 2.0, 3.5, -1.0, 1e9, 1.7e300, 5e-324, math.nan])
_days = st.dates(dt.date(2024, 2, 27), dt.date(2024, 3, 3)) | st.sampled_from([dt.date(1900, 1, 1), dt.date(2099, 12, 31)])
_moments = st.datetimes(dt.datetime(2024, 2, 29), dt.datetime(2024, 3, 1))
_stamps = st.sampled_from(["2024-02-29", "2023-02-29", "20240229", "29/2/2024", "三月", "", "2024-2-9"])
records = st.sampled_from(['{"a": 1}', '{"a": "1"}', "{}", "[1]", "null", '{"a": 1.5}', '"文"'])


def row(record: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, Any]]:
    """One row of the frame; numbers are never missing: in pandas they would become floats."""
    return st.fixed_dictionaries(
        {
            "name": st.none() | _texts, "other": st.none() | _texts, "third": st.none() | _texts, "amount": st.none() | _floats,
            "limit": st.none() | _floats, "number": st.integers(-2, 4) | st.sampled_from([2**53, -(2**31)]), "day": st.none() | _days,
            "until": st.none() | _days, "at": st.none() | _moments, "stamp": st.none() | _stamps, "record": st.none() | record,
        }
    )  # fmt: skip
