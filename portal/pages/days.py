"""How many working days are left or overdue, in words. Not here: when a deadline is (portal/desk/terms.py)."""

from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from yishu.catalogue.calendar import WorkingDayCalendar

SOON = 3  # working days


@dataclass
class Days:
    """Counts from one day, each distance once: the tickets of a page share few deadlines."""

    calendar: WorkingDayCalendar
    today: date = field(default_factory=timezone.localdate)
    _known: dict[tuple[date, date], int] = field(default_factory=dict)

    def between(self, start: date, end: date) -> int:
        """Working days after `start`, up to and including `end`; 0 where `end` is not later."""
        if (start, end) not in self._known:
            self._known[start, end] = self.calendar.working_days_overdue(start, end)
        return self._known[start, end]

    def left(self, due_on: date) -> str:
        """剩余、今天到期 or 逾期, in working days."""
        if due_on == self.today:
            return "今天到期"
        if due_on > self.today:
            return f"剩余 {self.between(self.today, due_on)} 个工作日"
        overdue = self.between(due_on, self.today)
        return f"逾期 {overdue} 个工作日" if overdue else "已逾期"

    def urgency(self, due_on: date) -> str:
        """The style class: late, soon or calm."""
        if due_on < self.today:
            return "late"
        return "soon" if self.between(self.today, due_on) <= SOON else "calm"
