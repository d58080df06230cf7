"""One ticket of the police with three rows, and what a test looks at: the ticket, its items, events and annotations."""

import json
from pathlib import Path
from typing import Any

from tests.portal.nights import RESIDENT

OTHERS = ["110105194912310038", "110105194912310054"]
NUMBER = "T20260301-0001"
BASIS = "《户口登记条例》第十七条"
SUBJECTS = [RESIDENT, *OTHERS]


def ticket(number: str = NUMBER) -> Any:
    from portal.desk.models import Ticket

    return Ticket.objects.get(number=number)


def items(number: str = NUMBER) -> list[Any]:
    from portal.desk.models import TicketItem

    return list(TicketItem.objects.filter(ticket__number=number).order_by("row_number"))


def now(item: Any) -> Any:
    """The item as stored; a guarded state cannot be read again into the same object."""
    return type(item).objects.select_related("ticket").get(pk=item.pk)


def events(number: str = NUMBER) -> list[tuple[str, str]]:
    return list(ticket(number).events.order_by("id").values_list("kind", "actor"))


def annotations(data: Path) -> list[dict[str, Any]]:
    """What lies in landing/desk, in the order written."""
    files = sorted((data / "landing" / "desk" / "annotation").glob("*.jsonl"), key=lambda file: file.stat().st_mtime_ns)
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
