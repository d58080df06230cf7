"""Clocks and coverage as tables: who is late (B09, C04), what has arrived of what is catalogued (C05), what two departments collect (C01).

Belongs here: putting catalogue, ledger and raw together for a business date. Not here: the rules of each (yishu/catalogue/lateness.py,
yishu/catalogue/duplicates.py, yishu/lake/coverage.py), how they are shown (cli/status.py, status_page.py).
"""

import hashlib
import io
from datetime import date
from pathlib import Path

import polars as pl

from yishu.catalogue import Catalogue
from yishu.catalogue.calendar import WorkingDayCalendar
from yishu.catalogue.duplicates import duplicates, load_exemptions, table
from yishu.catalogue.lateness import grace_of, lateness
from yishu.catalogue.law import load_profile
from yishu.lake import delta
from yishu.lake.coverage import coverage
from yishu.lake.delivery import Delivery
from yishu.lake.ledger import Ledger
from yishu.settings import settings

LATENESS, COVERAGE, DUPLICATES = "lateness", "coverage", "duplicate_collection"
TITLES = {LATENESS: "迟报", COVERAGE: "覆盖率", DUPLICATES: "疑似重复采集"}
FRESH = ("accepted", "unchanged", "superseded")
_LATENESS = {
    "department": pl.String, "resource": pl.String, "title": pl.String, "frequency": pl.String, "as_of": pl.Date, "due_on": pl.Date,
    "late": pl.Boolean, "late_since": pl.Date, "working_days_late": pl.Int64, "provisional": pl.Boolean, "has_clock": pl.Boolean,
    "awaited_from": pl.Date,
}  # fmt: skip


def supervise(data: Path, catalogue: Catalogue, on: date) -> dict[str, pl.DataFrame]:
    """The three tables as they stand at the end of that business date."""
    exemptions = load_exemptions(settings.catalogue, catalogue)
    return {
        LATENESS: _lateness(Ledger(data), catalogue, on),
        COVERAGE: coverage(data, catalogue),
        DUPLICATES: table(duplicates(catalogue, exemptions)),
    }


def measured_on(ledger: Ledger, newest: date | None) -> date | None:
    """The business date by which lateness is measured: that of the last night, no clock; before the first, the newest delivery's."""
    nights = ledger.nights()
    return date.fromisoformat(nights[-1]["business_date"]) if nights else newest


def write(data: Path, tables: dict[str, pl.DataFrame], actor: str) -> None:
    """Delta tables under DIR/supervision, replaced as a whole; what has not changed is not written again."""
    for name, frame in tables.items():
        path = data / "supervision" / name
        key = f"{name}:{_digest(frame)}"
        if not delta.exists(path) or _digest(delta.read(path)) != _digest(frame):
            delta.replace(path, frame, key=f"{key}:{delta.version(path)}", actor=actor)


def _lateness(ledger: Ledger, catalogue: Catalogue, on: date) -> pl.DataFrame:
    profile, calendar = load_profile(settings.profile, settings.catalogue), WorkingDayCalendar.load(settings.catalogue)
    deliveries = ledger.deliveries()
    first = first_received(ledger, deliveries)
    delivered: dict[str, date] = {}
    for delivery in deliveries:  # in order of as-of; a correction speaks of single keys, never for a whole period
        if delivery.as_of <= on and delivery.state in FRESH and not delivery.is_correction:
            delivered[delivery.resource_id] = delivery.as_of
    rows = []
    for resource in catalogue.judged_resources.values():
        newest = delivered.get(resource.id)
        grace = grace_of(resource, profile)
        state = lateness(resource.frequency, grace, delivered=newest, first_received=first, on=on, calendar=calendar)
        rows.append((resource.department, resource.name, resource.title, resource.frequency, newest, state.due, state.late, state.since,
                     state.working_days, state.provisional, grace is not None, state.awaited.start if state.awaited else None))  # fmt: skip
    return pl.DataFrame(rows, schema=_LATENESS, orient="row")


def first_received(ledger: Ledger, deliveries: list[Delivery]) -> date | None:
    """The day the data folder was first delivered to, by business date: that of the night in which it was, else the delivery's own.

    Not the oldest as-of: one file of old times would make every resource late that has never come.
    """
    first = min(deliveries, key=lambda delivery: delivery.seq, default=None)
    if first is None:
        return None
    begun = [night["business_date"] for night in ledger.nights() if night["started_at"] <= first.received_at]
    return date.fromisoformat(begun[-1]) if begun else first.as_of


def _digest(frame: pl.DataFrame) -> str:
    out = io.BytesIO()
    frame.write_ndjson(out)
    return hashlib.sha256(out.getvalue()).hexdigest()[:16]
