"""The row behind an item of a ticket, as its department delivered it. Who may see it is decided before (actions/handling.reveal)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.desk.models import TicketItem
from portal.desk.register import current_catalogue
from yishu.lake.lookup import find_record, raw_rows


@dataclass(frozen=True)
class Cell:
    """One value under the department's own heading; `concerned`: the rule, or the proposal, speaks of it."""

    column: str
    title: str
    value: str | None
    concerned: bool


def row_of(data: Path, item: TicketItem) -> list[Cell]:
    """Verbatim, in the order of the catalogue; for a doubt that no night has seen yet, the pool's record. Empty where there is no row."""
    catalogue = current_catalogue()
    values = _delivered(data, item) or find_record(data, catalogue, item.department, item.resource, item.subject)
    if not values:
        return []
    entry = catalogue.resources.get(f"{item.department}.{item.resource}")
    headings = {one.name: (one.column, one.title) for one in entry.items} if entry else {}
    order = [*(name for name in headings if name in values), *(name for name in values if name not in headings and not name.startswith("_"))]
    concerned = {item.column, item.proposal_item} - {""}
    return [Cell(*headings.get(name, (name, name)), values[name], name in concerned) for name in order]


def _delivered(data: Path, item: TicketItem) -> Mapping[str, Any] | None:
    """The line of the delivery; None where the item names none, or the lake does not know it (any more)."""
    if not item.delivery_id or item.row_number is None:
        return None
    try:
        found = raw_rows(data, item.delivery_id, [item.row_number])
    except KeyError:
        return None
    return None if found.is_empty() else found.row(0, named=True)
