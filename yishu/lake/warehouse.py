"""The build database DIR/work/build.duckdb: what dbt finds before it starts.

Belongs here: the pinned pools as views, the facts of the build (schema `lake`), and the last release's tables for a build by
hand. Not here: any transformation (dbt_project) or the way out (release.py). The pools are read as plain Parquet files of the
pinned Delta version: no DuckDB extension is needed, and nothing that a pool gains meanwhile can enter the build.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
from deltalake import DeltaTable

from yishu.catalogue.authority import authority_of, naming_columns, relation_name, sql_type
from yishu.catalogue.base_models import BESIDE_GOLDEN
from yishu.catalogue.dbt_export import BEFORE, LAKE_TABLES, ROW_COLUMNS
from yishu.catalogue.models import Catalogue, Resource
from yishu.lake import delta
from yishu.lake.duck import literal, opened, quoted
from yishu.lake.identities import aliases
from yishu.lake.links import links
from yishu.lake.moved import keep_moved, let_stand
from yishu.lake.pins import digest
from yishu.lake.pool import pool_path
from yishu.lake.table_contract import dbt_project_hash
from yishu.settings import settings


def build_path(data: Path) -> Path:
    """Where the build database of this lake is; constant, as dbt parses everything again when its profile changes."""
    return data / "work" / "build.duckdb"


def pin_digest(pin: Mapping[str, int]) -> str:
    """The name of a pin, the same word that violations carry (pins.py)."""
    return digest(pin)


@dataclass(frozen=True)
class Prepared:
    """The build database, ready for dbt. anew: every table is made from nothing; else the last build is brought up to date, but for the
    models `standing`, which have nothing to do."""

    path: Path
    anew: bool
    standing: Sequence[str] = ()


def prepare_build(
    data: Path, catalogue: Catalogue, pin: Mapping[str, int], as_of: date, *, seed: bool, inputs: str = "", dbt_dir: Path | None = None
) -> Prepared:
    """Make the build database ready over one pin.

    Where it still holds what is published, and nothing but pools and findings has moved since, it stays: dbt touches what depends on what
    moved. Else it is made anew, with the entities of the last release, whose days of history go on. `seed` copies every table of the release
    with the pins they were built from: a model materialised by hand then finds its parents, and `publish` sees whether they stem from another
    pin. inputs: the name of what decides the content (release.inputs_hash), by which the next night knows whether this build was published.
    """
    build, structure = build_path(data), structure_hash(catalogue, dbt_dir or settings.dbt_dir)
    build.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    last = None if seed else last_build(data, structure)
    if last is None:
        for leftover in (build, build.with_name(build.name + ".wal")):
            leftover.unlink(missing_ok=True)
    with opened(build) as connection:
        build.chmod(0o600)
        if last is not None:
            # What is written here dbt reads from the log; the whole file is put in order once, when dbt closes it.
            connection.execute("pragma disable_checkpoint_on_shutdown; set checkpoint_threshold = '2GB'")
        connection.execute("begin")
        if last is None:
            _seed(connection, data, everything=seed)
        else:
            _set_back(connection)
        connection.execute("create schema pool; create schema moved; create schema if not exists lake; create schema if not exists before")
        files = {resource.id: _pinned_files(pool_path(data, resource), pin.get(resource.id)) for resource in catalogue.resources.values()}
        for resource in catalogue.resources.values():
            rows = _rows(connection, resource, files[resource.id])
            connection.execute(f"create view pool.{quoted(relation_name(resource))} as {rows}")
        # A build by hand says nothing of what all its tables stand on, and is not built upon.
        _facts(connection, data, catalogue, pin, as_of, ("", "") if seed else (structure, inputs))
        for id_, naming in naming_columns(catalogue).items():
            _keep_moved(connection, data, catalogue.resources[id_], naming, files[id_], last)
        standing = [] if last is None else let_stand(connection, catalogue)
        connection.execute("commit")
    return Prepared(build, last is None, standing)


def last_build(data: Path, structure: str) -> dict[str, int] | None:
    """The pin of the build database, where it can be built upon: whole, published, of the same models, its pools still readable.

    One that broke or was cut off is not, also where it stood on the pools of what is published: what it has taken in would count as nothing new.
    """
    build, published = build_path(data), data / "published" / "release.json"
    if not build.exists() or not published.exists():
        return None
    release = json.loads(published.read_text("utf-8"))
    try:
        with opened(build, read_only=True) as connection:
            built = connection.execute("select distinct pin, cast(as_of as string) from lake.built").fetchall()
            stands = connection.execute("select hash, inputs from lake.structure").fetchall()
            tables = {row[0] for row in connection.execute("select table_name from lake.built").fetchall()}
    except duckdb.Error:  # of an earlier version, or cut off: it is made anew
        return None
    whole = built == [(release["pin_digest"], release["as_of"])] and tables >= release["tables"].keys()
    return dict(release["pin"]) if whole and stands == [(structure, release.get("inputs_hash", ""))] else None


def structure_hash(catalogue: Catalogue, dbt_dir: Path) -> str:
    """What makes every row of the build another one when it changes: the models, the authority list, the code lists."""
    codes = {codes.name: codes.entries for codes in catalogue.codes.values()}
    text = dbt_project_hash(dbt_dir) + json.dumps([authority_of(catalogue), codes], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _set_back(connection: duckdb.DuckDBPyConnection) -> None:
    """The last build as what to build upon. Without a record of what its tables stand on, a crash from here on is seen."""
    connection.execute("delete from lake.built; drop schema pool cascade; drop schema moved cascade; drop table lake.structure")
    for table in BEFORE:
        connection.execute(f"drop table if exists lake.{table}_before; alter table lake.{table} rename to {table}_before")
    connection.execute("drop view lake.located")
    for table in LAKE_TABLES.keys() - {*BEFORE, "located"}:
        connection.execute(f"drop table lake.{table}")


def _rows(connection: duckdb.DuckDBPyConnection, resource: Resource, files: list[str]) -> str:
    """The rows of these files with the catalogue's columns of today, as a query."""
    return _read(connection, {item.name: sql_type(item) for item in resource.items} | {name: kind for name, (kind, _) in ROW_COLUMNS.items()}, files)


