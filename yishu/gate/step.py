"""Row gate and pool as one step: take every pending delivery of a resource, in order, from raw into the pool.

Three stores move: violations, pool, ledger, in this order, each once per delivery. Whatever was done before a crash is
recognised and not done again; the ledger's state is the last word.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from yishu.catalogue.models import Catalogue, Resource
from yishu.gate import row
from yishu.gate.applying import endings, outcome_of, settled_keys
from yishu.gate.batch import before
from yishu.gate.findings import locate
from yishu.gate.replay import undo_withdrawn
from yishu.gate.row import Verdict
from yishu.gate.typing import pool_type
from yishu.lake import delta, violations
from yishu.lake.delivery import Delivery
from yishu.lake.ledger import Ledger
from yishu.lake.pool import mode_of, pool_path, read_pool
from yishu.lake.raw import read_raw, read_rejects
from yishu.redaction import redacted
from yishu.settings import settings


def pool_types(resource: Resource) -> dict[str, pl.DataType | type[pl.DataType]]:
    return {item.name: pool_type(item) for item in resource.items}


def advance(data: Path, resource: Resource, catalogue: Catalogue) -> list[Delivery]:
    """Judge and apply all that is pending for the resource; return those deliveries as the ledger has them afterwards.

    A fault of the program while one delivery is judged ends that delivery as `failed` and is recorded; the others go on,
    and the last accepted stays served. A failed delivery is tried again by the next night.
    """
    ledger = Ledger(data)
    undo_withdrawn(data, ledger, resource, catalogue, suite_version(resource, catalogue))
    done = []
    for delivery in ledger.deliveries(resource.department, resource.name, ["received", "failed"]):
        if not delivery.landed:
            continue
        try:
            _advance_one(data, ledger, delivery, resource, catalogue)
        except Exception as error:  # one resource's fault must not stop the others; it is recorded, shown and makes the night degraded
            message = redacted(f"{type(error).__name__}: {error}")
            ledger.move(delivery.delivery_id, "failed", actor=settings.actor, reason=message)
            ledger.fault("pool", message, department=resource.department, resource=resource.name)
        done.append(ledger.delivery(delivery.delivery_id))
    _pass_over_held(ledger, resource)
    _close_delivery_faults(data, ledger, resource)
    return done


def _advance_one(data: Path, ledger: Ledger, delivery: Delivery, resource: Resource, catalogue: Catalogue) -> None:
    last = before(ledger, delivery)
    same = last.delivery if last is not None and last.delivery.content_hash == delivery.content_hash else None
    if same is not None and not delta.committed(pool_path(data, resource), delivery.delivery_id):
        ledger.move(delivery.delivery_id, "unchanged", actor=settings.actor, reason=f"内容与 {same.delivery_id} 相同")
        return
    newer = _newer(ledger, delivery)
    if resource.delivery.mode == "snapshot" and (overtaking := [other for other in newer if not other.is_correction]):
        ledger.move(delivery.delivery_id, "superseded", actor=settings.actor, reason=f"{overtaking[-1].as_of} 的全量数据已先接收")
        return
    run = ledger.gate_run("row", delivery.resource_id, delivery.delivery_id, suite_version(resource, catalogue))
    if delta.committed(pool_path(data, resource), delivery.delivery_id):
        _accept(ledger, delivery, resource, delta.commit_note(pool_path(data, resource), delivery.delivery_id))
        return
    pool = read_pool(data, resource, pool_types(resource))
    verdict = row.judge(delivery, resource, read_raw(data, delivery), read_rejects(data, delivery), catalogue.codes, last, pool)
    if verdict.faults and delivery.release_approval is None:
        _hold(data, ledger, delivery, run, verdict)
        return
    settled = settled_keys(data, delivery, verdict.frame, pool, newer, ledger.acceptances(resource.department, resource.name), resource, catalogue)
    _enter(data, ledger, delivery, resource, run, verdict, pool, settled)


def _newer(ledger: Ledger, delivery: Delivery) -> list[Delivery]:
    """What has spoken for a later day, or later for the same day; that nothing had changed until then counts as well."""
    spoken = ledger.deliveries(delivery.department, delivery.resource, ["accepted", "unchanged"])
    return [other for other in spoken if (other.as_of, other.seq) > (delivery.as_of, delivery.seq)]


def _enter(
    data: Path, ledger: Ledger, delivery: Delivery, resource: Resource, run: int, verdict: Verdict, pool: pl.DataFrame, settled: pl.Series
) -> None:
    scope = {"gate": "row", "department": delivery.department, "resource": delivery.resource}
    still = violations.standing_violations(data, pl.all_horizontal([pl.col(name) == value for name, value in scope.items()]))["subject"].unique()
    outcome = outcome_of(delivery, resource, verdict, pool, settled, still)
    violations.settle(data, scope, run, outcome.found, outcome.ended, actor=delivery.actor)
    note = {
        "held_out": verdict.held_out,
        "collapsed": int(verdict.frame["_collapsed"].sum()),
        "set_aside": outcome.change.set_aside,
        "pool_rows": outcome.change.pool.height,
        "pool_changed": outcome.change.changed,
    }
    assert outcome.applied + note["held_out"] + note["collapsed"] + note["set_aside"] == delivery.raw_rows, "门禁前后行数不守恒"
    ledger.gate_result(run, verdict.results, outcome.found.height)
    if outcome.change.changed or not delta.exists(pool_path(data, resource)):
        delta.replace(pool_path(data, resource), outcome.change.pool, key=delivery.delivery_id, actor=delivery.actor, note=note)
    _accept(ledger, delivery, resource, note)


def _accept(ledger: Ledger, delivery: Delivery, resource: Resource, note: Mapping[str, int]) -> None:
    ledger.record(delivery.delivery_id, **note)
    # A newer full picture replaces the older one, and makes a held older one pointless; a correction stands until its value changes.
    if mode_of(delivery, resource) == "snapshot":
        for other in ledger.deliveries(delivery.department, delivery.resource, ["accepted", "held"]):
            stands = other.is_correction and other.state == "accepted"
            if (other.as_of, other.seq) < (delivery.as_of, delivery.seq) and not stands:
                ledger.move(other.delivery_id, "superseded", actor=settings.actor, reason=f"由 {delivery.delivery_id} 取代")
    ledger.move(delivery.delivery_id, "accepted", actor=settings.actor, approval=delivery.release_approval or delivery.approval)


def _pass_over_held(ledger: Ledger, resource: Resource) -> None:
    """A held snapshot waits for nobody once a newer one has said that nothing changed (`_accept` does it for one that changed)."""
    if resource.delivery.mode == "snapshot":
        for held in ledger.deliveries(resource.department, resource.name, ["held"]):
            if newer := [other for other in _newer(ledger, held) if not other.is_correction]:
                ledger.move(held.delivery_id, "superseded", actor=settings.actor, reason=f"由 {newer[-1].delivery_id} 取代")


def _hold(data: Path, ledger: Ledger, delivery: Delivery, run: int, verdict: Verdict) -> None:
    """Hold the whole delivery back: its faults become violations whose subject is the delivery; nothing else is closed or opened."""
    faults = pl.DataFrame(verdict.faults, schema={"rule": pl.String, "message": pl.String}).with_columns(
        row_number=pl.lit(None, pl.Int64),
        subject=pl.lit(delivery.delivery_id),
        column=pl.lit(None, pl.String),
        dimension=pl.lit("完整性"),
        severity=pl.lit("structural"),
        clause=pl.lit("C05"),
    )
    scope = {"gate": "delivery", "department": delivery.department, "resource": delivery.resource}
    violations.settle(data, scope, run, locate(faults, delivery, "delivery"), endings(pl.Series([], dtype=pl.String), ""), actor=delivery.actor)
    ledger.record(delivery.delivery_id, held_out=verdict.held_out, faults=verdict.faults)
    ledger.gate_result(run, verdict.results, len(verdict.faults))
    ledger.move(delivery.delivery_id, "held", actor=settings.actor, reason="；".join(fault["message"] for fault in verdict.faults))


def _close_delivery_faults(data: Path, ledger: Ledger, resource: Resource) -> None:
    """Faults of held deliveries end when a person or a newer delivery has decided."""
    scope = {"gate": "delivery", "department": resource.department, "resource": resource.name}
    still = (
        violations.standing_violations(data, pl.all_horizontal([pl.col(name) == value for name, value in scope.items()]))["subject"]
        .unique()
        .to_list()
    )
    states = {delivery_id: ledger.delivery(delivery_id).state for delivery_id in still}
    ends = {"accepted": violations.CORRECTED, "superseded": violations.CORRECTED, "unchanged": violations.CORRECTED, "rejected": violations.WITHDRAWN}
    decided = {delivery_id: ends[state] for delivery_id, state in states.items() if state in ends}
    if decided:
        ended = pl.DataFrame({"subject": list(decided), "closing": list(decided.values())}).select(
            pl.lit(None, pl.String).alias("rule"), "subject", "closing"
        )
        run = ledger.gate_run("delivery", resource.id, json.dumps(decided, sort_keys=True), "-")
        violations.settle(data, scope, run, violations.empty(), ended, actor=settings.actor)


def suite_version(resource: Resource, catalogue: Catalogue) -> str:
    """Changes when the entry, the suite of the resource or a code list that it names does."""
    file = settings.suites_dir / "raw" / resource.department / f"{resource.name}.yaml"
    codes = [catalogue.codes[name].model_dump_json() for name in sorted({item.codes for item in resource.items if item.codes})]
    text = resource.model_dump_json() + (file.read_text(encoding="utf-8") if file.exists() else "") + "".join(codes)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


__all__ = ["advance", "pool_types", "suite_version"]
