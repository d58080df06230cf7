"""The only door to the desk for other packages: reconcile, list, show.

Nothing here imports Django at import; each call sets it up for the given data folder and leaves no connection behind.
Facts flow one way (DESIGN.md, section 1): the desk is told what fails and what was settled; the lake never asks it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portal.desk.evidence import failures, proposals, proved_closings
from portal.desk.terms import TicketTerms
from portal.setup import desk

if TYPE_CHECKING:
    import polars as pl

    from yishu.catalogue.calendar import WorkingDayCalendar
    from yishu.catalogue.law import Profile
    from yishu.catalogue.models import Catalogue


class TicketNotFound(LookupError):
    """There is no ticket of that number."""


@dataclass(frozen=True)
class ReconcileReport:
    """What a reconciliation did; all zero, with `unchanged` items, when there was nothing new."""

    opened_tickets: int
    opened_items: int
    closed_items: Mapping[str, int]
    closed_tickets: int
    updated_items: int
    unchanged: int
    settled_deadlines: int
    ticket_numbers: tuple[str, ...]
    opened_by_department: Mapping[str, int]

    @property
    def changed(self) -> bool:
        return bool(self.opened_items or self.closed_items or self.closed_tickets or self.updated_items or self.settled_deadlines)


def reconcile(
    open_violations: "pl.DataFrame",
    closings: "pl.DataFrame",
    *,
    night: date,
    profile: "Profile",
    calendar: "WorkingDayCalendar",
    actor: str,
    data: Path,
    catalogue: "Catalogue | None" = None,
    suggestions: "pl.DataFrame | None" = None,
) -> ReconcileReport:
    """Bring the desk of `data` in line with the violations: an idempotent projection, in one transaction.

    `open_violations`: the rows of the violations table that are open. `closings`: department, resource, rule, subject,
    closing, closed_run of the subjects that are not. `catalogue` gives titles, addressees (A04, A05) and the types
    that masking needs. `suggestions`: department, resource, rule, subject,
    item, proposal, reason. Raises ValueError where a frame lacks columns or a row has no subject.
    """
    read = failures(open_violations), proved_closings(closings), proposals(suggestions)
    terms = TicketTerms(night, actor, profile, calendar, catalogue)
    with desk(data):
        from portal.desk.reconciliation import Facts, project

        done = project(Facts(*read), terms)
    return ReconcileReport(
        opened_tickets=len(done.ticket_numbers),
        opened_items=done.opened_items,
        closed_items=dict(done.closed_items),
        closed_tickets=done.closed_tickets,
        updated_items=done.updated_items,
        unchanged=done.unchanged,
        settled_deadlines=done.settled_deadlines,
        ticket_numbers=tuple(done.ticket_numbers),
        opened_by_department=dict(done.tickets_by_department),
    )


def flush_desk(data: Path) -> int:
    """Write into landing/desk what people decided and what a crash kept from being written; the number of files."""
    with desk(data):
        from portal.desk.outgoing import flush

        return int(flush(data))


def list_tickets(data: Path, department: str | None = None, state: str | None = None) -> list[dict[str, Any]]:
    """The tickets, newest first, each with its counts; JSON-ready.

    `department` by name or title, `state` by code (open, closed) or title (待核实、已关闭).
    """
    with desk(data):
        from portal.desk.listing import ticket_rows

        return ticket_rows(department, state)


def show_ticket(data: Path, number: str) -> dict[str, Any]:
    """One ticket with its items, subjects masked; JSON-ready. Raises TicketNotFound."""
    with desk(data):
        from portal.desk.listing import ticket_with_items

        found = ticket_with_items(number)
    if found is None:
        raise TicketNotFound(f"没有工单 {number}；可用 yishu tickets list 查看全部工单")
    return found
