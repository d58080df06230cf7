"""The codes of registers against independent readings: python-stdnum for the ISO 7064 systems, plain Python for the others."""

import re
import string

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_10, mod_37_36

from expectations.rules.codes import VALID
from expectations.rules.identifiers import complete_credit_code, valid_credit_code
from expectations.rules.registers import (
    canonical_organisation_code,
    canonical_real_estate_unit,
    complete_certificate_id,
    complete_organisation_code,
    complete_registration_no,
    valid_certificate_id,
    valid_organisation_code,
    valid_parcel_code,
    valid_real_estate_unit,
    valid_registration_no,
)

ALPHANUMERIC = string.digits + string.ascii_uppercase
UNIT = re.compile(r"(\d{2})(\d{4})(\d{3})(\d{3})([GJZ])([ABSXCDEFLNHGWY])(\d{5})([FLQW])(\d{8})", re.ASCII)
PROVINCES = {*range(11, 16), 21, 22, 23, *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83}

organisation8 = st.text(ALPHANUMERIC, min_size=8, max_size=8)
digits14 = st.text(string.digits, min_size=14, max_size=14)
serials = st.text(ALPHANUMERIC, min_size=1, max_size=40)
anything = st.lists(st.none() | st.text(max_size=30), max_size=8)
near_units = st.tuples(
    st.sampled_from(["410402", "990402", "41040A"]),
    st.sampled_from(["002004", "00200", "００2004"]),
    st.sampled_from(["GB", "GC", "JC", "JA", "ZW", "QB", "GK"]),
    st.sampled_from(["00011", "0001X"]),
    st.sampled_from(["F", "W", "L", "X"]),
    st.sampled_from(["00010001", "00000000", "0001000"]),
).map("".join)


def one(kernel, text):
    return kernel(pl.Series([text], dtype=pl.String)).item()


def organisation_by_the_standard(code: str) -> bool:
    """GB 11714: weights 3 7 9 10 5 8 4 2, C = 11 - sum mod 11, 10 as X, 11 as 0."""
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code, re.ASCII) or code.startswith("00000000"):
        return False
    total = sum(int(character, 36) * weight for character, weight in zip(code, (3, 7, 9, 10, 5, 8, 4, 2), strict=False))
    return code[8] == "0123456789X0"[11 - total % 11]


def unit_by_the_standard(code: str) -> bool:
    """GB/T 37346: the groups one after the other; A and C only on collective land; where nothing stands, eight zeros."""
    match = UNIT.fullmatch(code)
    if match is None or int(match[1]) not in PROVINCES:
        return False
    return (match[6] not in "AC" or match[5] == "J") and (match[8] != "W" or match[9] == "0" * 8)


@given(organisation8)
def test_organisation_codes_are_completed_and_checked_as_the_standard_says(first8):
    code = one(complete_organisation_code, first8)
    assert organisation_by_the_standard(code) == one(valid_organisation_code, code) == (first8 != "0" * 8)


@given(organisation8, st.sampled_from(ALPHANUMERIC))
def test_only_the_right_check_character_passes_for_an_organisation(first8, last):
    assert one(valid_organisation_code, first8 + last) == organisation_by_the_standard(first8 + last)


def test_an_organisation_code_with_hyphen_is_brought_to_its_form():
    assert one(canonical_organisation_code, " mb0a1001-3 ") == "MB0A10013"
    assert one(valid_organisation_code, "MB0A1001-3") is False


@given(digits14, st.sampled_from(string.digits))
def test_registration_numbers_agree_with_the_oracle_of_iso_7064(first14, last):
    assert one(complete_registration_no, first14) == first14 + mod_11_10.calc_check_digit(first14)
    assert one(valid_registration_no, first14 + last) == (mod_11_10.is_valid(first14 + last) and first14 != "0" * 14)


@given(digits14.filter(lambda number: number != "0" * 14), st.integers(0, 14), st.integers(1, 9))
def test_one_wrong_digit_of_a_registration_number_is_always_noticed(first14, place, more):
    number = one(complete_registration_no, first14)
    wrong = number[:place] + str((int(number[place]) + more) % 10) + number[place + 1 :]
    assert one(valid_registration_no, wrong) is False


@given(near_units)
def test_units_agree_with_a_plain_reading_of_the_standard(code):
    assert one(valid_real_estate_unit, code) == unit_by_the_standard(code)
    if len(code) == 28:
        assert one(valid_parcel_code, code[:19]) == unit_by_the_standard(code[:19] + "F00000000")


def test_a_unit_is_written_without_the_spaces_of_the_printed_form():
    assert one(canonical_real_estate_unit, "340123 002004 gb00011 F00010001") == "340123002004GB00011F00010001"
    assert one(valid_real_estate_unit, "340123002004GB00011F00010001") is True


def certificate(serial: str) -> str:
    issuer = complete_credit_code(pl.Series(["11410400"]), pl.Series(["MB0A1001"]))
    return complete_certificate_id(issuer + "032", issuer, pl.Series([serial]), pl.Series(["001"])).item()


@given(serials)
def test_certificate_ids_agree_with_the_oracle_of_iso_7064(serial):
    made = certificate(serial)
    assert mod_37_36.is_valid(made.removeprefix("1.2.156.3005.2.").replace(".", ""))
    assert one(valid_certificate_id, made) is True


@given(serials, st.sampled_from(ALPHANUMERIC))
def test_only_the_right_check_character_passes_for_a_certificate(serial, last):
    made = certificate(serial)
    assert one(valid_certificate_id, made[:-1] + last) == (made[-1] == last)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda made: made.replace("1.2.156.3005.2.", "1.2.156.3005.3."),
        lambda made: made.replace(".001.", ".01."),
        lambda made: made.replace(".", ""),
        lambda made: made.lower(),
        lambda made: made + "\n",
    ],
)
def test_a_certificate_id_of_another_structure_is_wrong(spoil):
    assert one(valid_certificate_id, spoil(certificate("AB12CD34"))) is False


def test_a_certificate_of_an_issuer_without_valid_code_is_wrong():
    bad = pl.Series(["00000000000000000X"])
    assert one(valid_credit_code, bad.item()) is False
    type_code = pl.Series([certificate("A1").split(".")[5]])
    made = complete_certificate_id(type_code, bad, pl.Series(["A1"]), pl.Series(["001"])).item()
    assert one(valid_certificate_id, made) is False


@pytest.mark.parametrize("name", sorted(VALID))
@given(texts=anything)
def test_any_text_whatever_gets_an_answer_and_null_for_null(name, texts):
    answers = VALID[name](pl.Series("texts", texts, dtype=pl.String))
    assert len(answers) == len(texts) and answers.dtype == pl.Boolean and answers.name == "texts"
    assert [answer is None for answer in answers] == [text is None for text in texts]
