"""The methods by themselves: any slip leads back to its number, credit codes, codes of a list; whose name counts."""

import datetime as dt
from functools import cache

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.rules.identifiers import complete_citizen_id, complete_credit_code, valid_citizen_id
from yishu.catalogue import Catalogue, load_catalogue
from yishu.catalogue.models import CodeList
from yishu.gate.suggestions.cases import CASE, Accused
from yishu.gate.suggestions.known import names_beside
from yishu.gate.suggestions.listed import listed
from yishu.gate.suggestions.near import Accusation, near_misses
from yishu.gate.suggestions.written import rewritten

CODE = complete_credit_code(pl.Series(["91410402"]), pl.Series(["MA10K25T"])).item()
catalogue = cache(load_catalogue)


def near(kind: str, delivered: str, known: list[tuple[str, str]], *, missing: bool = False) -> list[tuple[str, str]]:
    """(proposal, method) for one value whose row says 甲. missing: it is valid, and a rule misses it in a register."""
    case = {CASE: [0], "text": [delivered], "name": ["甲"], "valid": [missing], "unknown": [missing]}
    frame = pl.DataFrame(case, schema_overrides={CASE: pl.UInt32})
    register = pl.DataFrame([(*pair, "登记") for pair in known], schema={"id": pl.String, "name": pl.String, "register": pl.String}, orient="row")
    return near_misses(Accusation(kind, frame, register)).select("proposal", "method").rows()


@st.composite
def citizen_ids(draw: st.DrawFn) -> str:
    day = draw(st.dates(min_value=dt.date(1930, 1, 1), max_value=dt.date(2020, 12, 31)))
    return str(complete_citizen_id(pl.Series([f"410402{day:%Y%m%d}{draw(st.integers(1, 999)):03d}"])).item())


@settings(max_examples=60, deadline=None)
@given(right=citizen_ids(), place=st.integers(0, 17), other=st.sampled_from("0123456789X"), way=st.sampled_from(["wrong", "swap", "drop", "double"]))
def test_any_one_slip_in_a_number_leads_back_to_it_and_to_nothing_else(right: str, place: int, other: str, way: str) -> None:
    following = right[place + 1 : place + 2]
    slips = {
        "wrong": right[:place] + other + right[place + 1 :],
        "swap": right[:place] + following + right[place] + right[place + 2 :],
        "drop": right[:place] + right[place + 1 :],
        "double": right[:place] + right[place] + right[place:],
    }
    stranger = complete_citizen_id(pl.Series(["110105" + right[6:14] + "123"])).item()
    found = near("citizen_id", slips[way], [(right, "甲"), (stranger, "甲"), (stranger, "乙")])
    assert [proposal for proposal, _ in found] == ([] if slips[way] == right else [right])


@settings(max_examples=60, deadline=None)
@given(right=citizen_ids(), place=st.integers(0, 16), other=st.sampled_from("0123456789"))
def test_one_slip_never_makes_a_valid_number_of_another(right: str, place: int, other: str) -> None:
    """Why a number that is valid and unknown is not looked for by one wrong digit or a swap: there can be none."""
    wrong = right[:place] + other + right[place + 1 :]
    swapped = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
    for slip in {wrong, swapped} - {right}:
        assert not valid_citizen_id(pl.Series([slip])).item()


def test_a_number_that_is_known_under_the_same_name_is_a_candidate_itself() -> None:
    """A register has somebody under a number of nobody; another source has the right one, and so has the accused row."""
    right, nobodys = (str(complete_citizen_id(pl.Series([f"41040219900307{serial}"])).item()) for serial in ("915", "993"))
    assert near("citizen_id", right, [(nobodys, "甲")], missing=True) == [(nobodys, "citizen_id.sequence")]
    assert near("citizen_id", right, [(nobodys, "甲"), (right, "甲")], missing=True) == []


def test_two_slips_are_no_evidence() -> None:
    assert near("citizen_id", "410402199003079168", [("410402199003079159", "甲")]) == []
    assert near("citizen_id", "41040219900307969", [("410402199003079159", "甲")]) == []
    assert near("citizen_id", "140402199003079195", [("410402199003079159", "甲")]) == []


