"""Rules about what the fields of one row say of each other: parts, cases, sums, ages. Each against a plain reading in Python."""

import datetime as dt
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.engine.coverage import declarations, fault
from expectations.engine.row_rule import Ask, RowRule
from expectations.rules.identifiers import complete_citizen_id, complete_credit_code

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))


def broken(expectation: str, frame: pl.DataFrame, **kwargs: Any) -> list[bool]:
    """Which rows the rule accuses; its predicate alone, as the engine asks for it."""
    rule = declarations()[expectation]
    assert isinstance(rule, RowRule) and fault(expectation, kwargs) is None
    return frame.select(rule.predicate(Ask({**rule.values, **kwargs}, frame.schema)).alias("broken"))["broken"].to_list()


def pair(a: Any, b: Any) -> pl.DataFrame:
    return pl.DataFrame({"a": [a], "b": [b]})


def anniversaries(later: dt.date, earlier: dt.date) -> int:
    """How many birthdays have come by the day; one of 29 February comes on 1 March in common years."""
    count = 0
    for year in range(earlier.year + 1, later.year + 1):
        try:
            birthday = earlier.replace(year=year)
        except ValueError:
            birthday = dt.date(year, 3, 1)
        count += birthday <= later
    return count


@given(DAYS, DAYS, st.integers(0, 100))
@settings(max_examples=150)
def test_years_are_birthdays_counted(one: dt.date, other: dt.date, least: int) -> None:
    earlier, later = sorted((one, other))
    answer = broken("expect_column_pair_years_to_be_between", pair(later, earlier), column_A="a", column_B="b", min_years=least)
    assert answer == [anniversaries(later, earlier) < least]


def test_an_age_is_read_from_a_citizen_id_and_not_from_one_that_is_invalid() -> None:
    right = complete_citizen_id(pl.Series(["41040220040307915"]))[0]
    wrong = right[:17] + ("0" if right[17] != "0" else "1")
    frame = pl.DataFrame({"a": [dt.date(2026, 3, 6), dt.date(2026, 3, 7), dt.date(2020, 1, 1), None], "b": [right, right, wrong, right]})
    asked = {"column_A": "a", "column_B": "b", "min_years": 22, "max_years": 90}
    assert broken("expect_column_pair_years_to_be_between", frame, **asked) == [True, False, False, False]


@given(st.lists(st.integers(-(10**9), 10**9), min_size=3, max_size=3), st.lists(st.integers(-3, 3), min_size=3, max_size=3), st.integers(-9, 9))
@settings(max_examples=100)
def test_a_weighted_sum_is_the_sum_of_products(values: list[int], factors: list[int], bound: int) -> None:
    frame = pl.DataFrame({name: [value] for name, value in zip("abc", values, strict=True)})
    total = sum(value * factor for value, factor in zip(values, factors, strict=True))
    asked: dict[str, Any] = {"column_list": list("abc"), "factors": factors}
    assert broken("expect_weighted_sum_to_be_between", frame, **asked, min_value=bound) == [total < bound]
    assert broken("expect_weighted_sum_to_be_between", frame, **asked, max_value=bound) == [total > bound]


def test_a_sum_with_a_missing_part_is_not_judged() -> None:
    frame = pl.DataFrame({"a": [1.0, None], "b": [5.0, 5.0]})
    asked: dict[str, Any] = {"column_list": ["a", "b"], "factors": [1, -1], "min_value": 0}
    assert broken("expect_weighted_sum_to_be_between", frame, **asked) == [True, False]


def test_parts_are_compared_where_both_have_their_form() -> None:
    frame = pl.DataFrame({"no": ["〔2025〕第1号", "〔2026〕第1号", "[2025]第1号", None], "day": [dt.date(2026, 1, 5)] * 4})
    asked = {"column_A": "no", "column_B": "day", "part_A": "〔([0-9]{4})〕", "part_B": "^([0-9]{4})"}
    assert broken("expect_column_pair_parts_to_be_equal", frame, **asked) == [True, False, False, False]


