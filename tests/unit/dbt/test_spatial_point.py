"""Where entities lie: one point each, the one in the city first, then by the authority list; whole, with the figures it was found from."""

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.unit.dbt.small_city import Built

ADDRESS, PLATE = "civil_affairs__standard_address", "public_security__door_plate"


@pytest.fixture
def build(city: Built, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The build database of the small city, in which this test says what the pools hold."""
    copy = tmp_path / city.build.name  # the compiled SQL calls the database by the name of its file
    shutil.copy(city.build, copy)
    with duckdb.connect(str(copy)) as connection:
        for relation in (f"pool.{ADDRESS}", f"pool.{PLATE}", "lake.located"):
            columns = connection.sql(f"describe {relation}").fetchall()
            connection.execute(f"drop view {relation}")
            connection.execute(f"create table {relation} (" + ", ".join(f'"{name}" {kind}' for name, kind, *_ in columns) + ")")
        yield connection


def stated(build: duckdb.DuckDBPyConnection, relation: str, code: str, point: tuple[float, float] | None, state: str | None, system: str) -> None:
    build.execute(f"insert into pool.{relation} (_key, address_code, _invalid) values (?, ?, null)", [code, code])
    longitude, latitude = point or (None, None)
    division = "410402" if state == "located" else None
    row = [relation, code, system, 113.5, 33.5, longitude, latitude, division, None, None, state]
    build.execute("insert into lake.located values (" + ", ".join("?" for _ in row) + ")", row)


def found(build: duckdb.DuckDBPyConnection, city: Built) -> list[dict[str, Any]]:
    return build.sql(city.compiled("spatial_point")).pl().sort("longitude").to_dicts()


def test_the_first_of_the_authority_list_says_where_an_address_lies(build: duckdb.DuckDBPyConnection, city: Built) -> None:
    stated(build, PLATE, "DZ1", (113.2, 33.2), "located", "GCJ-02")
    stated(build, ADDRESS, "DZ1", (113.1, 33.1), "located", "EPSG:4490")
    (point,) = found(build, city)
    assert (point["entity"], point["longitude"], point["latitude"], point["resource"]) == ("address", 113.1, 33.1, "standard_address")


def test_a_point_in_the_city_goes_before_one_outside_it(build: duckdb.DuckDBPyConnection, city: Built) -> None:
    stated(build, ADDRESS, "DZ1", (114.1, 33.1), "outside", "EPSG:4490")
    stated(build, PLATE, "DZ1", (113.2, 33.2), "located", "GCJ-02")
    (point,) = found(build, city)
    assert (point["resource"], point["division"], point["system"]) == ("door_plate", "410402", "GCJ-02")
    assert (point["source_east"], point["source_north"]) == (113.5, 33.5)


def test_a_point_that_is_none_places_no_entity(build: duckdb.DuckDBPyConnection, city: Built) -> None:
    stated(build, ADDRESS, "DZ1", None, "swapped", "EPSG:4490")
    stated(build, ADDRESS, "DZ2", (113.1, 33.1), "located", "EPSG:4490")
    points = found(build, city)
    assert [point["longitude"] for point in points] == [113.1]


def test_entities_have_the_id_that_they_have_everywhere(build: duckdb.DuckDBPyConnection, city: Built) -> None:
    stated(build, ADDRESS, "DZ1", (113.1, 33.1), "located", "EPSG:4490")
    (point,) = found(build, city)
    assert uuid.UUID(point["entity_id"]).version == 5
