"""Which models have nothing to do in a build that goes on from the last: no more is touched than what depends on what moved."""

from datetime import date

import duckdb
import pytest

from yishu.catalogue import Catalogue, load_catalogue
from yishu.catalogue.authority import database_of, naming_columns, relation_name
from yishu.catalogue.base_models import BESIDE_GOLDEN
from yishu.lake.moved import let_stand

TODAY = ("pin-of-today", date(2026, 3, 2))


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture
def build(catalogue: Catalogue) -> duckdb.DuckDBPyConnection:
    """A build database whose last build left one row in each table of one night, and in whose pools nothing has moved."""
    connection = duckdb.connect()
    connection.execute("create schema moved; create schema lake; create schema claim; create schema before")
    connection.execute("create table lake.renamed (kind string, entity_key string)")
    connection.execute("create table lake.built (table_name string, pin string, as_of date)")
    connection.execute("create table lake.pin as select ? as pin, ? as as_of", TODAY)
    for id_ in naming_columns(catalogue):
        connection.execute(f"create table moved.{relation_name(catalogue.resources[id_])} (_key string)")
    for name in catalogue.authority:
        connection.execute(f"create table claim.{name} as select 1 as row_number; create table before.{name} as select 'x' as entity_id")
    return connection


def built(build: duckdb.DuckDBPyConnection) -> set[str]:
    found = build.execute("select table_name, pin, as_of from lake.built").fetchall()
    assert {row[1:] for row in found} <= {TODAY}
    return {row[0] for row in found}


def rows(build: duckdb.DuckDBPyConnection, table: str) -> int:
    return len(build.execute(f"from {table}").fetchall())


def test_where_nothing_moved_every_golden_table_stands_with_its_claims_and_what_is_beside_it(
    build: duckdb.DuckDBPyConnection, catalogue: Catalogue
) -> None:
    databases = {database_of(entity) for entity in catalogue.authority.values()}
    beside = {f"{database}_{table}" for database in databases for table in BESIDE_GOLDEN}
    assert set(let_stand(build, catalogue)) == {*catalogue.authority, *(f"claim_{name}" for name in catalogue.authority), *beside}
    assert {"base_person.person", "claim.person", "base_person.provenance"} <= built(build)


def test_a_row_that_moved_touches_whom_it_feeds_and_their_database_and_no_other(build: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> None:
    build.execute("insert into moved.public_security__death values ('a')")
    stands = set(let_stand(build, catalogue))
    assert not stands & {"person", "claim_person", "death", "claim_death", *(f"person_{table}" for table in BESIDE_GOLDEN)}
    assert {"birth", "claim_birth", "legal_entity", "legal_entity_provenance", "spatial_history"} <= stands
    assert {"base_person.birth", "base_legal_entity.provenance"} <= built(build)
    assert not {"base_person.person", "base_person.provenance"} & built(build)


def test_a_number_that_is_resolved_otherwise_touches_the_entities_that_have_such_numbers(
    build: duckdb.DuckDBPyConnection, catalogue: Catalogue
) -> None:
    build.execute("insert into lake.renamed values ('citizen_id', 'a')")
    stands = set(let_stand(build, catalogue))
    assert "person" not in stands and "person_identity" not in stands
    assert {"legal_entity", "parcel"} <= stands


def test_what_the_last_build_left_for_one_night_is_emptied_where_nothing_makes_it_again(
    build: duckdb.DuckDBPyConnection, catalogue: Catalogue
) -> None:
    build.execute("insert into moved.public_security__death values ('a')")
    let_stand(build, catalogue)
    assert [rows(build, table) for table in ("claim.birth", "before.birth", "claim.parcel", "before.parcel")] == [0, 0, 0, 0]
    assert [rows(build, table) for table in ("claim.person", "before.person", "claim.death", "before.death")] == [1, 1, 1, 1]