def test_an_invalid_identifier_is_no_evidence_against_its_part() -> None:
    code = complete_credit_code(pl.Series(["91410402"]), pl.Series(["MA4K0X7T"]))[0]
    other = complete_credit_code(pl.Series(["91410402"]), pl.Series(["MA4K0X7U"]))[0]
    frame = pl.DataFrame({"own": [code[8:17]] * 3, "code": [code, other, other[:17] + "I"]})
    asked = {"column_A": "own", "column_B": "code", "part_B": "^.{8}(.{9}).$", "valid_A": "organisation_code", "valid_B": "credit_code"}
    assert broken("expect_column_pair_parts_to_be_equal", frame, **asked) == [False, True, False]


def test_the_form_follows_the_case_and_a_case_that_is_not_listed_is_free() -> None:
    frame = pl.DataFrame({"code": ["91", "92", "51", "91", None], "kind": ["1", "1", "7", None, "1"]})
    asked: dict[str, Any] = {"column_A": "code", "column_B": "kind", "cases": {"1": "^91", "6": "^92"}}
    assert broken("expect_column_form_to_follow_case", frame, **asked) == [False, True, False, False, False]


@pytest.mark.parametrize(
    ("lists", "answers"),
    [
        ({"filled": ["1"]}, [False, True, False, False, False, False]),
        ({"empty": ["2"]}, [False, False, True, False, False, False]),
        ({"filled": ["*"], "empty": [None]}, [False, True, False, True, True, False]),
    ],
)
def test_a_value_is_there_or_not_as_the_case_asks(lists: dict[str, Any], answers: list[bool]) -> None:
    frame = pl.DataFrame({"value": ["x", None, "x", None, "x", None], "case": ["1", "1", "2", "2", None, None]})
    assert broken("expect_column_presence_to_follow_case", frame, column_A="value", column_B="case", **lists) == answers


def test_a_citizen_id_of_the_other_sex_is_accused_and_an_invalid_one_is_not() -> None:
    man, woman = complete_citizen_id(pl.Series(["41040219900307915", "41040219900307924"]))
    frame = pl.DataFrame({"id": [man, woman, woman[:17], None]})
    assert broken("expect_column_values_to_be_citizen_ids_of_sex", frame, column="id", sex="1") == [False, True, False, False]


@pytest.mark.parametrize(
    ("expectation", "kwargs", "says"),
    [
        ("expect_column_pair_parts_to_be_equal", {"column_A": "a", "column_B": "b", "part_A": "^.."}, "捕获组"),
        ("expect_column_pair_parts_to_be_equal", {"column_A": "a", "column_B": "b", "part_A": "(?=x)(.)"}, "正则表达式"),
        ("expect_column_pair_parts_to_be_equal", {"column_A": "a", "column_B": "b", "valid_A": "passport"}, "valid_A"),
        ("expect_column_form_to_follow_case", {"column_A": "a", "column_B": "b", "cases": {1: "^91"}}, "cases"),
        ("expect_column_presence_to_follow_case", {"column_A": "a", "column_B": "b"}, "filled"),
        ("expect_weighted_sum_to_be_between", {"column_list": ["a", "b"], "factors": [1], "min_value": 0}, "一一对应"),
        ("expect_weighted_sum_to_be_between", {"column_list": ["a"], "factors": [1]}, "min_value"),
        ("expect_column_pair_years_to_be_between", {"column_A": "a", "column_B": "b", "min_years": 5, "max_years": 2}, "min_years"),
        ("expect_column_values_to_be_citizen_ids_of_sex", {"column": "a", "sex": "男"}, "sex"),
    ],
)
def test_a_rule_that_cannot_mean_anything_is_refused_when_it_is_loaded(expectation: str, kwargs: dict[str, Any], says: str) -> None:
    assert says in (fault(expectation, kwargs) or "")
