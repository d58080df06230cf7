"""Tickets and what is done about them: each call is one action of the desk, with the same rights as the pages."""

from datetime import date
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import File, Path, Query, Router, Status, UploadedFile

from portal.api.shapes import (
    Attached,
    EventShape,
    Items,
    Me,
    Merging,
    Refusal,
    Revealed,
    Ruling,
    Said,
    Splitting,
    Tickets,
    TicketShape,
)  # fmt: skip
from portal.desk.actions import arranging, handling, refusing
from portal.desk.actions.finding import ticket_of, visible_tickets
from portal.desk.actor import RIGHTS, Actor, DeskError
from portal.desk.files import data_folder
from portal.desk.models import ItemState, Origin, Ticket, TicketItem, TicketState
from portal.desk.models.tickets import IN_WORK
from portal.exchange.rows import entry_of, live_rows, stamp_of

router = Router(tags=["工单"])
MOST = 500
Limit = Annotated[int, Query(ge=1, le=MOST, description=f"一次最多 {MOST} 条")]
Offset = Annotated[int, Query(ge=0, le=10_000_000, description="跳过前几条")]
Number = Annotated[str, Path(description="工单号", max_length=20)]
ItemId = Annotated[int, Path(description="明细编号", ge=1, lt=2**63)]


def acting(request: HttpRequest) -> Actor:
    """Whoever access.py has let in."""
    actor = request.auth
    assert isinstance(actor, Actor)
    return actor


@router.get("/me", response=Me, summary="我是谁，能做什么", tags=["账号"])
def me(request: HttpRequest) -> dict[str, Any]:
    actor = acting(request)
    return {"name": actor.name, "role": actor.role, "department": actor.department, "rights": sorted(RIGHTS.get(actor.role, ()))}


@router.get("/tickets", response=Tickets, summary="工单列表，最新的在前")
def list_tickets(
    request: HttpRequest,
    state: TicketState | None = None,
    in_work: bool | None = None,
    origin: Origin | None = None,
    department: str = "",
    resource: str = "",
    rule: str = "",
    due_by: date | None = None,
    overdue: bool = False,
    limit: Limit = 100,
    offset: Offset = 0,
) -> dict[str, Any]:
    found = visible_tickets(acting(request))
    wanted = {"state": state, "origin": origin, "department": department, "resource": resource, "rule": rule, "due_on__lte": due_by}
    found = found.filter(**{name: value for name, value in wanted.items() if value})
    if in_work is not None:
        found = found.filter(state__in=IN_WORK) if in_work else found.exclude(state__in=IN_WORK)
    if overdue:
        found = found.filter(state__in=IN_WORK, due_on__lt=timezone.localdate())
    total, page = paged(found.order_by("-opened_on", "-serial"), limit, offset)
    return {"total": total, "tickets": page}


def paged(found: "QuerySet[Any]", limit: int, offset: int) -> tuple[int, list[Any]]:
    return found.count(), list(found[offset : offset + limit])


@router.get("/tickets/{number}", response=TicketShape, summary="一张工单")
def show_ticket(request: HttpRequest, number: Number) -> Ticket:
    return ticket_of(acting(request), number)


@router.get("/tickets/{number}/items", response=Items, summary="工单的明细（标识已脱敏）")
def list_items(request: HttpRequest, number: Number, state: ItemState | None = None, limit: Limit = 100, offset: Offset = 0) -> dict[str, Any]:
    found = TicketItem.objects.select_related("ticket").filter(ticket=ticket_of(acting(request), number))
    total, page = paged((found.filter(state=state) if state else found).order_by("row_number", "id"), limit, offset)
    return {"total": total, "items": page}


@router.get("/tickets/{number}/events", response=list[EventShape], summary="办理记录，最近的 500 条")
def list_events(request: HttpRequest, number: Number) -> list[Any]:
    return list(ticket_of(acting(request), number).events.order_by("-id")[:MOST])


@router.post("/tickets/{number}/acknowledge", response=TicketShape, summary="受理")
def acknowledge(request: HttpRequest, number: Number) -> Ticket:
    return handling.acknowledge(acting(request), number)


@router.post("/tickets/{number}/verify", response=TicketShape, summary="开始核实")
def verify(request: HttpRequest, number: Number) -> Ticket:
    return handling.verify(acting(request), number)


@router.post("/tickets/{number}/refuse", response=TicketShape, summary="提出拒绝更正，须写依据")
def refuse(request: HttpRequest, number: Number, said: Refusal) -> Ticket:
    return refusing.refuse(acting(request), number, said.items, said.basis)


@router.post("/tickets/{number}/rule", response=TicketShape, summary="认可或驳回拒绝（数据主管部门）")
def rule(request: HttpRequest, number: Number, said: Ruling) -> Ticket:
    return refusing.rule(acting(request), number, said.items, accept=said.accept, reason=said.reason)


@router.post("/tickets/{number}/comment", response=TicketShape, summary="留言")
def comment(request: HttpRequest, number: Number, said: Said) -> Ticket:
    handling.comment(acting(request), number, said.text)
    return ticket_of(acting(request), number)


@router.post("/tickets/{number}/attachments", response={201: Attached}, summary="上传附件（multipart，字段 file）")
def attach(request: HttpRequest, number: Number, file: Annotated[UploadedFile, File()]) -> Any:
    actor = acting(request)
    actor.must("attach")
    ticket_of(actor, number)  # before the file is read
    return Status(201, handling.attach(actor, number, file.name or "", file.read(handling.ATTACHMENT_LIMIT + 1)))


@router.post("/tickets/{number}/items/{item}/reveal", response=Revealed, summary="查看一条明细的完整内容（会被记录）")
def reveal(request: HttpRequest, number: Number, item: ItemId) -> dict[str, Any]:
    shown = handling.reveal(acting(request), number, item)
    try:
        [row] = live_rows(data_folder(), [shown], entry_of(shown.ticket))
        values = row.values
    except DeskError:  # about no row, or one that the lake has not
        values = {}
    return {"id": shown.pk, "subject": shown.subject, "stamp": stamp_of(shown), "values": values}


@router.post("/tickets/{number}/split", response={201: TicketShape}, summary="拆出一部分明细，成为新工单")
def split(request: HttpRequest, number: Number, said: Splitting) -> Any:
    return Status(201, arranging.split(acting(request), number, said.items, said.reason))


@router.post("/tickets/{number}/merge", response=TicketShape, summary="并入同一规则的另一张工单")
def merge(request: HttpRequest, number: Number, said: Merging) -> Ticket:
    return arranging.merge(acting(request), number, said.into, said.reason)


@router.post("/tickets/{number}/reopen", response=TicketShape, summary="重新办理已拒绝的明细（数据主管部门）")
def reopen(request: HttpRequest, number: Number, said: Said) -> Ticket:
    return arranging.reopen(acting(request), number, said.text)
