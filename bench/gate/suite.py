"""The twelve rules, for every contestant in its own words."""

import datetime as dt
from typing import Any

from bench.gate.rows import DIVISIONS
from expectations.suite import Rule

AS_OF = dt.date(2026, 3, 1)
NAME, MOBILE_SHAPE = "^[\u4e00-\u9fa5]{2,4}$", "^1[3-9][0-9]{9}$"
CITIZEN_SHAPE, CREDIT_SHAPE = "^[1-9][0-9]{16}[0-9X]$", "^[0-9A-Z]{2}[0-9]{6}[0-9A-Z]{10}$"
QUESTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("expect_column_values_to_not_be_null", {"column": "citizen_id"}),
    ("expect_column_values_to_be_unique", {"column": "citizen_id"}),
    ("expect_column_values_to_be_valid_citizen_id", {"column": "citizen_id", "as_of": AS_OF.isoformat()}),
    (
        "expect_column_values_to_match_citizen_id_birth",
        {"column_A": "birth_date", "column_B": "citizen_id", "ignore_row_if": "either_value_is_missing"},
    ),
    ("expect_column_values_to_be_valid_credit_code", {"column": "credit_code"}),
    ("expect_column_values_to_be_valid_mobile_number", {"column": "phone"}),
    ("expect_column_values_to_match_regex", {"column": "full_name", "regex": NAME}),
    ("expect_column_value_lengths_to_be_between", {"column": "full_name", "min_value": 2, "max_value": 4}),
    ("expect_column_values_to_be_in_set", {"column": "sex", "value_set": ["1", "2"]}),
    ("expect_column_values_to_be_in_set", {"column": "division_code", "value_set": list(DIVISIONS)}),
    ("expect_column_values_to_be_between", {"column": "amount_yuan", "min_value": 0, "max_value": 1_000_000}),
    ("expect_column_pair_values_a_to_be_greater_than_b", {"column_A": "closed_date", "column_B": "opened_date", "or_equal": True}),
)
RULES = [Rule(f"{place} {name}", name, kwargs, "content", "准确性", "E01", "…") for place, (name, kwargs) in enumerate(QUESTIONS)]

# SQL has no check digits: a SQL engine is asked for the shape of the same columns, and not for the birth date in the number.
SHAPES = {
    "expect_column_values_to_be_valid_citizen_id": CITIZEN_SHAPE,
    "expect_column_values_to_be_valid_credit_code": CREDIT_SHAPE,
    "expect_column_values_to_be_valid_mobile_number": MOBILE_SHAPE,
}
IN_SQL: list[tuple[str, dict[str, Any]]] = [
    ("expect_column_values_to_match_regex", {"column": kwargs["column"], "regex": SHAPES[name]}) if name in SHAPES else (name, kwargs)
    for name, kwargs in QUESTIONS
    if name != "expect_column_values_to_match_citizen_id_birth"
]
