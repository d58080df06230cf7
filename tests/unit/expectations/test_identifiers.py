"""Identifier kernels against slow oracles written from the standards, and against python-stdnum within its known gaps.

python-stdnum 2.2: `cn.uscc` refuses the authorities N, A and Y, skips the inner GB 11714 character and the kinds of
entity, and passes 18 zeros; `cn.ric` refuses 81, 82, 83, passes births in the future and knows regions, which a number
alone does not show.
"""

import datetime as dt
import itertools

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from expectations.rules.identifiers import (
    CODE_ALPHABET,
    ENTITY_KINDS,
    PROVINCES,
    canonical_credit_code,
    citizen_id_birth_date,
    citizen_id_check_digit,
    citizen_id_sex,
    complete_citizen_id,
    complete_credit_code,
    credit_code_check_digits,
    upgrade_citizen_id,
    valid_citizen_id,
    valid_credit_code,
)

AS_OF = dt.date(2026, 3, 1)
DIGITS = "0123456789"


def right_citizen_id(text: str, as_of: dt.date | None) -> bool:
    """GB 11643, as one would do it by hand."""
    if len(text) != 18 or any(c not in DIGITS for c in text[:17]) or text[17] not in DIGITS + "X":
        return False
    total = sum(int(c) * 2 ** (17 - i) for i, c in enumerate(text[:17]))
    try:
        birth = dt.date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    return (
        text[17] == "10X98765432"[total % 11]
        and int(text[:2]) in PROVINCES
        and text[14:17] != "000"
        and birth.year >= 1900
        and (as_of is None or birth <= as_of)
    )


def right_organisation_check(eight: str) -> str:
    total = sum(
        (int(c) if c in DIGITS else ord(c) - 55) * w for c, w in zip(eight, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)
    )
    return {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))


def right_last_check(seventeen: str) -> str:
    return CODE_ALPHABET[-sum(CODE_ALPHABET.index(c) * 3**i for i, c in enumerate(seventeen)) % 31]


def right_credit_code(text: str) -> bool:
    """GB 32100, as one would do it by hand."""
    if len(text) != 18 or any(c not in CODE_ALPHABET for c in text) or any(c not in DIGITS for c in text[2:8]):
        return False
    return (
        text[1] in ENTITY_KINDS.get(text[0], "")
        and text[16] == right_organisation_check(text[8:16])
        and text[17] == right_last_check(text[:17])
    )


def truth(answer: pl.Series) -> list[bool | None]:
    return answer.to_list()


births = st.dates(dt.date(1899, 1, 1), dt.date(2027, 1, 1)).map(lambda day: day.strftime("%Y%m%d")) | st.from_regex(
    r"[0-9]{8}", fullmatch=True
)
regions = st.sampled_from(["410402", "810000", "990000", "000000", "650102", "110105"])
first17 = st.builds(lambda r, b, n: f"{r}{b}{n:03d}", regions, births, st.integers(0, 999))
near_ids = st.builds(lambda n, c: n + c, first17, st.sampled_from(DIGITS + "Xx"))
any_text = st.text(max_size=20) | st.text(alphabet=DIGITS + "X汉１ ", min_size=15, max_size=18)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.none() | any_text | near_ids | first17, max_size=30))
def test_citizen_ids_are_judged_as_by_hand(texts: list[str | None]) -> None:
    series = pl.Series("id", texts, dtype=pl.String)
    for as_of in (None, AS_OF):
        assert truth(valid_citizen_id(series, as_of=as_of)) == [
            None if t is None else right_citizen_id(t, as_of) for t in texts
        ]


@settings(max_examples=100, deadline=None)
@given(st.lists(first17, min_size=1, max_size=20))
def test_a_completed_citizen_id_has_the_check_digit_of_the_standard(numbers: list[str]) -> None:
    series = pl.Series("id", numbers)
    complete = complete_citizen_id(series)
    assert complete.to_list() == [n + ric.calc_check_digit(n + "0") for n in numbers]
    assert (series + citizen_id_check_digit(series)).to_list() == complete.to_list()
    assert truth(valid_citizen_id(complete)) == [right_citizen_id(n, None) for n in complete]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.from_regex(r"[0-9]{15}", fullmatch=True), min_size=1, max_size=20))
