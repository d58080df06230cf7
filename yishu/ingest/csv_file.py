"""One CSV delivery: the text of its columns, its rejects, and what is wrong with the file as a whole."""

from datetime import date

import polars as pl

from yishu.catalogue.models import Resource
from yishu.ingest.parsed import Table
from yishu.ingest.records import ENCODING, Records, take_apart

_MARK = "\ufeff"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_WAY_OUT = "请按目录编码重新导出"


def read_csv(content: bytes, resource: Resource, as_of: date) -> Table:
    """Read a CSV file of the resource. Bad content ends as rejects or as faults; raises Unreadable where there is no end of it.

    Asserts `records = rows + rejects` and that each physical line is accounted for.
    """
    encoding = resource.delivery.encoding
    taken = take_apart(content, encoding)
    codec = "utf-8" if encoding.startswith("utf-8") else encoding
    faults: dict[str, str] = {}
    actual = _actual_encoding(content, codec, taken)
    if actual:
        faults["delivery.encoding"] = f"文件编码与目录不符：目录登记为 {codec.upper()}，实际为 {actual}；{_WAY_OUT}"
    elif taken.header_lines and not taken.header:
        faults["delivery.header"] = f"第 {taken.first_line} 行的表头无法读取（编码或引号有误，或列数过多）；{_WAY_OUT}"
    if not taken.header_lines:
        faults["delivery.empty"] = "文件为空：没有表头，也没有数据；请检查导出程序后重新报送"
    if taken.ends_mid_record and not actual:
        faults["delivery.cut_off"] = f"文件在第 {taken.physical_lines} 行中断，可能没有传完；请重新报送完整文件"
    text = _frame(taken.text.decode(codec), len(taken.header), len(taken.lines))
    assert text.height == len(taken.lines), f"读出 {text.height} 行，应为 {len(taken.lines)} 行"
    columns = {name: text[f"column_{place}"] for place, name in reversed(list(enumerate(taken.header)))}
    lines = [int(line) for line in taken.lines]
    return Table(taken.header, columns, lines, taken.rejects, taken.physical_lines, taken.ends_with_newline, faults)


def _actual_encoding(content: bytes, codec: str, taken: Records) -> str | None:
    """The encoding a file really has where it is another than agreed; None where it is not, or nobody can tell.

    GB18030 text is all but never valid UTF-8, but UTF-8 text often decodes as GB18030, into nonsense: only this look tells.
    """
    if content.startswith(_UTF_16):
        return "UTF-16"
    if codec == "gb18030":
        return "UTF-8" if not content.isascii() and _decodes(content, "utf-8") else None
    broken = sum(reject.reason == ENCODING for reject in taken.rejects)
    unreadable = bool(taken.header_lines) and not taken.header
    most = broken * 2 > len(taken.lines) + len(taken.rejects)  # one wrong byte in a small file is not another encoding
    other = (unreadable or (most and broken > 1)) and not _decodes(content, "utf-8") and _decodes(content, "gb18030")
    return "GB18030（GBK）" if other else None


def _decodes(content: bytes, codec: str) -> bool:
    try:
        content.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _frame(text: str, width: int, height: int) -> pl.DataFrame:
    schema = {f"column_{place}": pl.String for place in range(width)}
    if not height:
        return pl.DataFrame(schema=schema)
    if text.startswith(_MARK):  # a character of the first value, which polars would take for the mark of a file and drop
        text = _MARK + text
    return pl.read_csv(text.encode(), has_header=False, schema=schema, quote_char='"', empty_string_is_null=False, encoding="utf8")
