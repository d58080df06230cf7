"""Bringing the base up to date gives what making it anew gives, after any changes: of rows, open rules, links and identifiers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from tests.unit.dbt.small_city import AS_OF, Built, pool_frame
from tests.unit.dbt.test_survivorship_laws import KEYS, Row, pool_rows
from yishu.catalogue.authority import authority_of, naming_columns, relation_name
from yishu.catalogue.base_models import BESIDE_GOLDEN
from yishu.catalogue.dbt_export import BEFORE, LAKE_TABLES
from yishu.lake.duck import TIME_ZONE
from yishu.lake.moved import keep_moved
from yishu.lake.warehouse import tell_differences

BASES = ["certificate", "parcel"]  # of few sources and many: planning the widest takes a second a night
WHOLE = ("under_check", "unlinked")  # made anew each time: little is read and little written


@dataclass
class Night:
    """What a night brings: rows that change (None: leave), by number, and all that is known beside the pools."""

    rows: dict[int, Row | None]
    doubted: set[int]
    merged: list[tuple[str, str]] = field(default_factory=list)
    linked: dict[int, str] = field(default_factory=dict)


numbers = st.integers(0, 7)
one_row = st.builds(Row, st.integers(0, 5), st.sampled_from(KEYS), st.tuples(*[st.integers(0, 3)] * 80), st.sampled_from([0, 0, 0, 1, 2, 3]))
nights = st.lists(
    st.builds(
        Night,
        st.dictionaries(numbers, st.one_of(st.none(), one_row), max_size=5),
        st.sets(numbers, max_size=3),
        st.lists(st.sampled_from([("k1", "k2"), ("k2", "豫证3")]), max_size=1),
        st.dictionaries(numbers, st.sampled_from(["k1", "k2", "split:k1", "split:x1"]), max_size=2),
    ),
    min_size=2,
    max_size=4,
)


class World:
    """One database in memory, night after night, by the compiled SQL; `anew` makes every table from nothing each night."""

    def __init__(self, first: Built, second: Built, base: str, *, anew: bool) -> None:
        self.first, self.second, self.anew = first, second, anew
        self.authority = authority_of(first.catalogue)
        self.base, self.database = base, self.authority[base]["database"]
        self.entities = [name for name, entity in self.authority.items() if entity["database"] == self.database]
        self.schema = f"base_{self.database}"
        self.relations = {id_: relation_name(first.catalogue.resources[id_]) for id_ in naming_columns(first.catalogue)}
        self.connection = duckdb.connect()
        self.connection.execute(f"set TimeZone = '{TIME_ZONE}'; attach ':memory:' as build; use build")
        for schema in ("pool", "before_pool", "moved", "lake", "before", "claim", self.schema):
            self.connection.execute(f"create schema {schema}")
        for table, (_, columns) in LAKE_TABLES.items():
            stated = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            self.connection.execute(f"create table lake.{table} ({stated})")
        self.began = False

    def night(self, number: int, pools: dict[str, list[dict[str, Any]]], night: Night) -> None:
        self._pools(pools)
        self._lake(number, pools, night)
        self._moved()
        fresh = self.anew or not self.began
        built = self.first if fresh else self.second
        self.connection.execute(f"create or replace table lake.changed as {self.second.compiled('changed')}")
        for name in self.entities:
            self._keep_before(name, everything=fresh)
            self.connection.execute(f"create or replace table claim.{name} as {built.compiled(f'claim_{name}')}")
        for model, table in self._models():
            self._build(built.compiled(model), f"{self.schema}.{table}", fresh=(fresh and table != "history") or table in WHOLE)
        self.began = True

    def _models(self) -> Iterator[tuple[str, str]]:
        yield from ((name, name) for name in self.entities)
        yield from ((f"{self.database}_{table}", table) for table in BESIDE_GOLDEN)

    def _pools(self, pools: dict[str, list[dict[str, Any]]]) -> None:
        """The pools of tonight; `then` has those of the last night."""
        for id_, relation in self.relations.items():
            frame = pool_frame(self.first.catalogue, id_, pools.get(id_, []))
            self.connection.register("rows", frame)
            if self.began:
                self.connection.execute(f"create or replace table before_pool.{relation} as from pool.{relation}")
            self.connection.execute(f"create or replace table pool.{relation} as from rows")
            if not self.began:
                self.connection.execute(f"create table before_pool.{relation} as from rows limit 0")
            self.connection.unregister("rows")

    def _moved(self) -> None:
        for id_, naming in naming_columns(self.first.catalogue).items():
            both = [f"select * from {schema}.{self.relations[id_]}" for schema in ("pool", "before_pool")]
            keep_moved(self.connection, self.first.catalogue.resources[id_], naming, *both)

    def _lake(self, number: int, pools: dict[str, list[dict[str, Any]]], night: Night) -> None:
        execute = self.connection.execute
        before = {table: self.connection.query(f"from lake.{table}").pl() for table in BEFORE}
        for table in (*BEFORE, "touched", "renamed"):
            execute(f"delete from lake.{table}")
        execute("delete from lake.pin; insert into lake.pin (as_of) values (?)", [AS_OF.replace(day=1 + number)])
        kind = self.authority[self.base]["kind"]
        for kept, gone in night.merged:
            execute("insert into lake.alias values (?, ?, ?, true, null, null, 'x'), (?, ?, ?, false, null, ?, 'x')",
                    [kind, kept, kept, kind, gone, kept, AS_OF])  # fmt: skip
        for resource, listed in pools.items():
            department, _, name = resource.partition(".")
            for row in listed:
                place = int(row["_key"].removeprefix("row"))
                if place in night.doubted:
                    execute("insert into lake.under_check values (?, ?, ?, 'r', ?)", [department, name, row["_key"], AS_OF])
                if place in night.linked:
                    to = night.linked[place]
                    key, is_split = to.removeprefix("split:"), to.startswith("split:")
                    execute("insert into lake.link values (?, ?, ?, ?, ?, ?)", [self.base, department, name, row["_key"], key, is_split])
        for table, frame in before.items():
            self.connection.register("before", frame)
            execute(f"create or replace table lake.{table}_before as from before")
            self.connection.unregister("before")
        tell_differences(self.connection)

    def _keep_before(self, name: str, *, everything: bool) -> None:
        """As the macro keep_before does: the golden rows that this build replaces."""
        entity = self.authority[name]
        stated = {"entity_id": "string", "known_since": "date"} | {one: claimed["type"] for one, claimed in entity["attributes"].items()}
        stated |= {f"{group}_since": "date" for group in entity["groups"]}
        if not self.began:
            self.connection.execute(f"create table before.{name} ({', '.join(f'{column} {type_}' for column, type_ in stated.items())})")
            return
        only = "" if everything else f" where entity_id in (select entity_id from lake.changed where entity = '{name}')"
        self.connection.execute(f"create or replace table before.{name} as select {', '.join(stated)} from {self.schema}.{name}{only}")

    def _build(self, sql: str, table: str, *, fresh: bool) -> None:
        if not self.began or fresh:
            self.connection.execute(f"create or replace table {table} as {sql}")
            return
        named = table.partition(".")[2]
        if named in self.entities:
            self.connection.execute(f"delete from {table} where entity_id in (select entity_id from lake.changed where entity = '{named}')")
        elif named != "history":
            self.connection.execute(f"delete from {table} where (entity, entity_id) in (select entity, entity_id from lake.changed)")
        self.connection.execute(f"insert into {table} {sql}")

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        return {table: sorted(map(repr, self.connection.execute(f"from {self.schema}.{table}").fetchall())) for _, table in self._models()}


law = settings(max_examples=4, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))


@pytest.mark.city  # two runs of dbt more, and planning for every night
@law
@example(  # the row bears a number that was merged into another: that one must lose it
    sent=[(0, 0)],
    told=[
        Night({0: Row(0, "k2", (1,) * 80, 0), 1: Row(0, "k1", (2,) * 80, 0)}, set(), [("k1", "k2")]),
        Night({}, set(), [("k1", "k2")], {0: "split:x1"}),
    ],
    base="certificate",
)
@given(sent=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), min_size=1, max_size=6), told=nights, base=st.sampled_from(BASES))
def test_what_is_brought_up_to_date_is_what_is_made_anew(
    city: Built, up_to_date: Built, sent: list[tuple[int, int]], told: list[Night], base: str
) -> None:
    kept, anew = World(city, up_to_date, base, anew=False), World(city, up_to_date, base, anew=True)
    standing: dict[int, tuple[int, Row]] = {}
    for number, night in enumerate(told):
        for place, row in night.rows.items():
            standing.pop(place, None)
            if row is not None:
                standing[place] = (number, row)
        pools = state(city, base, sent, standing)
        for world in (kept, anew):
            world.night(number, pools, night)
        for table, listed in kept.tables().items():
            assert listed == anew.tables()[table], table


def state(city: Built, base: str, sent: list[tuple[int, int]], standing: dict[int, tuple[int, Row]]) -> dict[str, list[dict[str, Any]]]:
    """The pools with these rows, each with the delivery of the night that brought it."""
    found: dict[str, list[dict[str, Any]]] = {}
    for place, (night, row) in standing.items():
        for resource, listed in pool_rows(city.catalogue, base, sent, [row]).items():
            (pooled,) = listed
            origin = {"_key": f"row{place}", "_row_number": place + 2, "_delivery_seq": pooled["_delivery_seq"] + 100 * night}
            found.setdefault(resource, []).append({**pooled, **origin, "_delivery_id": f"d{origin['_delivery_seq']}"})
    return found
