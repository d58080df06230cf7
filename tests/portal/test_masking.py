"""A mask shows enough to recognise a record beside its row number and never the whole identifier (H11)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.portal.nights import RESIDENT
from yishu.gate.preparing import unkeyed_subjects
from yishu.masking import UNKEYED_SHOWN, mask_subject, mask_value

KINDS = ("citizen_id", "credit_code", "name", "phone", "date", "text", "unknown")


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("11010519491231002X", "citizen_id", "110105************"),
        ("110105491231002", "citizen_id", "11010*********" + "*"),
        ("91350100M000100Y43", "credit_code", "913501******100Y43"),
        ("13800001234", "phone", "138****1234"),
        ("0375-0000101", "phone", "037*****0101"),
        ("张三", "name", "张*"),
        ("欧阳小明", "name", "欧**明"),
        ("张", "name", "*"),
        ("1949-12-31", "date", "1949******"),
        ("4104000123", "text", "4104******"),
        ("ab", "text", "a*"),
        ("a", "text", "*"),
        ("110105", "code", "110105"),
        ("800", "integer", "800"),
        ("", "text", ""),
        (None, "citizen_id", None),
    ],
)
def test_a_value_is_masked_by_its_kind(value: str | None, kind: str, shown: str | None) -> None:
    assert mask_value(value, kind) == shown


@pytest.mark.parametrize("kind", ["credit_code", "phone", "text", "code", "integer", "name"])
def test_a_citizen_id_in_a_column_meant_for_something_else_is_masked_as_one(kind: str) -> None:
    assert mask_value("11010519491231002x", kind) == "110105************"


@pytest.mark.parametrize(
    "malformed", ["1101051949123100", "X", "110105 19491231 002X", "１１０１０５１９４９１２３１００２Ｘ"]
)
def test_a_malformed_citizen_id_never_shows_more_than_its_beginning(malformed: str) -> None:
    shown = mask_value(malformed, "citizen_id")
    assert shown is not None and len(shown) == len(malformed)
    assert shown.rstrip("*") == malformed[: len(shown.rstrip("*"))] and len(shown.rstrip("*")) <= 6


@given(st.text(min_size=1, max_size=40).filter(lambda value: "*" not in value), st.sampled_from(KINDS))
def test_a_mask_keeps_the_length_and_hides_at_least_one_third(value: str, kind: str) -> None:
    shown = mask_value(value, kind)
    assert shown is not None and len(shown) == len(value)
    assert shown.count("*") * 3 >= len(value)
    assert all(seen in ("*", true) for seen, true in zip(shown, value, strict=True))


def test_a_row_without_a_key_is_said_to_have_none_instead_of_showing_its_hash() -> None:
    (subject,) = unkeyed_subjects([RESIDENT.encode()])
    assert mask_subject(subject, ["citizen_id"]) == UNKEYED_SHOWN


def test_each_part_of_a_key_is_masked_by_its_own_type() -> None:
    assert mask_subject("11010519491231002X|410402", ["citizen_id", "code"]) == "110105************|410402"


@pytest.mark.parametrize("types", [[], ["citizen_id", "code"], ["citizen_id"] * 3])
def test_a_subject_that_does_not_fit_its_types_is_masked_whole(types: list[str]) -> None:
    assert "19491231" not in mask_subject("11010519491231002X", types)


@given(
    st.lists(
        st.sampled_from(["11010519491231002X", "13800001234", "91350100M000100Y43", "欧阳小明"]), min_size=1, max_size=4
    ),
    st.lists(st.sampled_from(KINDS), max_size=4),
)
def test_no_part_of_a_subject_is_ever_shown_whole(parts: list[str], types: list[str]) -> None:
    shown = mask_subject("|".join(parts), types)
    assert [part for part in parts if part in shown] == []
