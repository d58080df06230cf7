"""What one judged delivery does to a pool and to what is open: computed, not written. The night's step and a replay do the same.

Not here: which rows break a rule (row.py), the order of durable steps (step.py), what a withdrawal undoes (replay.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from yishu.catalogue.models import Catalogue, Resource
from yishu.gate.implied import KEY
from yishu.gate.preparing import prepare
from yishu.gate.row import Verdict
from yishu.ingest.parsed import OPERATION
from yishu.lake import violations
from yishu.lake.delivery import Delivery
from yishu.lake.pool import Change, apply, mode_of
from yishu.lake.raw import read_raw


@dataclass(frozen=True)
class Outcome:
    """change: the pool afterwards; found: violations; ended: subjects that the delivery proves ended; applied: rows that entered."""

    change: Change
    found: pl.DataFrame
    ended: pl.DataFrame
    applied: int


def outcome_of(delivery: Delivery, resource: Resource, verdict: Verdict, pool: pl.DataFrame, settled: pl.Series, still: pl.Series) -> Outcome:
    """settled: keys on which the delivery has no say any more; still: subjects with something open."""
    rows, complete = _entering(delivery, resource, verdict)
    change = apply(pool, rows, delivery, resource, complete=complete, settled=settled)
    found = verdict.found.filter(~pl.col("subject").is_in(settled.implode()))
    passed = verdict.frame.filter(~pl.col(KEY).is_in(settled.implode()))[KEY]
    ended = _ended(delivery, resource, change, passed, still, complete)
    return Outcome(change, found, ended, rows.height - change.set_aside)


def _entering(delivery: Delivery, resource: Resource, verdict: Verdict) -> tuple[pl.DataFrame, bool]:
    """The rows that may enter the pool, and whether the delivery is complete enough for absence to mean deletion."""
    operation = pl.col(f"{OPERATION}__text") if resource.delivery.operation else pl.lit("U")
    rows = verdict.frame.filter(~pl.col("_held_out") & ~pl.col("_collapsed")).select(
        *(item.name for item in resource.items), KEY, "_row_number", "_invalid", "_conflict", operation.alias("_operation")
    )
    broken_keys = pl.any_horizontal([pl.col("_invalid").str.contains(f"|{name}|", literal=True) for name in resource.key]).fill_null(False)
    # A person may release what is known to lack rows; that says nothing about those it lacks.
    short = any(fault["rule"] in ("delivery.cut_off", "delivery.count_differs") for fault in verdict.faults)
    complete = not short and not delivery.rejects and not verdict.held_out and not rows.select(broken_keys.any()).item()
    return rows, complete


def _ended(delivery: Delivery, resource: Resource, change: Change, passed: pl.Series, still: pl.Series, complete: bool) -> pl.DataFrame:
    """What this delivery proves ended (DESIGN.md section 2, "Tickets"). passed: the keys it speaks of; what they break anew is found anew."""
    ended = [
        endings(change.withdrawn, violations.WITHDRAWN),
        endings(change.rekeyed, violations.CORRECTED),
        endings(passed.drop_nulls().unique(), violations.CORRECTED),
    ]
    if mode_of(delivery, resource) == "snapshot":
        unkeyed = still.str.starts_with("row:")
        ended.append(endings(still.filter(unkeyed), violations.GONE))
        if complete:  # a row that was held out was never in the pool, and leaves all the same
            ended.append(endings(still.filter(~unkeyed & ~still.is_in(change.pool[KEY].implode())), violations.WITHDRAWN))
    return pl.concat(ended).unique("subject", keep="first", maintain_order=True)


def endings(subjects: pl.Series, closing: str) -> pl.DataFrame:
    return pl.DataFrame({"subject": subjects.cast(pl.String)}).select(
        pl.lit(None, pl.String).alias("rule"), "subject", pl.lit(closing).alias("closing")
    )


# Keys on which a delivery has no say -----------------------------------------------------------------------------------------


def settled_keys(
    data: Path,
    delivery: Delivery,
    frame: pl.DataFrame,
    pool: pl.DataFrame,
    newer: Sequence[Delivery],
    accepted: Sequence[Delivery],
    resource: Resource,
    catalogue: Catalogue,
) -> pl.Series:
    """Keys of which `newer` increments have spoken, and those whose correction stands. accepted: what the pool took in, in order."""
    spoken = _spoken_keys(data, newer, accepted, resource, catalogue)
    return pl.concat([spoken, _corrected_keys(data, delivery, frame, pool, accepted, resource, catalogue)]).unique()


def _spoken_keys(data: Path, newer: Sequence[Delivery], accepted: Sequence[Delivery], resource: Resource, catalogue: Catalogue) -> pl.Series:
    """The pool cannot tell: it forgets deleted keys and when a row was confirmed."""
    keys = [pl.Series(KEY, [], dtype=pl.String)]
    if newer and resource.delivery.mode == "upsert":
        contents = {other.content_hash for other in newer}  # the rows of an unchanged one stand in raw under the one it repeats
        for other in accepted:
            if other.content_hash in contents and other.state == "accepted":
                frame = prepare(read_raw(data, other), resource, catalogue.codes, other.layout)
                spoken = frame.filter(pl.col(f"{OPERATION}__text").is_in(["I", "U", "D"])) if resource.delivery.operation else frame
                keys.append(spoken[KEY].drop_nulls())
    return pl.concat(keys)


def _corrected_keys(
    data: Path, delivery: Delivery, frame: pl.DataFrame, pool: pl.DataFrame, accepted: Sequence[Delivery], resource: Resource, catalogue: Catalogue
) -> pl.Series:
    """A correction holds until the department's own delivery changes the row: what only says again what was corrected undoes nothing."""
    corrections = [other.delivery_id for other in accepted if other.is_correction]
    corrected = pool.filter(pl.col("_delivery_id").is_in(corrections))[KEY]
    held = [pl.Series(KEY, [], dtype=pl.String)]
    if delivery.is_correction or not corrected.len():
        return held[0]
    texts = [f"{item.name}__text" for item in resource.items]
    arriving = frame.filter(pl.col(KEY).is_in(corrected.implode())).select(KEY, *texts)
    for other in reversed([other for other in accepted if not other.is_correction and other.state != "withdrawn"]):
        if not arriving.height:
            break
        said = prepare(read_raw(data, other), resource, catalogue.codes, other.layout).select(KEY, *texts)
        said = said.filter(pl.col(KEY).is_in(arriving[KEY].implode()))
        held.append(arriving.join(said, on=[KEY, *texts], how="semi", nulls_equal=True)[KEY])
        arriving = arriving.filter(~pl.col(KEY).is_in(said[KEY].implode()))
    return pl.concat(held)
