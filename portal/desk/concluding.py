"""How a ticket moves with its items: counts kept, the mark noted, the conclusion drawn once nothing of it is live.

The same for nights and for people's actions, so that both leave a ticket in one of the same states. Not here: when an
item ends (reconciliation.py: by evidence only).
"""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Count, Max, Q

from portal.desk import bulk
from portal.desk.models import Event, EventKind, ItemState, Origin, Severity, Ticket, TicketItem, TicketState
from portal.desk.models.tickets import IN_WORK, LIVE

COUNTS = ("item_count", "open_count", "refusing_count")
# A late delivery or a catalogue's fault marks no record; what is held out of the pool is not served, so not marked.
MARKED_ORIGINS = (Origin.GATE, Origin.CONFLICT, Origin.DOUBT)


def note(ticket: Ticket, kind: str, actor: str, on: date, text: str = "", item: TicketItem | None = None) -> Event:
    """One event, not yet stored."""
    return Event(ticket=ticket, item=item, kind=kind, actor=actor, on=on, text=text)


def recount(tickets: Collection[Ticket]) -> list[Ticket]:
    """Bring the counts kept on the tickets up to date, in one question a batch; returns those that differed."""
    differing = []
    for some in bulk.batches(list(tickets)):
        rows = (
            TicketItem.objects.filter(ticket__in=some)
            .order_by()
            .values("ticket_id")
            .annotate(
                item_count=Count("id"),
                open_count=Count("id", filter=Q(state__in=LIVE)),
                refusing_count=Count("id", filter=Q(state=ItemState.REFUSING)),
            )
        )
        counted = {row.pop("ticket_id"): row for row in rows}
        for ticket in some:
            now = counted.get(ticket.pk, dict.fromkeys(COUNTS, 0))
            if any(getattr(ticket, name) != count for name, count in now.items()):
                for name, count in now.items():
                    setattr(ticket, name, count)
                differing.append(ticket)
    return differing


def update(tickets: Iterable[Ticket], actor: str, on: date, reason: str) -> int:
    """Recount, note the mark, conclude what has nothing live left; returns how many tickets closed."""
    known = {ticket.pk: ticket for ticket in tickets}
    changed = {ticket.pk for ticket in recount(known.values())}
    events = _marked([t for t in known.values() if t.state == TicketState.ACCEPTED], actor, on)
    finished = [t for t in known.values() if t.is_in_work and t.open_count == 0]
    events += _concluded(finished, actor, on)
    changed |= {event.ticket.pk for event in events}
    bulk.save([known[key] for key in sorted(changed)], ("state", "closed_on", *COUNTS), reason)
    Event.objects.bulk_create(events)
    return len(finished)


def is_marked(ticket: Ticket) -> bool:
    """Does the lake serve its records as under check? Known from the first night that saw one of them fail."""
    if ticket.origin not in MARKED_ORIGINS or ticket.severity != Severity.CONTENT:
        return False
    return TicketItem.objects.filter(ticket=ticket, delivery_seq__gt=0, state__in=LIVE).exists()


def _marked(accepted: list[Ticket], actor: str, on: date) -> list[Event]:
    events = []
    for ticket in accepted:
        if is_marked(ticket):
            ticket.mark()
            events.append(note(ticket, EventKind.MARKED, actor, on, "相关记录照常提供，并注明核查中（E07）"))
    return events


def _concluded(finished: list[Ticket], actor: str, on: date) -> list[Event]:
    events = []
    for ticket in finished:
        states = set(TicketItem.objects.filter(ticket=ticket).values_list("state", flat=True).distinct())
        if states & {ItemState.CORRECTED, ItemState.CORRECTED_OR_WITHDRAWN}:
            ticket.conclude_corrected()
        elif ItemState.REFUSED in states:
            ticket.conclude_refused()
        else:
            ticket.conclude_withdrawn()
        events.append(note(ticket, EventKind.CONCLUDED, actor, on, ticket.get_state_display()))
        ticket.close(on)
        events.append(note(ticket, EventKind.CLOSED, actor, on))
    return events


def next_serial(on: date) -> int:
    """The number after the last of that day."""
    return (Ticket.objects.filter(opened_on=on).aggregate(last=Max("serial"))["last"] or 0) + 1


def in_work() -> Q:
    return Q(state__in=IN_WORK)