@pytest.mark.parametrize(
    ("delivered", "method"), [(CODE[:-1], "missing_digit"), (CODE[:4] + "9" + CODE[5:], "one_digit"), ("19" + CODE[2:], "swapped")]
)
def test_a_credit_code_one_slip_from_that_of_the_same_name_is_proposed(delivered: str, method: str) -> None:
    assert near("credit_code", delivered, [(CODE, "甲")]) == [(CODE, f"credit_code.{method}")]
    assert near("credit_code", delivered, [(CODE, "乙")]) == []


def accused(resource: str, item: str, text: str | None) -> Accused:
    one = catalogue().resources[resource]
    columns = {CASE: [0], "rule": ["r"], item: [None], f"{item}__text": [text], f"{item}__verbatim": [text]}
    texts = dict.fromkeys([item, f"{item}__text", f"{item}__verbatim"], pl.String)
    return Accused(one, one.item(item), pl.DataFrame(columns, schema_overrides={CASE: pl.UInt32, **texts}))


@pytest.mark.parametrize(
    ("wrong", "method", "confidence"),
    [
        (CODE.replace("0", "O"), "letters", "certain"),
        (CODE.replace("1", "I"), "letters", "certain"),
        (CODE.replace("2", "Z"), "misread", "likely"),
        (CODE.replace("5", "S"), "misread", "likely"),
        (CODE.lower(), "form", "certain"),
        (f"{CODE[:8]}-{CODE[8:]}", "form", "certain"),
    ],
)
def test_letters_that_credit_codes_do_not_know_are_read_as_what_they_look_like(wrong: str, method: str, confidence: str) -> None:
    assert wrong != CODE
    found = rewritten(accused("market_regulation.enterprise", "credit_code", wrong))
    assert found.select("proposal", "method", "confidence").rows() == [(CODE, f"credit_code.{method}", confidence)]


def test_a_letter_is_not_replaced_where_the_check_characters_do_not_agree() -> None:
    assert rewritten(accused("market_regulation.enterprise", "credit_code", CODE[:-1].replace("0", "O") + "0")).height == 0


@pytest.mark.parametrize(
    ("resource", "item", "text", "expected"),
    [
        ("public_security.resident", "sex", "男 ", [("1", "code.name", "certain")]),
        ("public_security.resident", "sex", "未知的 性别", [("0", "code.name", "certain")]),
        ("public_security.resident", "sex", "２", [("2", "code.form", "certain")]),
        ("public_security.resident", "sex", "男性", []),
        ("public_security.resident", "ethnicity", "1", [("01", "code.zeros", "likely")]),
        ("public_security.resident", "registered_division_code", "410424", [("410482", "division.successor", "likely")]),
        ("public_security.resident", "registered_division_code", "410426", []),  # 襄城县 is of another city today
        ("public_security.resident", "sex", None, []),
    ],
)
def test_a_code_is_proposed_only_where_the_list_itself_decides(
    resource: str, item: str, text: str | None, expected: list[tuple[str, str, str]]
) -> None:
    assert listed(accused(resource, item, text), _codes(resource, item)).select("proposal", "method", "confidence").rows() == expected


def _codes(resource: str, item: str) -> CodeList:
    whole: Catalogue = catalogue()
    return whole.codes[whole.resources[resource].item(item).codes or ""]


@pytest.mark.parametrize(
    ("resource", "item", "names"),
    [
        ("civil_affairs.marriage", "wife_citizen_id", ["wife_name"]),
        ("public_security.resident", "citizen_id", ["full_name"]),
        ("market_regulation.enterprise", "credit_code", ["name"]),
        ("market_regulation.enterprise", "representative_citizen_id", ["representative_name"]),
        ("power_utility.power_customer", "citizen_id", ["customer_name"]),
    ],
)
def test_an_identifier_goes_with_the_name_of_its_own_bearer(resource: str, item: str, names: list[str]) -> None:
    one = catalogue().resources[resource]
    assert names_beside(one, one.item(item)) == names
