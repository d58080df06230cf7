"""Doubts about records (E04, E05): what somebody has told the desk is wrong, as violations of the department that owns the record.

A doubt stands until the department has changed the value, the record is gone, the doubter withdraws it or a refusal is accepted. The value
doubted is the one of the annotation's hash, or where it has none the one that the first evaluation found; the violation's `value_hash`
keeps it, and its `pin` the annotation, so that a doubt once answered is not asked again. Not here: what anybody wrote (it stays with
the desk: messages hold no value), and the last words themselves (yishu/lake/annotations.py).
"""

from pathlib import Path
from typing import Any

import polars as pl

from yishu.catalogue.models import Catalogue, Resource
from yishu.gate.findings import where_today
from yishu.gate.implied import KEY
from yishu.gate.step import pool_types
from yishu.lake import annotations, delta, violations
from yishu.lake.ledger import Ledger
from yishu.lake.pins import Pin, digest
from yishu.lake.pool import read_pool
from yishu.lake.value_hash import value_hashes
from yishu.settings import settings

GATE = "doubt"
UNKNOWN = "有人对该记录提出异议，但未找到该记录；请核对标识"
_TOLD = {"gate": GATE, "dimension": "准确性", "severity": "content", "clause": "E04"}
_RECORD = pl.Schema({"delivery_id": pl.String, "delivery_seq": pl.Int64, "file": pl.String, "row_number": pl.Int64, "now": pl.String})


def evaluate_doubts(data: Path, catalogue: Catalogue, pin: Pin) -> None:
    """Open the doubts that are new, move those whose record has moved, end those that are answered; each in one commit, once."""
    doubts = _located(data, catalogue, pin, annotations.doubts(data))
    _settle(data, pin, "open", _found(data, catalogue, doubts), violations.empty())
    _settle(data, pin, "end", violations.empty(), _ended(data, doubts))


def _settle(data: Path, pin: Pin, step: str, found: pl.DataFrame, ended: pl.DataFrame) -> None:
    """A run a resource: the same key is another subject in another department."""
    place = ["department", "resource"]
    ledger, batch = Ledger(data), f"{delta.version(annotations.annotations_path(data))}:{digest(pin)}"
    runs: list[tuple[int, list[dict[str, Any]], int]] = []
    settled: list[violations.Settled] = []
    for department, name in pl.concat([found.select(place), ended.select(place)]).unique().sort(place).iter_rows():
        here = (pl.col("department") == department) & (pl.col("resource") == name)
        run = ledger.gate_run_anew(GATE, f"{step}@{department}.{name}", batch, "-")
        scope = {"gate": GATE, "department": department, "resource": name}
        settled.append(violations.Settled(scope, run, found.filter(here), ended.filter(here).select("rule", "subject", "closing")))
        runs.append((run, [], settled[-1].found.height))
    violations.settle_together(data, settled, actor=settings.actor)
    ledger.gate_results(runs)


def _located(data: Path, catalogue: Catalogue, pin: Pin, doubts: pl.DataFrame) -> pl.DataFrame:
    """The doubts with where their record is today and `now`, the hash of the value doubted as it is now; null where there is no record."""
    parts = [doubts.clear().with_columns(pl.lit(None, type_).alias(name) for name, type_ in _RECORD.items())]
    for (department, name, item), rows in doubts.group_by(["department", "resource", "item_name"], maintain_order=True):
        resource = catalogue.resources.get(f"{department}.{name}")
        if resource is None:
            parts.append(rows.with_columns(pl.lit(None, type_).alias(column) for column, type_ in _RECORD.items()))
        else:
            records = _records(data, catalogue, resource, pin, rows["subject"], str(item))
            parts.append(rows.join(records, on="subject", how="left", maintain_order="left"))
    return pl.concat([part.select(parts[0].columns) for part in parts]).sort("_delivery_seq", "_row_number")


