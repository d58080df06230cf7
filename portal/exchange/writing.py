"""A ticket's rows as a workbook. Every cell is text: no value begins a formula, and identifiers keep their digits.

Memory holds one row at a time; what xlsxwriter puts aside lies in the desk's own folder.
"""

from collections.abc import Iterable, Mapping
from typing import IO, Any

from portal.desk.files import own_folder, unnamed
from portal.desk.models import Ticket
from portal.exchange.form import IDENTIFICATION, NOTES, SHEET, STAMP, as_shown, heading
from portal.exchange.rows import LiveRow
from yishu.catalogue.models import Item, Resource
from yishu.masking import mask_value

_WIDTHS = (10, 12, 36, 36, 2)
_HOW_TO = (
    "1. 在“更正”表中直接把错误的值改成正确的值；标黄的列是问题所在。没有把握的行请不要改动，未改动的行不会提交。",
    "2. 灰色的列（明细编号、原文件行号、问题、建议、校验码）用来对应工单，请勿修改；可以删去不需要更正的整行，不要增加行和列。",
    "3. 所有单元格都是文本：号码、代码请照原样填写，保留前导零；不要使用公式，可粘贴为数值。",
    "4. “建议”由系统推断，仅供参考，核实后再采用；以您的核实为准。",
    "5. 保存为 xlsx（或 csv）后，在工单页面上传。系统逐行检查，先显示结果，您确认“提交更正”后才会报送。",
    "6. 提交的更正作为更正批次进入当晚的检查；检查通过后工单自动办结。",
)


def write_workbook(ticket: Ticket, entry: Resource, rows: Iterable[LiveRow], *, masked: bool) -> IO[bytes]:
    """The workbook as an open file without a name, at its beginning. masked: for people of no department, who correct nothing."""
    import xlsxwriter

    out = unnamed()
    as_text = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    options = {"constant_memory": True, "tmpdir": str(own_folder()), **as_text}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": f"更正工单 {ticket.number}", "author": "一数"})
        sheet = book.add_worksheet(SHEET)
        _lay_out(book, sheet, ticket, entry, masked)
        shades = _Shades(book)
        concerned = _concerned(ticket, entry)
        for place, row in enumerate(rows, start=1):
            _write_row(sheet, place, row, entry, shades, concerned, masked)
        _explain(book, ticket, masked)
    out.seek(0)
    return out


def write_refused(refused: Iterable[Mapping[str, Any]]) -> IO[bytes]:
    """What an upload's check refused, a line a fault, as an open file without a name; every cell text."""
    import xlsxwriter

    out = unnamed()
    with xlsxwriter.Workbook(out, {"in_memory": True, "constant_memory": True}) as book:
        sheet = book.add_worksheet("未通过的行")
        table = [("行", "明细编号", "列", "问题", "怎么办")]
        table += [(str(one["line"]), one["item"], one["column"], one["reason"], one["way_out"]) for one in refused]
        for place, row in enumerate(table):
            for column, text in enumerate(row):
                sheet.write_string(place, column, as_shown(text))
    out.seek(0)
    return out


class _Shades:
    def __init__(self, book: Any) -> None:
        text = {"num_format": "@", "valign": "top"}
        self.locked = book.add_format({**text, "bg_color": "#E7E6E6", "font_color": "#595959"})
        self.plain = book.add_format({**text, "locked": False})
        self.concerned = book.add_format({**text, "locked": False, "bg_color": "#FFF2CC"})


def _concerned(ticket: Ticket, entry: Resource) -> set[str]:
    """The items that the rule speaks of; one about the row as a whole begins with its key."""
    return {ticket.column} if ticket.column else set(entry.key) if ticket.rule.startswith("key.") else set()


def _lay_out(book: Any, sheet: Any, ticket: Ticket, entry: Resource, masked: bool) -> None:
    head = {"bold": True, "num_format": "@", "text_wrap": True, "valign": "vcenter"}
    grey = book.add_format({**head, "bg_color": "#BFBFBF"})
    blue, yellow = book.add_format({**head, "bg_color": "#DDEBF7"}), book.add_format({**head, "bg_color": "#FFD966"})
    concerned = _concerned(ticket, entry)
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width, None, {"hidden": masked or IDENTIFICATION[place] == STAMP} if place == len(_WIDTHS) - 1 else {})
    sheet.set_column(len(_WIDTHS), len(_WIDTHS) + len(entry.items) - 1, 20)
    sheet.freeze_panes(1, 2)
    sheet.protect("", {"format_columns": True, "format_rows": True, "delete_rows": True, "autofilter": True, "sort": True})
    for place, name in enumerate(IDENTIFICATION):
        sheet.write_string(0, place, name, grey)
    for place, item in enumerate(entry.items, start=len(IDENTIFICATION)):
        sheet.write_string(0, place, heading(item), yellow if item.name in concerned else blue)
        if item.name in concerned:
            sheet.write_comment(0, place, as_shown(f"{ticket.message}；请在本列改成正确的值"))


def _write_row(sheet: Any, place: int, row: LiveRow, entry: Resource, shades: _Shades, concerned: set[str], masked: bool) -> None:
    item = row.item
    names = {one.name: one for one in entry.items}
    told = (str(item.pk), str(item.row_number), item.message, _proposal(row, names, masked), "" if masked else row.stamp)
    for column, text in enumerate(told):
        sheet.write_string(place, column, as_shown(text), shades.locked)
    marked = concerned | {item.column, item.proposal_item}
    for column, one in enumerate(entry.items, start=len(told)):
        value = row.values[one.name]
        shown = mask_value(value, one.type) or "" if masked else value
        shade = shades.locked if masked else shades.concerned if one.name in marked else shades.plain
        if shown:
            sheet.write_string(place, column, as_shown(shown), shade)
        else:
            sheet.write_blank(place, column, None, shade)


def _proposal(row: LiveRow, names: dict[str, Item], masked: bool) -> str:
    item = row.item
    if not item.proposal:
        return ""
    of = names.get(item.proposal_item)
    value = mask_value(item.proposal, of.type if of else "text") if masked else item.proposal
    return f"{of.title if of else item.proposal_item}：{value}（{item.proposal_reason}）"


def _explain(book: Any, ticket: Ticket, masked: bool) -> None:
    sheet = book.add_worksheet(NOTES)
    sheet.set_column(0, 0, 110, book.add_format({"text_wrap": True, "num_format": "@"}))
    title = f"更正工单 {ticket.number}　{ticket.department_title}《{ticket.resource_title}》"
    first = (title, f"问题：{ticket.message}", f"办理期限：{ticket.due_on}", "")
    how = ("本表仅供查阅：标识已脱敏，不能上传更正。",) if masked else _HOW_TO
    for place, text in enumerate((*first, *how)):
        sheet.write_string(place, 0, as_shown(text))
