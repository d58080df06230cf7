"""What reading a delivery gives, whatever its format, and the catalogue's columns chosen from the file's own.

Not here: any format. Columns outside the catalogue are named and dropped (B13): their values stay in the archive only.
"""

from dataclasses import dataclass, field

import polars as pl

from yishu.catalogue.models import Resource

OPERATION = "_operation"


@dataclass(frozen=True)
class Reject:
    """Lines that could not be read as a record: first physical line (from 1), how many, the bytes as they came, and why."""

    line: int
    lines: int
    content: bytes
    reason: str
    message: str


@dataclass
class Parsed:
    """What a file held. `frame`: `_row_number` Int64, then each item as String (null = the file has no such value), verbatim.

    `faults` maps rule ids of the delivery as a whole (delivery.…) to the message for the department.
    """

    frame: pl.DataFrame
    rejects: list[Reject]
    physical_lines: int
    records: int
    ends_with_newline: bool
    unknown_columns: list[str] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)


def wanted_columns(resource: Resource) -> dict[str, str]:
    """The department's column names -> ours, the operation column included."""
    wanted = {item.column: item.name for item in resource.items}
    if resource.delivery.operation:
        wanted[resource.delivery.operation] = OPERATION
    return wanted


def numbered(columns: list[pl.Series], lines: list[int]) -> pl.DataFrame:
    """The frame of a delivery: our columns and the line where each record begins."""
    assert all(len(column) == len(lines) for column in columns), "列的长度与行数不符"
    return pl.DataFrame([pl.Series("_row_number", lines, dtype=pl.Int64), *columns])


def header_faults(header: list[str], resource: Resource) -> dict[str, str]:
    """What the file's own column names lack or repeat, as faults of the delivery."""
    wanted = wanted_columns(resource)
    titles = {item.column: item.title for item in resource.items}
    missing = [column for column in wanted if column not in header]
    doubled = [column for column in wanted if header.count(column) > 1]
    faults = {}
    if missing:
        named = "、".join(f"{column}（{titles.get(column, '操作标志')}）" for column in missing)
        faults["delivery.missing_column"] = f"缺少列：{named}；请按目录补齐后重新报送"
    if doubled:
        faults["delivery.duplicate_column"] = f"列名重复：{'、'.join(doubled)}；无法判断以哪一列为准，请只保留一列"
    return faults


def unknown_columns(header: list[str], resource: Resource) -> list[str]:
    wanted = wanted_columns(resource)
    return [column for column in dict.fromkeys(header) if column not in wanted]
