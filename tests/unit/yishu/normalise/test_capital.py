"""Registered capital in the shapes that registers write: an amount in 万 and a currency, or nothing, and told."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.yishu.normalise.macros import asked, macros
from yishu.catalogue import load_catalogue

MACROS = ["capital_wan_yuan", "capital_currency", "capital_unread"]


@pytest.mark.parametrize(
    ("written", "wan", "currency"),
    [
        ("500万元", 500.0, "156"),
        ("5,000,000.00元", 500.0, "156"),
        ("100(万元人民币)", 100.0, "156"),
        ("1,000（万元人民币）", 1000.0, "156"),
        ("100万人民币元", 100.0, "156"),
        ("人民币５００万元整", 500.0, "156"),
        ("9.9万美元", 9.9, "840"),
        ("100万港币", 100.0, "344"),
        ("2亿元", 20000.0, "156"),
        ("100萬圓", 100.0, "156"),
        ("0.01元", 0.000001, "156"),
        ("100(万)", 100.0, None),
    ],
)
def test_a_known_shape_is_an_amount_and_a_currency(written: str, wan: float, currency: str | None) -> None:
    assert asked(MACROS, [written]) == [(wan, currency, False)]


@pytest.mark.parametrize("written", ["100", "5,000000元", "叁佰万元", "约500万元", "-5万元", "100万元至200万元", "人民币1万美元", "元", ""])
def test_an_unknown_shape_is_null_and_told(written: str) -> None:
    assert asked(MACROS, [written]) == [(None, None, True)]


def test_nothing_stated_is_nothing_unread() -> None:
    assert asked(MACROS, [None]) == [(None, None, False)]


@settings(max_examples=3, deadline=None)
@given(st.lists(st.integers(0, 10**12), min_size=50, max_size=100))
def test_the_same_sum_is_the_same_amount_however_it_is_grouped(fen: list[int]) -> None:
    yuan = [f"{value // 100}.{value % 100:02d}" for value in fen]
    grouped = [f"{value // 100:,}.{value % 100:02d}元" for value in fen]
    plain = asked(MACROS, [f"{text}元" for text in yuan])
    assert plain == asked(MACROS, grouped)
    assert [amount for amount, *_ in plain] == [float(text) / 10000 for text in yuan]


def test_every_currency_is_in_the_code_list_and_its_words_name_no_other() -> None:
    words = macros("default")["currency_words"]()
    assert set(words) == set(load_catalogue().codes["gb_t_12406"].entries)
    for code, names in words.items():
        for name in names.split("|"):
            assert {other for other, pattern in words.items() if re.search(pattern, name)} == {code}, name
