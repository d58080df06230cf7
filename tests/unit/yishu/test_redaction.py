"""Library messages lose the values they quote and keep the names that explain them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishu.redaction import LONGEST, redacted


@pytest.mark.parametrize(
    "message",
    [
        "Could not convert string '张三' to INT32",
        'invalid value "410403198503020024"',
        "row 410403198503020024 twice",
        "key 91410400MA44ABCD12X3 at 41040219900101001X",
    ],
)
def test_values_are_gone(message):
    hidden = redacted(message)
    for value in ("张三", "410403198503020024", "41040219900101001X"):
        assert value not in hidden


def test_names_of_columns_and_tables_stay():
    message = 'Binder Error: Referenced column "no_such_column" not found in "base_person.person"'
    assert redacted(message) == message


def test_what_first_broke_a_database_is_told_without_its_values():
    message = 'FATAL Error: Failed: database has been invalidated.\nOriginal error: "Failed to commit: no space left, row \'张三\'"'
    hidden = redacted(message)
    assert "Failed to commit: no space left" in hidden and "张三" not in hidden


@given(st.text(alphabet="abc: ", max_size=20), st.from_regex(r"[1-9]\d{16}[\dX]", fullmatch=True), st.text(alphabet="xyz：", max_size=20))
def test_no_identifier_survives_wherever_it_stands(before, identifier, after):
    assert identifier not in redacted(before + identifier + after)


def test_a_message_has_an_end():
    assert len(redacted("x" * 10_000)) == LONGEST
