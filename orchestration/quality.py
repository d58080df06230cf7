"""Quality by dimension (GB/T 36344): X = A / B, the elements that meet a rule over the elements assessed.

From the ledger's gate runs: for each resource the run over its last accepted delivery, and the last run of each rule between departments.
Timeliness (时效性) is no rule over rows: B counts the resources with a clock, A those that are not late (yishu/catalogue/lateness.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from yishu.catalogue import Catalogue, Resource
from yishu.catalogue.dimensions import DimensionMap, own_dimension
from yishu.catalogue.law import Profile
from yishu.lake.delivery import Delivery
from yishu.lake.ledger import Ledger
from yishu.lake.quality import project_runs, project_scores
from yishu.settings import settings

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


def counts_by_resource(ledger: Ledger, catalogue: Catalogue, late: dict[str, bool]) -> dict[str, Counts]:
    """Resource id -> dimension -> count; `late` by resource id, of those that have a clock."""
    found: dict[str, Counts] = {}
    for resource in catalogue.judged_resources.values():
        counts = found.setdefault(resource.id, {})
        last = ledger.last_accepted(resource.department, resource.name)
        for result in _results(ledger, resource, last):
            counts.setdefault(result["dimension"], Count()).add(result["evaluated"], result["unexpected"])
        if resource.id in late:
            counts.setdefault(TIMELINESS, Count()).add(1, int(late[resource.id]))
    return found


def quality_of(ledger: Ledger, catalogue: Catalogue, late: dict[str, bool]) -> dict[str, Counts]:
    """Department -> dimension -> count."""
    found = counts_by_resource(ledger, catalogue, late)
    return {name: total(found[id_] for id_, resource in catalogue.judged_resources.items() if resource.department == name)
            for name in catalogue.judged_departments}


def in_own_words(counts: Counts, mapping: DimensionMap) -> Counts:
    """The same counts under the dimensions that the regulation names (P18)."""
    return {own: total({own: counts[name]} for name in names if name in counts).get(own, Count()) for own, names in mapping.items()}


def record(data: Path, catalogue: Catalogue, profile: Profile, late: dict[str, bool], day: date) -> int:
    """Write what the gates found and the scores of that day into DIR/quality; return how many runs were new."""
    ledger = Ledger(data)
    new = project_runs(data, ledger, settings.actor)
    counts = counts_by_resource(ledger, catalogue, late)
    project_scores(data, day, (row for id_, found in counts.items() for row in _score_rows(id_, found, profile)), settings.actor)
    return new


def clocks_of(lateness: pl.DataFrame) -> dict[str, bool]:
    """Resource id -> is it late, of those that have a clock."""
    return {f"{row['department']}.{row['resource']}": row["late"] for row in lateness.iter_rows(named=True) if row["has_clock"]}


def _score_rows(id_: str, counts: Counts, profile: Profile) -> list[dict[str, Any]]:
    department, _, resource = id_.partition(".")
    place = {"department": department, "resource": resource}
    return [{**place, "dimension": name, "own_dimension": own_dimension(profile.quality_dimensions, name), **count.told()}
            for name, count in counts.items()]  # fmt: skip


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
