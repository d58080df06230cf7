"""The gate before a release: faults of a table as a whole, the only ones that keep a release back.

Belongs here: missing, empty, not unique, not as promised, implausibly smaller, built from mixed pins. Not here: bad rows: they
are found by the suites of base and theme (yishu/gate), resolve by provenance and become tickets; they never stop a release.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import duckdb

from yishu.lake.duck import opened
from yishu.lake.table_contract import DUCKDB_TYPES, TableContract, table_contracts
from yishu.settings import settings

MOST_SHRINKAGE = 0.2

Kind = Literal["missing", "contract", "empty", "not_unique", "shrunk", "mixed_pins"]


@dataclass(frozen=True)
class Fault:
    """What is wrong with one table as a whole, in Chinese, with the way out."""

    table: str
    kind: Kind
    message: str


@dataclass(frozen=True)
class Built:
    """What a table of the build was built from."""

    table: str
    pin: str
    as_of: date


def gate_whole(
    build: Path, last_release: Path | None, contracts: Mapping[str, TableContract] | None = None
) -> list[Fault]:
    """Faults of whole tables of the build database, against their contracts and the last release's folder."""
    contracts = contracts if contracts is not None else table_contracts(settings.dbt_dir)
    before = _counts_of(last_release)
    faults: list[Fault] = []
    with opened(build, read_only=True) as connection:
        present = _columns(connection)
        for table, contract in contracts.items():
            if table not in present:
                faults.append(Fault(table, "missing", f"{table} 没有建成；请查看 dbt 的报错，改正后重新构建"))
                continue
            broken = _contract_faults(contract, present[table])
            faults += broken or _content_faults(connection, contract, before.get(table))
        faults += [
            Fault(table, "contract", f"{table} 没有说明；请在 dbt 的 YAML 中写明各列及敏感级别")
            for table in sorted(present.keys() - contracts.keys())
        ]
    return faults


def mixed_pins(build: Path, tables: list[str], pin: str, as_of: date) -> list[Fault]:
    """The tables that were not built from this pin at this date: a release that mixed two would be nobody's state."""
    with opened(build, read_only=True) as connection:
        rows = connection.execute("select table_name, pin, as_of from lake.built").fetchall()
    built = {row[0]: Built(*row) for row in rows}
    faults = []
    for table in tables:
        found = built.get(table)
        if found is None:
            faults.append(Fault(table, "mixed_pins", f"{table} 没有记录所依据的版本"))
        elif (found.pin, found.as_of) != (pin, as_of):
            faults.append(
                Fault(
                    table,
                    "mixed_pins",
                    f"{table} 建于版本 {found.pin}（{found.as_of}），本次为 {pin}（{as_of}）",
                )
            )
    return faults


def row_counts(connection: duckdb.DuckDBPyConnection, tables: list[str], database: str = "") -> dict[str, int]:
    """Rows of each table; `database` is the name of an attached one."""
    prefix = f"{database}." if database else ""
    return {table: _one(connection, f"select count(*) from {prefix}{table}") for table in tables}


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    query = """
        select c.schema_name || '.' || c.table_name, c.column_name, c.data_type
        from duckdb_columns() as c join duckdb_tables() as t using (database_name, schema_name, table_name)
        where c.database_name = current_database() and (c.schema_name like 'base\\_%' escape '\\' or c.schema_name like 'theme\\_%' escape '\\')
        order by c.table_name, c.column_index"""
    for table, column, data_type in connection.execute(query).fetchall():
        found.setdefault(table, {})[column] = data_type
    return found


def _contract_faults(contract: TableContract, present: dict[str, str]) -> list[Fault]:
    promised = {column.name: DUCKDB_TYPES.get(column.data_type, column.data_type) for column in contract.columns}
    parts = [f"缺少列 {name}" for name in promised if name not in present]
    parts += [f"多出列 {name}" for name in present if name not in promised]
    parts += [
        f"{name} 应为 {promised[name]}，实为 {kind}"
        for name, kind in present.items()
        if promised.get(name, kind) != kind
    ]
    if not parts:
        return []
    return [
        Fault(contract.table, "contract", f"{contract.table} 与说明不符：{'；'.join(parts)}。请改正模型或其 YAML 说明")
    ]


def _content_faults(connection: duckdb.DuckDBPyConnection, contract: TableContract, before: int | None) -> list[Fault]:
    table, rows = contract.table, _one(connection, f"select count(*) from {contract.table}")
    if not rows and not contract.may_be_empty:
        return [Fault(table, "empty", f"{table} 没有数据；请检查来源是否已入池")]
    faults = []
    if contract.grain:
        distinct = _one(connection, f"select count(*) from (select distinct {', '.join(contract.grain)} from {table})")
        if distinct != rows:
            faults.append(
                Fault(
                    table,
                    "not_unique",
                    f"{table} 的 {'、'.join(contract.grain)} 不唯一：{rows} 行，{distinct} 个；请检查模型",
                )
            )
    if before and not contract.may_be_empty and rows < before * (1 - MOST_SHRINKAGE):
        faults.append(
            Fault(
                table, "shrunk", f"{table} 由 {before} 行减至 {rows} 行，超过 {MOST_SHRINKAGE:.0%}；请核实来源后再发布"
            )
        )
    return faults


def _counts_of(release: Path | None) -> dict[str, int]:
    if release is None or not (release / "city.duckdb").exists():
        return {}
    with opened(release.resolve() / "city.duckdb", read_only=True) as connection:
        return row_counts(connection, list(_columns(connection)))


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None  # an aggregate always has a row
    return int(row[0])
