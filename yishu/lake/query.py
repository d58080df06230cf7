"""Reading what is published: one SELECT, read-only, by a role.

Belongs here: the closed door around DuckDB. Not here: masks (they are in the analysts' file already). DuckDB has no privileges,
so the boundary is the file: an analyst's connection opens the file that holds only themes with masked identifiers, with file
access off and the configuration locked, and cannot reach the other one.
"""

from collections.abc import Sequence
from pathlib import Path
from threading import Timer
from typing import Literal

import duckdb
import polars as pl

from yishu.lake.duck import TIME_ZONE
from yishu.lake.release_files import ANALYST_FILE, ENGINEER_FILE

Role = Literal["analyst", "engineer"]

LONGEST_SECONDS = 300.0
# DuckDB's own memory limit ends where a result leaves it; without this one a wide join would fill the machine that holds the night.
LARGEST_RESULT_BYTES = 1 << 30
_ROWS_AT_ONCE = 100_000
_NOT_SHOWN = ("INTERVAL", "UNION")
_FILES: dict[Role, str] = {"analyst": ANALYST_FILE, "engineer": ENGINEER_FILE}
_CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "python_enable_replacements": False,
    "autoload_known_extensions": False,
    "autoinstall_known_extensions": False,
    "memory_limit": "2GB",
    "temp_directory": "",
}


class QueryRefused(Exception):
    """The query is not one this door lets through; the message says why and what to do, in Chinese."""


def query(data: Path, sql: str, role: Role = "analyst", *, seconds: float = LONGEST_SECONDS) -> pl.DataFrame:
    """The rows of one SELECT over the published release.

    Raises QueryRefused for anything that is not a single SELECT, for tables the role does not have, and for errors in the SQL.
    """
    path = _published_file(data, role)
    statement = _only_select(sql)
    with _opened(path) as connection:
        timer = Timer(seconds, connection.interrupt)
        timer.start()
        try:
            return _fetched(connection.query(statement))
        except duckdb.Error as error:
            raise QueryRefused(_explained(connection, error, role, seconds)) from error
        finally:
            timer.cancel()


def tables(data: Path, role: Role = "analyst") -> dict[str, str]:
    """The tables the role can read, "schema.name" -> description."""
    with _opened(_published_file(data, role)) as connection:
        return _tables(connection)


def _published_file(data: Path, role: Role) -> Path:
    if role not in _FILES:
        raise QueryRefused(f"没有角色 {role}；可选：{'、'.join(_FILES)}")
    # Resolved once: the link may move to a new release while we read.
    path = (data / "published").resolve() / _FILES[role]
    if not path.exists():
        raise QueryRefused("还没有发布过数据；请先运行 yishu night")
    return path


def _opened(path: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(path), read_only=True, config=_CLOSED)
    # The time zone cannot be given while opening, so the lock comes after it: nothing of the caller's has run yet.
    connection.execute(f"set TimeZone = '{TIME_ZONE}'; set enable_progress_bar = false; set lock_configuration = true")
    return connection


def _fetched(relation: duckdb.DuckDBPyRelation) -> pl.DataFrame:
    """The result, read in pieces so that one too large is noticed before it is whole."""
    import pyarrow

    for column, kind in zip(relation.columns, relation.types, strict=True):
        if any(name in str(kind) for name in _NOT_SHOWN):
            raise QueryRefused(f"列 {column} 的类型 {kind} 不能输出；请先转换，例如 cast(… as varchar)")
    reader = relation.to_arrow_reader(_ROWS_AT_ONCE)
    batches, size = [], 0
    for batch in reader:
        batches.append(batch)
        size += batch.nbytes
        if size > LARGEST_RESULT_BYTES:
            raise QueryRefused(f"结果超过 {LARGEST_RESULT_BYTES >> 20} MB，已中止；请缩小范围、先汇总或加 limit")
    whole = pyarrow.Table.from_batches(batches, reader.schema)
    return pl.DataFrame(whole.rename_columns(_unique(reader.schema.names)))


def _unique(names: Sequence[str]) -> list[str]:
    """`a, a` becomes `a, a_1`: SQL lets columns share a name, a frame does not."""
    found: list[str] = []
    for name in names:
        while name in found:
            name += "_1"
        found.append(name)
    return found


def _only_select(sql: str) -> str:
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise QueryRefused(f"SQL 有语法错误：{_first_line(error)}") from error
    if len(statements) != 1:
        raise QueryRefused(f"一次只能执行一条 SELECT 语句，这里有 {len(statements)} 条；请分开查询")
    if statements[0].type != duckdb.StatementType.SELECT:
        raise QueryRefused(
            f"只能查询（SELECT），不能执行 {statements[0].type.name}；已发布的数据是只读的，请改用 SELECT"
        )
    return statements[0].query


def _explained(connection: duckdb.DuckDBPyConnection, error: duckdb.Error, role: Role, seconds: float) -> str:
    if isinstance(error, duckdb.InterruptException):
        return f"查询超过 {seconds:g} 秒，已中止；请缩小范围或先汇总"
    if isinstance(error, duckdb.PermissionException):
        return "查询不能读写文件，也不能连接其他数据库；请只使用已发布的表：" + _list(connection)
    if isinstance(error, duckdb.OutOfMemoryException):
        return "查询所需内存超过限制；请缩小范围或先汇总"
    if isinstance(error, duckdb.CatalogException) and role == "analyst":
        return f"{_first_line(error)}。基础数据库（base_*）和未脱敏的数据须加 --role engineer；现在可查的表：{_list(connection)}"
    return f"{_first_line(error)}。可查的表：{_list(connection)}"


def _list(connection: duckdb.DuckDBPyConnection) -> str:
    return "、".join(_tables(connection))


def _tables(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    rows = connection.execute(
        "select schema_name || '.' || table_name, coalesce(comment, '') from duckdb_tables() where not internal order by 1"
    ).fetchall()
    return dict(rows)


def _first_line(error: duckdb.Error) -> str:
    return str(error).splitlines()[0]
