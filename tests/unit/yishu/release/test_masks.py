"""What the analysts' file shows of direct identifiers."""

import hashlib
import hmac
import stat
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yishu.lake.release_masking import HIDDEN, mask_sql, set_token_key, token_key, token_sql
from yishu.masking import mask_value

ELDERLY = "theme_elderly_care.elderly_person"
# mask kind of the dbt YAML -> kind of yishu/masking.py
KINDS = {"citizen_id": "citizen_id", "credit_code": "credit_code", "phone": "phone", "name": "name", "address": "text"}
values = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=24),
    st.from_regex(r"[1-8][0-9]{5}(19|20|21|17)[0-9]{2}[01][0-9][0-3][0-9][0-9]{3}[0-9Xx]", fullmatch=True),
    st.sampled_from(
        [
            "",
            "张",
            "王五",
            "欧阳小明",
            "13812345678",
            "0375-1234567",
            "91410400MA00000001",
            "410402194001010011",
            " 410402194001010011",
        ]
    ),
)


@settings(max_examples=25, deadline=None)
@given(listed=st.lists(values, min_size=20, max_size=40))
@pytest.mark.parametrize("kind", KINDS)
def test_masks_in_sql_are_those_shown_on_the_desk(kind: str, listed: list[str]) -> None:
    with duckdb.connect() as connection:
        found = connection.execute(f"select v, {mask_sql('v', kind)} from (select unnest(?) as v)", [listed]).fetchall()
    assert found == [(value, mask_value(value, KINDS[kind])) for value in listed], (
        "bring yishu/lake/release_masking.py in line with yishu/masking.py"
    )


def test_the_analysts_file_holds_themes_only(served: Any) -> None:
    schemas = served.rows("select distinct schema_name from duckdb_tables()", "analyst.duckdb")
    assert schemas == [("theme_elderly_care",)]


def test_direct_identifiers_are_masked_by_their_kind_and_quasi_ones_shown(served: Any) -> None:
    shown = served.rows(
        f"select citizen_id, full_name, phone, address, birth_date from {ELDERLY} limit 1", "analyst.duckdb"
    )
    assert shown[0][:4] == ("410402************", "王*明", "138****5678", "平顶山市*****")
    assert str(shown[0][4]) == "1940-01-01"
    assert served.rows(f"select distinct full_name from {ELDERLY}") == [("王大明",)]


def test_a_column_without_declared_sensitivity_is_hidden_whole(served: Any) -> None:
    hidden = served.rows(
        f"select distinct undeclared, undeclared_count, typeof(undeclared_count) from {ELDERLY}", "analyst.duckdb"
    )
    assert hidden == [(HIDDEN, None, "BIGINT")]


def test_no_direct_identifier_stands_in_the_bytes_of_the_analysts_file(released: Any) -> None:
    released.publish()
    content = ((released.data / "published").resolve() / "analyst.duckdb").read_bytes()
    for secret in ("410402194001010", "王大明", "13812345678", "建设路"):
        assert secret.encode() not in content
    assert token_key(released.data) not in content and token_key(released.data).hex().encode() not in content


def test_a_masked_column_says_so_in_its_comment(served: Any) -> None:
    comments = served.rows("select comment from duckdb_columns() where column_name = 'full_name'", "analyst.duckdb")
    assert comments == [("姓名（已脱敏）",)]


def test_tokens_follow_an_entity_from_release_to_release_and_differ_between_lakes(released: Any) -> None:
    released.publish()
    query = f"select entity_id from {ELDERLY} order by 1"
    first = released.rows(query, "analyst.duckdb")
    released.publish("inputs-2")
    assert released.rows(query, "analyst.duckdb") == first
    assert len(set(first)) == 10
    key = token_key(released.data)
    assert first == sorted((hmac.new(key, f"e{i}".encode(), hashlib.sha256).hexdigest(),) for i in range(10))
    (released.data / "analyst_token.key").unlink()
    released.publish("inputs-3")
    assert not set(released.rows(query, "analyst.duckdb")) & set(first)


def test_the_token_key_is_its_owners_only_and_not_released(served: Any) -> None:
    path = served.data / "analyst_token.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not list((served.data / "releases").rglob("*.key"))


@given(
    key=st.binary(min_size=32, max_size=32),
    value=st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])),
)
@settings(max_examples=50, deadline=None)
def test_tokens_are_hmac_sha256(key: bytes, value: str) -> None:
    with duckdb.connect() as connection:
        set_token_key(connection, key)
        (found,) = connection.execute(f"select {token_sql('v')} from (select ? as v)", [value]).fetchall()
    assert found == (hmac.new(key, value.encode(), hashlib.sha256).hexdigest(),)
