"""The escalation of a night: which steps are due for the tickets in work, each once and in order (P22, E08, A05).

The night is the clock: moved on, it escalates; moved on by a week, it makes up for what was missed; run twice, it does
nothing. The door for the night is `escalate`; nothing here imports Django at import.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from portal.setup import desk
from portal.supervision.clock import EscalationClock, EscalationTerms

if TYPE_CHECKING:
    from portal.desk.models import Event, Ticket
    from portal.supervision.waiting import InWork
    from yishu.catalogue.calendar import WorkingDayCalendar
    from yishu.catalogue.law import Profile
    from yishu.catalogue.models import Catalogue


@dataclass(frozen=True)
class EscalationReport:
    """What an escalation did. `steps`: kind of event -> tickets. `not_yet_certain`: notices that wait for the calendar.

    `waiting_for_ruling`: numbers of tickets that lie with the authority. `overdue`: all that are overdue, new or not.
    """

    steps: Mapping[str, int]
    notices: tuple[str, ...]
    overdue: int
    waiting_for_ruling: tuple[str, ...]
    not_yet_certain: int

    @property
    def changed(self) -> bool:
        return bool(self.steps or self.notices)


def escalate(
    data: Path, night: date, profile: "Profile", calendar: "WorkingDayCalendar", catalogue: "Catalogue | None", actor: str
) -> EscalationReport:
    """Take every step that is due on that night, in one transaction. Idempotent; a killed one leaves nothing."""
    with desk(data):
        return _escalate(EscalationTerms(night, actor, profile, calendar, catalogue))


def _escalate(terms: EscalationTerms) -> EscalationReport:
    from django.db import transaction

    from portal.desk.models import Event, EventKind
    from portal.supervision.issuing import issue
    from portal.supervision.waiting import tickets_in_work

    with transaction.atomic():
        found, clock = tickets_in_work(terms.profile), terms.clock
        due, steps, uncertain = [], Counter[str](), 0
        events: list[Event] = []
        for ticket in found.tickets:
            new, may_notice, is_certain = _due_steps(ticket, found, clock, terms)
            events += new
            steps.update(str(event.kind) for event in new)
            uncertain += may_notice and not is_certain
            if may_notice and is_certain:
                due.append(ticket)
        Event.objects.bulk_create(events, batch_size=1000)
        notices, noticed = issue(due, found, terms)
    if noticed:
        steps[str(EventKind.NOTICED)] = noticed
    return EscalationReport(
        steps=dict(steps),
        notices=tuple(notices),
        overdue=sum(t.due_on < terms.night and t.pk in found.with_department for t in found.tickets),
        waiting_for_ruling=tuple(t.number for t in found.tickets if t.refusing_count and t.pk not in found.with_department),
        not_yet_certain=uncertain,
    )


def _due_steps(ticket: "Ticket", found: "InWork", clock: EscalationClock, terms: EscalationTerms) -> "tuple[list[Event], bool, bool]":
    """The events due for a ticket, whether its notice is due, and whether the calendar makes that certain."""
    from portal.desk.concluding import note
    from portal.desk.models import EventKind

    if ticket.pk not in found.with_department:
        return [], False, True
    night, taken, since = terms.night, found.taken[ticket.pk], found.counted_from(ticket)
    when = clock.steps(ticket.opened_on, ticket.due_on, since)
    unsettled = "（期限暂定，待工作日日历公布后确定）" if ticket.due_provisional else ""
    overdue = clock.calendar.working_days_overdue(since, night)
    due = (
        (EventKind.REMINDED, when.remind_on, f"办理期限 {ticket.due_on}，{_basis(ticket)}{unsettled}"),
        (EventKind.OVERDUE, when.overdue_on, f"办理期限 {ticket.due_on} 已过{unsettled}"),
        (EventKind.HEAD_TOLD, when.head_on, f"{terms.head_of(ticket)}：逾期 {overdue} 个工作日{unsettled}"),
    )
    # Overdue and all that follows need the deadline to have passed: a deadline moved on by its settling is not over.
    passed = [(kind, text) for kind, day, text in due if day <= night and (kind == EventKind.REMINDED or ticket.due_on < night)]
    events = [note(ticket, kind, terms.actor, night, text) for kind, text in passed if kind not in taken]
    may_notice = when.notice_on <= night and ticket.due_on < night and EventKind.NOTICED not in taken
    return events, may_notice, when.notice_is_certain and not ticket.due_provisional


def _basis(ticket: "Ticket") -> str:
    """Whose deadline it is: a local one is called local, never cited as law."""
    days = f"{ticket.due_working_days} 个工作日"
    return f"{days}（{ticket.due_article}）" if ticket.due_basis == "law" else f"{days}（本地自定，非法定期限）"
