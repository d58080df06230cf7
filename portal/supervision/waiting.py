"""For which tickets the clock runs: those that wait for their department, and since when.

What waits for the authority's ruling, or for the gate after a correction was filed, is not the department's delay.
Imported late, once Django is ready. Reads only.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Max, Q

from portal.desk.concluding import in_work
from portal.desk.models import Event, EventKind, ItemState, Origin, Ticket, TicketItem
from portal.desk.models.record import ONCE
from portal.desk.models.tickets import IN_WORK
from yishu.catalogue.law import Profile

# What brings a ticket back to its department: days it lay with the authority are not counted as overdue.
RETURNED = (EventKind.REFUSAL_REJECTED, EventKind.REOPENED)


@dataclass
class InWork:
    """The tickets in work, oldest first, with what the escalation asks of each."""

    tickets: list[Ticket]
    with_department: set[int]
    taken: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    returned_on: dict[int, date] = field(default_factory=dict)

    def counted_from(self, ticket: Ticket) -> date:
        """From when overdue days count; for a part also the day on which what it was split off had come back."""
        own, before = self.returned_on.get(ticket.pk), self.returned_on.get(ticket.split_from_id)
        return max(day for day in (ticket.due_on, own, before if before and before <= ticket.opened_on else None) if day)


def tickets_in_work(profile: Profile) -> InWork:
    """In a fixed number of questions, however many tickets there are."""
    tickets = list(Ticket.objects.filter(in_work()).order_by("opened_on", "serial"))
    found = InWork(tickets, _with_department(tickets, profile))
    _take_steps(found)
    of_these = Q(ticket__state__in=IN_WORK) | Q(ticket__parts__state__in=IN_WORK)
    returned = Event.objects.filter(of_these, kind__in=RETURNED).order_by().values_list("ticket_id").annotate(last=Max("on"))
    found.returned_on = dict(returned)
    return found


def _with_department(tickets: Iterable[Ticket], profile: Profile) -> set[int]:
    """Tickets with a live item that its department has neither refused nor filed a correction for.

    Where the law's clock covers the verification alone (丽水 13), a doubt's stops for good once the owner has said what
    is right, whatever becomes of the answer.
    """
    unanswered = TicketItem.objects.filter(ticket__state__in=IN_WORK, state=ItemState.OPEN, filed_on__isnull=True)
    todo = set(unanswered.order_by().values_list("ticket_id", flat=True).distinct())
    if profile.deadline_of("doubt").covers != "verification":
        return todo
    unverified = set(unanswered.filter(ticket__origin=Origin.DOUBT, refused_by="").order_by().values_list("ticket_id", flat=True).distinct())
    return {t.pk for t in tickets if t.pk in (unverified if t.origin == Origin.DOUBT else todo)}


def _take_steps(found: InWork) -> None:
    """The steps already taken: a ticket's own, and for a part those taken before it was split off."""
    for ticket, kind in Event.objects.filter(ticket__state__in=IN_WORK, kind__in=ONCE).values_list("ticket_id", "kind"):
        found.taken[ticket].add(kind)
    parts = [ticket for ticket in found.tickets if ticket.split_from_id and ticket.split_from_id != ticket.pk]
    before = _ancestors({ticket.split_from_id for ticket in parts})
    events: defaultdict[int, list[tuple[str, date]]] = defaultdict(list)
    for ticket, kind, on in Event.objects.filter(ticket__in=before, kind__in=ONCE).values_list("ticket_id", "kind", "on"):
        events[ticket].append((kind, on))
    for part in parts:
        ancestor, since, seen = part.split_from_id, part.opened_on, {part.pk}
        while ancestor and ancestor not in seen:
            found.taken[part.pk] |= {kind for kind, on in events[ancestor] if on <= since}
            seen.add(ancestor)
            since, ancestor = before[ancestor]


def _ancestors(wanted: Collection[int]) -> dict[int, tuple[date, int | None]]:
    """What parts were split off, and what these were: id -> day of opening and what it was itself split off."""
    found: dict[int, tuple[date, int | None]] = {}
    missing = set(wanted)
    while missing:
        rows = Ticket.objects.filter(pk__in=missing).values_list("pk", "opened_on", "split_from_id")
        found |= {key: (opened_on, before) for key, opened_on, before in rows}
        missing = {before for _, before in found.values() if before} - set(found)
    return found
