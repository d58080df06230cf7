"""References between entities: whom a golden record refers to is there under some identifier, or its absence is told by entity id."""

import duckdb
import pytest
import sqlglot

from tests.unit.dbt.known_rows import LI, WANG
from tests.unit.dbt.small_city import Built

REQUIRED, ELSEWHERE = "every_required_reference_leads_somewhere", "a_reference_may_lead_elsewhere"
OLD = "410402194001010099"


def dangling(connection: duckdb.DuckDBPyConnection, city: Built, test: str) -> list[tuple[str, str, str, str]]:
    return connection.execute(city.compiled(test)).fetchall()


def entity_id(connection: duckdb.DuckDBPyConnection, entity: str) -> str:
    (found,) = connection.execute(f"select entity_id from {entity}").fetchall()
    return str(found[0])


def test_a_city_whose_references_all_lead_somewhere_has_no_finding(copy: duckdb.DuckDBPyConnection, city: Built) -> None:
    assert dangling(copy, city, REQUIRED) == dangling(copy, city, ELSEWHERE) == []


def test_a_required_reference_to_nobody_is_named_by_entity_and_never_by_number(copy: duckdb.DuckDBPyConnection, city: Built) -> None:
    copy.execute("delete from base_person.identity where identifier = ?", [LI])
    assert dangling(copy, city, REQUIRED) == [("death", "citizen_id", "person", entity_id(copy, "base_person.death"))]


def test_a_reference_that_may_lead_elsewhere_is_told_apart(copy: duckdb.DuckDBPyConnection, city: Built) -> None:
    copy.execute("update base_legal_entity.legal_entity set representative_citizen_id = ?", [OLD])
    assert dangling(copy, city, REQUIRED) == []
    assert dangling(copy, city, ELSEWHERE) == [
        ("legal_entity", "representative_citizen_id", "person", entity_id(copy, "base_legal_entity.legal_entity"))
    ]


def test_an_old_number_still_leads_to_its_person(copy: duckdb.DuckDBPyConnection, city: Built) -> None:
    copy.execute("update base_legal_entity.legal_entity set representative_citizen_id = ?", [OLD])
    copy.execute("insert into base_person.identity select * replace (? as identifier) from base_person.identity where identifier = ?", [OLD, WANG])
    assert dangling(copy, city, ELSEWHERE) == []


def test_a_row_that_a_person_has_split_off_refers_to_another_on_purpose(copy: duckdb.DuckDBPyConnection, city: Built) -> None:
    copy.execute("delete from base_person.identity where identifier = ?", [LI])
    copy.execute("insert into lake.link values ('person', 'public_security', 'death', ?, 'k1', true)", [LI])
    # The pools are views over files of the first build.
    assert dangling(copy, city, REQUIRED) == []


@pytest.mark.parametrize("test", [REQUIRED, ELSEWHERE])
def test_the_tests_are_sql_that_spark_reads(city: Built, test: str) -> None:
    sqlglot.parse_one(city.compiled(test).replace('"', "`"), dialect="spark")


def test_every_reference_of_the_authority_list_is_asked_by_one_of_the_two(city: Built) -> None:
    asked = city.compiled(REQUIRED) + city.compiled(ELSEWHERE)
    for name, entity in city.catalogue.authority.items():
        for attribute in entity.references:
            assert asked.count(f"select '{name}' as entity, '{attribute}' as attribute") == 1, (name, attribute)
