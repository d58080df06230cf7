"""A row as its department delivered it: that behind an item of a ticket, or a line. Who may see it is decided before (portal/desk/actions)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from portal.desk.models import TicketItem
from portal.desk.register import current_catalogue
from yishu.lake.lookup import find_record, raw_rows
from yishu.masking import mask_value

NAMES = ("full_name", "former_name", "representative_name")


@dataclass(frozen=True)
class Cell:
    """One value under the department's own heading; `concerned`: the rule, or the proposal, speaks of it."""

    column: str
    title: str
    value: str | None
    concerned: bool


def row_of(data: Path, item: TicketItem) -> list[Cell]:
    """Verbatim, in the order of the catalogue; for a doubt that no night has seen yet, the pool's record. Empty where there is no row."""
    values = _delivered(data, item) or find_record(data, current_catalogue(), item.department, item.resource, item.subject)
    return cells(item.department, item.resource, values, {item.column, item.proposal_item} - {""}) if values else []


def line_of(data: Path, department: str, resource: str, delivery_id: str, row_number: int) -> list[Cell]:
    """A line of a delivery, verbatim; empty where the lake has it no more."""
    values = _line(data, delivery_id, row_number)
    return cells(department, resource, values) if values else []


def masked(row: list[Cell], department: str, resource: str) -> list[Cell]:
    """Enough to recognise the record by, and to tell it from others; no name and no identifier."""
    entry = current_catalogue().resources.get(f"{department}.{resource}")
    kinds = {one.column: "name" if one.name in NAMES else one.type for one in entry.items} if entry else {}
    return [replace(cell, value=mask_value(cell.value, kinds.get(cell.column, "text"))) for cell in row]


def cells(department: str, resource: str, values: Mapping[str, Any], concerned: Collection[str] = ()) -> list[Cell]:
    """The values under the department's headings, in the order of the catalogue."""
    entry = current_catalogue().resources.get(f"{department}.{resource}")
    headings = {one.name: (one.column, one.title) for one in entry.items} if entry else {}
    order = [*(name for name in headings if name in values), *(name for name in values if name not in headings and not name.startswith("_"))]
    return [Cell(*headings.get(name, (name, name)), values[name], name in concerned) for name in order]


def _delivered(data: Path, item: TicketItem) -> Mapping[str, Any] | None:
    """The line of the delivery; None where the item names none, or the lake does not know it (any more)."""
    return _line(data, item.delivery_id, item.row_number) if item.delivery_id and item.row_number is not None else None


def _line(data: Path, delivery_id: str, row_number: int) -> Mapping[str, Any] | None:
    try:
        found = raw_rows(data, delivery_id, [row_number])
    except KeyError:
        return None
    return None if found.is_empty() else found.row(0, named=True)
