"""Issuing notices: one for a department and night, with its tickets, its file and their events, within the caller's
transaction.

What a killed night had begun is undone with the transaction; its file is taken away, or stays unread where the process
died. Not here: whose notice is due (escalation.py), what it says (wording.py, document.py).
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING

from portal.desk.concluding import note
from portal.desk.files import store, stored_path
from portal.desk.models import Event, EventKind, Notice, Ticket
from portal.supervision.document import render
from portal.supervision.wording import OverdueTicket, notice_text
from yishu.redaction import redacted

if TYPE_CHECKING:
    from portal.supervision.clock import EscalationTerms
    from portal.supervision.waiting import InWork


def issue(due: Sequence[Ticket], found: "InWork", terms: "EscalationTerms") -> tuple[list[str], int]:
    """The numbers of the notices issued, and how many tickets they name.

    A department that has its notice of this night gets no second: what became due since waits for the next night.
    """
    by_department: defaultdict[str, list[Ticket]] = defaultdict(list)
    for ticket in due:
        by_department[ticket.department].append(ticket)
    served = set(Notice.objects.filter(issued_on=terms.night).values_list("department", flat=True))
    serials = count(Notice.objects.filter(issued_on__year=terms.night.year).count() + 1)
    issued, noticed, stored = [], 0, []
    try:
        for department in sorted(set(by_department) - served):
            tickets = by_department[department]
            notice = _issue(f"督办〔{terms.night.year}〕{next(serials)}号", tickets, found, terms)
            stored.append(notice.stored)
            issued.append(str(notice.number))
            noticed += len(tickets)
    except BaseException:
        for name in stored:
            stored_path(name).unlink(missing_ok=True)
        raise
    return issued, noticed


def _issue(number: str, tickets: Sequence[Ticket], found: "InWork", terms: "EscalationTerms") -> Notice:
    first = tickets[0]
    clock = terms.clock
    told = [_plain(ticket, clock.calendar.working_days_overdue(found.counted_from(ticket), terms.night), found) for ticket in tickets]
    owner = terms.catalogue.departments.get(first.department) if terms.catalogue else None
    title = owner.title if owner else first.department_title
    text = notice_text(number, title, terms.head_of(first), told, terms.night, terms.profile, terms.calendar)
    notice = Notice.objects.create(
        number=number,
        department=first.department,
        department_title=title,
        issued_on=terms.night,
        stored=store(render(text)).name,
    )
    notice.tickets.set(tickets)
    Event.objects.bulk_create([note(ticket, EventKind.NOTICED, terms.actor, terms.night, number) for ticket in tickets], batch_size=1000)
    return notice


def _plain(ticket: Ticket, days_overdue: int, found: "InWork") -> OverdueTicket:
    """What the notice tells of a ticket; what a rule or a person wrote is rid of anything like an identifier (H11)."""
    same = ("number", "opened_on", "resource_title", "rule", "origin", "dimension", "open_count", "due_on", "due_working_days",
            "due_basis", "due_article", "profile_name", "profile_version")  # fmt: skip
    return OverdueTicket(
        **{name: getattr(ticket, name) for name in same},
        problem=redacted(ticket.message),
        counted_from=found.counted_from(ticket),
        days_overdue=days_overdue,
    )
