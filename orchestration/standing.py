"""How the platform stands: volume, freshness, quality, coverage and tickets per department, JSON-ready. Names and counts only.

Freshness is measured against the newest date any department has delivered for, lateness against the last night's business date: no clock.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.quality import clocks_of, in_own_words, quality_of, told, total
from orchestration.register import current_catalogue
from orchestration.supervision import COVERAGE, LATENESS, measured_on, supervise
from orchestration.trend import trend
from yishu.catalogue.law import load_profile
from yishu.catalogue.models import Department, Resource
from yishu.lake.ledger import Ledger
from yishu.settings import settings

WAITING = ("received", "held", "failed")


def standing(data: Path) -> dict[str, Any]:
    """Last night, release, and each department with its resources and tickets."""
    from portal.desk.service import list_tickets
    from yishu.gate.regate import rules_changed
    from yishu.lake.coverage import by_department
    from yishu.lake.pins import business_date
    from yishu.lake.release import published_release
    from yishu.lake.violations import open_violations

    catalogue, ledger, newest = current_catalogue(), Ledger(data), business_date(data)
    counts = open_violations(data).group_by("department", "resource", "severity").len().rows()
    tickets = list_tickets(data)
    freshness = {resource.id: _freshness(resource, ledger, newest) for resource in catalogue.resources.values()}
    on = measured_on(ledger, newest)
    tables = supervise(data, catalogue, on) if on else {}
    clocks = {f"{row['department']}.{row['resource']}": row for row in tables[LATENESS].iter_rows(named=True)} if on else {}
    quality = quality_of(ledger, catalogue, clocks_of(tables[LATENESS]) if on else {})
    law = load_profile(settings.profile, settings.catalogue)
    city, mapping = total(quality.values()), law.quality_dimensions
    covered = {row["department"]: row for row in by_department(tables[COVERAGE]).iter_rows(named=True)} if on else {}
    departments = []
    for department in catalogue.judged_departments.values():
        resources = [resource for resource in catalogue.resources.values() if resource.department == department.name]
        departments.append({
            "name": department.name, "title": department.title, "short_title": department.short_title,
            "tickets": _tickets(department, tickets, newest), "quality": told(quality[department.name]),
            "coverage": covered.get(department.name),
            "resources": [_resource(resource, ledger, *freshness[resource.id], clocks.get(resource.id), _violations(resource, counts))
                          for resource in resources]})
    release = published_release(data)
    return {"data": str(data), "law_warning": law.validity_warning(newest) if newest else None,
            "business_date": newest.isoformat() if newest else None, "last_night": _last_night(ledger),
            "release": release and {name: release[name] for name in ("number", "as_of", "published_at")}, "quality": told(city),
            "own_quality": {name: count.told() for name, count in in_own_words(city, mapping).items()},
            "own_dimensions": {name: list(collected) for name, collected in mapping.items()}, "trend": trend(data),
            "rules_changed": [resource.id for resource in rules_changed(data, catalogue)],
            "departments": departments, "tables": {name: json.loads(table.write_json()) for name, table in tables.items()}}


def _violations(resource: Resource, counts: list[tuple[str, str, str, int]]) -> dict[str, int]:
    return {severity: count for department, name, severity, count in counts if (department, name) == (resource.department, resource.name)}


def _freshness(resource: Resource, ledger: Ledger, newest: date | None) -> tuple[date | None, int | None]:
    """The newest date the resource was delivered for, and how many days that lies behind the newest of all.

    A delivery with unchanged content is fresh as well: it says that nothing has moved until its date. A correction is not.
    """
    deliveries = ledger.deliveries(resource.department, resource.name, ["accepted", "unchanged"])
    fresh = max((delivery.as_of for delivery in deliveries if not delivery.is_correction), default=None)
    return fresh, (newest - fresh).days if newest and fresh else None


def _resource(
    resource: Resource, ledger: Ledger, fresh: date | None, behind: int | None, clock: dict[str, Any] | None, violations: dict[str, int]
) -> dict[str, Any]:
    last = ledger.last_accepted(resource.department, resource.name)
    waiting = [d.state for d in ledger.deliveries(resource.department, resource.name, WAITING)]
    return {
        "name": resource.name, "title": resource.title, "frequency": resource.frequency, "pool_rows": (last.pool_rows or 0) if last else 0,
        "as_of": fresh.isoformat() if fresh else None, "days_behind": behind, "late": bool(clock and clock["late"]),
        "due_on": clock["due_on"].isoformat() if clock and clock["due_on"] else None,
        "working_days_late": clock["working_days_late"] if clock else 0, "provisional": bool(clock and clock["provisional"]),
        "waiting": {state: waiting.count(state) for state in WAITING if state in waiting}, "violations": violations}


def _tickets(department: Department, tickets: list[dict[str, Any]], newest: date | None) -> dict[str, int]:
    still = [ticket for ticket in tickets if ticket["department"] == department.name and ticket["closed_on"] is None]
    overdue = [ticket for ticket in still if newest and ticket["due_on"] and ticket["due_on"] < newest.isoformat()]
    return {"open": len(still), "overdue": len(overdue)}


def _last_night(ledger: Ledger) -> dict[str, Any] | None:
    nights = ledger.nights()
    return None if not nights else {**nights[-1], "faults": json.loads(nights[-1]["faults"] or "[]")}
