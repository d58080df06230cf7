"""One delivery in JSON lines (UTF-8, one object a line) against its catalogue entry.

Numbers stay as they were written: an id of 18 digits must not become a float. Bad content never raises: a line that is no
object of plain values is a reject, with its bytes and the reason.
"""

import json
from datetime import date
from typing import Any

import polars as pl

from yishu.catalogue.models import Resource
from yishu.ingest.parsed import Reject, Table, known_columns, refuse_endless, refuse_hopeless
from yishu.ingest.records import ENCODING, JSON, MAX_BYTES_OF_A_RECORD, NUL, TOO_LONG

_BOM = b"\xef\xbb\xbf"
_MESSAGES = {
    ENCODING: "第 {line} 行含有不符合 UTF-8 编码的字节，请核对该行文字后重新导出",
    NUL: "第 {line} 行含有空字符（NUL），请清除后重新导出",
    TOO_LONG: f"第 {{line}} 行超过一条记录的上限 {MAX_BYTES_OF_A_RECORD} 字节，请检查是否混入了附件或漏了换行",
    JSON: "第 {line} 行{what}；请每行写一个完整的 JSON 对象，值只用文字、数字、true、false 或 null",
}


class _Unreadable(Exception):
    """Why a line is no record."""

    def __init__(self, reason: str, what: str = "") -> None:
        self.reason, self.what = reason, what


def read_json_lines(content: bytes, resource: Resource, as_of: date) -> Table:
    """Read a file of JSON lines. Asserts that each physical line is a record, a reject or blank.

    Raises Unreadable where there is no end of lines or rejects.
    """
    refuse_endless(content)
    lines = content.removeprefix(_BOM).split(b"\n")
    ends_with_newline = lines[-1] == b""
    lines = lines[:-1] if ends_with_newline else lines
    wanted = known_columns(resource, as_of)
    rejects: list[Reject] = []
    records: list[dict[str, Any]] = []
    places: list[int] = []
    blank = 0
    for place, line in enumerate(lines, 1):
        if not line.strip():
            blank += 1
            continue
        try:
            records.append(_record(line, wanted))
            places.append(place)
        except _Unreadable as unreadable:
            message = _MESSAGES[unreadable.reason].format(line=place, what=unreadable.what)
            rejects.append(Reject(place, 1, line, unreadable.reason, message))
            refuse_hopeless(len(rejects), place)
    assert blank + len(records) + len(rejects) == len(lines), f"行数不守恒：共 {len(lines)} 行"
    header = list(dict.fromkeys(name for record in records for name in record))
    columns = {name: pl.Series(name, [record.get(name) for record in records], dtype=pl.String) for name in header if name in wanted}
    return Table(header, columns, places, rejects, len(lines), ends_with_newline,
                 _faults(rejects, len(lines), ends_with_newline, bool(records)), sparse=True)  # fmt: skip


def _faults(rejects: list[Reject], lines: int, ends_with_newline: bool, any_record: bool) -> dict[str, str]:
    faults = {}
    if not any_record and not rejects:
        faults["delivery.empty"] = "文件为空：没有数据；请检查导出程序后重新报送"
    if rejects and not ends_with_newline and rejects[-1].line == lines:
        faults["delivery.cut_off"] = f"文件在第 {lines} 行中断，可能没有传完；请重新报送完整文件"
    return faults


def _record(line: bytes, wanted: set[str]) -> dict[str, Any]:
    """Column -> text as written, null where there is none. Raises _Unreadable."""
    if len(line) > MAX_BYTES_OF_A_RECORD:
        raise _Unreadable(TOO_LONG)
    if b"\x00" in line or b"\\u0000" in line:
        raise _Unreadable(NUL)
    try:
        pairs = json.loads(line.decode("utf-8"), object_pairs_hook=_Pairs, parse_int=str, parse_float=str, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise _Unreadable(ENCODING) from None
    except (ValueError, RecursionError):
        raise _Unreadable(JSON, "不是有效的 JSON") from None
    if not isinstance(pairs, _Pairs):
        raise _Unreadable(JSON, "不是 JSON 对象")
    record = dict(pairs)
    if len(record) != len(pairs):
        raise _Unreadable(JSON, "有重复的字段名")
    for column in wanted:
        value = record.get(column)
        if isinstance(value, list):  # an object within is a list of pairs too
            raise _Unreadable(JSON, f"字段 {column} 的值是数组或嵌套对象")
        if isinstance(value, bool):
            record[column] = "true" if value else "false"
    if b"\\ud" in line or b"\\uD" in line:
        _without_half_characters(record, wanted)
    return record


class _Pairs(list[tuple[str, Any]]):
    """The fields of an object, repeated names included."""


def _no_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are no JSON


def _without_half_characters(record: dict[str, Any], wanted: set[str]) -> None:
    try:
        for column in wanted:
            if record.get(column) is not None:
                record[column].encode()
    except UnicodeEncodeError:
        raise _Unreadable(ENCODING) from None
