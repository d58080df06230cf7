"""The rows behind a ticket's live items, as their department delivered them. Who may have them is asked before (actor.must)."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from portal.desk.actor import DeskError
from portal.desk.models import Ticket, TicketItem
from portal.desk.register import current_catalogue
from yishu.catalogue.models import Resource
from yishu.lake.lookup import raw_rows


@dataclass(frozen=True)
class LiveRow:
    """values: verbatim by our name of the item, "" for none; stamp: of the delivered row, which never changes itself."""

    item: TicketItem
    values: dict[str, str]
    stamp: str


def entry_of(ticket: Ticket) -> Resource:
    """The catalogue's entry. Raises DeskError where it is gone."""
    entry = current_catalogue().resources.get(f"{ticket.department}.{ticket.resource}")
    if entry is None:
        raise DeskError("目录中已没有这个信息资源，不能按行更正；请联系数据主管部门")
    return entry


def live_rows(data: Path, items: Iterable[TicketItem], entry: Resource) -> list[LiveRow]:
    """In the order of deliveries and lines; items that are about no row are left out. Raises DeskError where none has one."""
    by_delivery: dict[str, list[TicketItem]] = {}
    for item in items:
        if item.delivery_id and item.row_number is not None:
            by_delivery.setdefault(item.delivery_id, []).append(item)
    rows = [row for delivery_id, of_it in sorted(by_delivery.items()) for row in _rows(data, delivery_id, of_it, entry)]
    if not rows:
        raise DeskError("这张工单没有可以逐行更正的数据（如未按期报送、整批暂缓、无法读取的行，或数据尚未入湖）；请按工单说明办理或重新报送")
    return rows


def _rows(data: Path, delivery_id: str, items: list[TicketItem], entry: Resource) -> Iterable[LiveRow]:
    try:
        frame = raw_rows(data, delivery_id, [item.row_number for item in items if item.row_number is not None])
    except KeyError:
        return
    names = [item.name for item in entry.items]
    held = [name for name in names if name in frame.columns]
    of_line = {line: values for line, *values in frame.select("_row_number", *held).iter_rows()}
    for item in items:
        if (values := of_line.get(item.row_number)) is not None:
            given = dict(zip(held, values, strict=True))
            yield LiveRow(item, {name: given.get(name) or "" for name in names}, stamp_of(item))


def stamp_of(item: TicketItem) -> str:
    """Names the delivered row that the item stands on: another delivery of it is another stamp, and an old form is then stale."""
    return hashlib.sha256(f"{item.pk}|{item.delivery_id}|{item.row_number}".encode()).hexdigest()[:16]
