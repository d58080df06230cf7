"""When each step of the escalation of a ticket is due, in working days from its deadline.

Pure: dates in, dates out; no Django and no clock of its own: the night says what day it is. Not here: for whom the
clock runs (waiting.py).
"""

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from portal.desk.terms import TicketTerms
from yishu.catalogue.calendar import ONE_DAY, WorkingDayCalendar
from yishu.catalogue.law import Profile

if TYPE_CHECKING:
    from portal.desk.models import Ticket


@dataclass(frozen=True)
class Steps:
    """The first day on which each step is due. `notice_is_certain`: every day counted lies in a known calendar."""

    remind_on: date
    overdue_on: date
    head_on: date
    notice_on: date
    notice_is_certain: bool


@dataclass(frozen=True)
class EscalationClock:
    """The paces of a profile over a calendar: local choices where the law names none (LocalDefaults)."""

    remind_before: int
    head_after: int
    notice_after: int
    calendar: WorkingDayCalendar
    _known: dict[tuple[date, date, date], Steps] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, profile: Profile, calendar: WorkingDayCalendar) -> "EscalationClock":
        local = profile.local_defaults
        return cls(
            local.reminder_working_days_before.value,
            local.head_after_working_days_overdue.value,
            local.notice_after_working_days_overdue.value,
            calendar,
        )

    def steps(self, opened_on: date, due_on: date, counted_from: date) -> Steps:
        """`counted_from`: from when overdue days count: the deadline, or the later day on which the ticket came back."""
        key = (opened_on, due_on, counted_from)
        if key not in self._known:
            notice = self.calendar.add_working_days(counted_from, self.notice_after)
            self._known[key] = Steps(
                # A ticket with less time than the reminder is reminded of on the day after it was opened.
                remind_on=max(self.calendar.shift(due_on, -self.remind_before).date, opened_on + ONE_DAY),
                overdue_on=due_on + ONE_DAY,
                head_on=self.calendar.add_working_days(counted_from, self.head_after).date,
                notice_on=notice.date,
                notice_is_certain=not notice.provisional,
            )
        return self._known[key]


@dataclass(frozen=True)
class EscalationTerms(TicketTerms):
    """On what terms a night escalates: those on which it opens tickets, with the clock that follows from them."""

    @property
    def clock(self) -> EscalationClock:
        return EscalationClock.of(self.profile, self.calendar)

    def head_of(self, ticket: "Ticket") -> str:
        """Who is told: the head named in the register now, else the one named when the ticket was opened."""
        owner = self.catalogue.departments.get(ticket.department) if self.catalogue else None
        return f"{self.profile.head_title}{owner.head.name if owner else ticket.head_name}"
