"""What a released table promises, as its dbt documentation states it: columns, types, sensitivity, what identifies a row.

Belongs here: reading the dbt YAML files into typed contracts. Not here: checking a build against them (whole_gate.py), hiding
columns (release_masking.py). dbt is not imported: publishing and querying must not pay two seconds for it.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

DUCKDB_TYPES = {
    "string": "VARCHAR",
    "bigint": "BIGINT",
    "int": "INTEGER",
    "double": "DOUBLE",
    "date": "DATE",
    "boolean": "BOOLEAN",
}
RELEASED = ("base_", "theme_")


@dataclass(frozen=True)
class ColumnContract:
    """One column. A sensitivity nobody declared counts as direct, so that a forgotten line hides too much, not too little."""

    name: str
    data_type: str
    sensitivity: str
    mask: str | None
    description: str


@dataclass(frozen=True)
class TableContract:
    """One released table. `grain` names the columns that identify a row; `table` is "schema.name"."""

    table: str
    description: str
    columns: tuple[ColumnContract, ...]
    grain: tuple[str, ...]
    may_be_empty: bool
    purpose: str | None
    requesting_departments: tuple[str, ...]

    @property
    def schema(self) -> str:
        return self.table.partition(".")[0]

    def column(self, name: str) -> ColumnContract | None:
        return next((column for column in self.columns if column.name == name), None)


def table_contracts(dbt_dir: Path) -> dict[str, TableContract]:
    """The contracts of all tables of base_* and theme_* schemas, by "schema.name"."""
    contracts = {contract.table: contract for contract in _documented(dbt_dir) if contract.table.startswith(RELEASED)}
    if not contracts:
        raise FileNotFoundError(f"{dbt_dir}/models 中没有表的说明；请先运行 yishu catalogue check 生成")
    return contracts


def dbt_project_hash(dbt_dir: Path) -> str:
    """sha256 over models, macros, tests and project file, generated ones included: what the SQL of a release was."""
    digest = hashlib.sha256()
    folders = [dbt_dir / name for name in ("models", "macros", "tests")]
    files = [file for folder in folders for file in folder.rglob("*") if file.suffix in (".sql", ".yml")]
    for file in sorted([dbt_dir / "dbt_project.yml", *files]):
        digest.update(str(file.relative_to(dbt_dir)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _documented(dbt_dir: Path) -> Iterator[TableContract]:
    for file in sorted((dbt_dir / "models").rglob("*.yml")):
        content = yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader) or {}  # in C: five times as fast
        for model in content.get("models", []):
            yield _table(model)


def _table(model: dict[str, Any]) -> TableContract:
    config = model.get("config", {})
    meta = config.get("meta", {})
    return TableContract(
        table=f"{config.get('schema', 'main')}.{config.get('alias', model['name'])}",
        description=model.get("description", ""),
        columns=tuple(_column(column) for column in model.get("columns", [])),
        grain=tuple(meta.get("grain", ())),
        may_be_empty=bool(meta.get("may_be_empty", False)),
        purpose=meta.get("purpose"),
        requesting_departments=tuple(meta.get("requesting_departments", ())),
    )


def _column(column: dict[str, Any]) -> ColumnContract:
    meta = column.get("config", {}).get("meta", {})
    return ColumnContract(
        name=column["name"],
        data_type=column.get("data_type", ""),
        sensitivity=meta.get("sensitivity", "direct"),
        mask=meta.get("mask"),
        description=column.get("description", ""),
    )
