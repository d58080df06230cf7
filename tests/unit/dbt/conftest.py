"""One dbt run for all tests of the models: parsing and building take seconds."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.unit.dbt.known_rows import POOLS, UNDER_CHECK
from tests.unit.dbt.small_city import Built, build_city, run_dbt


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Built:
    built = build_city(tmp_path_factory.mktemp("small_city"), POOLS, UNDER_CHECK)
    assert built.success, built.failures
    return built


@pytest.fixture(scope="session")
def up_to_date(city: Built, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The models compiled as a second build compiles them, by a second run over a copy of the first's database."""
    folder = tmp_path_factory.mktemp("second_build")
    build = folder / "build.duckdb"
    build.write_bytes(city.build.read_bytes())
    success, failures = run_dbt(build, city.dbt_dir, folder / "target")
    assert success, failures
    return Built(city.data, build, city.dbt_dir, folder / "target", city.catalogue, success, failures)


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
