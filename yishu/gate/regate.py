"""Judging again after a rule has changed: violations follow, raw and pool do not move.

What every accepted delivery of a resource says is computed anew under today's suite, in the order in which the pool took them in.
Only what differs is written: what still fails stays as it is, with its first day; what passes now passes because of the rule, and
its closing says so. Not here: tickets and tables (orchestration), rules between departments (cross.py asks them again by itself).
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from yishu.catalogue.models import Catalogue, Resource
from yishu.gate.replay import Replayed, replayed
from yishu.gate.step import pool_types, suite_version
from yishu.lake import delta, violations
from yishu.lake.delivery import Delivery
from yishu.lake.ledger import Ledger
from yishu.lake.pool import pool_path, read_pool
from yishu.settings import settings

_FACT = [name for name in violations.SCHEMA if name not in ("violation_id", "gate_run", "since", "closed_run", "closing")]


@dataclass(frozen=True)
class Regated:
    """What judging a resource again did. waiting_rows: rows of the pool that would stand otherwise under today's suite; the pool
    follows with the next delivery."""

    resource: str
    run: int | None
    still: int
    opened: int
    closed: int
    waiting_rows: int


def regate(data: Path, resource: Resource, catalogue: Catalogue) -> Regated | None:
    """Bring the violations of the row gate in line with today's suite; None where nothing was ever accepted.

    Durable steps: gate run number -> violations (keyed by run) -> results. A rerun after a crash finds the same number.
    """
    ledger = Ledger(data)
    accepted = standing(data, ledger, resource)
    ordinary = [delivery for delivery in accepted if not delivery.is_correction]
    if not ordinary:
        return None
    repeats = ledger.deliveries(resource.department, resource.name, ["unchanged"])
    replay = replayed(data, accepted, resource, catalogue, repeats)
    scope = {"gate": "row", "department": resource.department, "resource": resource.name}
    before = violations.standing_violations(data, pl.all_horizontal([pl.col(name) == value for name, value in scope.items()]))
    changed, gone = _differences(before, replay.found)
    run = _run(ledger, resource, catalogue, ordinary[-1], bool(changed.height or gone.height))
    if run is not None:
        ended = gone.select("rule", "subject", closing=pl.lit(violations.RULE_CHANGED))
        violations.settle(data, scope, run, changed, ended, actor=settings.actor)
        ledger.gate_result(run, replay.results[ordinary[-1].delivery_id], replay.found.height)
    opened = replay.found.select("rule", "subject").unique().join(before, on=["rule", "subject"], how="anti").height
    return Regated(resource.id, run, replay.found.height, opened, gone.height, _waiting_rows(data, resource, replay))


def standing(data: Path, ledger: Ledger, resource: Resource) -> list[Delivery]:
    """The deliveries that the pool stands on, in its order. A withdrawal counts once the pool has followed it."""

    def undone(delivery: Delivery) -> bool:
        return delivery.state == "withdrawn" and delta.committed(pool_path(data, resource), f"without:{delivery.delivery_id}")

    return [delivery for delivery in ledger.acceptances(resource.department, resource.name) if not undone(delivery)]


def rules_changed(data: Path, catalogue: Catalogue) -> list[Resource]:
    """Resources of which something open was judged by another suite than today's."""
    ledger = Ledger(data)
    runs: dict[str, list[dict[str, str]]] = {}
    for run in ledger.finished_runs("row"):
        runs.setdefault(run["scope"], []).append(run)
    known = ((resource, _versions(ledger, resource, runs[id_])) for id_, resource in catalogue.resources.items() if id_ in runs)
    return [resource for resource, versions in known if versions and versions != {suite_version(resource, catalogue)}]


def _versions(ledger: Ledger, resource: Resource, runs: list[dict[str, str]]) -> set[str]:
    """The suites by which what is open now was judged: since all was judged at once, or since the last snapshot replaced it."""
    found: set[str] = set()
    kinds = {delivery.delivery_id: delivery.kind for delivery in ledger.acceptances(resource.department, resource.name)}
    for run in runs:
        at_once = run["batch"].startswith("without:") or "@" in run["suite_version"]
        if not at_once and run["batch"] not in kinds:
            continue  # of a delivery that is held: nothing open in the row gate comes of it
        if at_once or (resource.delivery.mode == "snapshot" and kinds[run["batch"]] == "ordinary"):
            found.clear()
        found.add(run["suite_version"].partition("@")[0])
    return found


def _differences(before: pl.DataFrame, found: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(changed, gone): the rows of every subject of which anything differs, and the subjects that fail no more."""
    identity = ["rule", "subject"]
    known, now = before.select(_FACT), found.select(_FACT)
    moved = pl.concat([now.join(known, on=_FACT, how="anti", nulls_equal=True), known.join(now, on=_FACT, how="anti", nulls_equal=True)])
    changed = found.join(moved.select(identity).unique(), on=identity, how="semi")
    gone = before.select(identity).unique().join(found, on=identity, how="anti")
    return changed, gone


def _run(ledger: Ledger, resource: Resource, catalogue: Catalogue, last: Delivery, differs: bool) -> int | None:
    """The number of this run; None where the suite is the one of the last run and nothing differs.

    Its suite version carries the run it follows: a suite that comes back after another has runs of its own.
    """
    begun = ledger.unfinished_run("row", resource.id)
    runs = ledger.finished_runs("row", resource.id)
    of_last = [run for run in runs if run["batch"] == last.delivery_id]
    version = suite_version(resource, catalogue)
    same = bool(of_last) and {version} == _versions(ledger, resource, runs)
    if same and not differs and begun is None:
        return None
    return ledger.gate_run("row", resource.id, last.delivery_id, f"{version}@{runs[-1]['run'] if runs else 0}")


def _waiting_rows(data: Path, resource: Resource, replay: Replayed) -> int:
    pool = read_pool(data, resource, pool_types(resource))
    compared = [name for name in pool.columns if name in replay.pool.columns]
    here, there = pool.select(compared), replay.pool.select(compared)
    one_way = here.join(there, on=compared, how="anti", nulls_equal=True)
    other_way = there.join(here, on=compared, how="anti", nulls_equal=True)
    return pl.concat([one_way.select("_key"), other_way.select("_key")])["_key"].n_unique()
