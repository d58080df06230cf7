"""One delivery as a worksheet (xlsx) against its catalogue entry: the header in the first row in use, a record a row.

Cells become text: strings as they are, whole numbers without a point, dates in ISO form. Formulas count with the value that the
workbook holds for them. An error cell reads as empty: the reader does not tell them apart.
"""

import io
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from yishu.catalogue.models import Resource
from yishu.ingest.parsed import Parsed, Reject, header_faults, numbered, unknown_columns, wanted_columns
from yishu.ingest.records import FIELD_COUNT, HEADER_REPEATED

MOST_UNPACKED_BYTES = 512 << 20
_MESSAGES = {
    FIELD_COUNT: "第 {line} 行在表头以外的列中还有内容（第 {column} 列），请删去或补写表头",
    HEADER_REPEATED: "第 {line} 行重复了表头，请删去",
}


class _Unreadable(Exception):
    """Why the file as a whole cannot be read, for the department."""


def read_workbook(content: bytes, resource: Resource) -> Parsed:
    """Read a worksheet. Asserts that each row up to the last used one is header, record, reject or blank. Bad content never raises."""
    try:
        rows = _rows(content, resource.delivery.sheet)
    except _Unreadable as unreadable:
        return _nothing(resource, {"delivery.unreadable": str(unreadable)})
    used = [(number, row) for number, row in enumerate(rows, 1) if any(cell != "" for cell in row)]
    if not used:
        return _nothing(resource, {"delivery.empty": "工作表为空：没有表头，也没有数据；请检查导出程序后重新报送"})
    header = [_text(cell) or "" for cell in used[0][1]]
    while header and not header[-1]:
        header.pop()
    records: list[list[str | None]] = []
    places: list[int] = []
    rejects: list[Reject] = []
    for number, row in used[1:]:
        texts = [_text(cell) for cell in row]
        reject = _reject(number, texts, header)
        if reject is not None:
            rejects.append(reject)
        else:
            records.append(texts)
            places.append(number)
    last = used[-1][0]
    blank = last - len(used)
    assert 1 + blank + len(records) + len(rejects) == last, f"行数不守恒：共 {last} 行"
    faults, wanted = header_faults(header, resource), wanted_columns(resource)
    columns = [_column(name, header.index(column) if column in header else None, records) for column, name in wanted.items()]
    return Parsed(
        frame=numbered(columns, places), rejects=rejects, physical_lines=last, records=len(records) + len(rejects),
        ends_with_newline=True, unknown_columns=[name for name in unknown_columns(header, resource) if name], faults=faults)  # fmt: skip


def _column(name: str, place: int | None, records: list[list[str | None]]) -> pl.Series:
    texts = [None if place is None else record[place] for record in records]
    return pl.Series(name, texts, dtype=pl.String)


def _reject(number: int, texts: list[str | None], header: list[str]) -> Reject | None:
    beyond = next((place for place in range(len(header), len(texts)) if texts[place] is not None), None)
    content = "\t".join(text or "" for text in texts).encode()
    if beyond is not None:
        return Reject(number, 1, content, FIELD_COUNT, _MESSAGES[FIELD_COUNT].format(line=number, column=beyond + 1))
    if [text or "" for text in texts[: len(header)]] == header:
        return Reject(number, 1, content, HEADER_REPEATED, _MESSAGES[HEADER_REPEATED].format(line=number))
    return None


def _rows(content: bytes, sheet: str | None) -> list[list[Any]]:
    """All cells of the worksheet from its first row on. Raises _Unreadable."""
    if not content:
        raise _Unreadable("文件为空（0 字节），不是 Excel 工作簿；请重新导出")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise _Unreadable("不是完整的 xlsx 工作簿（可能没有传完、加了密码，或只是改了扩展名）；请用 Excel 另存为 xlsx 后重新报送") from None
    if unpacked > MOST_UNPACKED_BYTES:
        raise _Unreadable(f"工作簿解压后有 {unpacked >> 20} MiB，超过上限 {MOST_UNPACKED_BYTES >> 20} MiB；请改用 csv 报送")
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = workbook.sheet_names
        if not names or (sheet is not None and sheet not in names):
            raise _Unreadable(f"没有名为“{sheet}”的工作表（有：{'、'.join(names) or '无'}）；请改名后重新报送")
        return workbook.get_sheet_by_name(sheet or names[0]).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError):
        raise _Unreadable("工作簿的内容已损坏，无法读取；请用 Excel 打开并另存后重新报送") from None


def _text(cell: Any) -> str | None:
    """A cell as text; None for an empty one."""
    match cell:
        case "" | None:
            return None
        case str():
            return cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case int() | float():
            return str(int(cell)) if float(cell).is_integer() else repr(cell)
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime():
            return cell.isoformat(sep=" ", timespec="seconds")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
        case _:
            return str(cell)


def _nothing(resource: Resource, faults: dict[str, str]) -> Parsed:
    columns = [pl.Series(name, [], dtype=pl.String) for name in wanted_columns(resource).values()]
    return Parsed(numbered(columns, []), [], 0, 0, True, [], faults)
