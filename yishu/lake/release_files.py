"""The two database files of a release: city.duckdb for engineers, analyst.duckdb for analysts.

Belongs here: copying the build's tables with their comments, masked where an analyst will read them. Not here: when and under
which name they appear (release.py). DuckDB has no users: what a role may see is what its file holds.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from yishu.catalogue.authority import authority_of
from yishu.catalogue.models import Catalogue
from yishu.lake.duck import literal, opened
from yishu.lake.release_history import HISTORY, history_macro
from yishu.lake.release_masking import set_token_key, shown, token_key
from yishu.lake.table_contract import TableContract
from yishu.lake.whole_gate import row_counts

ENGINEER_FILE = "city.duckdb"
ANALYST_FILE = "analyst.duckdb"
MASKED_NOTE = "（已脱敏）"
THEME = "theme_"


def write_databases(data: Path, build: Path, folder: Path, contracts: Mapping[str, TableContract], catalogue: Catalogue) -> dict[str, Any]:
    """Write both files into the folder; returns {"schema.table": {"rows": …}} of what the engineers' file holds.

    The engineers' file has the macros of history too: none for an entity that this release has no tables of.
    """
    tables = sorted(contracts)
    with _opened(folder / ENGINEER_FILE, build) as connection:
        for table in tables:
            _copy(connection, table, "*")
            _comment(connection, table, frozenset())
        counts = row_counts(connection, tables)
        for name, entity in authority_of(catalogue).items():
            if {f"{entity['schema']}.{name}", f"{entity['schema']}.{HISTORY}"} <= contracts.keys():
                connection.execute(history_macro(name, entity))
    with _opened(folder / ANALYST_FILE, build) as connection:
        set_token_key(connection, token_key(data))
        for table in tables:
            if table.startswith(THEME):
                _copy_masked(connection, contracts[table])
    return {table: {"rows": rows} for table, rows in counts.items()}


def _opened(path: Path, build: Path) -> duckdb.DuckDBPyConnection:
    # The folder is 0700 from its making, so nobody reads the file before its own mode is set.
    connection = opened(path)
    path.chmod(0o600)
    connection.execute("attach '" + str(build).replace("'", "''") + "' as build_database (read_only)")
    return connection


def _copy(connection: duckdb.DuckDBPyConnection, table: str, columns: str) -> None:
    connection.execute(f"create schema if not exists {table.partition('.')[0]}")
    connection.execute(f"create table {table} as select {columns} from build_database.{table}")


def _copy_masked(connection: duckdb.DuckDBPyConnection, contract: TableContract) -> None:
    columns = connection.execute(f"describe build_database.{contract.table}").fetchall()
    expressions = {name: shown(name, contract.column(name), kind) for name, kind, *_ in columns}
    _copy(connection, contract.table, ", ".join(expressions.values()))
    _comment(
        connection,
        contract.table,
        frozenset(name for name, expression in expressions.items() if expression != f'"{name}"'),
    )


def _comment(connection: duckdb.DuckDBPyConnection, table: str, masked: frozenset[str]) -> None:
    """Take over the comments that dbt persisted from the documentation."""
    schema, _, name = table.partition(".")
    place = "where database_name = 'build_database' and schema_name = ? and table_name = ? and comment is not null"
    found = connection.execute(f"select comment from duckdb_tables() {place}", [schema, name]).fetchall()
    for (comment,) in found:
        connection.execute(f"comment on table {table} is {literal(comment)}")
    for column, comment in connection.execute(
        f"select column_name, comment from duckdb_columns() {place}", [schema, name]
    ).fetchall():
        connection.execute(
            f'comment on column {table}."{column}" is {literal(comment + (MASKED_NOTE if column in masked else ""))}'
        )