def _read(connection: duckdb.DuckDBPyConnection, wanted: Mapping[str, str], files: list[str]) -> str:
    relation = "read_parquet([" + ", ".join(literal(file) for file in files) + "], union_by_name = true)"
    # An item the pinned version does not have yet is null, not an error: the catalogue may be newer than the pool.
    present = {row[0] for row in connection.execute(f"describe select * from {relation}").fetchall()} if files else set()
    columns = ", ".join(f"cast({quoted(name) if name in present else 'null'} as {kind}) as {quoted(name)}" for name, kind in wanted.items())
    return f"select {columns} " + (f"from {relation}" if files else "where false")


def _keep_moved(
    connection: duckdb.DuckDBPyConnection, data: Path, resource: Resource, naming: Mapping[str, str], files: list[str], last: Mapping[str, int] | None
) -> None:
    before = files if last is None else _pinned_files(pool_path(data, resource), last.get(resource.id))
    differ = [_rows(connection, resource, one) for one in (files, before)] if before != files else []
    keep_moved(connection, resource, naming, *differ)


def _pinned_files(folder: Path, version: int | None) -> list[str]:
    if version is None or not DeltaTable.is_deltatable(str(folder)):
        return []
    # The addresses are percent-encoded where a folder's name is not plain ASCII; without partitions the name is enough.
    uris = DeltaTable(str(folder), version=version).file_uris()
    return sorted(str(folder.absolute() / uri.rpartition("/")[2]) for uri in uris)


def _facts(
    connection: duckdb.DuckDBPyConnection, data: Path, catalogue: Catalogue, pin: Mapping[str, int], as_of: date, structure: tuple[str, str]
) -> None:
    for name, (_, columns) in LAKE_TABLES.items():
        if name == "located":  # as many rows as there are points, read once
            files = _pinned_files(data / name, delta.version(data / name))
            connection.execute(f"create view lake.{name} as {_read(connection, columns, files)}")
            continue
        stated = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns.items())
        connection.execute(f"create table lake.{name} ({stated})")
        if name in BEFORE:
            connection.execute(f"create table if not exists lake.{name}_before ({stated})")
    connection.execute("create table if not exists lake.built (table_name string, pin string, as_of date)")
    connection.execute("create table lake.structure as select cast(? as string) as hash, cast(? as string) as inputs", structure)
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
    known = aliases(data, catalogue, pin)
    _insert(connection, "alias", known)
    _insert(connection, "link", _named(links(data), known, catalogue))
    tell_differences(connection)


# Whose rows must be looked at again though they did not move, and which entities though no row of theirs did.
_TOUCHED = """
    insert into lake.touched select department, resource, key from under_check_differing
        union select department, resource, source_key from link_differing;
    insert into lake.renamed select kind, entity_key from alias_differing union select kind, identifier from alias_differing
        union select entity, entity_key from link_differing
"""


def _named(links: pl.DataFrame, known: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """The links with their entities under the first identifier, whichever number was confirmed."""
    kinds = {name: entity.key for name, entity in catalogue.authority.items() if isinstance(entity.key, str)}
    first = known.select("kind", entity_key="identifier", first="entity_key")
    told = links.with_columns(kind=pl.col("entity").replace_strict(kinds, default=None, return_dtype=pl.String))
    return told.join(first, on=["kind", "entity_key"], how="left").with_columns(entity_key=pl.coalesce("first", "entity_key"))


def tell_differences(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill lake.touched and lake.renamed from what stands in the tables of BEFORE now and stood there at the last build."""
    for table in BEFORE:
        names = ", ".join(LAKE_TABLES[table][1])
        sides = ((table, f"{table}_before"), (f"{table}_before", table))
        differing = " union all ".join(f"(select {names} from lake.{one} except select {names} from lake.{other})" for one, other in sides)
        connection.execute(f"create or replace temp table {table}_differing as {differing}")
    connection.execute(_TOUCHED)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    names = ", ".join(quoted(column) for column in LAKE_TABLES[table][1])
    connection.register("incoming", frame)
    connection.execute(f"insert into lake.{table} select {names} from incoming")
    connection.unregister("incoming")


def _seed(connection: duckdb.DuckDBPyConnection, data: Path, *, everything: bool) -> None:
    """Tables of the last release: all of them, or those whose days go on in a build made anew."""
    folder = data / "published"
    if not folder.exists():
        return
    release = json.loads((folder / "release.json").read_text("utf-8"))
    connection.execute("commit")  # a database can be attached outside of a transaction only
    connection.execute(f"attach {literal(str(folder.resolve() / 'city.duckdb'))} as last (read_only)")
    connection.execute("begin; create schema lake; create table lake.built (table_name string, pin string, as_of date)")
    for table in release["tables"]:
        schema, name = table.split(".")
        if everything or (schema.startswith("base_") and name not in BESIDE_GOLDEN.keys() - {"history"}):
            connection.execute(f"create schema if not exists {quoted(schema)}")
            connection.execute(f"create table {quoted(schema)}.{quoted(name)} as from last.{quoted(schema)}.{quoted(name)}")
        if everything:
            connection.execute("insert into lake.built values (?, ?, ?)", [table, release["pin_digest"], release["as_of"]])
    connection.execute("commit; detach last; begin")
