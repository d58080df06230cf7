"""Two databases of released tables, row for row: as multisets, no column left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from yishu.catalogue.models import Catalogue
from yishu.lake import delta
from yishu.lake.pins import Pin
from yishu.lake.pool import pool_path


@dataclass(frozen=True)
class Compared:
    """A table here and there: rows (None: there is no such table), and how many rows only one of them has."""

    table: str
    published: int | None
    rebuilt: int | None
    only_published: int
    only_rebuilt: int

    @property
    def equal(self) -> bool:
        return self.published is not None and self.rebuilt is not None and self.only_published == self.only_rebuilt == 0


def compare(published: Path, rebuilt: Path) -> list[Compared]:
    """Every table of either database file, by name."""
    with duckdb.connect() as connection:
        for name, file in (("published", published), ("rebuilt", rebuilt)):
            connection.execute(f"attach '{str(file).replace(chr(39), chr(39) * 2)}' as {name} (read_only)")
        here, there = _tables(connection, "published"), _tables(connection, "rebuilt")
        return [_compared(connection, table, here.get(table), there.get(table)) for table in sorted(here.keys() | there.keys())]


def _tables(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, list[str]]:
    """schema.table -> its columns."""
    found: dict[str, list[str]] = {}
    query = "select schema_name || '.' || table_name, column_name from duckdb_columns() where database_name = ? order by 1, column_index"
    for table, column in connection.execute(query, [database]).fetchall():
        found.setdefault(table, []).append(column)
    return found


def _compared(connection: duckdb.DuckDBPyConnection, table: str, here: Sequence[str] | None, there: Sequence[str] | None) -> Compared:
    def count(query: str) -> int:
        row = connection.execute(f"select count(*) from ({query})").fetchone()
        assert row is not None
        return int(row[0])

    published = None if here is None else count(f"from published.{table}")
    rebuilt = None if there is None else count(f"from rebuilt.{table}")
    if here is None or there is None or set(here) != set(there):  # nothing to compare, or every row has another shape
        return Compared(table, published, rebuilt, published or 0, rebuilt or 0)
    columns = ", ".join(f'"{column}"' for column in here)
    left, right = (f"select {columns} from {name}.{table}" for name in ("published", "rebuilt"))
    return Compared(table, published, rebuilt, count(f"{left} except all {right}"), count(f"{right} except all {left}"))


def differing_pools(data: Path, target: Path, catalogue: Catalogue, pin: Pin) -> list[str]:
    """The resources whose pools, at the versions of the pin, do not hold the same rows in both lakes."""
    places = {id_: (pool_path(data, catalogue.resources[id_]), pool_path(target, catalogue.resources[id_])) for id_ in pin}
    return [id_ for id_, (here, there) in places.items() if not _same_rows(here, there, pin[id_])]


def _same_rows(here: Path, there: Path, version: int | None) -> bool:
    if not delta.exists(there) or (version or 0) > (delta.version(there) or 0):
        return False
    left, right = delta.read(here, version), delta.read(there, version)
    return set(left.columns) == set(right.columns) and _sorted(left, left.columns).equals(_sorted(right, left.columns))


def _sorted(frame: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    return frame.select(columns).sort("_key", "_row_number", nulls_last=True)
