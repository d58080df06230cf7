"""Which rows an incremental build looks at again."""

import duckdb
import pytest

from yishu.catalogue import load_catalogue
from yishu.catalogue.authority import naming_columns
from yishu.lake.moved import keep_moved

DEATH = "public_security.death"
TABLE = "public_security__death"
ROW = ("a", 1, 2, None, "n1", "x")


@pytest.fixture
def build() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("create schema moved; create schema pool; create schema lake")
    connection.execute("create table lake.touched (department string, resource string, source_key string)")
    return connection


def moved(build: duckdb.DuckDBPyConnection, now: list[tuple[object, ...]], then: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    catalogue = load_catalogue()
    for table, rows in ((f"pool.{TABLE}", now), ("then_rows", then)):
        columns = "_key string, _delivery_seq bigint, _row_number bigint, _invalid string, citizen_id string, certificate_no string"
        build.execute(f"create or replace table {table} ({columns})")
        if rows:
            build.executemany(f"insert into {table} values (?, ?, ?, ?, ?, ?)", rows)
    naming = {name: kind for name, kind in naming_columns(catalogue)[DEATH].items() if name in ("citizen_id", "certificate_no")}
    keep_moved(build, catalogue.resources[DEATH], naming, f"select * from pool.{TABLE}", "select * from then_rows")
    return build.execute(f"select _key, citizen_id from moved.{TABLE} order by all").fetchall()


def test_a_row_that_came_again_unchanged_keeps_its_origin_and_has_not_moved(build: duckdb.DuckDBPyConnection) -> None:
    assert moved(build, [ROW], [ROW]) == []


@pytest.mark.parametrize("other", [("a", 2, 2, None), ("a", 1, 3, None), ("a", 1, 2, "|citizen_id|")])
def test_a_row_of_another_delivery_line_or_finding_is_told_as_it_is_and_as_it_was(
    build: duckdb.DuckDBPyConnection, other: tuple[object, ...]
) -> None:
    assert moved(build, [(*other, "n2", "x")], [ROW]) == [("a", "n1"), ("a", "n2")]


def test_who_came_and_who_left_have_moved(build: duckdb.DuckDBPyConnection) -> None:
    assert moved(build, [ROW], [("b", 1, 3, None, None, "y")]) == [("a", "n1"), ("b", None)]


def test_a_row_of_which_something_was_learned_is_told_though_it_did_not_move(build: duckdb.DuckDBPyConnection) -> None:
    build.execute("insert into lake.touched values ('public_security', 'death', 'a'), ('public_security', 'resident', 'b')")
    both = [ROW, ("b", 1, 3, None, "n2", "y")]
    assert moved(build, both, both) == [("a", "n1")]
