"""On what terms a night opens tickets: the deadline with its basis, the law's version, whom a ticket addresses, who
acts.

Pure: profile, calendar and catalogue in, the fields of a ticket out; no Django.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from portal.desk.evidence import Failure
from yishu.catalogue.calendar import WorkingDayCalendar
from yishu.catalogue.law import Profile

if TYPE_CHECKING:
    from yishu.catalogue.models import Catalogue

FAMILIES = {
    "doubt.": "doubt",
    "conflict.": "conflict",
    "supervision.late": "lateness",
    "supervision.": "catalogue",
    "linkage.": "linkage",
}


def number_of(day: date, serial: int) -> str:
    """A ticket's number: its day and its place in the day."""
    return f"T{day:%Y%m%d}-{serial:04d}"


def origin_of(rule: str) -> str:
    """What raises a ticket is told by the rule's family; what a gate finds has the rule's own name."""
    for family, origin in FAMILIES.items():
        if rule.startswith(family):
            return origin
    return "gate"


@dataclass(frozen=True)
class TicketTerms:
    """Fixed for one reconciliation and kept on each ticket it opens: later changes of law or catalogue leave it as it
    was opened.
    """

    night: date
    actor: str
    profile: Profile
    calendar: WorkingDayCalendar
    catalogue: "Catalogue | None" = None

    @property
    def reason(self) -> str:
        """What the history says about a change."""
        return f"{self.night} 夜间对账（{self.actor}）"

    def ticket(self, group: tuple[str, str, str], serial: int, first: Failure) -> dict[str, Any]:
        """The fields of a new ticket for (department, resource, rule), described by the first of its failures."""
        department, resource, rule = group
        origin = origin_of(rule)
        deadline = self.profile.deadline_of(origin)
        due = self.calendar.add_working_days(self.night, deadline.working_days, deadline.day_after_is_first)
        return {
            "number": number_of(self.night, serial),
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
            "due_on": due.date,
            "due_provisional": due.provisional,
            "due_working_days": deadline.working_days,
            "due_basis": deadline.basis,
            "due_article": deadline.article or "",
            "due_from": self.night,
            "due_day_after_is_first": deadline.day_after_is_first,
            "origin": origin,
            "told": list(self.profile.told_of_doubt) if origin == "doubt" else ["source_side"],
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
