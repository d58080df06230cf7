"""Family relations: what each row states, in one direction; of statements about the same two persons one is chosen, none is lost."""

from datetime import date
from typing import Any

import duckdb
import pytest

from tests.unit.dbt.known_rows import CHEN, LI, WANG, YOUNG, ZHAO
from tests.unit.dbt.small_city import Built

OLD = "410402194001010099"


def golden(connection: duckdb.DuckDBPyConnection, entity: str, id_: str, told_by: str, **values: Any) -> None:
    """A golden row and the provenance of the attribute that tells the relation."""
    row = {"entity_id": id_, "under_check": False, **values}
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    connection.execute(f"insert into base_person.{entity} ({names}) values ({marks})", list(row.values()))
    source = [entity, id_, told_by, "health", entity, "delivery-1", 7, date(2026, 3, 1)]
    connection.execute("insert into base_person.provenance values (?, ?, ?, ?, ?, ?, ?, ?)", source)


def heads(connection: duckdb.DuckDBPyConnection, **relations: str) -> None:
    numbers = {"wang": WANG, "li": LI, "zhao": ZHAO}
    for name, relation in relations.items():
        update = "update base_person.person set household_no = 'h1', household_relation = ? where citizen_id = ?"
        connection.execute(update, [relation, numbers[name]])
        source = "select 'person', entity_id, 'household_relation', 'public_security', 'resident', 'd', 2, date '2026-03-01' from base_person.person"
        connection.execute(f"insert into base_person.provenance {source} where citizen_id = ?", [numbers[name]])


def relations(connection: duckdb.DuckDBPyConnection, city: Built, *columns: str) -> list[tuple[Any, ...]]:
    return connection.execute(f"select {', '.join(columns)} from ({city.compiled('family_relation')}) order by all").fetchall()


PAIR = ("citizen_id", "relation_name", "relative_citizen_id")


def test_a_birth_states_two_relations_the_parent_being_the_person(copy: duckdb.DuckDBPyConnection, city: Built) -> None:
    born = {"citizen_id": YOUNG, "mother_citizen_id": LI, "father_citizen_id": WANG, "birth_date": date(1990, 1, 1)}
    golden(copy, "birth", "b1", "mother_citizen_id", **born)
    both = "select * replace ('father_citizen_id' as attribute) from base_person.provenance where entity = 'birth'"
    copy.execute(f"insert into base_person.provenance {both}")
    found = relations(copy, city, *PAIR, "since_date", "row_number", "chosen")
    assert found == [(WANG, "父亲", YOUNG, date(1990, 1, 1), 7, True), (LI, "母亲", YOUNG, date(1990, 1, 1), 7, True)]


def test_a_marriage_states_the_wife_of_the_husband_from_its_day_on(copy: duckdb.DuckDBPyConnection, city: Built) -> None:
    golden(copy, "marriage", "m1", "wife_citizen_id", husband_citizen_id=WANG, wife_citizen_id=LI, registered_date=date(1965, 5, 1))
    assert relations(copy, city, *PAIR, "since_date", "basis") == [(LI, "妻", WANG, date(1965, 5, 1), "marriage")]


def test_the_register_of_births_outranks_guardianship_and_the_loser_is_kept(copy: duckdb.DuckDBPyConnection, city: Built) -> None:
    golden(copy, "birth", "b1", "father_citizen_id", citizen_id=YOUNG, father_citizen_id=WANG)
    golden(copy, "guardianship", "g1", "relation", citizen_id=YOUNG, guardian_citizen_id=WANG, relation="80")
    assert relations(copy, city, *PAIR, "chosen") == [(WANG, "其他亲属", YOUNG, False), (WANG, "父亲", YOUNG, True)]


def test_a_household_member_is_related_to_its_only_head(copy: duckdb.DuckDBPyConnection, city: Built) -> None:
    heads(copy, wang="02", li="10")
    assert relations(copy, city, *PAIR) == [(LI, "配偶", WANG)]


def test_in_a_household_with_two_heads_nobody_can_tell_whose_relative_a_member_is(copy: duckdb.DuckDBPyConnection, city: Built) -> None:
    heads(copy, wang="02", zhao="02", li="10")
    assert relations(copy, city, *PAIR) == []


def test_a_relation_stated_under_an_old_number_is_of_the_same_two_persons(copy: duckdb.DuckDBPyConnection, city: Built) -> None:
    for number, current in ((OLD, False), (WANG, True)):
        copy.execute("insert into lake.alias values ('citizen_id', ?, ?, ?, null, null, 'x')", [number, OLD, current])
    golden(copy, "birth", "b1", "father_citizen_id", citizen_id=YOUNG, father_citizen_id=OLD)
    golden(copy, "guardianship", "g1", "relation", citizen_id=YOUNG, guardian_citizen_id=WANG, relation="51")
    assert [chosen for (chosen,) in relations(copy, city, "chosen")] == [False, True]
    assert len(set(relations(copy, city, "person_id", "relative_id"))) == 1


@pytest.mark.parametrize("values", [{"citizen_id": CHEN, "guardian_citizen_id": CHEN, "relation": "51"}, {"citizen_id": CHEN, "relation": "51"}])
def test_who_is_related_to_nobody_else_has_no_relation(copy: duckdb.DuckDBPyConnection, city: Built, values: dict[str, str]) -> None:
    golden(copy, "guardianship", "g1", "relation", **values)
    assert relations(copy, city, *PAIR) == []
