"""Undoing a delivery that was accepted and is withdrawn with an approval (C08): the pool as if it had never come.

Raw is never rewritten: the pool and what is open are computed anew from the other deliveries, in the order in which they were accepted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from yishu.catalogue.models import Catalogue, Resource
from yishu.gate import row
from yishu.gate.applying import Outcome, outcome_of, settled_keys
from yishu.gate.batch import Before, nulls_in
from yishu.gate.typing import pool_type
from yishu.lake import delta, violations
from yishu.lake.delivery import Delivery
from yishu.lake.ledger import Ledger
from yishu.lake.pool import empty_pool, pool_path
from yishu.lake.raw import read_raw, read_rejects
from yishu.settings import settings


def undo_withdrawn(data: Path, ledger: Ledger, resource: Resource, catalogue: Catalogue, suite_version: str) -> None:
    """Take out of the pool what was withdrawn since it was last looked at. Each once; a rerun finds the commit."""
    accepted = ledger.acceptances(resource.department, resource.name)
    left = [delivery for delivery in accepted if delivery.state != "withdrawn"]
    for withdrawn in (delivery for delivery in accepted if delivery.state == "withdrawn"):
        key = f"without:{withdrawn.delivery_id}"
        if not delta.committed(pool_path(data, resource), key):
            _replay_into(data, ledger, left, withdrawn, resource, catalogue, ledger.gate_run("row", resource.id, key, suite_version), key)
        _stand_on_the_last(ledger, left, withdrawn, resource)


def _replay_into(
    data: Path, ledger: Ledger, left: Sequence[Delivery], withdrawn: Delivery, resource: Resource, catalogue: Catalogue, run: int, key: str
) -> None:
    replay = replayed(data, left, resource, catalogue, ledger.deliveries(resource.department, resource.name, ["unchanged"]))
    found = replay.found
    scope = {"gate": "row", "department": resource.department, "resource": resource.name}
    still = violations.standing_violations(data, pl.all_horizontal([pl.col(name) == value for name, value in scope.items()]))
    # By rule and subject: of one subject one thing may have come with the withdrawn delivery and another stood before.
    gone = still.join(found, on=["rule", "subject"], how="anti").select("rule", "subject", closing=pl.lit(violations.WITHDRAWN)).unique()
    violations.settle(data, scope, run, found, gone, actor=settings.actor)
    ledger.gate_result(run, [], found.height)
    delta.replace(pool_path(data, resource), replay.pool, key=key, actor=settings.actor, note={"withdrawn": withdrawn.delivery_id})


@dataclass(frozen=True)
class Replayed:
    """The pool and the open violations (`since` as the first delivery that fails without a break); results: evidence by delivery."""

    pool: pl.DataFrame
    found: pl.DataFrame
    results: dict[str, list[dict[str, Any]]]


def replayed(data: Path, deliveries: Sequence[Delivery], resource: Resource, catalogue: Catalogue, repeats: Sequence[Delivery] = ()) -> Replayed:
    """What these deliveries make, one after the other, from nothing. repeats: those that said `unchanged` in between."""
    pool = empty_pool({item.name: pool_type(item) for item in resource.items})
    found, results = violations.empty(), dict[str, list[dict[str, Any]]]()
    done: list[Delivery] = []
    for delivery in deliveries:
        last = _last_of(done, results) if not delivery.is_correction else None
        verdict = row.judge(delivery, resource, read_raw(data, delivery), read_rejects(data, delivery), catalogue.codes, last, pool)
        spoken = [*done, *(other for other in repeats if other.seq < delivery.seq)]
        newer = [other for other in spoken if (other.as_of, other.seq) > (delivery.as_of, delivery.seq)]
        settled = settled_keys(data, delivery, verdict.frame, pool, newer, done, resource, catalogue)
        outcome = outcome_of(delivery, resource, verdict, pool, settled, found["subject"].unique())
        pool, found = outcome.change.pool, _found_after(found, outcome)
        results[delivery.delivery_id] = verdict.results
        done.append(delivery)
    return Replayed(pool, found, results)


def _last_of(done: Sequence[Delivery], results: Mapping[str, list[dict[str, Any]]]) -> Before | None:
    last = next((delivery for delivery in reversed(done) if not delivery.is_correction), None)
    return None if last is None else Before(last, nulls_in(results[last.delivery_id]))


def _found_after(found: pl.DataFrame, outcome: Outcome) -> pl.DataFrame:
    """As yishu.lake.violations.settle does: what fails again keeps its first day."""
    first = found.group_by("rule", "subject").agg(pl.col("since").min().alias("_first"))
    new = outcome.found.join(first, on=["rule", "subject"], how="left").with_columns(since=pl.coalesce("_first", "since")).drop("_first")
    still = found.filter(~pl.col("subject").is_in(outcome.ended["subject"].implode())).join(new, on=["rule", "subject"], how="anti")
    return pl.concat([still, new])


def _stand_on_the_last(ledger: Ledger, left: Sequence[Delivery], withdrawn: Delivery, resource: Resource) -> None:
    """Of a snapshot, the one that the withdrawn delivery had replaced is the accepted one again."""
    ordinary = [ledger.delivery(delivery.delivery_id) for delivery in left if not delivery.is_correction]
    if resource.delivery.mode == "snapshot" and ordinary and ordinary[-1].state == "superseded":
        ledger.move(ordinary[-1].delivery_id, "accepted", actor=settings.actor, reason=f"{withdrawn.delivery_id} 撤回后恢复")
