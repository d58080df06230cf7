"""The build database: pinned pools as views, the facts of the build, the seed."""

import json
import stat
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from deltalake import write_deltalake

from yishu.catalogue import Catalogue, load_catalogue
from yishu.lake.warehouse import build_path, pin_digest, prepare_build

AS_OF = date(2026, 3, 1)
RESIDENT = "public_security.resident"
VIEW = "pool.public_security__resident"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def write_pool(data: Path, names: list[str], *, mode: Any = "overwrite", **more: Any) -> None:
    """A version of the resident pool with these names; `more` are further columns, one value for all rows."""
    frame = pl.DataFrame(
        {"citizen_id": names, "full_name": names, "birth_date": [AS_OF] * len(names), "_key": names}
    ).with_columns(
        **{name: pl.lit(value) for name, value in more.items()},
        _delivery_seq=pl.lit(1, pl.Int64),
        _row_number=pl.lit(2, pl.Int64),
    )
    path = data / "pool" / "public_security" / "resident"
    path.parent.mkdir(parents=True, exist_ok=True)
    arrow = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    write_deltalake(str(path), arrow, mode=mode, schema_mode="merge" if mode == "append" else "overwrite")


def rows(build: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(build), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_the_build_reads_the_pinned_version_not_the_newest(tmp_path: Path, catalogue: Catalogue) -> None:
    write_pool(tmp_path, ["甲"])
    write_pool(tmp_path, ["甲", "乙"])
    build = prepare_build(tmp_path, catalogue, {RESIDENT: 0}, AS_OF, seed=False).path
    assert rows(build, f"select full_name from {VIEW}") == [("甲",)]
    build = prepare_build(tmp_path, catalogue, {RESIDENT: 1}, AS_OF, seed=False).path
    assert rows(build, f"select count(*) from {VIEW}") == [(2,)]


def test_a_pool_commit_after_the_pin_does_not_enter_the_build(tmp_path: Path, catalogue: Catalogue) -> None:
    write_pool(tmp_path, ["甲"])
    build = prepare_build(tmp_path, catalogue, {RESIDENT: 0}, AS_OF, seed=False).path
    write_pool(tmp_path, ["乙"], mode="append")
    assert rows(build, f"select full_name from {VIEW}") == [("甲",)]


def test_an_item_that_only_some_files_have_is_kept_and_null_elsewhere(tmp_path: Path, catalogue: Catalogue) -> None:
    write_pool(tmp_path, ["甲"])
    write_pool(tmp_path, ["乙"], mode="append", household_no="h1")
    build = prepare_build(tmp_path, catalogue, {RESIDENT: 1}, AS_OF, seed=False).path
    assert rows(build, f"select full_name, household_no from {VIEW} order by 1") == [("乙", "h1"), ("甲", None)]


def test_an_item_newer_than_the_pool_is_null_and_typed(tmp_path: Path, catalogue: Catalogue) -> None:
    write_pool(tmp_path, ["甲"])
    build = prepare_build(tmp_path, catalogue, {RESIDENT: 0}, AS_OF, seed=False).path
    assert rows(
        build, f"select marital_status, typeof(marital_status), typeof(birth_date), typeof(_as_of) from {VIEW}"
    ) == [(None, "VARCHAR", "DATE", "DATE")]


@pytest.mark.parametrize("state", ["absent", "emptied", "not_pinned"])
def test_a_pool_without_rows_is_a_typed_empty_view(tmp_path: Path, catalogue: Catalogue, state: str) -> None:
    pin = {RESIDENT: 0}
    if state == "emptied":
        write_pool(tmp_path, [])
    if state == "not_pinned":
        write_pool(tmp_path, ["甲"])
        pin = {}
    build = prepare_build(tmp_path, catalogue, pin, AS_OF, seed=False).path
    assert rows(build, f"select * from {VIEW}") == []
    types = {name: kind for name, kind, *_ in rows(build, f"describe {VIEW}")}
    assert types["birth_date"] == "DATE" and types["_delivery_seq"] == "BIGINT" and types["full_name"] == "VARCHAR"


def test_a_path_with_quotes_spaces_and_chinese_is_read(tmp_path: Path, catalogue: Catalogue) -> None:
    data = tmp_path / "数据 of Wang's 100%"
    write_pool(data, ["甲"])
    assert rows(prepare_build(data, catalogue, {RESIDENT: 0}, AS_OF, seed=False).path, f"select full_name from {VIEW}") == [
        ("甲",)
    ]


def test_every_resource_of_the_catalogue_has_its_view(tmp_path: Path, catalogue: Catalogue) -> None:
    build = prepare_build(tmp_path, catalogue, {}, AS_OF, seed=False).path
    views = {row[0] for row in rows(build, "select view_name from duckdb_views() where schema_name = 'pool'")}
    assert views == {id_.replace(".", "__") for id_ in catalogue.resources}


def test_the_facts_of_the_build_stand_in_the_lake_schema(tmp_path: Path, catalogue: Catalogue) -> None:
    under_check = pl.DataFrame({"department": ["d"], "resource": ["r"], "key": ["k"], "rule": ["x"], "since": [AS_OF]})
    write_deltalake(str(tmp_path / "under_check"), under_check.to_arrow(compat_level=pl.CompatLevel.oldest()))
    build = prepare_build(tmp_path, catalogue, {RESIDENT: 7}, AS_OF, seed=False).path
    assert rows(build, "select * from lake.pin") == [(RESIDENT, 7, AS_OF, pin_digest({RESIDENT: 7}))]
    assert rows(build, "select department, key, since from lake.under_check") == [("d", "k", AS_OF)]
    assert rows(build, "select name from lake.code where list = 'gb_t_2261_1' and code = '1'") == [("男",)]
    assert rows(build, "select * from lake.built") == []


def test_the_date_of_a_build_is_known_before_any_pool_exists(tmp_path: Path, catalogue: Catalogue) -> None:
    assert rows(prepare_build(tmp_path, catalogue, {}, AS_OF, seed=False).path, "select max(as_of) from lake.pin") == [
        (AS_OF,)
    ]


def test_the_build_database_is_readable_by_its_owner_only(tmp_path: Path, catalogue: Catalogue) -> None:
    build = prepare_build(tmp_path, catalogue, {}, AS_OF, seed=False).path
    assert build == build_path(tmp_path)
    assert stat.S_IMODE(build.stat().st_mode) == 0o600


def test_a_seeded_build_holds_the_last_release_and_its_pins(tmp_path: Path, catalogue: Catalogue) -> None:
    folder = tmp_path / "releases" / "3"
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "city.duckdb")) as connection:
        connection.execute("create schema base_person; create table base_person.person as select 'e1' as entity_id")
    release = {"tables": {"base_person.person": {"rows": 1}}, "pin_digest": "old", "as_of": "2026-02-28"}
    (folder / "release.json").write_text(json.dumps(release), encoding="utf-8")
    (tmp_path / "published").symlink_to("releases/3")
    build = prepare_build(tmp_path, catalogue, {}, AS_OF, seed=True).path
    assert rows(build, "select * from base_person.person") == [("e1",)]
    assert rows(build, "select * from lake.built") == [("base_person.person", "old", date(2026, 2, 28))]
    assert rows(prepare_build(tmp_path, catalogue, {}, AS_OF, seed=False).path, "select * from lake.built") == []


