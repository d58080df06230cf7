"""One dbt run for all tests of the models: parsing and building take seconds."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.unit.dbt.known_rows import POOLS, UNDER_CHECK
from tests.unit.dbt.small_city import Built, build_city


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Built:
    built = build_city(tmp_path_factory.mktemp("small_city"), POOLS, UNDER_CHECK)
    assert built.success, built.failures
    return built


@pytest.fixture
def tables(city: Built) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(city.build), read_only=True) as connection:
        yield connection


@pytest.fixture
def copy(city: Built, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The built city, to be changed."""
    shutil.copyfile(city.build, tmp_path / city.build.name)
    with duckdb.connect(str(tmp_path / city.build.name)) as connection:
        yield connection
