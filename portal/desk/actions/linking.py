"""Proposed links: an officer of the record's department says that the record is about the entity proposed, or that it is not (C02).

Each is decided by itself, by somebody who has looked at it; the lake learns of it by an annotation, and the item ends when the next night
has seen that. A word said before can be taken back by the other one, also after the ticket has closed. Not here: what is proposed, and why
(yishu/linkage).
"""

from django.db import transaction
from django.utils import timezone

from portal.desk import bulk
from portal.desk.actions.finding import items_of, ticket_of
from portal.desk.actions.handling import begin_verifying, stated
from portal.desk.actor import Actor, DeskError
from portal.desk.concluding import note
from portal.desk.models import AnnotationKind, EventKind, ItemState, Origin, Ticket, TicketItem
from portal.desk.outgoing import annotate, flush_after_commit

DECIDABLE = (ItemState.OPEN, ItemState.CORRECTED, ItemState.WITHDRAWN)


def decide_link(actor: Actor, number: str, item_id: int, *, confirm: bool, reason: str) -> Ticket:
    """Confirm or reject the link of one item. Raises DeskError where nothing is proposed, or without a reason."""
    actor.must("link")
    reason = stated(reason, "确认或否认的理由")
    with transaction.atomic():
        ticket = ticket_of(actor, number, lock=True)
        item = link_of(ticket, item_id)
        if ticket.is_in_work:
            begin_verifying(ticket, actor)
        elif confirm:
            raise DeskError("工单已办结，不能再确认；已确认的关联可以否认")
        item.filed_on = timezone.localdate()
        kind, event = (
            (AnnotationKind.LINK_CONFIRMED, EventKind.LINK_CONFIRMED) if confirm else (AnnotationKind.LINK_REJECTED, EventKind.LINK_REJECTED)
        )
        annotate(kind, [item], actor, reason, linked=True)
        said = note(ticket, event, actor.name, timezone.localdate(), reason, item)
        said.save()
        bulk.save([item], ("filed_on",), f"{said.get_kind_display()}（{actor.name}）")
    flush_after_commit()
    return ticket


def link_of(ticket: Ticket, item_id: int) -> TicketItem:
    """The item with its proposal. Raises DeskError where it proposes no link, NotFound for another ticket's."""
    [item] = items_of(ticket, [item_id], states=DECIDABLE)
    if ticket.origin != Origin.LINKAGE or not item.proposal:
        raise DeskError("这条明细没有待确认的关联")
    return item