def test_fifteen_digits_get_their_century_and_the_check_digit_of_the_standard(old: list[str]) -> None:
    upgraded = upgrade_citizen_id(pl.Series("id", old))
    assert upgraded.to_list() == [(new := n[:6] + "19" + n[6:]) + ric.calc_check_digit(new + "0") for n in old]
    assert truth(valid_citizen_id(pl.Series(old))) == [False] * len(old)
    assert truth(valid_citizen_id(upgraded, as_of=AS_OF)) == [right_citizen_id(n, AS_OF) for n in upgraded]


@pytest.mark.parametrize(
    ("first17", "right"),
    [
        ("41040219000101001", True),
        ("41040218991231001", False),  # born before 1900
        ("41040220260301001", True),
        ("41040220260302001", False),  # born after the as-of date
        ("41040219900101000", False),  # sequence 000
        ("41040219900101999", True),
        ("91031019900101001", False),  # a permanent residence card of a foreigner: an identifier of another kind
    ],
)
def test_birth_dates_are_plausible_and_sequences_given(first17: str, right: bool) -> None:
    assert truth(valid_citizen_id(complete_citizen_id(pl.Series([first17])), as_of=AS_OF)) == [right]


def test_the_annex_of_gb_11643_is_valid_but_for_a_birth_in_1880() -> None:
    assert truth(valid_citizen_id(pl.Series(["11010519491231002X", "440524188001010014"]))) == [True, False]


def test_stdnum_agrees_where_it_can() -> None:
    numbers = complete_citizen_id(
        pl.Series(["11010519491231002", "41040219850315123", "31010120000229011", "31010119990229011"])
    )
    broken = numbers.str.head(17) + "5"
    ids = pl.concat([numbers, broken])
    assert truth(valid_citizen_id(ids)) == [ric.is_valid(text) for text in ids]


@pytest.mark.parametrize("province", ["810000", "820000", "830000"])
def test_residence_permits_of_hong_kong_macau_and_taiwan_are_valid(province: str) -> None:
    assert truth(valid_citizen_id(complete_citizen_id(pl.Series([province + "19900101001"])))) == [True]


def test_fifteen_digits_become_eighteen_and_the_rest_is_tidied() -> None:
    old = pl.Series(
        [
            "610104620927690",
            " 11010519491231002x",
            "1101 0519491231002X",
            "　11010519491231002X\t",
            "61010462092769",
            "",
            None,
            "无",
        ]
    )
    assert upgrade_citizen_id(old).to_list() == [
        "610104196209276908",
        *["11010519491231002X"] * 3,
        "61010462092769",
        "",
        None,
        "无",
    ]


@given(st.lists(st.none() | any_text, max_size=10))
def test_the_canonical_form_is_canonical_already(texts: list[str | None]) -> None:
    series = pl.Series(texts, dtype=pl.String)
    for canonical in (upgrade_citizen_id, canonical_credit_code):
        once = canonical(series)
        assert canonical(once).to_list() == once.to_list()


def test_birth_date_and_sex_are_read_from_valid_ids_only() -> None:
    ids = pl.Series(["11010519491231002X", "610104196209276908", "610104196209276907", None, ""])
    assert citizen_id_birth_date(ids).to_list() == [dt.date(1949, 12, 31), dt.date(1962, 9, 27), None, None, None]
    assert citizen_id_sex(ids).to_list() == ["2", "2", None, None, None]
    assert citizen_id_sex(complete_citizen_id(pl.Series(["41040219850315123"]))).to_list() == ["1"]


code_text = st.text(alphabet=CODE_ALPHABET, min_size=8, max_size=8)
kinds = st.sampled_from([a + k for a, ks in ENTITY_KINDS.items() for k in ks]) | st.sampled_from(
    ["00", "98", "Z1", "1A"]
)
first8 = st.builds(lambda kind, region: kind + region, kinds, st.from_regex(r"[0-9]{5}[0-9A]", fullmatch=True))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.none()
        | any_text
        | st.builds(lambda a, b: a + b, first8, st.text(alphabet=CODE_ALPHABET, min_size=10, max_size=10)),
        max_size=20,
    )
)
def test_credit_codes_are_judged_as_by_hand(texts: list[str | None]) -> None:
    series = pl.Series(texts, dtype=pl.String)
    assert truth(valid_credit_code(series)) == [None if t is None else right_credit_code(t) for t in texts]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(first8, code_text), min_size=1, max_size=20))
