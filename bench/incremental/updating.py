"""Ways of bringing the golden table up to date, each a list of statements over a database that `lay_down` has made.

The database holds the pools after the night as views, the golden table as it was before, and `changed`: the keys that moved.
"""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb

from bench.incremental.finding import BUCKETS, difference, rows_of
from bench.incremental.models import GROUPS, KEY, claims, forget_changed, golden
from bench.incremental.rows import ATTRIBUTES, FIRST_NIGHT, SECOND_NIGHT, SOURCES, kind_of

Statements = list[str]
# As dbt_project/profiles.yml has them.
SETTINGS = "set memory_limit = '4GB'; set threads = 2; set preserve_insertion_order = false"


def rebuild() -> Statements:
    """Every golden record from every claim."""
    return [*_made(claims(upon=False), "golden"), "drop table golden", f"create table golden as {golden()}"]


def delete_insert() -> Statements:
    """What is said of changed keys leaves the table and is made again: what the warehouse does."""
    return [*_of_changed(), forget_changed(), f"insert into golden {golden()}"]


def merge() -> Statements:
    """One MERGE: known keys are written over, new ones added, those of which nothing is claimed any more deleted.

    From a table: with the query itself after USING, DuckDB takes ten times as long.
    """
    fresh = f"select c.entity_id as moved_id, g.* from changed as c left join ({golden()}) as g on g.entity_id = c.entity_id"
    names = [*_kept_columns(), KEY, "under_check"]
    update, insert = ", ".join(f"{name} = fresh.{name}" for name in names), ", ".join(f"fresh.{name}" for name in names)
    return [
        *_of_changed(),
        f"create temp table fresh as {fresh}",
        "merge into golden using fresh on golden.entity_id = fresh.moved_id when matched and fresh.entity_id is null then delete "
        f"when matched then update set {update} "
        f"when not matched and fresh.entity_id is not null then insert ({', '.join(names)}) values ({insert})",
    ]


def buckets(count: int) -> Statements:
    """Every key of each bucket that holds a changed one is made again."""
    touched = "(select bucket from touched)"
    within = f"select * from ({claims(upon=False)}) as c where {bucket('entity_key', count)} in {touched}"
    return [
        f"create table touched as select distinct {bucket('entity_key', count)} as bucket from changed",
        *_made(within, f"golden where _bucket in {touched}"),
        f"delete from golden where _bucket in {touched}",
        f"insert into golden select g.*, {bucket(f'g.{KEY}', count)} as _bucket from ({golden()}) as g",
    ]


def bucket(key: str, count: int) -> str:
    return f"hash({key}) % {count}"


def _of_changed() -> Statements:
    return _made(claims(upon=True), "golden where entity_id in (select entity_id from changed)")


def _made(claimed: str, replaced: str) -> Statements:
    """Claims, and the golden rows that will be replaced: their groups keep their days where nothing in them changes."""
    return [f"create or replace table claim_person as {claimed}", f"create or replace table before.person as select * from {replaced}"]


def lay_down(folder: Path) -> None:
    """golden.duckdb, and golden-COUNT.duckdb stored by bucket, from the pools before the night; `changed` says what the night moved."""
    with duckdb.connect(str(folder / "golden.duckdb")) as connection:
        connection.execute(f"{SETTINGS}; create schema pool; create schema lake; create schema before")
        link = "entity string, department string, resource string, source_key string, entity_key string, is_split boolean"
        connection.execute(f"create table lake.link ({link})")
        connection.execute("create table lake.under_check (department string, resource string, key string)")
        connection.execute("create table lake.pin as select cast(? as date) as as_of", [FIRST_NIGHT])
        _pools_at(connection, folder, 0)
        connection.execute(f"create table claim_person as {claims(upon=False)}")
        columns = ", ".join(f"{name} {kind}" for name, kind in _kept_columns().items())
        connection.execute(f"create table before.person ({columns}); create table golden as {golden()}; drop table claim_person")
        _pools_at(connection, folder, 1)
        connection.execute("update lake.pin set as_of = ?", [SECOND_NIGHT])
        difference(connection, folder)
    for count in BUCKETS:
        _store_by_bucket(folder, count)


def _store_by_bucket(folder: Path, count: int) -> None:
    shutil.copyfile(folder / "golden.duckdb", folder / f"golden-{count}.duckdb")
    with duckdb.connect(str(folder / f"golden-{count}.duckdb")) as connection:
        connection.execute("set memory_limit = '4GB'; set threads = 2")
        connection.execute(f"create or replace table golden as select *, {bucket(KEY, count)} as _bucket from golden order by _bucket")


def _pools_at(connection: duckdb.DuckDBPyConnection, folder: Path, version: int) -> None:
    for source in SOURCES:
        connection.execute(f"create or replace view pool.{source} as select * from {rows_of(folder, source, version)}")


def _kept_columns() -> dict[str, str]:
    """What the macro kept_columns says of the entity, with types."""
    return {"entity_id": "string", "known_since": "date"} | {n: kind_of(n) for n in ATTRIBUTES} | {f"{group}_since": "date" for group in GROUPS}


WAYS: dict[str, Callable[[], Statements]] = {
    "rebuild": rebuild, "delete + insert": delete_insert, "merge": merge, **{f"buckets {count}": partial(buckets, count) for count in BUCKETS}
}  # fmt: skip
DATABASES = {f"buckets {count}": f"golden-{count}.duckdb" for count in BUCKETS}
