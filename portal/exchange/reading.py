"""What somebody uploads, read as text, whatever it is: a workbook opened in a process of its own with limits, or CSV.

Raises DeskError for a file as a whole; a line that cannot be read says so itself (`trouble`). Not here: whether values are right.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from portal.desk.actor import DeskError
from portal.exchange.form import IDENTIFICATION, ITEM, SHEET, STAMP, item_names
from yishu.catalogue.models import Resource
from yishu.ingest import cells
from yishu.ingest.confined import open_confined
from yishu.ingest.parsed import Unreadable
from yishu.ingest.workbook import look_at_the_sizes

UPLOAD_LIMIT = 50 * 1024 * 1024
MOST_LINES = 300_000
FORMULA = "formula-cell"
_TROUBLES = {
    cells.MERGED: "有合并单元格；请取消合并并逐行填写",
    cells.ERROR_CELL: "有错误值（如 #N/A）；请填入实际值",
    cells.NO_RESULT: "有公式；请粘贴为数值后重新上传",
    FORMULA: "有公式；请粘贴为数值后重新上传",
    cells.TOO_MANY_DIGITS: "号码存成了数值，末位已丢失；请把单元格设为文本后重新填写",
}  # fmt: skip
_A_CELL = re.compile(rb'<c\b[^>]*?\br="([A-Z]+)([0-9]+)"[^>]*?>\s*<f[\s/>]')
_CHUNK, _OVERLAP = 1 << 20, 4096


@dataclass(frozen=True)
class UploadedRow:
    """item: what stands in the column 明细编号; stamp: "" where there is none; values: by our names, of the columns that are there."""

    line: int
    item: str
    stamp: str
    values: dict[str, str]
    trouble: str = ""
    column: str = ""


def read_upload(name: str, content: bytes, entry: Resource) -> list[UploadedRow]:
    """The rows of the form as it came back. Raises DeskError."""
    if not content or len(content) > UPLOAD_LIMIT:
        raise DeskError(f"文件为空或超过 {UPLOAD_LIMIT >> 20} MB；请检查后重新上传，行数很多时请分批")
    ending = name.rsplit(".", 1)[-1].lower()
    if ending not in ("xlsx", "csv"):
        raise DeskError("只能上传 xlsx 或 csv；请把下载的表格另存为其中一种")
    try:
        return list(_rows(_workbook(content) if ending == "xlsx" else _csv(content), entry))
    except Unreadable as error:
        raise DeskError(str(error)) from None
    # A password is a RuntimeError of zipfile, an unknown way of packing a NotImplementedError.
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise DeskError("工作簿已损坏或加了密码，无法读取；请用 Excel 打开并另存为 xlsx 后重新上传") from None


@dataclass(frozen=True)
class _Line:
    number: int
    texts: list[str]
    trouble: str = ""
    place: int = 0


def _rows(table: Iterable[_Line], entry: Resource) -> Iterator[UploadedRow]:
    lines = iter(table)
    first = next(lines, None)
    header = [text.strip() for text in first.texts] if first else []
    names = _columns(header, entry)
    for line in lines:
        if not any(line.texts) and not line.trouble:
            continue
        texts = dict(zip(header, [*line.texts, *[""] * (len(header) - len(line.texts))], strict=False))
        values = {names[title]: text for title, text in texts.items() if title in names}
        trouble, place = line.trouble, line.place
        if not trouble and any(line.texts[len(header) :]):
            trouble, place = "表头以外的列中还有内容；请删去", len(header)
        column = header[place] if trouble and place < len(header) else f"第 {place + 1} 列" if trouble else ""
        yield UploadedRow(line.number, texts.get(ITEM, "").strip(), texts.get(STAMP, "").strip(), values, trouble, column)


def _columns(header: list[str], entry: Resource) -> dict[str, str]:
    """Header -> our name of the item. Raises DeskError for what is missing, strange or there twice."""
    known = item_names(entry)
    while header and not header[-1]:
        header.pop()
    strange = [title for title in header if title not in known and title not in IDENTIFICATION]
    if ITEM not in header or len(strange) > len(header) // 2:
        raise DeskError(f"第一行不是下载表格的表头（缺少“{ITEM}”列）；请使用从本工单下载的表格")
    if strange:
        raise DeskError(f"表格中有不认识的列：{'、'.join(title or '（空）' for title in strange[:10])}；请删去增加的列，不要改列名")
    names = {title: known[title] for title in header if title in known}
    if len(set(header)) != len(header) or len(set(names.values())) != len(names):
        raise DeskError("表格中有重复的列；请使用从本工单下载的表格")
    if STAMP not in header:
        raise DeskError(f"表格缺少“{STAMP}”列（下载时隐藏）；请使用从本工单下载的表格")
    if missing := [item.title for item in entry.items if item.name not in names.values()]:
        raise DeskError(f"表格缺少列：{'、'.join(missing)}；请使用从本工单下载的表格，不要删列")
    return names


def _workbook(content: bytes) -> Iterator[_Line]:
    look_at_the_sizes(content)
    formulas = formula_rows(content)
    frame = open_confined(content, "xlsx", SHEET).rows
    if frame.height > MOST_LINES:
        raise Unreadable(f"表格有 {frame.height} 行，超过上限 {MOST_LINES} 行；请分批上传")
    for *texts, line, trouble in frame.iter_rows():
        kind, _, place = (trouble or "").partition(":")
        if line in formulas:
            kind, place = FORMULA, str(formulas[line])
        yield _Line(line, [text or "" for text in texts], _TROUBLES.get(kind, ""), int(place or 0))


def formula_rows(content: bytes) -> dict[int, int]:
    """Row -> first column (from 0) that holds a formula, in every sheet but the notes: read in pieces, never opened as XML here."""
    found: dict[int, int] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for part in _parts(packed):
            with packed.open(part) as stream:
                before = b""
                while piece := stream.read(_CHUNK):
                    text = before + piece
                    for match in _A_CELL.finditer(text):
                        found.setdefault(int(match[2]), _place(match[1]))
                    before = text[-_OVERLAP:]
    return found


def _parts(packed: zipfile.ZipFile) -> list[str]:
    """The worksheet's own part where the workbook names it plainly; else all of them: rather one formula too many."""
    sheets = [name for name in packed.namelist() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name)]
    try:
        book = packed.read("xl/workbook.xml").decode("utf-8", "replace")
        relations = packed.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    except KeyError:
        return sheets
    sheet = next((tag for tag in re.findall(r"<sheet\b[^>]*>", book) if f'name="{SHEET}"' in tag), "")
    wanted = re.search(r'\b\w+:id="([^"]+)"', sheet)
    relation = next((tag for tag in re.findall(r"<Relationship\b[^>]*>", relations) if wanted and f'Id="{wanted[1]}"' in tag), "")
    target = re.search(r'Target="/?(?:xl/)?([^"]+)"', relation)
    named = f"xl/{target[1]}" if target else ""
    return [named] if named in sheets else sheets


def _place(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - ord("A") + 1
    return place - 1


def _csv(content: bytes) -> Iterator[_Line]:
    if b"\0" in content:
        raise Unreadable("csv 文件含有空字符；请在 Excel 或 WPS 中另存为 csv（UTF-8）或 xlsx 后重新上传")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Unreadable("csv 文件的编码既不是 UTF-8 也不是 GB18030；请另存为 xlsx 后重新上传")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    try:
        for count, texts in enumerate(reader):
            if count > MOST_LINES:
                raise Unreadable(f"表格超过上限 {MOST_LINES} 行；请分批上传")
            yield _Line(number + 1, texts)
            number = reader.line_num
    except csv.Error:
        raise Unreadable(f"csv 文件第 {reader.line_num} 行的引号不完整；请另存为 xlsx 后重新上传") from None
