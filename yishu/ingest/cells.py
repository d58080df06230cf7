"""The program that opens workbooks and Parquet files, in a process of its own: `python -m yishu.ingest.cells FORMAT FILE OUT [SHEET]`.

What opens such files is native code fed by strangers: it may crash, hang or eat the memory. So it runs under the limits of confined.py and
hands over an Arrow file of text: columns `c0`, `c1`, … as they stand, `_line` (worksheet row or ordinal, from 1) and `_trouble` (null, or
`kind:column` of a cell that cannot become text without loss). What it refuses it says on standard output, in one line for the department.
Light imports only: it starts once for each such file.
"""

import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow as pa

REFUSED = 3  # exit code: the reason stands on standard output
ERROR_CELL, NO_RESULT, TOO_MANY_DIGITS, MERGED, NESTED, BINARY = "error", "formula", "digits", "merged", "nested", "binary"
MOST_ROWS, MOST_COLUMNS, CHUNK = 20_000_000, 2_000, 20_000
EXACT = 10**15  # a spreadsheet keeps fifteen digits; of what is longer the last ones are gone
_CELL = re.compile(rb"<c ([^>]*?)(/>|>(.*?)</c>)", re.S)
_PLACE = re.compile(rb'\br="([A-Z]+)([0-9]+)"')


class Refusal(Exception):
    """Why the file as a whole cannot be read, for the department."""


def main(form: str, source: str, target: str, *sheet: str) -> None:
    batches = _workbook(Path(source), sheet[0] if sheet else None) if form == "xlsx" else _parquet(Path(source))
    writer = None
    with pa.OSFile(target, "wb") as sink:
        for batch in batches:
            writer = writer or pa.ipc.new_file(sink, batch.schema)
            writer.write_batch(batch)
        if writer is not None:
            writer.close()


def _batch(rows: list[list[str | None]], lines: list[int], troubles: list[str | None], width: int) -> pa.RecordBatch:
    columns = [pa.array([row[place] for row in rows], pa.large_string()) for place in range(width)]
    names = [f"c{place}" for place in range(width)]
    return pa.record_batch([*columns, pa.array(lines, pa.int64()), pa.array(troubles, pa.large_string())], [*names, "_line", "_trouble"])


# Workbooks -------------------------------------------------------------------------------------------------------------------


def _workbook(file: Path, wanted: str | None) -> Iterator[pa.RecordBatch]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(file))
        names = book.sheet_names
        if not names or (wanted is not None and wanted not in names):
            raise Refusal(f"没有名为“{wanted}”的工作表（有：{'、'.join(names) or '无'}）；请改名后重新报送")
        sheet = book.get_sheet_by_name(wanted or names[0])
        above = sheet.start[0] if sheet.start else 0
        width = sheet.end[1] + 1 if sheet.end else 0
        if width > MOST_COLUMNS:
            raise Refusal(f"工作表有 {width} 列，超过上限 {MOST_COLUMNS} 列；请删去数据以外的内容后重新报送")
        merged = _covered(sheet.merged_cell_ranges or [])
        told = _untold(file, wanted or names[0])
        # Rows come from the first in use; those above it are empty and count all the same.
        yield from _texts(sheet.iter_rows(), above if sheet.height < sheet.total_height else 0, width, merged, told)
    except (CalamineError, OSError, ValueError, KeyError, ElementTree.ParseError, zipfile.BadZipFile):
        raise Refusal("工作簿的内容已损坏或加了密码，无法读取；请用 Excel 打开并另存为 xlsx 后重新报送") from None


def _texts(rows: Iterable[list[Any]], above: int, width: int, merged: dict[int, int], told: dict[int, tuple[int, str]]) -> Iterator[pa.RecordBatch]:
    texts: list[list[str | None]] = []
    lines: list[int] = []
    troubles: list[str | None] = []
    for number, cells in enumerate(rows, above + 1):
        row = [_text(cell) for cell in cells] + [None] * (width - len(cells))
        texts.append(row[:width])
        lines.append(number)
        troubles.append(_trouble(number, cells, merged, told))
        if len(lines) == CHUNK:
            yield _batch(texts, lines, troubles, width)
            texts, lines, troubles = [], [], []
    yield _batch(texts, lines, troubles, width)


def _trouble(number: int, cells: list[Any], merged: dict[int, int], told: dict[int, tuple[int, str]]) -> str | None:
    if number in told:
        column, kind = told[number]
        return f"{kind}:{column}"
    if number in merged:
        return f"{MERGED}:{merged[number]}"
    for column, cell in enumerate(cells):
        if isinstance(cell, float) and abs(cell) >= EXACT:
            return f"{TOO_MANY_DIGITS}:{column}"
    return None