def _records(data: Path, catalogue: Catalogue, resource: Resource, pin: Pin, keys: pl.Series, item: str) -> pl.DataFrame:
    pool = read_pool(data, resource, pool_types(resource), pin.get(resource.id)).filter(pl.col(KEY).is_in(keys.implode()))
    items = [item] if item in pool_types(resource) else list(pool_types(resource))
    rows = pool.select(KEY, "_delivery_id", "_row_number", value_hashes(pool, {name: name for name in items}).alias("now"))
    today = where_today(data, catalogue, resource, rows)
    ledger = Ledger(data)
    known = [ledger.delivery(id_) for id_ in today["_delivery_id"].unique().to_list()]
    files = pl.DataFrame({"delivery_id": [one.delivery_id for one in known], "delivery_seq": [one.seq for one in known],
                          "file": [one.file for one in known]}, schema=dict(list(_RECORD.items())[:3]))  # fmt: skip
    today = today.rename({KEY: "subject", "_delivery_id": "delivery_id", "_row_number": "row_number"})
    return today.join(files, on="delivery_id", how="left").select("subject", *_RECORD)


def _found(data: Path, catalogue: Catalogue, doubts: pl.DataFrame) -> pl.DataFrame:
    """Doubts that no violation tells of yet, and those whose record is elsewhere than it says."""
    known = violations.facts(data, pl.col("gate") == GATE)
    answered = known.filter(pl.col("closed_run").is_not_null() & (pl.col("closing") != violations.SUPERSEDED))["pin"]
    standing = known.filter(pl.col("closed_run").is_null()).select(
        annotation_id="pin", _kept="value_hash", _there="delivery_id", _line="row_number", _standing=pl.lit(True)
    )
    asked = doubts.filter(~pl.col("annotation_id").is_in(answered.implode())).join(standing, on="annotation_id", how="left")
    elsewhere = pl.col("delivery_id").is_not_null() & (pl.col("delivery_id").ne_missing(pl.col("_there")) | (pl.col("row_number") != pl.col("_line")))
    new = asked.filter(pl.col("_standing").is_null() | elsewhere)
    rows = [_violation(catalogue, row) for row in new.iter_rows(named=True)]
    return pl.DataFrame(rows, schema=violations.SCHEMA, orient="row")


def _violation(catalogue: Catalogue, doubt: dict[str, Any]) -> dict[str, Any]:
    resource = catalogue.resources.get(f"{doubt['department']}.{doubt['resource']}")
    item = next((item for item in resource.items if item.name == doubt["item_name"]), None) if resource else None
    about = f"“{item.title}”" if item else "该记录"
    kept = {name: doubt[name] for name in ("department", "resource", "rule", "subject", "delivery_id", "delivery_seq", "file", "row_number")}
    return {
        **dict.fromkeys(violations.SCHEMA), **_TOLD, **kept, "column": item.name if item else None, "pin": doubt["annotation_id"],
        "since": doubt["decided_on"], "value_hash": doubt["value_hash"] or doubt["_kept"] or doubt["now"],
        "message": UNKNOWN if doubt["delivery_id"] is None else f"有人对{about}提出异议，请核实后更正，或说明不更正的依据",
    }  # fmt: skip


def _ended(data: Path, doubts: pl.DataFrame) -> pl.DataFrame:
    """Withdrawn by the doubter or gone with the record; corrected where the value is another. Unknown records wait."""
    standing = violations.standing_violations(data, pl.col("gate") == GATE)
    now = doubts.select("now", pin="annotation_id", _record=pl.col("delivery_id").is_not_null(), _asked=pl.lit(True))
    told = standing.join(now, on="pin", how="left")
    known = pl.col("value_hash").is_not_null()  # somebody has seen the record
    closing = (
        pl.when(pl.col("_asked").is_null() | (known & ~pl.col("_record"))).then(pl.lit(violations.WITHDRAWN))
        .when(pl.col("_record") & (pl.col("now") != pl.col("value_hash"))).then(pl.lit(violations.CORRECTED))
    )  # fmt: skip
    return told.with_columns(closing=closing).select(violations.SCHEMA.keys()).drop_nulls("closing")
