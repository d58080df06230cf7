"""Tickets as plain data for the command line and for export: JSON-ready, identifiers masked (H11). Reads only.

Imported late, by service.py, once Django is ready.
"""

from typing import Any

from django.db.models import Q

from portal.desk.models import Ticket, TicketItem, TicketState
from portal.desk.models.tickets import IN_WORK


def ticket_rows(department: str | None, state: str | None) -> list[dict[str, Any]]:
    """Tickets, newest first; `department` by name or title, `state` by code or title."""
    tickets = Ticket.objects.all()
    if department is not None:
        tickets = tickets.filter(Q(department=department) | Q(department_title=department))
    if state is not None:
        tickets = tickets.filter(state__in=_states(state))
    return [_ticket(ticket) for ticket in tickets]


def ticket_with_items(number: str) -> dict[str, Any] | None:
    """One ticket with all its items; None where there is no such number."""
    ticket = Ticket.objects.filter(number=number).first()
    if ticket is None:
        return None
    items = ticket.items.select_related("ticket")
    return {**_ticket(ticket), "items": [_item(item) for item in items]}


def _states(wanted: str) -> tuple[str, ...]:
    """`open` and `closed` stand for in work and ended; else one state, by code or title."""
    groups = {"open": IN_WORK, "在办": IN_WORK, "closed": (TicketState.CLOSED,), "已办结": (TicketState.CLOSED,)}
    if wanted in groups:
        return tuple(groups[wanted])
    for code, title in TicketState.choices:
        if wanted in (code, title):
            return (str(code),)
    known = "、".join(f"{code}（{title}）" for code, title in (("open", "在办"), *TicketState.choices))
    raise ValueError(f"没有工单状态 {wanted}；可选：{known}")


def _ticket(ticket: Any) -> dict[str, Any]:
    plain = (
        "number",
        "department",
        "department_title",
        "resource",
        "resource_title",
        "rule",
        "column",
        "message",
        "severity",
        "dimension",
        "clause",
        "origin",
        "state",
        "due_provisional",
        "due_working_days",
        "due_basis",
        "due_article",
        "data_officer_name",
        "head_name",
        "opened_by",
        "profile_name",
        "profile_version",
        "item_count",
        "open_count",
        "refusing_count",
    )
    return {
        **{name: getattr(ticket, name) for name in plain},
        "state_title": ticket.get_state_display(),
        "origin_title": ticket.get_origin_display(),
        "due_basis_title": ticket.get_due_basis_display(),
        **{name: _day(getattr(ticket, name)) for name in ("opened_on", "due_on", "closed_on")},
    }


def _item(item: TicketItem) -> dict[str, Any]:
    plain = ("file", "row_number", "row_count", "delivery_id", "tries", "state", "message")
    return {
        "subject": item.masked_subject,
        **{name: getattr(item, name) for name in plain},
        "state_title": item.get_state_display(),
        **{name: _day(getattr(item, name)) for name in ("since", "opened_on", "closed_on")},
    }


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None
