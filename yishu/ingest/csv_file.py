"""One CSV delivery against its catalogue entry: a frame of text under our names, rejects, and faults of the delivery as a whole."""

import polars as pl

from yishu.catalogue.models import Resource
from yishu.ingest.parsed import Parsed, header_faults, unknown_columns, wanted_columns
from yishu.ingest.records import take_apart


def read_csv(content: bytes, resource: Resource) -> Parsed:
    """Read a CSV file of the resource. Bad content never raises: it ends as rejects or as faults of the delivery.

    Asserts `records = rows + rejects` and that each physical line is accounted for.
    """
    encoding = resource.delivery.encoding
    taken = take_apart(content, encoding)
    faults: dict[str, str] = {}
    if _looks_like_utf8(content, encoding):
        faults["delivery.encoding"] = f"文件编码与目录不符：目录登记为 {encoding.upper()}，实际为 UTF-8；请按目录编码重新导出"
    if not taken.header_lines:
        faults["delivery.empty"] = "文件为空：没有表头，也没有数据；请检查导出程序后重新报送"
    text = _frame(taken.text.decode("utf-8" if encoding.startswith("utf-8") else encoding), taken.header, len(taken.lines))
    frame, unknown, header_faults = _under_our_names(text, taken.header, resource) if taken.header_lines else (_empty(resource), [], {})
    faults |= header_faults
    if taken.ends_mid_record:
        faults["delivery.cut_off"] = f"文件在第 {taken.physical_lines} 行中断，可能没有传完；请重新报送完整文件"
    frame = frame.with_columns(pl.Series("_row_number", taken.lines, dtype=pl.Int64)).select("_row_number", pl.exclude("_row_number"))
    records = frame.height + len(taken.rejects)
    assert frame.height == len(taken.lines), f"读出 {frame.height} 行，应为 {len(taken.lines)} 行"
    return Parsed(frame, taken.rejects, taken.physical_lines, records, taken.ends_with_newline, unknown, faults)


def _looks_like_utf8(content: bytes, encoding: str) -> bool:
    """GB18030 text is all but never valid UTF-8, but UTF-8 text often decodes as GB18030, into nonsense: only this look tells."""
    if encoding != "gb18030" or content.isascii():
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _frame(text: str, header: list[str], height: int) -> pl.DataFrame:
    if not height:
        return pl.DataFrame(schema={f"column_{i}": pl.String for i in range(len(header))})
    schema = {f"column_{i}": pl.String for i in range(len(header))}
    return pl.read_csv(text.encode(), has_header=False, schema=schema, quote_char='"', empty_string_is_null=False, encoding="utf8")


def _empty(resource: Resource) -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(wanted_columns(resource).values(), pl.String))


def _under_our_names(text: pl.DataFrame, header: list[str], resource: Resource) -> tuple[pl.DataFrame, list[str], dict[str, str]]:
    """Choose the catalogue's columns by the department's names; say what is missing, doubled or unknown."""
    wanted = wanted_columns(resource)
    # Series, not expressions: where the file has none of our columns, a frame of literals alone would have one row.
    columns = [
        text[f"column_{header.index(column)}"].alias(name) if column in header else pl.Series(name, [], pl.String).extend_constant(None, text.height)
        for column, name in wanted.items()
    ]
    return pl.DataFrame(columns), unknown_columns(header, resource), header_faults(header, resource)
