"""The rows of a table of a department's exchange database (前置库), as JSON lines: SQLite and PostgreSQL.

Belongs here: which rows are asked for, in one consistent snapshot, and how a value is written as text. Not here: where the lines go
(pull.py). Only the catalogue's columns are read, the source is never written to, memory is bounded by a chunk of rows.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlalchemy.sql import quoted_name
from sqlalchemy.types import TypeEngine

from yishu.catalogue.delivery_terms import TableSource
from yishu.catalogue.models import Resource
from yishu.ingest.parsed import current_layout
from yishu.ingest.source import Line, PullFailed, form_of, time_of
from yishu.lake.lock import SHANGHAI
from yishu.settings import Connection

CHUNK = 2000  # rows
CONNECT_SECONDS, STATEMENT_SECONDS = 10, 600
_NAMED = 60  # columns of the table that a message names at most
_SQLITE, _POSTGRESQL = "sqlite", "postgresql+psycopg"


def lines(connection: Connection, resource: Resource, source: TableSource, since: str | None, business_date: date) -> Iterator[Line]:
    """Every row changed at or after `since` (and those whose time cannot be compared with it), oldest change first. Raises PullFailed."""
    where = f"连接 {connection.name} 的表 {source.name}"
    with _snapshot(connection, where) as database:
        columns = _columns(resource, business_date)
        wanted = list(dict.fromkeys([*columns.values(), *([source.changed] if source.changed else [])]))
        schema, name, types = _found(database, source.name, where)
        _all_there(wanted, types, where)
        changed = _changed(types, source.changed, where) if source.changed else None
        key = [columns[part] for part in resource.key if part in columns]
        query = sa.Select[*tuple[Any, ...]](*(sa.column(quoted_name(column, True)) for column in wanted)).select_from(
            sa.table(quoted_name(name, True), schema=quoted_name(schema, True) if schema else None)
        )
        if changed is not None and since is not None and (limit := _since(changed, since, source.overlap_minutes)) is not None:
            query = query.where(limit)
        order = [column for column in dict.fromkeys([source.changed, *key]) if column]
        rows = database.execution_options(yield_per=CHUNK).execute(query.order_by(*(sa.column(quoted_name(one, True)) for one in order)))
        place = wanted.index(source.changed) if source.changed else None
        for row in rows:
            values = [_text(value, column, where) for column, value in zip(wanted, row, strict=True)]
            yield Line(_json(dict(zip(wanted, values, strict=True))), None if place is None else values[place])


def _columns(resource: Resource, business_date: date) -> dict[str, str]:
    """Our names -> the columns that may be read on this day: what was collected for a time (B14) only until its end."""
    operation = {"": resource.delivery.operation} if resource.delivery.operation else {}
    return {**operation, **current_layout(resource, business_date).columns}


# The table -------------------------------------------------------------------------------------------------------------------


def _found(database: sa.Connection, name: str, where: str) -> tuple[str | None, str, dict[str, TypeEngine[Any]]]:
    """Schema, name, and the columns with their types."""
    inspector = sa.inspect(database)
    schema, dot, rest = name.partition(".")
    for place in [(None, name), *([(schema, rest)] if dot else [])]:
        if inspector.has_table(place[1], schema=place[0]):
            return *place, {column["name"]: column["type"] for column in inspector.get_columns(place[1], schema=place[0])}
    raise PullFailed(f"没有{where}，或没有读取它的权限；请核对目录中的表名（模式.表，区分大小写），或请部门授予读权限")


def _all_there(wanted: list[str], types: dict[str, TypeEngine[Any]], where: str) -> None:
    missing = [column for column in wanted if column not in types]
    if missing:
        there = "、".join(list(types)[:_NAMED]) + ("…" if len(types) > _NAMED else "")
        way_out = "请部门补齐这些列，或按表的现状修改目录（列名区分大小写）"
        raise PullFailed(f"{where}缺少列：{'、'.join(missing)}（表中有：{there}）；{way_out}")


# What has changed ------------------------------------------------------------------------------------------------------------


def _changed(types: dict[str, TypeEngine[Any]], name: str, where: str) -> sa.ColumnClause[Any]:
    """The column of changes with the type by which times are compared: text, timestamp or date."""
    kind = types[name]
    kind = getattr(kind, "data_type", kind)  # a domain is compared as what it stands for
    column = quoted_name(name, True)
    if isinstance(kind, sa.DateTime) and type(kind).__module__.startswith("sqlalchemy.dialects.sqlite"):
        return sa.column(column, sa.String())  # SQLite keeps times as text
    if isinstance(kind, sa.Date) and type(kind).__module__.startswith("sqlalchemy.dialects.sqlite"):
        return sa.column(column, sa.String())
    if isinstance(kind, sa.String | sa.types.NullType):
        return sa.column(column, sa.String())
    if isinstance(kind, sa.DateTime | sa.Date):
        return sa.column(column, kind)
    raise PullFailed(f"{where}的更新时间列 {name} 是 {kind}，不是时间也不是文字；请在目录中改用时间列，或删去 changed（每次全取）")


def _since(changed: sa.ColumnClause[Any], since: str, overlap_minutes: int) -> sa.ColumnElement[bool] | None:
    """Rows at or after `since` less the overlap, and those that cannot be compared. None where `since` says no time: everything.

    Rows of the same time as the last one taken come again on purpose: others of that time may have been committed after it.
    """
    reached, form = time_of(since), form_of(since)
    if reached is None or form is None:
        return None
    begin = reached - timedelta(minutes=overlap_minutes)
    if isinstance(changed.type, sa.String):
        text = begin.strftime(form.pattern) if overlap_minutes else since
        return sa.or_(changed.is_(None), changed >= text, changed.not_like(form.like))
    if isinstance(changed.type, sa.DateTime):
        bound = begin.replace(tzinfo=SHANGHAI) if changed.type.timezone else begin
        return sa.or_(changed.is_(None), changed >= bound)
    return sa.or_(changed.is_(None), changed >= begin.date())


# Values ----------------------------------------------------------------------------------------------------------------------


def _text(value: Any, column: str, where: str) -> str | None:
    """A value as a department would write it in a file."""
    match value:
        case None | str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | UUID():
            return str(value)
        case float():
            return repr(value)
        case Decimal():
            return format(value, "f")
        case datetime():
            local = value.astimezone(SHANGHAI).replace(tzinfo=None) if value.tzinfo else value
            return local.isoformat(sep=" ")
        case date() | time():
            return value.isoformat()
    kind = "二进制" if isinstance(value, bytes | bytearray | memoryview) else "数组、嵌套或其他非文字类型"
    raise PullFailed(f"{where}的列 {column} 是{kind}，不能作为文字取出；请部门改用文字列或视图，或从目录中删去该列")


def _json(record: dict[str, str | None]) -> bytes:
    written = json.dumps(record, ensure_ascii=False)
    try:
        return written.encode()
    except UnicodeEncodeError:  # bytes that are no text: escaped, so that the reader rejects this line and no other
        return json.dumps(record).encode()


# The database ----------------------------------------------------------------------------------------------------------------


@contextmanager
def _snapshot(connection: Connection, where: str) -> Iterator[sa.Connection]:
    """One transaction that reads only and sees one moment, whatever others commit meanwhile."""
    engine = _engine(connection)
    try:
        with engine.connect() as database:
            if engine.dialect.name == "sqlite":
                database.exec_driver_sql("BEGIN")
                yield database
            else:
                repeatable = database.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
                repeatable.exec_driver_sql(f"SET LOCAL statement_timeout = '{STATEMENT_SECONDS}s'")
                repeatable.exec_driver_sql("SET LOCAL TIME ZONE 'Asia/Shanghai'")
                yield repeatable
    except DBAPIError as error:
        raise PullFailed(f"{where}：{_reason(error)}") from None
    except SQLAlchemyError as error:
        raise PullFailed(f"{where}：不能读取（{type(error).__name__}）；请核对表名和连接地址") from None
    finally:
        engine.dispose()


def _engine(connection: Connection) -> sa.Engine:
    try:
        url = sa.make_url(connection.url.get_secret_value())
    except (ArgumentError, ValueError):
        raise PullFailed(f"连接 {connection.name} 的地址不是有效的数据库地址；请按 {_POSTGRESQL}://用户:口令@主机:端口/库 填写") from None
    if url.drivername == "postgresql":
        url = url.set(drivername=_POSTGRESQL)
    if url.drivername == _SQLITE and url.database and url.database != ":memory:":
        file = Path(url.database)
        return sa.create_engine(f"{_SQLITE}://", creator=lambda: _open_read_only(file), poolclass=NullPool, hide_parameters=True)
    if url.drivername != _POSTGRESQL:
        kinds = f"{_POSTGRESQL}://… 或 sqlite:///文件"
        raise PullFailed(f"连接 {connection.name} 的数据库类型 {url.drivername} 不支持；请改用 {kinds}，或请部门改以文件、接口报送")
    alive = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
    arguments = {"connect_timeout": CONNECT_SECONDS, "application_name": "yishu", **alive}
    return sa.create_engine(url, connect_args=arguments, poolclass=NullPool, hide_parameters=True)


def _open_read_only(file: Path) -> sqlite3.Connection:
    opened = sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True, timeout=CONNECT_SECONDS, isolation_level=None)
    opened.text_factory = lambda content: content.decode("utf-8", "surrogateescape")
    return opened


_REASONS = {
    "28": "登录被拒绝；请核对连接地址中的用户名和口令，以及数据库允许登录的来源",
    "3D": "没有这个数据库；请核对连接地址末尾的库名",
    "42501": "没有读取权限；请部门授予该用户对表的读权限（SELECT）",
    "57014": f"超过 {STATEMENT_SECONDS} 秒没有结果；请部门为更新时间列建索引，或稍后再取",
    "57": "数据库正在停止或重启；请稍后再取",
    "53": "数据库资源不足（连接数、内存或磁盘）；请部门处理后再取",
    "22": "表中有取不出的值（如 infinity、公元前的日期）；请部门改正，或改用把该列转成文字的视图",
    "SQLITE_BUSY": "数据库文件正被其他程序占用；请稍后再取",
    "SQLITE_CANTOPEN": "数据库文件打不开；请核对连接地址中的路径，以及文件的读权限",
    "SQLITE_NOTADB": "文件不是 SQLite 数据库；请核对连接地址中的路径",
}
_SIGNS = {"password authentication failed": "28", "pg_hba.conf": "28", "no password supplied": "28", "does not exist": "3D"}


def _reason(error: DBAPIError) -> str:
    """Why, and the way out, by the error's code: its words may quote a value."""
    original = error.orig
    code = getattr(original, "sqlstate", None) or getattr(original, "sqlite_errorname", None) or ""
    if not code:  # while connecting there is no code, only words; they hold names, no values and no password
        code = next((known for sign, known in _SIGNS.items() if sign in str(original)), "")
    known = [words for beginning, words in _REASONS.items() if code.startswith(beginning)]
    if known:
        return known[0]
    if isinstance(error, sa.exc.DataError):
        return _REASONS["22"]
    if not code and isinstance(error, sa.exc.OperationalError):
        return f"连不上数据库（{CONNECT_SECONDS} 秒内没有应答或连接中断）；请核对连接地址的主机和端口，检查网络和防火墙，并确认数据库在运行"
    return f"数据库报错（{code or type(original).__name__}）；请联系部门的数据库管理员"
