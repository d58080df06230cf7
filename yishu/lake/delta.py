"""Delta tables the way the lake uses them: written once per commit key, read by version, never through pyarrow datasets.

A commit carries its key as an application transaction. Delta records such a transaction but does not refuse a second
commit with the same one, so every write here looks first: that is what makes a rerun after a crash harmless.
"""

import json
import os
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import polars as pl
from deltalake import CommitProperties, DeltaTable, Field, Transaction, WriterProperties, write_deltalake
from deltalake.schema import PrimitiveType

State = tuple[int, str]
# As DuckDB cuts its own tables: readers share a file out by row groups, and in one of a million rows one thread reads alone.
_ROW_GROUPS = WriterProperties(max_row_group_size=122_880)


def state(path: Path) -> State | None:
    """What changes with every commit: the log's folder and its newest entry; None where there is no table."""
    log = path / "_delta_log"
    try:
        entries = [name for name in os.listdir(log) if name.endswith(".json")]
        return (log.stat().st_ino, max(entries)) if entries else None
    except FileNotFoundError:
        return None


# Opening a table reads its log from the last checkpoint on: 12 ms, and a night asks a thousand times.
@lru_cache(maxsize=128)
def _opened(path: str, at: State) -> DeltaTable:
    return DeltaTable(path)


@lru_cache(maxsize=128)
def _opened_version(path: str, folder: int, version: int) -> DeltaTable:
    return DeltaTable(path, version=version)


def _table(path: Path, version: int | None = None) -> DeltaTable:
    """The table as it stands, or stood; for reading only. Raises TableNotFoundError."""
    now = state(path)
    if now is None:
        return DeltaTable(str(path))
    return _opened(str(path), now) if version is None else _opened_version(str(path), now[0], version)


def exists(path: Path) -> bool:
    return state(path) is not None


def version(path: Path) -> int | None:
    return _table(path).version() if exists(path) else None


def read(path: Path, at: int | None = None, where: pl.Expr | None = None, columns: Collection[str] | None = None) -> pl.DataFrame:
    """The rows of the table (of version `at`), those that `where` keeps; of its `columns` only those named."""
    table = _table(path, at)
    schema = pl.Schema(table.schema().to_arrow())
    # Delta's addresses are percent-encoded and polars takes them for names: a folder 数据 or "my data" would not be found.
    files = [unquote(uri) for uri in table.file_uris()]
    frame = pl.scan_parquet(files, schema=schema, missing_columns="insert", glob=False) if files else pl.LazyFrame(schema=schema)
    frame = frame if where is None else frame.filter(where)
    return (frame if columns is None else frame.select(name for name in schema if name in columns)).collect()


def committed(path: Path, key: str) -> bool:
    """Has the commit with this key been made?"""
    return exists(path) and _table(path).transaction_version(key) is not None


def commit_note(path: Path, key: str) -> dict[str, Any]:
    """What was noted on the commit with this key (`note` of append or replace)."""
    for entry in _table(path).history():
        if entry.get("yishu_key") == key:
            return dict(json.loads(entry["yishu_note"]))
    raise KeyError(key)


def append(path: Path, frame: pl.DataFrame, *, key: str, actor: str, note: dict[str, Any] | None = None) -> None:
    """Append in one commit, unless the commit with this key was made before."""
    if not committed(path, key):
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, frame, mode="append", schema_mode="merge", commit_properties=_properties(key, actor, note))


def _write(path: Path, frame: pl.DataFrame, **how: Any) -> None:
    write_deltalake(str(path), _plain(frame), writer_properties=_ROW_GROUPS, **how)


def replace(path: Path, frame: pl.DataFrame, *, key: str, actor: str, note: dict[str, Any] | None = None) -> None:
    """Replace all rows in one commit, unless the commit with this key was made before."""
    if not committed(path, key):
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, frame, mode="overwrite", schema_mode="overwrite", commit_properties=_properties(key, actor, note))


def replace_where(path: Path, frame: pl.DataFrame, predicate: str, *, key: str, actor: str) -> None:
    """Replace the rows that the SQL predicate chooses (those of one day) in one commit, once; `frame` may hold no others."""
    if not exists(path):
        append(path, frame, key=key, actor=actor)
    elif not committed(path, key):
        _write(path, frame, mode="overwrite", predicate=predicate, commit_properties=_properties(key, actor, None))


def add_columns(path: Path, columns: Mapping[str, str]) -> None:
    """Give a table that an older version of the platform made the columns it lacks, by Delta's names of types; null in every row."""
    known = {field.name for field in _table(path).schema().fields} if exists(path) else set(columns)
    if missing := [Field(name, PrimitiveType(type_), nullable=True) for name, type_ in columns.items() if name not in known]:
        DeltaTable(str(path)).alter.add_columns(missing)


def upsert(path: Path, frame: pl.DataFrame, id_column: str, among: str, updated: list[str], *, key: str, actor: str) -> None:
    """Update columns of the rows that are known by their id (looked for `among` those only), insert the others; in one commit, once."""
    if not exists(path):
        append(path, frame, key=key, actor=actor)
    elif not committed(path, key):
        merge = DeltaTable(str(path)).merge(
            _plain(frame),
            predicate=f"known.{id_column} = incoming.{id_column} and known.{among}",
            source_alias="incoming",
            target_alias="known",
            commit_properties=_properties(key, actor, None),
        )
        merge.when_matched_update({name: f"incoming.{name}" for name in updated}).when_not_matched_insert_all().execute()


def _properties(key: str, actor: str, note: dict[str, Any] | None) -> CommitProperties:
    metadata = {"yishu_key": key, "yishu_actor": actor, "yishu_note": json.dumps(note or {}, ensure_ascii=False)}
    return CommitProperties(custom_metadata=metadata, app_transactions=[Transaction(key, 1)])


def _plain(frame: pl.DataFrame) -> Any:
    """As Arrow with ordinary strings: Delta has no string views."""
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest())
