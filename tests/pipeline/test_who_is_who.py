"""Mergers and splits decided at the desk, and what the nights after make of them: golden records, ids, and the way back.

The tests of this file build on each other, in order; the sample's numbers are the city's own. Each step is one night, so that little is
asked twice: several decisions about different persons go into one.
"""

from typing import Any

import polars as pl
import pytest

from portal.desk.entities import EntityError, merge_entities, revoke_decision, show_entity, split_entity
from tests.cities import SMALL, City, after_first_night
from yishu.lake.identities import entity_id

pytestmark = pytest.mark.city
WHY = ("两个号码是同一人", "户籍档案第 7 号")
FRESH = "11010519491231011"  # and its check digit, 8


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    return after_first_night(tmp_path_factory.mktemp("city"), SMALL, tmp_path_factory)


@pytest.fixture(scope="module")
def people(city: City) -> list[str]:
    """Citizen ids of persons whom the register and another table know, so that each has rows of several sources."""
    provenance = city.table("base_person.provenance").filter(pl.col("entity") == "person")
    tables, registered = pl.col("resource").n_unique(), (pl.col("resource") == "resident").any()
    sources = provenance.group_by("entity_id").agg(tables.alias("sources"), registered.alias("here"))
    known = city.table("base_person.person").join(sources.filter(pl.col("sources") > 2, "here"), on="entity_id")
    changed = city.table("base_person.identity").filter(pl.col("basis") != "-")["entity_id"]
    return known.filter(~pl.col("entity_id").is_in(changed.implode()))["citizen_id"].sort().to_list()


@pytest.fixture(scope="module")
def decided() -> dict[str, int]:
    return {}


def persons(city: City) -> dict[str, str]:
    """entity id -> the number it is known by."""
    return dict(city.table("base_person.person").select("entity_id", "citizen_id").iter_rows())


def rows_of(city: City, id_: str) -> set[tuple[str, str, int]]:
    """The source rows that stand behind an entity, by provenance and conflict."""
    here, place = (pl.col("entity") == "person") & (pl.col("entity_id") == id_), ["resource", "delivery_id", "row_number"]
    return {row for name in ("provenance", "conflict") for row in city.table(f"base_person.{name}").filter(here).select(place).iter_rows()}


def merged(city: City, one: str, other: str) -> int:
    return int(merge_entities(city.data, "li", "person", one, other, *WHY)["id"])


def row_of_the_register(city: City, person: str) -> str:
    found = show_entity(city.data, "li", "person", person)["rows"]
    return next(str(row["name"]) for row in found if row["resource"] == "resident")


def test_a_night_makes_one_golden_record_of_those_that_were_merged_and_moves_a_row_that_was_split_off(
    city: City, people: list[str], decided: dict[str, int]
) -> None:
    one, other, first, second, third, whole = people[:6]
    before, apart = persons(city), rows_of(city, entity_id(other))
    decided["pair"] = merged(city, one, other)
    decided["tail"], decided["head"] = merged(city, second, third), merged(city, first, second)
    row = row_of_the_register(city, whole)
    decided["split"] = split_entity(city.data, "li", "person", whole, [row], FRESH + "8", *WHY)["id"]
    landed = [path for path in (city.data / "landing").rglob("*") if path.is_file() and "desk" in path.parts]
    assert landed and all(path.parent == city.data / "landing" / "desk" / "annotation" for path in landed)
    city.night(1)
    after = persons(city)
    assert set(before) - set(after) == {entity_id(gone) for gone in (other, second, third)}
    assert set(after) - set(before) == {entity_id(FRESH + "8")} and after[entity_id(FRESH + "8")] == FRESH + "8"
    assert {after[entity_id(stays)] for stays in (one, first, whole)} == {one, first, whole}
    assert apart & rows_of(city, entity_id(one)), "并入的来源行归到保留的主体"
    delivery, _, line = row.rpartition(":")
    assert ("resident", delivery, int(line)) in rows_of(city, entity_id(FRESH + "8"))
    assert ("resident", delivery, int(line)) not in rows_of(city, entity_id(whole)) and rows_of(city, entity_id(whole))
    known = city.table("base_person.identity").filter(pl.col("entity_id") == entity_id(first))
    assert set(known["identifier"]) == {first, second, third} and known.filter(pl.col("valid_to").is_null())["identifier"].to_list() == [first]


def test_what_has_become_one_is_said_to_be_one_and_found_by_each_of_its_numbers(city: City, people: list[str]) -> None:
    first, second, third = people[2:5]
    assert len({show_entity(city.data, "li", "person", number)["id"] for number in (first, second, third)}) == 1
    for one, other in ((first, third), (third, second), (second, first)):
        with pytest.raises(EntityError, match="不需要再次合并"):
            merged(city, one, other)


def test_after_revocation_both_have_their_ids_and_rows_again_and_the_rest_of_a_chain_stays(
    city: City, people: list[str], decided: dict[str, int]
) -> None:
    one, other, first, second, third, whole = people[:6]
    for name in ("pair", "head", "split"):
        revoke_decision(city.data, "li", decided[name], "判断有误", WHY[1])
    city.night(1)
    after = persons(city)
    assert {after[entity_id(person)] for person in (one, other, first, second, whole)} == {one, other, first, second, whole}
    assert entity_id(third) not in after and entity_id(FRESH + "8") not in after
    assert any(resource == "resident" for resource, _, _ in rows_of(city, entity_id(whole)))
    assert any(resource == "resident" for resource, _, _ in rows_of(city, entity_id(other)))
    assert not rows_of(city, entity_id(FRESH + "8"))


def test_a_rebuild_from_raw_and_decisions_finds_the_same_tables(city: City) -> None:
    done: Any = city.yishu("rebuild")
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
