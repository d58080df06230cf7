"""Who asks, and which tickets, items and doubts that actor may see. Every page and every call of the interface asks here first."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from portal.desk.actor import Actor, NotFound
from portal.desk.models import Doubt, Officer, Ticket, TicketItem
from portal.desk.models.tickets import LIVE


def actor_of(user: Any) -> Actor | None:
    """The actor behind an account; None for an account without a role, which sees nothing."""
    officer = Officer.objects.select_related("user").filter(user=user).first() if user.is_authenticated else None
    return Actor.of(officer) if officer and user.is_active else None


def visible_tickets(actor: Actor) -> "QuerySet[Ticket]":
    """All for bureau and auditors, the own department's for everybody else."""
    everything = Ticket.objects.all()
    if actor.sees_all:
        return everything
    return everything.filter(department=actor.department) if actor.department else everything.none()


def ticket_of(actor: Actor, number: str, *, lock: bool = False) -> Ticket:
    """Raises NotFound, the same for a ticket that is not there and for one of another department."""
    tickets = visible_tickets(actor)
    found = (tickets.select_for_update() if lock else tickets).filter(number=number).first()
    if found is None:
        raise NotFound(f"没有工单 {number}，或不属于您的部门")
    return found


def items_of(ticket: Ticket, ids: Collection[int] | None, *, states: Collection[str] = LIVE) -> list[TicketItem]:
    """The named items, or all in those states where none are named. Raises NotFound for an id that is not among them."""
    items = list(TicketItem.objects.filter(ticket=ticket, state__in=states))
    for item in items:
        item.ticket = ticket  # one object, not one a row: of 100,000 rows they were half of the memory
    if ids is None:
        return items
    wanted = set(ids)
    found = [item for item in items if item.pk in wanted]
    if len(found) != len(wanted):
        raise NotFound("所选明细不属于这张工单，或状态已经变化；请刷新后重新选择")
    return found


def doubts_of(actor: Actor) -> "QuerySet[Doubt]":
    """The doubts that the actor's own department (or the actor) raised."""
    doubts = Doubt.objects.select_related("item", "item__ticket")
    if actor.sees_all:
        return doubts
    return doubts.filter(department=actor.department) if actor.department else doubts.none()
