"""From rows to the bytes of a delivery, as the department's system would export them: column names, encoding,
quotes, line ends.

Knows on which physical line each row begins. The marks of wrong_values.py become here the bytes that no text can
hold.
"""

import numpy as np
import polars as pl

from yishu.catalogue import Resource
from yishu.sample.chance import Ints
from yishu.sample.defects.wrong_values import MARK_COMMA, MARK_HALF_CHARACTER, MARK_NO_COMMA, MARK_NUL, MARK_QUOTE

# One department exports from Windows.
_LINE_ENDS = {"civil_affairs.elderly_allowance": "\r\n"}
_BOM = b"\xef\xbb\xbf"
# The first byte or bytes of a character whose rest was cut off, as systems do that count bytes.
_HALF_CHARACTER = {"gb18030": b"\xcd", "utf-8": b"\xe5\xb9"}


def rendered(rows: pl.DataFrame, resource: Resource) -> tuple[bytes, Ints]:
    """The file, and for each row the physical line on which it begins (the header is line 1)."""
    terms = resource.delivery
    columns = [pl.col(item.name).alias(item.column) for item in resource.items]
    if terms.operation:
        columns.insert(0, pl.col("_operation").alias(terms.operation))
    end = _LINE_ENDS.get(resource.id, "\n")
    text = rows.select(columns).write_csv(line_terminator=end, quote_style="necessary")
    codec = "utf-8" if terms.encoding.startswith("utf-8") else terms.encoding
    content = text.encode(codec)
    if "\x01" in text:
        content = _with_impossible_bytes(content, codec)
    return (_BOM if terms.encoding == "utf-8-sig" else b"") + content, first_lines(rows, resource)


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
