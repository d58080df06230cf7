"""Rules about a delivery as a whole: what it lost, and how it differs from the last accepted one. Broken, the delivery is held.

What the last delivery looked like is read from the ledger's evidence, never from its rows: one pass over one delivery is all
a night pays. Not here: rules about single rows (row.py), what holding means (step.py).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

import polars as pl

from expectations.suite import Rule
from yishu.catalogue.models import Resource
from yishu.gate.findings import evidence
from yishu.ingest.parsed import OPERATION
from yishu.lake.delivery import Delivery
from yishu.lake.ledger import Ledger

# In the place of a GX expectation's name: these compare two deliveries, and are judged on counts.
EXPECTATION = "batch"
# A table of thirty rows doubles when one school opens: relative limits speak only where so many rows are behind them.
GROWTH_FLOOR, NULL_FLOOR = 100, 20
# So many standard errors apart must two shares of nulls be: in small tables a large difference is chance.
STANDARD_ERRORS = 4
# What the evidence says of a rule that is kept; of a broken one it has the figures.
STATED = {
    "held_out": "无法读取或缺少标识的记录不得超过上限",
    "shrink": "记录数不得比上次减少过多",
    "growth": "记录数不得比上次增加过多",
    "null_drift": "信息项的空缺占比不得比上次升高过多",
    "cut_off": "文件应当完整，末尾有换行",
}
NAMED_ITEMS = 5


@dataclass(frozen=True)
class NullCounts:
    """rows: those that state values (no deletions); nulls: item -> how many of them have none."""

    rows: int
    nulls: Mapping[str, int]


@dataclass(frozen=True)
class Before:
    """The ordinary delivery accepted last; nulls is None where an older version of the platform has judged it."""

    delivery: Delivery
    nulls: NullCounts | None


@dataclass(frozen=True)
class Judged:
    """One batch rule: what the ledger keeps of it, and what holds the delivery, if it is broken."""

    result: dict[str, Any]
    fault: dict[str, str] | None


def before(ledger: Ledger, delivery: Delivery) -> Before | None:
    """With what a delivery is compared: nothing for a correction, which speaks of single keys, nor for the first."""
    last = None if delivery.is_correction else ledger.last_accepted(delivery.department, delivery.resource)
    if last is None:
        return None
    run = ledger.last_gate_run("row", last.resource_id, last.delivery_id)
    return Before(last, nulls_in(run["results"] if run else []))


def nulls_in(results: Collection[Mapping[str, Any]]) -> NullCounts | None:
    """The null counts that a run's evidence keeps."""
    kept = next((result for result in results if "nulls" in result), None)
    return None if kept is None else NullCounts(kept["rows"], kept["nulls"])


def count_nulls(frame: pl.DataFrame, resource: Resource, absent: Collection[str]) -> NullCounts:
    """Of a prepared frame; absent: items that the file could not have."""
    stated = frame.filter(pl.col(f"{OPERATION}__text") != "D") if resource.delivery.operation else frame
    names = [item.name for item in resource.items if item.name not in absent]
    return NullCounts(stated.height, dict(zip(names, (stated[f"{name}__text"].null_count() for name in names), strict=True)))


def judge_batch(delivery: Delivery, resource: Resource, held_out: int, nulls: NullCounts, last: Before | None) -> list[Judged]:
    """Every batch rule, in order. What cannot be compared is kept as not evaluated, never as passed."""
    snapshots = resource.delivery.mode == "snapshot" and last is not None
    return [
        _held_out(delivery, resource, held_out),
        _shrink(delivery, resource, last.delivery if last and snapshots else None),
        _growth(delivery, resource, last.delivery if last and snapshots else None),
        _null_drift(resource, nulls, last.nulls if last and not _lacks_columns(delivery) else None),
        _cut_off(delivery, last.delivery if last else None),
    ]


def _lacks_columns(delivery: Delivery) -> bool:
    """Then that is the fault to speak of, and that its items are empty is no second one."""
    return any(fault["rule"] in ("delivery.missing_column", "delivery.duplicate_column") for fault in delivery.faults)


def _judged(name: str, observed: float | None, wrong: str | None, *, evaluated: bool = True, **kept: Any) -> Judged:
    rule = Rule(f"delivery.{name}", EXPECTATION, {}, "structural", "完整性", "C05", wrong or STATED[name], None)
    result = {**evidence(rule, int(evaluated), int(wrong is not None), observed), **kept}
    return Judged(result, None if wrong is None else {"rule": rule.rule, "message": wrong})


