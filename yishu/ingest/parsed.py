"""What reading a delivery gives, whatever its format: the file's own table, and from it the catalogue's columns.

Not here: any format. Columns outside the catalogue are named and dropped (B13): their values stay in the archive only. A file laid out by
an earlier version of the entry is recognised by its column names, and lands in the same table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from yishu.catalogue.models import Item, Layout, Resource

OPERATION = "_operation"
# Beyond these a file is not read on: it would cost more than it can be worth, and one message says more than a million.
MOST_LINES, MOST_REJECTS = 10_000_000, 1_000_000
_OTHER_SEPARATORS = {"\t": "制表符", ";": "分号", "|": "竖线", "，": "全角逗号"}


class Unreadable(Exception):
    """Why the file as a whole cannot be read, for the department."""


def refuse_endless(content: bytes) -> None:
    """Raises Unreadable for more lines than a delivery may have."""
    lines = content.count(b"\n")
    if lines > MOST_LINES:
        raise Unreadable(f"文件有 {lines} 行，超过一批的上限 {MOST_LINES} 行；请核对导出程序，或分批报送")


def refuse_hopeless(rejects: int, line: int) -> None:
    """Raises Unreadable when there are more rejects than anybody will ever look at."""
    if rejects > MOST_REJECTS:
        raise Unreadable(f"到第 {line} 行已有 {rejects} 行无法读取，不再逐行登记；请核对文件的分隔符、编码和引号后重新报送")


@dataclass(frozen=True)
class Reject:
    """Lines that could not be read as a record: first physical line (from 1), how many, the bytes as they came, and why."""

    line: int
    lines: int
    content: bytes
    reason: str
    message: str


@dataclass
class Table:
    """A file taken apart by its format. `header`: its column names as they stand; `columns`: text by name (of names that stand twice, the
    first); `lines`: where each row begins. `faults`: what is wrong with the file as a whole."""

    header: list[str]
    columns: Mapping[str, pl.Series]
    lines: Sequence[int]
    rejects: list[Reject]
    physical_lines: int
    ends_with_newline: bool = True
    faults: dict[str, str] = field(default_factory=dict)
    sparse: bool = False  # a record need not name what it has not, as in JSON


@dataclass
class Parsed:
    """What a file held. `frame`: `_row_number` Int64, then each item as String (null = the file has no such value), verbatim.

    `faults` maps rule ids of the delivery as a whole (delivery.…) to the message for the department; `layout` is the version of the entry;
    `missing_items` are those (our names) whose column the file has not.
    """

    frame: pl.DataFrame
    rejects: list[Reject]
    physical_lines: int
    records: int
    ends_with_newline: bool
    layout: int
    unknown_columns: list[str] = field(default_factory=list)
    missing_items: list[str] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)


def nothing(fault: str, message: str) -> Table:
    """The table of a file that cannot be read at all."""
    return Table([], {}, [], [], 0, faults={fault: message})


def under_our_names(table: Table, resource: Resource, as_of: date) -> Parsed:
    """Choose the catalogue's columns by the department's names; say what is missing, doubled or unknown."""
    layouts = [current_layout(resource, as_of), *resource.earlier]
    layout = next((known for known in layouts if _complete(known, table.header)), layouts[0])
    wanted = _columns(layout, resource)
    unknown = [name for name in dict.fromkeys(table.header) if name and name not in wanted.values()]
    # A field that is nowhere may have had no value; one that has been renamed leaves a stranger behind.
    optional = {item.column for item in resource.items if item.temporary or table.sparse and not unknown and not _needed(item, resource)}
    absent = pl.Series([None], dtype=pl.String).new_from_index(0, len(table.lines))
    columns = [table.columns.get(wanted.get(name, ""), absent).alias(name) for name in _names(resource)]
    assert all(len(column) == len(table.lines) for column in columns), "列的长度与行数不符"
    return Parsed(
        frame=pl.DataFrame([pl.Series("_row_number", table.lines, dtype=pl.Int64), *columns]),
        rejects=table.rejects, physical_lines=table.physical_lines, records=len(table.lines) + len(table.rejects),
        ends_with_newline=table.ends_with_newline, layout=layout.version,
        unknown_columns=unknown,
        missing_items=[name for name in _names(resource) if wanted.get(name) not in table.header],
        faults={**table.faults, **(_header_faults(table.header, wanted, optional, resource) if table.header else {})})  # fmt: skip


def current_layout(resource: Resource, as_of: date) -> Layout:
    """The entry of today as a layout. What was collected for a time (B14) belongs to it until the last day."""
    items = [item for item in resource.items if item.temporary is None or as_of <= item.temporary.until]
    return Layout(version=resource.version, title=resource.title, columns={item.name: item.column for item in items})


def known_columns(resource: Resource, as_of: date) -> set[str]:
    """Every column name that some version of the entry knows."""
    layouts = [current_layout(resource, as_of), *resource.earlier]
    return {column for layout in layouts for column in _columns(layout, resource).values()}


def _names(resource: Resource) -> list[str]:
    return [*(item.name for item in resource.items), *([OPERATION] if resource.delivery.operation else [])]


def _columns(layout: Layout, resource: Resource) -> dict[str, str]:
    """Our names -> the department's, the operation column included."""
    operation = {OPERATION: resource.delivery.operation} if resource.delivery.operation else {}
    return {**layout.columns, **operation}


def _complete(layout: Layout, header: list[str]) -> bool:
    return all(column in header for column in layout.columns.values())


def _needed(item: Item, resource: Resource) -> bool:
    return item.required or item.name in resource.key


def _header_faults(header: list[str], wanted: dict[str, str], optional: set[str], resource: Resource) -> dict[str, str]:
    """What the file's own column names lack or repeat, as faults of the delivery."""
    titles = {column: resource.item(name).title for name, column in wanted.items() if name != OPERATION}
    missing = [column for column in wanted.values() if column not in header and column not in optional]
    doubled = [column for column in wanted.values() if header.count(column) > 1]
    faults = {}
    if missing:
        named = "、".join(f"{column}（{titles.get(column, '操作标志')}）" for column in missing)
        faults["delivery.missing_column"] = f"缺少列：{named}；请按目录补齐后重新报送{_separator(header)}"
    if doubled:
        faults["delivery.duplicate_column"] = f"列名重复：{'、'.join(doubled)}；无法判断以哪一列为准，请只保留一列"
    return faults


def _separator(header: list[str]) -> str:
    """A file with another separator has one column, and the officer sees nothing wrong in it."""
    found = next((name for mark, name in _OTHER_SEPARATORS.items() if len(header) == 1 and mark in header[0]), None)
    return f"（表头只有一列，其中有{found}：分隔符应为英文逗号）" if found else ""
