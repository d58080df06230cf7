"""On what terms a night opens tickets: the deadline with its basis, the law's version, whom a ticket addresses, who
acts.

Pure: profile, calendar and catalogue in, the fields of a ticket out; no Django.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from portal.desk.evidence import Failure
from yishu.catalogue.calendar import DueDate, WorkingDayCalendar
from yishu.catalogue.law import Deadline, Profile

if TYPE_CHECKING:
    from yishu.catalogue.models import Catalogue


@dataclass(frozen=True)
class TicketTerms:
    """Fixed for one reconciliation and kept on each ticket it opens: later changes of law or catalogue leave it as it
    was opened.
    """

    night: date
    actor: str
    profile: Profile
    deadline: Deadline
    due: DueDate
    catalogue: "Catalogue | None" = None

    @classmethod
    def of(
        cls, night: date, actor: str, profile: Profile, calendar: WorkingDayCalendar, catalogue: "Catalogue | None"
    ) -> "TicketTerms":
        deadline = profile.ticket_deadline
        due = calendar.add_working_days(night, deadline.working_days, deadline.day_after_is_first)
        return cls(night, actor, profile, deadline, due, catalogue)

    @property
    def reason(self) -> str:
        """What the history says about a change."""
        return f"{self.night} 夜间对账（{self.actor}）"

    def ticket(self, group: tuple[str, str, str], serial: int, first: Failure) -> dict[str, Any]:
        """The fields of a new ticket for (department, resource, rule), described by the first of its failures."""
        department, resource, rule = group
        return {
            "number": f"T{self.night:%Y%m%d}-{serial:04d}",
            "opened_on": self.night,
            "serial": serial,
            "opened_by": self.actor,
            "department": department,
            "resource": resource,
            "rule": rule,
            "column": first.column,
            "message": first.message,
            "severity": first.severity,
            "dimension": first.dimension,
            "clause": first.clause,
            "due_on": self.due.date,
            "due_provisional": self.due.provisional,
            "due_working_days": self.deadline.working_days,
            "due_basis": self.deadline.basis,
            "due_article": self.deadline.article or "",
            "profile_name": self.profile.name,
            "profile_version": self.profile.version,
            **self._from_catalogue(department, resource),
        }

    def _from_catalogue(self, department: str, resource: str) -> dict[str, Any]:
        """Titles, addressees and key types; a department or resource that has left the catalogue keeps its names."""
        catalogue = self.catalogue
        owner = catalogue.departments.get(department) if catalogue else None
        entry = catalogue.resources.get(f"{department}.{resource}") if catalogue else None
        return {
            "catalogue_version": catalogue.hash if catalogue else "",
            "department_title": owner.title if owner else department,
            "resource_title": entry.title if entry else resource,
            "data_officer_name": owner.data_officer.name if owner else "",
            "head_name": owner.head.name if owner else "",
            "key_types": [entry.item(name).type for name in entry.key] if entry else [],
        }
