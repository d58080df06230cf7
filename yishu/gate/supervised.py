"""What supervision finds, as violations of the department that must act: late deliveries (C04), elements collected twice (C01), entries
of the register that are against the regulation (C03), columns outside the catalogue (B13).

Belongs here: tables of supervision in, violations settled. Not here: the clocks, suspicions and breaches (yishu/catalogue/lateness.py,
duplicates.py, breaches.py). None of them makes a record doubtful: under check they count for nothing.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from yishu.catalogue.breaches import Breach
from yishu.catalogue.duplicates import SUSPECTED
from yishu.catalogue.models import Catalogue
from yishu.lake import violations
from yishu.lake.ledger import Ledger
from yishu.settings import settings

GATE = "supervision"
LATE, TWICE, UNKNOWN_COLUMN = "supervision.late", "supervision.duplicate_collection", "supervision.unknown_column"
BREACH = "supervision.breach"


def settle_supervision(data: Path, catalogue: Catalogue, lateness: pl.DataFrame, duplicates: pl.DataFrame, breaches: Sequence[Breach]) -> int:
    """Make what the tables of orchestration/supervision.py and the register say today the violations of this gate; return how many stand.

    lateness: department, resource, title, late, late_since, due_on, awaited_from. duplicates: as yishu.catalogue.duplicates.table.
    """
    ledger = Ledger(data)
    rows = [*_late(lateness), *_twice(duplicates, catalogue, ledger), *_breaches(breaches, ledger), *_unknown_columns(catalogue, ledger)]
    found = pl.DataFrame([{**dict.fromkeys(violations.SCHEMA), "gate": GATE, **row} for row in rows], schema=violations.SCHEMA, orient="row")
    runs: dict[str, int] = {}

    def run_of(id_: str) -> int:
        last = ledger.last_gate_run(GATE, id_)
        here = [row for row in rows if f"{row['department']}.{row['resource']}" == id_]
        batch = "；".join(sorted(f"{row['rule']}:{row['subject']}:{row['message']}" for row in here)) or "-"
        return runs.setdefault(id_, ledger.gate_run(GATE, id_, batch, str(last["run"] if last else 0)))

    violations.settle_whole(data, GATE, found, run_of, actor=settings.actor)
    ledger.gate_results([(run, [], sum(f"{row['department']}.{row['resource']}" == id_ for row in rows)) for id_, run in runs.items()])
    return found.height


def _late(lateness: pl.DataFrame) -> Iterator[dict[str, Any]]:
    for row in lateness.filter("late").iter_rows(named=True):
        message = f"《{row['title']}》自 {row['awaited_from']} 起的一期应于 {row['due_on']} 前报送，尚未收到；请补报，或说明原因"
        yield {"department": row["department"], "resource": row["resource"], "rule": LATE, "subject": f"{row['resource']}@{row['awaited_from']}",
               "dimension": "时效性", "severity": "content", "clause": "C04", "message": message, "since": row["late_since"]}  # fmt: skip


def _twice(duplicates: pl.DataFrame, catalogue: Catalogue, ledger: Ledger) -> Iterator[dict[str, Any]]:
    """Told to whoever is not the authority for the element; to both where nobody is. Since: the first delivery of the resource."""
    told: set[tuple[str, str]] = set()
    for pair in duplicates.filter(pl.col("state") == SUSPECTED).iter_rows(named=True):
        for mine, other in (("a", "b"), ("b", "a")):
            resource, department = pair[f"resource_{mine}"], catalogue.departments[pair[f"department_{other}"]]
            first = _first_delivery(ledger, resource)
            if resource == pair["authority"] or (resource, pair["element"]) in told or first is None:
                continue
            told.add((resource, pair["element"]))
            message = f"“{pair['title']}”疑与{department.short_title}重复采集；请停止采集、改用共享，或说明依据（登记为例外）"
            yield {"department": pair[f"department_{mine}"], "resource": resource.split(".", 1)[1], "rule": TWICE, "subject": pair["element"],
                   "column": pair[f"item_{mine}"], "dimension": "一致性", "severity": "content", "clause": "C01", "message": message,
                   "since": first}  # fmt: skip


def _breaches(breaches: Sequence[Breach], ledger: Ledger) -> Iterator[dict[str, Any]]:
    """Since the first delivery that came so: what is only written down has not been done yet."""
    for breach in breaches:
        if first := _first_delivery(ledger, f"{breach.department}.{breach.resource}"):
            message = f"{breach.problem}（{breach.citation.reference}）；{breach.way_out}"
            yield {"department": breach.department, "resource": breach.resource, "rule": BREACH, "subject": breach.parameter,
                   "dimension": "规范性", "severity": "content", "clause": breach.obligation, "message": message, "since": first}  # fmt: skip


def _first_delivery(ledger: Ledger, resource: str) -> date | None:
    return min((delivery.as_of for delivery in ledger.deliveries(*resource.split(".", 1))), default=None)


def _unknown_columns(catalogue: Catalogue, ledger: Ledger) -> Iterator[dict[str, Any]]:
    """Advisory: what is not loaded harms nobody, and the receipt has named it already."""
    for resource in catalogue.judged_resources.values():
        last = ledger.last_accepted(resource.department, resource.name)
        for column in last.unknown_columns if last else []:
            yield {"department": resource.department, "resource": resource.name, "rule": UNKNOWN_COLUMN, "subject": column,
                   "dimension": "规范性", "severity": "advisory", "clause": "B13", "since": last.as_of if last else None,
                   "message": f"列 {column} 不在目录内，未装入；需要的请先申请修改目录"}  # fmt: skip
