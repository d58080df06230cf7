"""From rows to the bytes of a delivery, as the department's system would export them: column names, encoding, quotes, line ends.

Knows on which line or worksheet row each record begins. The marks of wrong_values.py become here what no text can hold.
"""

import io
from collections.abc import Callable
from datetime import datetime

import numpy as np
import polars as pl
import xlsxwriter

from yishu.catalogue import Resource
from yishu.sample.chance import Ints
from yishu.sample.defects.wrong_values import MARK_COMMA, MARK_HALF_CHARACTER, MARK_NO_COMMA, MARK_NUL, MARK_QUOTE

# One department exports from Windows.
_LINE_ENDS = {"civil_affairs.elderly_allowance": "\r\n"}
_BOM = b"\xef\xbb\xbf"
# The first byte or bytes of a character whose rest was cut off, as systems do that count bytes.
_HALF_CHARACTER = {"gb18030": b"\xcd", "utf-8": b"\xe5\xb9"}
_SAVED = datetime(2026, 1, 1)  # a workbook says when it was made: the same rows must give the same bytes


def rendered(rows: pl.DataFrame, resource: Resource) -> tuple[bytes, Ints]:
    """The file, and for each row the line on which it begins (physical line, or worksheet row, from 1)."""
    return _WRITERS[resource.delivery.format](rows, resource)


def _csv(rows: pl.DataFrame, resource: Resource) -> tuple[bytes, Ints]:
    terms = resource.delivery
    end = _LINE_ENDS.get(resource.id, "\n")
    text = rows.select(_columns(resource)).write_csv(line_terminator=end, quote_style="necessary")
    codec = "utf-8" if terms.encoding.startswith("utf-8") else terms.encoding
    content = text.encode(codec)
    if "\x01" in text:
        content = _with_impossible_bytes(content, codec)
    return (_BOM if terms.encoding == "utf-8-sig" else b"") + content, first_lines(rows, resource)


def _json_lines(rows: pl.DataFrame, resource: Resource) -> tuple[bytes, Ints]:
    content = rows.select(_columns(resource)).write_ndjson().encode()
    for mark, replacement in {MARK_HALF_CHARACTER: _HALF_CHARACTER["utf-8"], MARK_QUOTE: b'"'}.items():
        content = content.replace(mark.replace("\x01", "\\u0001").encode(), replacement)
    return content, np.arange(1, rows.height + 1, dtype=np.int64)


def _workbook(rows: pl.DataFrame, resource: Resource) -> tuple[bytes, Ints]:
    file = io.BytesIO()
    # Text stays text: a name that begins with "=" is no formula, an id of 18 digits no number.
    options = {"constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, {**options, "in_memory": True}) as book:
        book.set_properties({"created": _SAVED})
        sheet = book.add_worksheet(resource.delivery.sheet)
        sheet.write_row(0, 0, [item.column for item in resource.items])
        for number, row in enumerate(rows.select(_columns(resource)).iter_rows(), 1):
            for place, text in enumerate(row):
                if text:
                    head, split, rest = text.partition(MARK_COMMA)
                    sheet.write_string(number, place, head)
                    if split:  # the rest slipped into a column that has no header
                        sheet.write_string(number, len(row), rest)
    return file.getvalue(), np.arange(2, rows.height + 2, dtype=np.int64)


def _parquet(rows: pl.DataFrame, resource: Resource) -> tuple[bytes, Ints]:
    file = io.BytesIO()
    rows.select(_columns(resource)).write_parquet(file, compression="zstd")
    return file.getvalue(), np.arange(1, rows.height + 1, dtype=np.int64)


_WRITERS: dict[str, Callable[[pl.DataFrame, Resource], tuple[bytes, Ints]]] = {
    "csv": _csv, "jsonl": _json_lines, "xlsx": _workbook, "parquet": _parquet,
}


def _columns(resource: Resource) -> list[pl.Expr]:
    columns = [pl.col(item.name).alias(item.column) for item in resource.items]
    if resource.delivery.operation:
        columns.insert(0, pl.col("_operation").alias(resource.delivery.operation))
    return columns


def first_lines(rows: pl.DataFrame, resource: Resource) -> Ints:
    """Where each row begins, given that fields with line feeds run over several lines."""
    feeds = rows.select(
        pl.sum_horizontal(pl.col(item.name).str.count_matches("\n").fill_null(0) for item in resource.items).cast(
            pl.Int64
        )
    )
    covered = feeds.to_series().to_numpy() + 1
    return np.asarray(np.cumsum(covered) - covered + 2, dtype=np.int64)


def _with_impossible_bytes(content: bytes, codec: str) -> bytes:
    replacements = {
        MARK_HALF_CHARACTER: _HALF_CHARACTER[codec],
        MARK_NUL: b"\x00",
        MARK_QUOTE: b'"',
        MARK_COMMA: b",",
        MARK_NO_COMMA + ",": b"",
    }
    for mark, replacement in replacements.items():
        content = content.replace(mark.encode(), replacement)
    return content