def published(data: Path, inputs: str) -> None:
    """The build of the data folder as a whole one, and a release of it."""
    with duckdb.connect(str(build_path(data))) as connection:
        for name in load_catalogue().authority:  # what models of the last night left for it
            connection.execute("create schema if not exists claim")
            connection.execute(f"create or replace table claim.{name} (row_number bigint); create or replace table before.{name} (entity_id string)")
        connection.execute("insert into lake.built select 'base_person.person', max(pin), max(as_of) from lake.pin")
    pin = {RESIDENT: 0}
    release = {"tables": {"base_person.person": {}}, "pin": pin, "pin_digest": pin_digest(pin), "as_of": AS_OF.isoformat(), "inputs_hash": inputs}
    (data / "published").mkdir(exist_ok=True)
    (data / "published" / "release.json").write_text(json.dumps(release), encoding="utf-8")
    with duckdb.connect(str(data / "published" / "city.duckdb")) as connection:
        connection.execute("create schema if not exists base_person; create or replace table base_person.person as select 'e1' as entity_id")


def test_a_build_that_broke_is_not_built_upon_though_its_pools_are_those_of_what_is_published(tmp_path: Path, catalogue: Catalogue) -> None:
    """A doubt changes a build and no pool. Cut off or failed, it must not count as the state from which nothing has moved."""
    write_pool(tmp_path, ["甲"])

    def prepared(inputs: str) -> Any:
        return prepare_build(tmp_path, catalogue, {RESIDENT: 0}, AS_OF, seed=False, inputs=inputs)

    assert prepared("first").anew
    published(tmp_path, "first")
    doubted = prepared("doubted")
    assert not doubted.anew and "claim_person" in doubted.standing
    with duckdb.connect(str(build_path(tmp_path))) as connection:  # every model was built, and then a test failed
        connection.execute("delete from lake.built; insert into lake.built select 'base_person.person', max(pin), max(as_of) from lake.pin")
    assert prepared("doubted").anew


def test_a_build_without_one_of_the_published_tables_is_not_built_upon(tmp_path: Path, catalogue: Catalogue) -> None:
    write_pool(tmp_path, ["甲"])
    prepare_build(tmp_path, catalogue, {RESIDENT: 0}, AS_OF, seed=False, inputs="first")
    published(tmp_path, "first")
    with duckdb.connect(str(build_path(tmp_path))) as connection:  # as many, and not that one
        connection.execute("update lake.built set table_name = 'claim.person'")
    assert prepare_build(tmp_path, catalogue, {RESIDENT: 0}, AS_OF, seed=False, inputs="first").anew


def test_seeding_before_the_first_release_gives_an_empty_build(tmp_path: Path, catalogue: Catalogue) -> None:
    assert rows(prepare_build(tmp_path, catalogue, {}, AS_OF, seed=True).path, "select * from lake.built") == []


def test_a_pins_name_depends_on_versions_not_on_order() -> None:
    assert pin_digest({"a": 1, "b": 2}) == pin_digest({"b": 2, "a": 1})
    assert pin_digest({"a": 1, "b": 2}) != pin_digest({"a": 2, "b": 1})
