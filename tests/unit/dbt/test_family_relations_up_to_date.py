"""Family relations brought up to date are those made anew, after any changes of what is stated, of households and of numbers."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from tests.unit.dbt.small_city import Built

TABLES = ("base_person.person", "base_person.birth", "base_person.marriage", "base_person.guardianship", "base_person.provenance", "lake.alias",
          "lake.code", "lake.pin", "lake.changed", "lake.renamed")  # fmt: skip
NUMBERS = [f"4104021970010100{n}{n}" for n in range(5)]
TOLD_BY = {"person": "household_relation", "guardianship": "relation", "marriage": "wife_citizen_id"}


@dataclass(frozen=True)
class Stated:
    """A row of an entity about two persons, by their places; told differently by each entity."""

    basis: str
    one: int
    other: int
    word: str  # a relation
    day: date | None
    under_check: bool

    def row(self) -> dict[str, Any]:
        a, b = NUMBERS[self.one], NUMBERS[self.other]
        told: dict[str, dict[str, Any]] = {
            "birth": {"citizen_id": a, "mother_citizen_id": b, "birth_date": self.day},
            "marriage": {"husband_citizen_id": a, "wife_citizen_id": b, "registered_date": self.day},
            "guardianship": {"citizen_id": a, "guardian_citizen_id": b, "relation": self.word},
            "person": {"citizen_id": a, "household_no": f"h{self.other % 2}", "household_relation": self.word},
        }
        return {**told[self.basis], "under_check": self.under_check}

    def told_by(self) -> tuple[str, ...]:
        return ("mother_citizen_id", "father_citizen_id") if self.basis == "birth" else (TOLD_BY[self.basis],)


@dataclass(frozen=True)
class Night:
    """Rows that come, change or leave (None), by their place; numbers that became another's former one."""

    rows: dict[int, Stated | None]
    merged: tuple[tuple[int, int], ...] = ()


places = st.integers(0, 4)
stated = st.builds(
    Stated,
    st.sampled_from(["birth", "marriage", "guardianship"]),
    places,
    places,
    st.sampled_from(["51", "80"]),
    st.sampled_from([None, date(2020, 1, 1), date(2021, 1, 1)]),
    st.booleans(),
)
member = st.builds(Stated, st.just("person"), st.just(0), places, st.sampled_from(["01", "02", "10", "20"]), st.none(), st.booleans())
rows = st.one_of(
    st.dictionaries(st.integers(5, 9), st.one_of(st.none(), stated), max_size=4),
    st.dictionaries(st.integers(0, 4), st.one_of(st.none(), member), max_size=4),
)
nights = st.lists(st.builds(Night, rows, st.sampled_from([(), ((0, 1),), ((2, 3),), ((0, 1), (2, 3))])), min_size=2, max_size=5)


class World:
    """Golden tables in memory, with the relations that are kept night after night."""

    def __init__(self, first: Built, second: Built) -> None:
        self.first, self.second = first, second
        self.connection = duckdb.connect()
        execute = self.connection.execute
        execute("attach ':memory:' as build; use build; create schema base_person; create schema lake")
        execute(f"attach '{first.build}' as city (read_only)")
        for table in TABLES:
            execute(f"create table {table} as from city.{table} limit 0")
        execute("create schema before; create table before.person as from base_person.person")
        execute("insert into lake.code from city.lake.code; insert into lake.pin from city.lake.pin")
        execute(f"create table base_person.family_relation as {first.compiled('family_relation')}")
        self.standing: dict[str, tuple[Any, ...]] = {}
        self.aliases: dict[int, int] = {}

    def night(self, number: int, night: Night) -> None:
        self.connection.execute("delete from lake.changed; delete from before.person")
        for place, one in night.rows.items():
            if place < 5 and one is not None:  # a person's row is of the person
                one = Stated(one.basis, place, one.other, one.word, one.day, one.under_check)
            self._replace(place, one, number)
        self._merge(dict(night.merged))
        execute = self.connection.execute
        execute(f"create or replace table lake.changed_relation as {self.second.compiled('changed_relation')}")
        pairs = "select person_id, relative_id from lake.changed_relation"
        execute(f"delete from base_person.family_relation where (person_id, relative_id) in ({pairs})")
        execute(f"insert into base_person.family_relation {self.second.compiled('family_relation')}")

    def _replace(self, place: int, one: Stated | None, number: int) -> None:
        execute, id_ = self.connection.execute, f"e{place}"
        entities = ("person",) if place < 5 else ("birth", "marriage", "guardianship")
        if place < 5:
            execute("insert into before.person from base_person.person where entity_id = ?", [id_])
        for entity in entities:
            execute(f"delete from base_person.{entity} where entity_id = ?", [id_])
            execute("delete from base_person.provenance where entity = ? and entity_id = ?", [entity, id_])
            execute("insert into lake.changed (entity, entity_id) values (?, ?)", [entity, id_])
        if one is None:
            return
        row = {"entity_id": id_, **one.row()}
        execute(f"insert into base_person.{one.basis} ({', '.join(row)}) values ({', '.join('?' * len(row))})", list(row.values()))
        for attribute in one.told_by():
            source = [one.basis, id_, attribute, "d", "r", f"delivery-{number}", place, date(2026, 3, 1)]
            execute("insert into base_person.provenance values (?, ?, ?, ?, ?, ?, ?, ?)", source)

    def _merge(self, merged: dict[int, int]) -> None:
        """As the lake tells it: whose number came or went, under every number."""
        execute = self.connection.execute
        execute("delete from lake.renamed")
        for kept, gone in {**merged, **self.aliases}.items():
            if merged.get(kept) != self.aliases.get(kept):
                execute("insert into lake.renamed values ('citizen_id', ?), ('citizen_id', ?)", [NUMBERS[kept], NUMBERS[gone]])
        execute("delete from lake.alias")
        for kept, gone in merged.items():
            execute("insert into lake.alias values ('citizen_id', $1, $1, true, null, null, 'x'), ('citizen_id', $2, $1, false, null, null, 'x')",
                    [NUMBERS[kept], NUMBERS[gone]])  # fmt: skip
        self.aliases = merged

    def kept(self) -> list[str]:
        return sorted(map(repr, self.connection.execute("from base_person.family_relation").fetchall()))

    def anew(self) -> list[str]:
        return sorted(map(repr, self.connection.execute(self.first.compiled("family_relation")).fetchall()))


HEAD, SECOND_HEAD = Stated("person", 0, 0, "02", None, False), Stated("person", 1, 0, "02", None, False)
SPOUSE, AWAY = Stated("person", 2, 0, "10", None, False), Stated("person", 1, 1, "02", None, False)


@pytest.mark.city  # a second run of dbt, and planning for every night
@settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
@example(told=[Night({0: HEAD, 1: SECOND_HEAD, 2: SPOUSE}), Night({1: AWAY}), Night({1: SECOND_HEAD})])  # no row of the member moves
@example(told=[Night({5: Stated("birth", 0, 1, "", None, False), 6: Stated("guardianship", 0, 1, "80", None, False)}), Night({5: None})])
@given(told=nights)
def test_what_is_brought_up_to_date_is_what_is_made_anew(city: Built, up_to_date: Built, told: list[Night]) -> None:
    world = World(city, up_to_date)
    with world.connection:
        for number, night in enumerate(told):
            world.night(number, night)
            assert world.kept() == world.anew()
