"""The build database DIR/work/build.duckdb: what dbt finds before it starts.

Belongs here: the pinned pools as views, the facts of the build (schema `lake`), and the last release's tables for a build by
hand. Not here: any transformation (dbt_project) or the way out (release.py). The pools are read as plain Parquet files of the
pinned Delta version: no DuckDB extension is needed, and nothing that a pool gains meanwhile can enter the build.
"""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
from deltalake import DeltaTable

from yishu.catalogue.dbt_export import LAKE_TABLES, ROW_COLUMNS, relation_name, sql_type
from yishu.catalogue.models import Catalogue, Resource
from yishu.lake import delta
from yishu.lake.pins import digest

TIME_ZONE = "Asia/Shanghai"


def build_path(data: Path) -> Path:
    """Where the build database of this lake is; constant, as dbt parses everything again when its profile changes."""
    return data / "work" / "build.duckdb"


def pin_digest(pin: Mapping[str, int]) -> str:
    """The name of a pin, the same word that violations carry (pins.py)."""
    return digest(pin)


def prepare_build(data: Path, catalogue: Catalogue, pin: Mapping[str, int], as_of: date, *, seed: bool) -> Path:
    """Make the build database anew over one pin and return its path.

    `seed` first copies the tables of the last release with the pins they were built from: a model materialised by hand
    then finds its parents, and `publish` sees whether they stem from another pin.
    """
    build = build_path(data)
    build.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for leftover in (build, build.with_name(build.name + ".wal")):
        leftover.unlink(missing_ok=True)
    with duckdb.connect(str(build)) as connection:
        build.chmod(0o600)
        connection.execute(f"set TimeZone = '{TIME_ZONE}'")
        connection.execute("create schema pool; create schema lake")
        for resource in catalogue.resources.values():
            _pool_view(connection, data, resource, pin.get(resource.id))
        _facts(connection, data, catalogue, pin, as_of)
        if seed:
            _seed(connection, data)
    return build


def _pool_view(connection: duckdb.DuckDBPyConnection, data: Path, resource: Resource, version: int | None) -> None:
    wanted = {item.name: sql_type(item) for item in resource.items} | {
        name: kind for name, (kind, _) in ROW_COLUMNS.items()
    }
    files = _pinned_files(data / "pool" / resource.department / resource.name, version)
    relation = "read_parquet([" + ", ".join(_literal(file) for file in files) + "], union_by_name = true)"
    # An item the pinned version does not have yet is null, not an error: the catalogue may be newer than the pool.
    present = (
        {row[0] for row in connection.execute(f"describe select * from {relation}").fetchall()} if files else set()
    )
    columns = ", ".join(
        f"cast({_name(name) if name in present else 'null'} as {kind}) as {_name(name)}"
        for name, kind in wanted.items()
    )
    source = f"from {relation}" if files else "where false"
    connection.execute(f"create view pool.{_name(relation_name(resource))} as select {columns} {source}")


def _pinned_files(folder: Path, version: int | None) -> list[str]:
    if version is None or not DeltaTable.is_deltatable(str(folder)):
        return []
    # The addresses are percent-encoded where a folder's name is not plain ASCII; without partitions the name is enough.
    uris = DeltaTable(str(folder), version=version).file_uris()
    return sorted(str(folder.absolute() / uri.rpartition("/")[2]) for uri in uris)


def _facts(
    connection: duckdb.DuckDBPyConnection, data: Path, catalogue: Catalogue, pin: Mapping[str, int], as_of: date
) -> None:
    for name, (_, columns) in LAKE_TABLES.items():
        connection.execute(
            f"create table lake.{name} ("
            + ", ".join(f"{_name(column)} {kind}" for column, kind in columns.items())
            + ")"
        )
    connection.execute("create table lake.built (table_name string, pin string, as_of date)")
    digest = pin_digest(pin)
    pins = pl.DataFrame(
        {"resource": list(pin), "version": list(pin.values())}, schema={"resource": pl.String, "version": pl.Int64}
    ).with_columns(as_of=pl.lit(as_of, pl.Date), pin=pl.lit(digest))
    # The build's date must be found even where no pool exists yet.
    _insert(
        connection,
        "pin",
        pins if pins.height else pl.DataFrame({"resource": ["-"], "version": [0], "as_of": [as_of], "pin": [digest]}),
    )
    codes = [(codes.name, code, name) for codes in catalogue.codes.values() for code, name in codes.entries.items()]
    _insert(
        connection,
        "code",
        pl.DataFrame(codes, schema={"list": pl.String, "code": pl.String, "name": pl.String}, orient="row"),
    )
    if delta.exists(data / "under_check"):
        _insert(connection, "under_check", delta.read(data / "under_check"))


def _insert(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    names = ", ".join(_name(column) for column in LAKE_TABLES[table][1])
    connection.register("incoming", frame)
    connection.execute(f"insert into lake.{table} select {names} from incoming")
    connection.unregister("incoming")


def _seed(connection: duckdb.DuckDBPyConnection, data: Path) -> None:
    folder = data / "published"
    if not folder.exists():
        return
    release = json.loads((folder / "release.json").read_text("utf-8"))
    connection.execute(f"attach {_literal(str(folder.resolve() / 'city.duckdb'))} as last (read_only)")
    for table in release["tables"]:
        schema, name = table.split(".")
        connection.execute(f"create schema if not exists {_name(schema)}")
        connection.execute(f"create table {_name(schema)}.{_name(name)} as from last.{_name(schema)}.{_name(name)}")
        connection.execute("insert into lake.built values (?, ?, ?)", [table, release["pin_digest"], release["as_of"]])
    connection.execute("detach last")


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
