"""A supervision notice as a Word file in the layout of an official document (公文, after GB/T 9704): title, number,
addressee, body, table, signature, date.

Pure: text in, bytes out; the same text gives the same bytes. Not here: what it says (wording.py).
"""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from portal.supervision.wording import TITLE, NoticeText, OverdueTicket

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

BODY_FONT, TITLE_FONT = "仿宋", "黑体"
BODY_POINTS, TITLE_POINTS, TABLE_POINTS = 16, 22, 10.5
HEADER = ("工单号", "信息资源", "问题（规则）", "未办结", "办理期限", "逾期工作日")
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say: when it was written must not change the bytes


def render(text: NoticeText) -> bytes:
    """The document's bytes (docx)."""
    from docx import Document
    from docx.shared import Cm

    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Cm(3.7), Cm(3.5), Cm(2.8), Cm(2.6)
    _fonts(document)
    _line(document, TITLE, centred=True, points=TITLE_POINTS, font=TITLE_FONT)
    _line(document, text.number, centred=True)
    _line(document, f"{text.addressee}：")
    _body(document, text.opening)
    _table(document, text.tickets)
    for paragraph in (*text.law, text.demand):
        _body(document, paragraph)
    _signed(document, text.authority)
    _signed(document, f"{text.issued_on.year}年{text.issued_on.month}月{text.issued_on.day}日")
    _properties(document, text)
    out = io.BytesIO()
    document.save(out)
    return _without_time(out.getvalue())


def _fonts(document: "Document") -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    style = document.styles["Normal"]
    style.font.name, style.font.size = BODY_FONT, Pt(BODY_POINTS)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY_FONT)


def _line(document: "Document", text: str, *, centred: bool = False, points: float = BODY_POINTS, font: str = BODY_FONT) -> "Paragraph":
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(points), font
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph


def _body(document: "Document", text: str) -> None:
    from docx.shared import Pt

    _line(document, text).paragraph_format.first_line_indent = Pt(2 * BODY_POINTS)


def _signed(document: "Document", text: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    _line(document, text).alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _table(document: "Document", tickets: Sequence[OverdueTicket]) -> None:
    from docx.shared import Pt

    rows = [HEADER, *(_cells(ticket) for ticket in tickets)]
    table = document.add_table(rows=len(rows), cols=len(HEADER), style="Table Grid")
    # Cells in one reading: asking the table for each row of many takes the square of their number.
    cells = table._cells
    for place, value in enumerate(value for row in rows for value in row):
        run = cells[place].paragraphs[0].add_run(value)
        run.font.size = Pt(TABLE_POINTS)


def _cells(ticket: OverdueTicket) -> tuple[str, ...]:
    basis = ticket.due_article if ticket.due_basis == "law" else "本地自定"
    overdue = str(ticket.days_overdue)
    if ticket.counted_from > ticket.due_on:  # it lay with the authority meanwhile
        overdue += f"（自 {ticket.counted_from} 退回起算）"
    return (
        ticket.number,
        ticket.resource_title,
        f"{ticket.problem}（{ticket.rule}）",
        f"{ticket.open_count} 条",
        f"{ticket.due_on}（{basis}）",
        overdue,
    )


def _properties(document: "Document", text: NoticeText) -> None:
    properties = document.core_properties
    day = datetime(text.issued_on.year, text.issued_on.month, text.issued_on.day)
    properties.title, properties.author, properties.last_modified_by = f"{TITLE} {text.number}", text.authority, text.authority
    properties.created = properties.modified = properties.last_printed = day
    properties.comments, properties.revision, properties.language = "", 1, "zh-CN"


def _without_time(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = zipfile.ZipInfo(name, EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(part, source.read(name))
    return out.getvalue()