def _covered(ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> dict[int, int]:
    """Row (from 1) -> first column (from 0) of the merged cells that touch it."""
    covered: dict[int, int] = {}
    for (first, left), (last, _) in ranges:
        for row in range(first, min(last, first + MOST_ROWS) + 1):
            covered[row + 1] = min(left, covered.get(row + 1, left))
    return covered


def _untold(file: Path, sheet: str) -> dict[int, tuple[int, str]]:
    """Row -> (column, kind) of cells that read as empty and are not: errors, and formulas without a result."""
    with zipfile.ZipFile(file) as packed:
        part = _part_of(packed, sheet)
        content = packed.read(part) if part else b""
    if b't="e"' not in content and b"<f" not in content:
        return {}
    found: dict[int, tuple[int, str]] = {}
    for match in _CELL.finditer(content):
        attributes, inner = match[1], match[3] or b""
        kind = ERROR_CELL if b't="e"' in attributes else NO_RESULT if b"<f" in inner and b"<v>" not in inner and b"<is>" not in inner else None
        place = _PLACE.search(attributes)
        if kind and place:
            found.setdefault(int(place[2]), (_column(place[1].decode()), kind))
    return found


def _part_of(packed: zipfile.ZipFile, sheet: str) -> str | None:
    """The file within the workbook that holds the worksheet."""
    book = ElementTree.fromstring(packed.read("xl/workbook.xml"))
    relation = next((dict(node.attrib) for node in book.iter() if node.tag.endswith("}sheet") and node.get("name") == sheet), {})
    wanted = next((text for name, text in relation.items() if name.endswith("}id")), None)
    parts = ElementTree.fromstring(packed.read("xl/_rels/workbook.xml.rels"))
    target = next((node.get("Target") for node in parts if node.get("Id") == wanted), None)
    name = (target or "").removeprefix("/")
    name = name if name.startswith("xl/") else f"xl/{name}"
    return name if name in packed.namelist() else None


def _column(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


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


# Parquet ---------------------------------------------------------------------------------------------------------------------


def _parquet(file: Path) -> Iterator[pa.RecordBatch]:
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(file) as opened:
            schema = opened.schema_arrow
            if opened.metadata.num_rows > MOST_ROWS or len(schema) > MOST_COLUMNS:
                raise Refusal(f"文件有 {opened.metadata.num_rows} 行 {len(schema)} 列，超过上限 {MOST_ROWS} 行 {MOST_COLUMNS} 列；请分批报送")
            _say_header(schema.names)
            line = 0
            for batch in opened.iter_batches(CHUNK):
                yield _as_text(batch, line)
                line += batch.num_rows
            if not line:
                yield _as_text(pa.RecordBatch.from_pylist([], schema), 0)
    except (pa.ArrowException, OSError, ValueError):
        raise Refusal("不是完整的 Parquet 文件（可能没有传完，或只是改了扩展名）；请重新导出") from None


def _say_header(names: list[str]) -> None:
    import json

    print(json.dumps(names, ensure_ascii=False))


def _as_text(batch: pa.RecordBatch, before: int) -> pa.RecordBatch:
    columns, troubles = [], pa.nulls(batch.num_rows, pa.large_string())
    for place, column in enumerate(batch.columns):
        text, trouble = _column_as_text(column)
        columns.append(text)
        if trouble:
            at = pa.compute.if_else(column.is_valid(), f"{trouble}:{place}", None)
            troubles = pa.compute.coalesce(troubles, at.cast(pa.large_string()))
    lines = pa.array(range(before + 1, before + batch.num_rows + 1), pa.int64())
    return pa.record_batch([*columns, lines, troubles], [*(f"c{place}" for place in range(len(columns))), "_line", "_trouble"])


def _column_as_text(column: pa.Array) -> tuple[pa.Array, str | None]:
    """The column as text, and what keeps its values from becoming text."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _column_as_text(column.dictionary_decode())
    if pa.types.is_nested(kind):
        return pa.nulls(len(column), pa.large_string()), NESTED
    if pa.types.is_floating(kind) or pa.types.is_temporal(kind):
        return pa.array([_text(value) for value in column.to_pylist()], pa.large_string()), None
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return pa.nulls(len(column), pa.large_string()), BINARY
    return column.cast(pa.large_string()), None


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Refusal as refusal:
        print(refusal)
        sys.exit(REFUSED)
