"""A desk in a folder of its own, and nights described by what fails and what was settled. The fixtures are in
conftest.py.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from portal.desk import service
from portal.desk.service import ReconcileReport
from portal.setup import desk
from yishu.catalogue.calendar import WorkingDayCalendar
from yishu.catalogue.law import Profile
from yishu.lake.violations import SCHEMA as OF_THE_LAKE

RESIDENT = "11010519491231002X"  # the worked example of GB 11643, nobody's number
SCHEMA = OF_THE_LAKE | {"value_hash": pl.String}
CLOSING_SCHEMA = {name: SCHEMA[name] for name in ("department", "resource", "rule", "subject", "closing", "closed_run")}


def failing(subject: str = RESIDENT, **fields: Any) -> dict[str, Any]:
    """An open violation; what a test does not say is ordinary."""
    usual = {
        "department": "public_security",
        "resource": "resident",
        "delivery_id": "public_security.resident.20260301.aa",
        "delivery_seq": 1,
        "file": "resident_20260301.csv",
        "row_number": 2,
        "subject": subject,
        "column": "sex",
        "rule": "sex.code",
        "dimension": "规范性",
        "severity": "content",
        "clause": "E01",
        "message": "性别不在代码表内",
        "pin": None,
        "gate_run": 1,
        "since": date(2026, 3, 1),
        "closed_run": None,
        "closing": None,
        "value_hash": "a1",
    }
    return usual | fields


def settled(
    subject: str = RESIDENT, closing: str = "corrected", closed_run: int | None = 2, **fields: Any
) -> dict[str, Any]:
    """The proof that a subject no longer fails."""
    usual = {"department": "public_security", "resource": "resident", "rule": "sex.code"}
    return usual | {"subject": subject, "closing": closing, "closed_run": closed_run} | fields


@dataclass
class Desk:
    """The desk of one data folder, driven through its service."""

    data: Path
    profile: Profile = field(repr=False)
    calendar: WorkingDayCalendar = field(repr=False)
    catalogue: Any = field(default=None, repr=False)

    def night(
        self,
        violations: Sequence[Mapping[str, Any]],
        closings: Sequence[Mapping[str, Any]] = (),
        on: date = date(2026, 3, 1),
        profile: Profile | None = None,
    ) -> ReconcileReport:
        return service.reconcile(
            pl.DataFrame(violations, schema=SCHEMA, orient="row"),
            pl.DataFrame(closings, schema=CLOSING_SCHEMA, orient="row"),
            night=on,
            profile=profile or self.profile,
            calendar=self.calendar,
            actor="night",
            data=self.data,
            catalogue=self.catalogue,
        )

    def tickets(self) -> list[dict[str, Any]]:
        """Oldest first."""
        return sorted(service.list_tickets(self.data), key=lambda ticket: str(ticket["number"]))

    def ticket(self, number: str) -> dict[str, Any]:
        return service.show_ticket(self.data, number)

    def items(self) -> list[dict[str, Any]]:
        """Every item as stored, its ticket's number and state with it."""
        with desk(self.data):
            from portal.desk.models import TicketItem

            names = [column.attname for column in TicketItem._meta.concrete_fields]
            return list(TicketItem.objects.order_by("id").values(*names, "ticket__number", "ticket__state"))

    def contents(self) -> dict[str, list[Any]]:
        """All rows of all tables of the desk, history included: what must not change when nothing is new."""
        with desk(self.data):
            from django.apps import apps

            return {
                model._meta.label: list(model.objects.order_by("pk").values_list())
                for model in apps.get_app_config("desk").get_models()
            }

    def empty(self) -> None:
        with desk(self.data):
            from portal.desk.models import Event, Ticket, TicketItem

            for model in (Event, TicketItem, Ticket, TicketItem.history.model, Ticket.history.model):
                model.objects.all().delete()


def open_files(folder: Path) -> list[str]:
    """Files of the folder this process still holds open."""
    held = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            held.append(os.readlink(descriptor))
        except OSError:
            continue  # closed while we looked
    return [path for path in held if path.startswith(str(folder.resolve()))]
