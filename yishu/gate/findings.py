"""From broken rules to facts: the rows of the violations table and the evidence of a run, the same for all three gates.

Not here: which rows break a rule (row.py, cross.py, built.py), how facts end (yishu/lake/violations.py).
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl

from expectations.suite import Rule
from yishu.catalogue.models import Catalogue, Resource
from yishu.gate.implied import KEY
from yishu.gate.preparing import prepare
from yishu.lake import violations
from yishu.lake.delivery import Delivery
from yishu.lake.ledger import Ledger
from yishu.lake.raw import read_raw

VALUE_HASH = "value_hash"
_KEPT = ("rule", "expectation", "column", "severity", "dimension", "clause", "message")


def evidence(rule: Rule, evaluated: int, unexpected: int, observed: object | None = None, success: bool | None = None) -> dict[str, Any]:
    """What the ledger keeps of one rule of a run (E11): no value and no key of any row, so of what was observed numbers only.

    success: for a rule about a table, which accuses no row, so that its count does not tell; else it follows from the count.
    """
    kept = {name: getattr(rule, name) for name in _KEPT}
    number = observed if isinstance(observed, int | float) and not isinstance(observed, bool) else None
    return {**kept, "evaluated": evaluated, "unexpected": unexpected, "observed": number, "success": not unexpected if success is None else success}


def spoken_of(rule: Rule, resource: Resource, more: Iterable[str] = ()) -> list[str]:
    """The accused table's own items whose values the rule speaks about (and `more`); all of them where it names none."""
    named = {name.partition("__")[0] for name in [*rule.names(), rule.column or "", *more]}
    items = [item.name for item in resource.items]
    return [name for name in items if name in named] or items


def locate(rows: pl.DataFrame, delivery: Delivery, gate: str) -> pl.DataFrame:
    """Complete violations rows (row_number, subject, column, rule, dimension, severity, clause, message) with their delivery."""
    known = {
        "gate": gate,
        "department": delivery.department,
        "resource": delivery.resource,
        "delivery_id": delivery.delivery_id,
        "delivery_seq": delivery.seq,
        "file": delivery.file,
        "since": delivery.as_of,
    }
    columns = [pl.col(name) if name in rows.columns else pl.lit(known.get(name), dtype).alias(name) for name, dtype in violations.SCHEMA.items()]
    return rows.select(columns)


def accuse(data: Path, rows: pl.DataFrame, rule: Rule, column: str | None, gate: str, pin: str) -> pl.DataFrame:
    """Violations of one rule by rows (`_key`, `_delivery_id`, `_row_number`, maybe `value_hash`) as `where_today` gives them."""
    ledger = Ledger(data)
    told = {
        "column": column,
        "rule": rule.rule,
        "dimension": rule.dimension,
        "severity": rule.severity,
        "clause": rule.clause,
        "message": rule.message,
    }
    parts = [violations.empty()]
    hashed = pl.col(VALUE_HASH) if VALUE_HASH in rows.columns else pl.lit(None, pl.String).alias(VALUE_HASH)
    for (delivery_id,), part in rows.group_by(["_delivery_id"], maintain_order=True):
        described = part.select(
            hashed, row_number="_row_number", subject=KEY, pin=pl.lit(pin), **{name: pl.lit(text, pl.String) for name, text in told.items()}
        )
        parts.append(locate(described, ledger.delivery(str(delivery_id)), gate))
    return pl.concat(parts)


def where_today(data: Path, catalogue: Catalogue, resource: Resource, rows: pl.DataFrame) -> pl.DataFrame:
    """The same rows of a pool, each where the last accepted snapshot has its key.

    A pool row names the delivery that brought it, maybe months ago; its department looks into the file of today.
    """
    last = Ledger(data).last_accepted(resource.department, resource.name)
    if resource.delivery.mode != "snapshot" or last is None or not rows.height:
        return rows
    today = prepare(read_raw(data, last), resource, catalogue.codes, last.layout).select(KEY, _today="_row_number").drop_nulls(KEY)
    found = rows.join(today.unique(KEY, keep="first", maintain_order=True), on=KEY, how="left", maintain_order="left")
    there = pl.col("_today").is_not_null()
    return found.with_columns(
        _delivery_id=pl.when(there).then(pl.lit(last.delivery_id)).otherwise("_delivery_id"), _row_number=pl.coalesce("_today", "_row_number")
    ).drop("_today")
