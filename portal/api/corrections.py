"""Corrections as JSON: the same checks as a workbook's, and the same two steps. Nothing is filed by checking."""

from dataclasses import asdict
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Router

from portal.api.shapes import Check, CorrectedRow, CorrectedRows, Filed
from portal.api.tickets import Number, acting
from portal.desk.actor import DeskError
from portal.desk.models import TicketItem
from portal.exchange import steps
from portal.exchange.drafts import Draft
from portal.exchange.form import item_names
from portal.exchange.reading import UploadedRow
from portal.exchange.rows import entry_of, stamp_of

router = Router(tags=["更正"])
BY_THE_INTERFACE = "接口更正"
Key = Annotated[str, Path(description="检查编号", max_length=32)]


@router.post("/tickets/{number}/corrections", response=Check, summary="检查更正的行；通过的等待提交")
def check(request: HttpRequest, number: Number, said: CorrectedRows) -> dict[str, Any]:
    actor = acting(request)
    actor.must("correct")
    ticket = steps.in_work(actor, number)
    names = item_names(entry_of(ticket))
    stamps = {item.pk: stamp_of(item) for item in TicketItem.objects.filter(ticket=ticket)} if any(row.stamp is None for row in said.rows) else {}
    rows = [_row(line, row, names, stamps) for line, row in enumerate(said.rows, start=1)]
    return _told(steps.check_rows(actor, number, BY_THE_INTERFACE, rows))


def _row(line: int, row: CorrectedRow, names: dict[str, str], stamps: dict[int, str]) -> UploadedRow:
    if strange := [name for name in row.values if name not in names]:
        raise DeskError(f"第 {line} 行有不认识的信息项：{'、'.join(strange[:10])}；请使用目录中的代号、列名或名称")
    values = {names[name]: value or "" for name, value in row.values.items()}
    if len(values) != len(row.values):
        raise DeskError(f"第 {line} 行同一信息项写了两次；请只保留一个")
    return UploadedRow(line, str(row.item), stamps.get(row.item, "") if row.stamp is None else row.stamp, values)


@router.get("/tickets/{number}/corrections/{key}", response=Check, summary="再看一次检查结果")
def show(request: HttpRequest, number: Number, key: Key) -> dict[str, Any]:
    return _told(steps.draft_of(acting(request), number, key))


@router.post("/tickets/{number}/corrections/{key}/confirm", response=Filed, summary="提交检查通过的更正；重复提交只算一次")
def confirm(request: HttpRequest, number: Number, key: Key) -> Any:
    return steps.confirm(acting(request), number, key)


def _told(draft: Draft) -> dict[str, Any]:
    return {**asdict(draft), "filed": steps.filed_as(draft) is not None}
