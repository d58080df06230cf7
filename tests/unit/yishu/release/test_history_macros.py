"""What was known on a day can be asked of a release, as docs/history.md shows."""

import json
import re
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from yishu.catalogue import load_catalogue
from yishu.catalogue.authority import authority_of
from yishu.lake.release_history import history_macro
from yishu.settings import ROOT

ID = "11010519491231002X"


@pytest.fixture(scope="module")
def authority() -> dict[str, Any]:
    return authority_of(load_catalogue())


@pytest.fixture
def release(authority: dict[str, Any]) -> Iterator[duckdb.DuckDBPyConnection]:
    """The tables of every entity, empty, with their macros."""
    with duckdb.connect() as connection:
        for schema in {entity["schema"] for entity in authority.values()}:
            kept = "entity string, entity_id string, attribute_group string, content string, valid_from date, valid_to date"
            connection.execute(f"create schema {schema}; create table {schema}.history ({kept})")
        for name, entity in authority.items():
            columns = {"entity_id": "string", **entity["keys"], **{one: told["type"] for one, told in entity["attributes"].items()}}
            columns |= {"known_since": "date", **{f"{group}_since": "date" for group in entity["groups"]}}
            stated = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
            connection.execute(f"create table {entity['schema']}.{name} ({stated})")
            connection.execute(history_macro(name, entity))
        yield connection


def add_person(release: duckdb.DuckDBPyConnection, person: dict[str, Any], name: str, since: str) -> None:
    groups = {f"{group}_since": since for group in person["groups"]}
    row = {"entity_id": "e1", "citizen_id": ID, "full_name": name, "known_since": "2026-03-01", **groups}
    release.execute(f"insert into base_person.person by name select {', '.join(f'? as {one}' for one in row)}", list(row.values()))


def test_every_golden_table_can_be_asked_about_a_day(release: duckdb.DuckDBPyConnection, authority: dict[str, Any]) -> None:
    for name, entity in authority.items():
        found = release.execute(f"from {entity['schema']}.{name}_on(date '2026-03-05')")
        columns = [column[0] for column in found.description or []]
        assert columns[: 1 + len(entity["keys"])] == ["entity_id", *entity["keys"]] and set(columns) >= set(entity["attributes"])
        assert found.fetchall() == []


def test_the_examples_of_the_documentation_tell_what_was_known_that_day(release: duckdb.DuckDBPyConnection, authority: dict[str, Any]) -> None:
    person = authority["person"]
    (group,) = (group for group, members in person["groups"].items() if "full_name" in members)
    add_person(release, person, "张三丰", "2026-03-07")
    content = json.dumps(dict.fromkeys(person["groups"][group]) | {"full_name": "张三"}, ensure_ascii=False)
    release.execute("insert into base_person.history values ('person', 'e1', ?, ?, '2026-03-01', '2026-03-07')", [group, content])
    examples = re.findall(r"```sql\n(.*?)```", (ROOT / "docs" / "history.md").read_text("utf-8"), re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        assert (release.execute(example).fetchone() or [None])[0] == "张三"
        later = example.replace("2026-03-05", "2026-03-07")
        assert (release.execute(later).fetchone() or [None])[0] == "张三丰", "valid_to is the first day on which it was not known any more"
        assert release.execute(example.replace("2026-03-05", "2026-02-28")).fetchall() == []


def test_who_has_left_is_known_for_the_days_before(release: duckdb.DuckDBPyConnection, authority: dict[str, Any]) -> None:
    for group, members in authority["person"]["groups"].items():
        content = json.dumps(dict.fromkeys(members) | ({"full_name": "张三", "birth_date": "1949-12-31"} if "full_name" in members else {}))
        release.execute("insert into base_person.history values ('person', 'e1', ?, ?, '2026-03-01', '2026-03-04')", [group, content])
    told = "select entity_id, citizen_id, full_name, typeof(birth_date) from base_person.person_on(date '2026-03-0{}')"
    assert release.execute(told.format(3)).fetchall() == [("e1", None, "张三", "DATE")]
    assert release.execute(told.format(4)).fetchall() == []
