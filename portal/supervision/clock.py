"""When each step of the escalation of a ticket is due, in working days from its deadline.

Pure: dates in, dates out; no Django and no clock of its own: the night says what day it is. Not here: for whom the
clock runs (waiting.py).
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

from yishu.catalogue.calendar import WorkingDayCalendar
from yishu.catalogue.law import Profile

ONE_DAY = timedelta(days=1)


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
                remind_on=max(self.before(due_on, self.remind_before), opened_on + ONE_DAY),
                overdue_on=due_on + ONE_DAY,
                head_on=self.calendar.add_working_days(counted_from, self.head_after).date,
                notice_on=notice.date,
                notice_is_certain=not notice.provisional,
            )
        return self._known[key]

    def before(self, day: date, working_days: int) -> date:
        """The working day that many working days before `day`."""
        left = working_days
        while left:
            day -= ONE_DAY
            left -= self.calendar.is_working_day(day)
        return day

    def days_overdue(self, counted_from: date, night: date) -> int:
        """Working days after `counted_from`, up to and including `night`."""
        days = (counted_from + ONE_DAY * n for n in range(1, (night - counted_from).days + 1))
        return sum(self.calendar.is_working_day(day) for day in days)
