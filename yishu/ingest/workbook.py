"""One delivery as a worksheet (xlsx) or a Parquet file: cells from the confined reader become columns, or rejects that say why not.

Worksheets: the header is the first row that names most of the entry's columns (titles above it are no data). Formulas count with the value
that the workbook holds for them. A row with a merged cell, an error or a number too long to be exact is a reject: it has lost something.
"""

import io
import zipfile
from collections.abc import Iterator
from datetime import date

import polars as pl

from yishu.catalogue.models import Resource
from yishu.ingest import cells
from yishu.ingest.confined import open_confined
from yishu.ingest.parsed import Reject, Table, Unreadable, known_columns, nothing
from yishu.ingest.records import FIELD_COUNT, HEADER_REPEATED

MOST_UNPACKED_BYTES = 512 << 20
ROWS_OF_TITLES = 10
CELL = "file.cell"  # a cell that cannot become text without loss
_MESSAGES = {
    FIELD_COUNT: "第 {line} 行在表头以外的列中还有内容（第 {column} 列），请删去或补写表头",
    HEADER_REPEATED: "第 {line} 行重复了表头，请删去",
    cells.MERGED: "第 {line} 行第 {column} 列“{title}”是合并单元格，请取消合并并逐行填写",
    cells.ERROR_CELL: "第 {line} 行第 {column} 列“{title}”是错误值（如 #N/A、#REF!），请改正公式或填入实际值",
    cells.NO_RESULT: "第 {line} 行第 {column} 列“{title}”的公式没有计算结果，请用 Excel 打开保存，或粘贴为数值",
    cells.TOO_MANY_DIGITS: "第 {line} 行第 {column} 列“{title}”的号码存成了数值，末位已丢失（显示如 1.1E+17），请把该列设为文本后重新导出",
    cells.NESTED: "第 {line} 条的“{title}”是列表或嵌套结构，请展开成普通列",
    cells.BINARY: "第 {line} 条的“{title}”是二进制内容，请改为文字",
}  # fmt: skip


def read_workbook(content: bytes, resource: Resource, as_of: date) -> Table:
    """Read a worksheet. Asserts that each row up to the last used one is header, record, reject or blank. Raises Unreadable."""
    look_at_the_sizes(content)
    rows = open_confined(content, "xlsx", resource.delivery.sheet).rows
    names = [name for name in rows.columns if name.startswith("c")]
    # Blank means without a text; a row with a trouble has something that is no text.
    used = rows.filter(pl.any_horizontal(pl.col(names).is_not_null()) | pl.col("_trouble").is_not_null()) if names else rows
    if not used.height:
        return nothing("delivery.empty", "工作表为空：没有表头，也没有数据；请检查导出程序后重新报送")
    place = _header_place(used.head(ROWS_OF_TITLES).select(names).rows(), known_columns(resource, as_of))
    header = [text or "" for text in used.select(names).row(place)]
    while header and not header[-1]:
        header.pop()
    return _table(used[place + 1 :], header, names, titles=place, last=int(used["_line"][-1]), blank=int(used["_line"][-1]) - used.height)


def read_parquet(content: bytes, resource: Resource, as_of: date) -> Table:
    """Read a Parquet file; its rows are numbered from 1. Raises Unreadable."""
    if not content:
        raise Unreadable("文件为空（0 字节），不是 Parquet 文件；请重新导出")
    found = open_confined(content, "parquet")
    header = found.header or []
    if not found.rows.height:
        return nothing("delivery.empty", "文件为空：没有数据；请检查导出程序后重新报送")
    known = known_columns(resource, as_of)
    rows = found.rows.with_columns(_trouble=_of_known(found.rows["_trouble"], header, known))
    return _table(rows, header, [f"c{place}" for place in range(len(header))], titles=-1, last=rows.height, blank=0)


def _of_known(troubles: pl.Series, header: list[str], known: set[str]) -> pl.Series:
    """A strange value in a column that nobody asked for troubles nobody."""
    strange = [f":{place}" for place, name in enumerate(header) if name not in known]
    return troubles.set(troubles.str.extract("(:[0-9]+)$").is_in(strange).fill_null(False), None)


def _table(rows: pl.DataFrame, header: list[str], names: list[str], *, titles: int, last: int, blank: int) -> Table:
    """titles: rows above the header; -1 where the format keeps its header apart."""
    rejects = list(_rejects(rows, header, names))
    good = rows.filter(~pl.col("_line").is_in([reject.line for reject in rejects]))
    assert titles + 1 + blank + good.height + len(rejects) == last, f"行数不守恒：共 {last} 行"
    columns = {name: good[names[place]] for place, name in reversed(list(enumerate(header)))}
    return Table(header, columns, good["_line"].to_list(), rejects, last)


def _rejects(rows: pl.DataFrame, header: list[str], names: list[str]) -> Iterator[Reject]:
    beyond, own = names[len(header) :], names[: len(header)]
    too_wide = pl.any_horizontal(pl.col(beyond).is_not_null()) if beyond else pl.lit(False)
    again = pl.all_horizontal([pl.col(name).fill_null("") == title for name, title in zip(own, header, strict=True)]) if own else pl.lit(False)
    suspects = rows.with_columns(_wide=too_wide, _again=again).filter(pl.col("_trouble").is_not_null() | pl.col("_wide") | pl.col("_again"))
    for row in suspects.iter_rows(named=True):
        kind, _, place = (row["_trouble"] or "").partition(":")
        reason = CELL
        if not kind and row["_wide"]:
            kind = reason = FIELD_COUNT
            place = next(at for at, name in enumerate(names) if at >= len(header) and row[name] is not None)
        elif not kind:
            kind = reason = HEADER_REPEATED
            place = 0
        title = header[int(place)] if int(place) < len(header) else ""
        message = _MESSAGES[kind].format(line=row["_line"], column=int(place) + 1, title=title)
        yield Reject(row["_line"], 1, "\t".join(row[name] or "" for name in names).encode(), reason, message)


def _header_place(rows: list[tuple[str | None, ...]], known: set[str]) -> int:
    """The first row that names at least half of what the best row names; a sheet may begin with its title."""
    named = [len(known & {text for text in row if text}) for row in rows]
    best = max(named, default=0)
    return next((place for place, count in enumerate(named) if best and count * 2 >= best), 0)


def look_at_the_sizes(content: bytes) -> None:
    """What can be told without opening. Raises Unreadable."""
    if not content:
        raise Unreadable("文件为空（0 字节），不是 Excel 工作簿；请重新导出")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise Unreadable("不是完整的 xlsx 工作簿（可能没有传完、加了密码，或只是改了扩展名）；请用 Excel 另存为 xlsx 后重新报送") from None
    if unpacked > MOST_UNPACKED_BYTES:
        raise Unreadable(f"工作簿解压后有 {unpacked >> 20} MiB，超过上限 {MOST_UNPACKED_BYTES >> 20} MiB；请改用 csv 报送")
