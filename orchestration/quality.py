"""Quality by dimension (GB/T 36344): X = A / B, the elements that meet a rule over the elements assessed.

From the ledger's gate runs: for each resource the run over its last accepted delivery, and the last run of each rule between departments.
Timeliness (时效性) is no rule over rows: B counts the resources with a clock, A those that are not late (yishu/catalogue/lateness.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from yishu.catalogue import Catalogue, Resource
from yishu.lake.delivery import Delivery
from yishu.lake.ledger import Ledger

TIMELINESS = "时效性"
DIMENSIONS = ("规范性", "完整性", "准确性", "一致性", TIMELINESS)


@dataclass
class Count:
    """Elements assessed and elements that failed."""

    evaluated: int = 0
    unexpected: int = 0

    def add(self, evaluated: int, unexpected: int) -> None:
        self.evaluated += evaluated
        self.unexpected += unexpected

    def told(self) -> dict[str, Any]:
        score = 1 - self.unexpected / self.evaluated if self.evaluated else None
        return {"evaluated": self.evaluated, "unexpected": self.unexpected, "score": None if score is None else round(score, 6)}


Counts = dict[str, Count]


def quality_of(ledger: Ledger, catalogue: Catalogue, late: dict[str, bool]) -> dict[str, Counts]:
    """Department -> dimension -> count; `late` by resource id, of those that have a clock."""
    found: dict[str, Counts] = {name: {} for name in catalogue.departments}
    for resource in catalogue.resources.values():
        counts = found[resource.department]
        last = ledger.last_accepted(resource.department, resource.name)
        for result in _results(ledger, resource, last):
            counts.setdefault(result["dimension"], Count()).add(result["evaluated"], result["unexpected"])
        if resource.id in late:
            counts.setdefault(TIMELINESS, Count()).add(1, int(late[resource.id]))
    return found


def total(counts: Iterable[Counts]) -> Counts:
    """The counts of several departments together."""
    whole: Counts = {}
    for one in counts:
        for dimension, count in one.items():
            whole.setdefault(dimension, Count()).add(count.evaluated, count.unexpected)
    return whole


def told(counts: Counts) -> dict[str, dict[str, Any]]:
    """Ready for JSON, in the order of the standard; dimensions without a rule are left out."""
    return {dimension: counts[dimension].told() for dimension in (*DIMENSIONS, *sorted(set(counts) - set(DIMENSIONS))) if dimension in counts}


def _results(ledger: Ledger, resource: Resource, last: Delivery | None) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = []
    if last is not None:
        run = ledger.last_gate_run("row", resource.id, last.delivery_id)
        results += run["results"] if run else []
    for run in ledger.last_gate_runs("cross", f"@{resource.id}"):
        results += run["results"]
    return results


def percent(score: float | None) -> str:
    """Rounded down: only what is whole is shown as 100 %."""
    return "" if score is None else f"{int(score * 10_000) / 100:.2f}%"
