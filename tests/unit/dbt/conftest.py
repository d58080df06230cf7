"""One dbt run for all tests of the models: parsing and building take seconds."""

from collections.abc import Iterator

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
