"""Telephone numbers, against a reading of the segments in plain Python, and against the `phonenumbers` package.

phonenumbers 9 knows the segments in its own way; where the two differ is listed here, by the first five digits, and
tested to be all. For landlines it knows each area and exchange: who is valid there is valid here, not the other way.
"""

import csv
from importlib.resources import files

import phonenumbers
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.engine.run import run_rules
from expectations.rules.mobile import mobile_segments, valid_mobile_number, valid_phone
from expectations.suite import Rule

DIGITS = "0123456789"
# Assigned by the ministry, unknown to phonenumbers: 146, 148, 149 (data cards at first), satellites (1619, 1740, 1741, 1749).
ONLY_OURS = {*(f"{head}{tail:02d}" for head in ("146", "148", "149") for tail in range(100)), *(f"1619{n}" for n in range(10)),
             "17406", "17407", "17408", "17409", "17410", "17411", "17412", *(f"1749{n}" for n in range(10))}  # fmt: skip
# Known to phonenumbers, not among what the ministry assigned: 1610, and of 1349 all but 2, 3 and 9.
ONLY_THEIRS = {*(f"1610{n}" for n in range(10)), "13490", "13491", "13494", "13495", "13496", "13497", "13498"}


def segments() -> tuple[str, ...]:
    text = files("expectations.rules").joinpath("data", "mobile_segments.csv").read_text("utf-8")
    return tuple(row["segment"] for row in csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


def mobile_by_hand(text: str) -> bool:
    return len(text) == 11 and all(character in DIGITS for character in text) and text.startswith(segments())


def landline_by_hand(text: str) -> bool:
    """0, an area of two digits (10, 2x) or three (from 3 on), perhaps a hyphen, 7 or 8 digits."""
    for width in (2, 3):
        area, rest = text[1 : 1 + width], text[1 + width :].removeprefix("-")
        right_area = area == "10" or area[:1] == "2" if width == 2 else area[:1] in tuple("3456789")
        if text[:1] == "0" and right_area and len(rest) in (7, 8) and all(character in DIGITS for character in area + rest):
            return True
    return False


def one(kernel, text):
    return kernel(pl.Series([text], dtype=pl.String)).item()


near_mobiles = st.from_regex(r"1[0-9]{9,11}", fullmatch=True)
near_landlines = st.from_regex(r"0?[0-9]{2,4}[-－]?[0-9]{6,9}", fullmatch=True)
any_text = st.text(max_size=14) | st.text(DIGITS + "-*+１ ", min_size=10, max_size=13)


@given(st.lists(st.none() | near_mobiles | near_landlines | any_text, max_size=20))
def test_telephone_numbers_are_judged_as_by_hand(texts):
    series = pl.Series("phone", texts, dtype=pl.String)
    assert valid_mobile_number(series).to_list() == [None if text is None else mobile_by_hand(text) for text in texts]
    assert valid_phone(series).to_list() == [None if text is None else mobile_by_hand(text) or landline_by_hand(text) for text in texts]


def test_segments_differ_from_those_of_phonenumbers_as_listed_and_no_more():
    heads = [f"{number:05d}" for number in range(10_000, 20_000)]
    ours = valid_mobile_number(pl.Series(heads) + "123456").to_list()
    theirs = [_is_mobile(head + "123456") for head in heads]
    assert {head for head, own, other in zip(heads, ours, theirs, strict=True) if own and not other} == ONLY_OURS
    assert {head for head, own, other in zip(heads, ours, theirs, strict=True) if other and not own} == ONLY_THEIRS


def _is_mobile(number: str) -> bool:
    return phonenumbers.number_type(phonenumbers.parse(number, "CN")) == phonenumbers.PhoneNumberType.MOBILE


@given(st.from_regex(r"0(10|2[0-9]|[3-9][0-9]{2})[2-8][0-9]{6,7}", fullmatch=True))
def test_a_landline_that_phonenumbers_knows_is_valid_here(number):
    if phonenumbers.number_type(phonenumbers.parse(number, "CN")) == phonenumbers.PhoneNumberType.FIXED_LINE:
        assert one(valid_phone, number) is True


@pytest.mark.parametrize("text", ["0375-4120000", "03754120000", "010-12345678", "02112345678", "13800000000", "19200000000", "16190000000"])
def test_numbers_as_departments_write_them_are_valid(text):
    assert one(valid_phone, text) is True


@pytest.mark.parametrize(
    "text",
    [
        "15400000000",  # never assigned
        "14400000000",  # machines have 13 digits
        "138****0000",
        "1380000000",
        "138000000000",
        "+8613800000000",
        "013800000000",  # dialled with a 0
        "138 0000 0000",
        "１３８００００００００",
        "4120000",
        "0375－4120000",
        "0375-412000",
        "95588",
        "4001234567",
        "",
    ],
)
def test_what_nobody_can_call_so_is_not_valid(text):
    assert one(valid_phone, text) is False


def test_a_landline_is_no_mobile_number():
    assert one(valid_mobile_number, "03754120000") is False


def test_no_segment_stands_within_another():
    listed = mobile_segments()["segment"].to_list()
    assert len(set(listed)) == len(listed) and set(listed) == set(segments())
    assert not [(short, long) for short in listed for long in listed if long != short and long.startswith(short)]
    assert all(3 <= len(segment) <= 5 and segment[0] == "1" for segment in listed)


@pytest.mark.parametrize(("name", "accused"), [("mobile_number", [1, 2]), ("phone", [1])])
def test_the_rules_accuse_what_the_kernels_refuse(name, accused):
    frame = pl.DataFrame({"phone": ["13800000000", "15400000000", "0375-4120000", None]}).with_row_index("_row_number")
    expectation = f"expect_column_values_to_be_valid_{name}"
    (result,) = run_rules(frame, [Rule(expectation, expectation, {"column": "phone"}, "content", "规范性", "C07", "…")])
    assert list(result.keys) == accused
