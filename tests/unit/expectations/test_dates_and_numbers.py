"""Dates and numbers as departments write them."""

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.rules.dates import parse_date
from expectations.rules.numbers import parse_number


@given(st.dates(dt.date(1000, 1, 1), dt.date(9999, 12, 31)))
def test_a_real_date_is_read_however_it_is_written(day: dt.date) -> None:
    forms = [
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}/{day.month:02}/{day.day:02}",
        f"{day.year}{day.month:02}{day.day:02}",
    ]
    texts = pl.Series("day", forms + [form + " 00:00:00" for form in forms])
    assert parse_date(texts).to_list() == [day] * 8


@given(st.integers(1000, 9999), st.integers(0, 99), st.integers(0, 99))
def test_a_date_that_is_not_in_the_calendar_is_null(year: int, month: int, day: int) -> None:
    try:
        real = dt.date(year, month, day)
    except ValueError:
        real = None
    texts = pl.Series([f"{year}-{month:02}-{day:02}", f"{year}{month:02}{day:02}", f"{year}/{month}/{day}"])
    assert parse_date(texts).to_list() == [real] * 3


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "2024-1-5",
        "2024-01-05 08:30:00",
        "2024.01.05",
        "24-01-05",
        "0224-01-05",
        "２０２４-01-05",
        "2024-01-05\n",
        "2024-01-05x",
        "2024-01-0５",
        "2024年1月5日",
        "2024/01-05",
        "202415",
        "无",
    ],
)
def test_other_text_is_no_date(text: str) -> None:
    assert parse_date(pl.Series([text])).to_list() == [None]


@pytest.mark.parametrize(
    ("text", "decimal", "integer"),
    [
        ("12", 12.0, 12),
        ("-3", -3.0, -3),
        ("+3", 3.0, 3),
        ("12.0", 12.0, 12),
        ("12.50", 12.5, None),
        ("007", 7.0, 7),
        ("1,200", None, None),
        ("1e3", None, None),
        ("12元", None, None),
        ("", None, None),
        ("nan", None, None),
        ("inf", None, None),
        ("１２", None, None),
        ("999999999999999999", 1e18, 999999999999999999),
        ("9" * 19, None, None),
        ("1.", None, None),
        (" 1", None, None),
        (None, None, None),
    ],
)
def test_numbers_are_plain_or_nothing(text: str | None, decimal: float | None, integer: int | None) -> None:
    texts = pl.Series([text], dtype=pl.String)
    assert parse_number(texts).to_list() == [decimal]
    assert parse_number(texts, integer=True).to_list() == [integer]
