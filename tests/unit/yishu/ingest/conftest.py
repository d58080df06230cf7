"""One entry a format, small files of every sort, and a plain way to read them."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter

from yishu.catalogue.models import Resource

AS_OF = date(2026, 3, 1)
NAMES = ("number", "name", "place")


def entry(form: str, **more: Any) -> Resource:
    """Three items; delivery terms and whole fields of the entry may be given."""
    terms = {name: more.pop(name) for name in ("encoding", "sheet", "operation") if name in more}
    items = [{"name": name, "column": name.upper(), "title": name, "type": "text"} for name in NAMES]
    return Resource.model_validate(
        {
            "department": "office", "name": "things", "code": "307001/0001", "title": "物", "summary": "物", "duty": "职责",
            "delivery": {"channel": "file", "format": form, "pattern": "things." + form, "mode": "snapshot", **terms},
            "frequency": "daily", "key": ["number"], "sharing": {"class": "open"}, "opening": {"class": "open"}, "items": items, **more,
        }
    )  # fmt: skip


Ranges = Sequence[tuple[int, int, int, int]]
Formulas = Sequence[tuple[int, int, str, object]]


def workbook(*rows: Sequence[object], merge: Ranges = (), formulas: Formulas = ()) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("数据")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        for place in merge:
            sheet.merge_range(*place, "合并")
        for line, column, formula, value in formulas:
            sheet.write_formula(line, column, formula, None, value)
    return file.getvalue()