def test_completed_credit_codes_carry_both_check_characters(parts: list[tuple[str, str]]) -> None:
    heads, organisations = (pl.Series([part[i] for part in parts], dtype=pl.String) for i in (0, 1))
    codes = complete_credit_code(heads, organisations).to_list()
    for (head, organisation), code in zip(parts, codes, strict=True):
        if "Z" in head:
            assert code is None
            continue
        nine = organisation + right_organisation_check(organisation)
        assert code == head + nine + uscc.calc_check_digit(head + nine)
        assert truth(valid_credit_code(pl.Series([code]))) == [right_credit_code(code)]
    joined = heads + organisations + credit_code_check_digits(heads, organisations)
    assert joined.to_list() == codes


def test_one_wrong_character_anywhere_makes_a_credit_code_invalid() -> None:
    right = complete_credit_code(pl.Series(["91410402"]), pl.Series(["MA3X2BC4"])).item()
    wrong = [right[:i] + c + right[i + 1 :] for i, c in itertools.product(range(18), CODE_ALPHABET) if c != right[i]]
    assert truth(valid_credit_code(pl.Series([right]))) == [True]
    assert not valid_credit_code(pl.Series(wrong)).any()


def test_real_codes_of_the_authorities_are_valid_and_lookalikes_are_not() -> None:
    codes = pl.Series(["91110000600037341L", "N2410402MF1234567X", "0" * 18, "9111 0000-6000－37341l", None])
    assert truth(valid_credit_code(codes)) == [True, right_credit_code("N2410402MF1234567X"), False, False, None]
    assert canonical_credit_code(codes).to_list()[3] == "91110000600037341L"
    agricultural = complete_credit_code(pl.Series(["N2410402"]), pl.Series(["MF123456"]))
    assert truth(valid_credit_code(agricultural)) == [True]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([a + k for a, ks in ENTITY_KINDS.items() for k in ks]), code_text)
def test_stdnum_passes_the_same_credit_codes_but_for_the_authorities_it_does_not_know(kind: str, organisation: str) -> None:
    code = complete_credit_code(pl.Series([kind + "410402"]), pl.Series([organisation])).item()
    assert truth(valid_credit_code(pl.Series([code]))) == [True]
    assert uscc.is_valid(code) is (kind[0] not in "ANY")


def test_stdnum_passes_what_the_standard_does_not_know() -> None:
    """18 zeros, a kind of entity that nobody registers, and a wrong character of the organisation code inside."""
    kind = "99410402MF1234560"
    inner = "91410402MF1234560"
    lookalikes = ["0" * 18, kind + uscc.calc_check_digit(kind), inner + uscc.calc_check_digit(inner)]
    assert right_organisation_check("MF123456") != "0"
    assert [uscc.is_valid(code) for code in lookalikes] == [True] * 3
    assert truth(valid_credit_code(pl.Series(lookalikes))) == [False] * 3


@pytest.mark.parametrize("empty", [[], [None, None]], ids=["no row", "nulls only"])
@pytest.mark.parametrize(
    "kernel",
    [
        valid_citizen_id,
        upgrade_citizen_id,
        citizen_id_birth_date,
        citizen_id_sex,
        citizen_id_check_digit,
        complete_citizen_id,
        valid_credit_code,
        canonical_credit_code,
    ],
)
def test_a_column_without_values_passes_through(kernel: object, empty: list[None]) -> None:
    assert callable(kernel)
    for dtype in (pl.String, pl.Null):
        assert kernel(pl.Series(empty, dtype=dtype)).to_list() == empty


def test_the_kinds_of_entity_are_those_of_the_registering_authorities() -> None:
    listed = (
        "11 12 13 19 21 29 31 32 33 34 35 39 41 49 51 52 53 59 61 62 69 71 72 79 81 89 91 92 93 A1 A9 N1 N2 N3 N9 Y1"
    )
    heads = [first + second for first in CODE_ALPHABET for second in CODE_ALPHABET]
    codes = complete_credit_code(pl.Series(heads) + "410402", pl.Series(["MF123456"] * len(heads)))
    assert " ".join(pl.Series(heads).filter(valid_credit_code(codes))) == listed