def _held_out(delivery: Delivery, resource: Resource, held_out: int) -> Judged:
    records, limit = delivery.records or 0, resource.gate.max_held_out
    lost = (delivery.rejects or 0) + held_out
    share = lost / records if records else None
    wrong = None
    if share is not None and share > limit:
        wrong = f"{records} 条中有 {lost} 条无法读取或缺少标识，占 {share:.2%}，超过上限 {limit:.2%}；请修正后重新报送"
    return _judged("held_out", share, wrong, evaluated=share is not None)


def _shrink(delivery: Delivery, resource: Resource, last: Delivery | None) -> Judged:
    if last is None or not last.records:
        return _judged("shrink", None, None, evaluated=False)
    records, limit = delivery.records or 0, resource.gate.max_shrink
    share = (last.records - records) / last.records
    wrong = None
    if share > limit:
        wrong = f"本次 {records} 条，上次 {last.records} 条，减少 {share:.2%}，超过上限 {limit:.2%}；请核对是否漏报"
    return _judged("shrink", share, wrong)


def _growth(delivery: Delivery, resource: Resource, last: Delivery | None) -> Judged:
    if last is None or not last.records:
        return _judged("growth", None, None, evaluated=False)
    records, limit = delivery.records or 0, resource.gate.max_growth
    more = records - last.records
    share = more / last.records
    wrong = None
    if share > limit and more > GROWTH_FLOOR:
        wrong = f"本次 {records} 条，上次 {last.records} 条，增加 {share:.2%}，超过上限 {limit:.2%}；请核对是否重复导出或混入了其他数据"
    return _judged("growth", share, wrong)


def _null_drift(resource: Resource, now: NullCounts, then: NullCounts | None) -> Judged:
    kept: dict[str, Any] = {"rows": now.rows, "nulls": dict(now.nulls)}
    if then is None or not then.rows or not now.rows:
        return _judged("null_drift", None, None, evaluated=False, **kept)
    drifts = {name: now.nulls[name] / now.rows - then.nulls[name] / then.rows for name in now.nulls if name in then.nulls}
    limit = resource.gate.max_null_drift
    drifted = sorted((name for name in drifts if drifts[name] > limit and _is_no_chance(name, now, then)), key=lambda name: -drifts[name])
    wrong = None
    if drifted:
        more = f"等 {len(drifted)} 项" if len(drifted) > NAMED_ITEMS else ""
        wrong = (
            "、".join(_told(resource, name, now, then) for name in drifted[:NAMED_ITEMS]) + more
            + f"，空缺占比比上次升高超过上限 {limit:.2%}；请核对是否漏填、列名是否对应"
        )  # fmt: skip
    return _judged("null_drift", max(drifts.values(), default=None), wrong, **kept)


def _told(resource: Resource, name: str, now: NullCounts, then: NullCounts) -> str:
    figures = (f"{counts.nulls[name]}/{counts.rows} 条（{counts.nulls[name] / counts.rows:.2%}）" for counts in (now, then))
    return "“{}”本次空缺 {}，上次空缺 {}".format(resource.item(name).title, *figures)


def _is_no_chance(name: str, now: NullCounts, then: NullCounts) -> bool:
    """Two shares further apart than sampling explains (the pooled two-proportion test), and by a number of rows worth asking about."""
    share_now, share_then = now.nulls[name] / now.rows, then.nulls[name] / then.rows
    pooled = (now.nulls[name] + then.nulls[name]) / (now.rows + then.rows)
    error = sqrt(pooled * (1 - pooled) * (1 / now.rows + 1 / then.rows))
    return (share_now - share_then) * now.rows >= NULL_FLOOR and share_now - share_then > STANDARD_ERRORS * error


def _cut_off(delivery: Delivery, last: Delivery | None) -> Judged:
    """A file that ends without the line end that its predecessors had; reading itself may have said so already."""
    known = any(fault["rule"] == "delivery.cut_off" for fault in delivery.faults)
    if last is None or not last.final_newline or known:
        return _judged("cut_off", None, None, evaluated=False)
    wrong = "文件末尾没有换行，而以往都有，可能没有传完；请重新报送完整文件" if delivery.final_newline is False else None
    return _judged("cut_off", None, wrong)
