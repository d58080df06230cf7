"""The row gate: one delivery of one resource through its suite, and what each row may do then.

Severity is a property of the rule: structural holds the row out of the pool, content marks it under check, advisory counts.
The whole delivery is held when it is not what was agreed (a column is missing, the end is cut off, a count differs,
thresholds are passed); then no row of it is judged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from expectations.suite import Rule
from yishu.catalogue.models import CodeList, Resource
from yishu.gate.batch import Before, count_nulls, judge_batch
from yishu.gate.findings import VALUE_HASH, evidence, locate, spoken_of
from yishu.gate.implied import KEY, suite_of
from yishu.gate.preparing import layout_of, prepare, unkeyed_subjects
from yishu.gate.typing import IDENTIFIERS
from yishu.ingest.parsed import OPERATION
from yishu.lake.delivery import Delivery
from yishu.lake.value_hash import one_a_subject, value_hashes

TYPE_RULES = ("not_null", *IDENTIFIERS, "code", "date", "number", "phone")
REJECT_RULE = ("规范性", "structural", "C07")


@dataclass
class Verdict:
    """What the gate says of one delivery.

    frame: prepared rows plus `_held_out`, `_collapsed` (a repeated row after its first), `_conflict` (bool) and `_invalid`.
    found: violations (yishu.lake.violations.SCHEMA). results: evidence, one dictionary a rule, batch rules last.
    faults: why the delivery is held, if it is.
    """

    frame: pl.DataFrame
    found: pl.DataFrame
    results: list[dict[str, object]]
    faults: list[dict[str, str]] = field(default_factory=list)

    @property
    def held_out(self) -> int:
        return int(self.frame["_held_out"].sum())


def judge(
    delivery: Delivery,
    resource: Resource,
    raw: pl.DataFrame,
    rejects: pl.DataFrame,
    codes: Mapping[str, CodeList],
    before: Before | None,
    pool: pl.DataFrame | None,
) -> Verdict:
    """Judge one delivery against its suite, what the ledger keeps of the last accepted one, and the pool as it stands."""
    from expectations.engine.run import run_rules

    frame = prepare(raw, resource, codes, delivery.layout)
    if resource.delivery.mode == "append":  # a correction may differ: that is what it is for
        frame = frame.with_columns(_agrees=_agreement(frame, resource, None if delivery.is_correction else pool))
    absent = _not_collected_then(delivery, resource)
    rules = suite_of(resource, codes, delivery.as_of, absent)
    outcomes = run_rules(frame, rules)
    broken = pl.concat(
        [_rows_of(position, outcome.rule, outcome.keys) for position, outcome in enumerate(outcomes)]
        or [_rows_of(0, None, pl.Series([], dtype=pl.Int64))]
    )
    broken = _hashed(_spare_deletions(broken, frame, resource), frame, rules, resource)
    frame = _mark(frame, broken, resource)
    found = _violations(delivery, frame, broken, rejects)
    counts = dict(broken.group_by("_rule").len().iter_rows())
    results = [
        # A rule about the table accuses no row; of one about rows only those count that are not spared.
        evidence(outcome.rule, outcome.evaluated, counts.get(position, 0), outcome.observed, None if outcome.unexpected else outcome.success)
        for position, outcome in enumerate(outcomes)
    ]
    verdict = Verdict(frame, found, results)
    batch = judge_batch(delivery, resource, verdict.held_out, count_nulls(frame, resource, absent), before)
    verdict.results += [judged.result for judged in batch]
    verdict.faults = [*delivery.faults, *(judged.fault for judged in batch if judged.fault)]
    return verdict


def _not_collected_then(delivery: Delivery, resource: Resource) -> set[str]:
    """Items that the file's layout did not have, or that were collected for a time only (B14): that they are empty is nobody's fault."""
    layout = layout_of(resource, delivery.layout)
    if layout is not None:
        return {item.name for item in resource.items} - set(layout.columns) - set(layout.constants)
    return {item.name for item in resource.items if item.temporary is not None}


def _rows_of(position: int, rule: Rule | None, keys: pl.Series) -> pl.DataFrame:
    return pl.DataFrame({"_row_number": keys.cast(pl.Int64)}).with_columns(
        _rule=pl.lit(position, pl.Int64),
        rule=pl.lit(rule.rule if rule else "", pl.String),
        column=pl.lit(rule.column if rule else None, pl.String),
        severity=pl.lit(rule.severity if rule else "", pl.String),
        dimension=pl.lit(rule.dimension if rule else "", pl.String),
        clause=pl.lit(rule.clause if rule else "", pl.String),
        message=pl.lit(rule.message if rule else "", pl.String),
    )


def _spare_deletions(broken: pl.DataFrame, frame: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    """A row that says D needs nothing but its key."""
    if not resource.delivery.operation:
        return broken
    deletions = frame.filter(pl.col(f"{OPERATION}__text") == "D")["_row_number"]
    return broken.filter(~pl.col("_row_number").is_in(deletions.implode()) | (pl.col("severity") == "structural"))


def _hashed(broken: pl.DataFrame, frame: pl.DataFrame, rules: Sequence[Rule], resource: Resource) -> pl.DataFrame:
    """With the hash of the value that each rule speaks about: what a refusal stands on, and what shows that the value has changed."""
    parts = [broken.clear().with_columns(pl.lit(None, pl.String).alias(VALUE_HASH))]
    for (position,), rows in broken.group_by(["_rule"], maintain_order=True):
        columns = {name: f"{name}__text" for name in spoken_of(rules[int(str(position))], resource)}
        values = rows.join(frame.select("_row_number", *columns.values()), on="_row_number", how="left", maintain_order="left")
        parts.append(rows.with_columns(value_hashes(values, columns)))
    return pl.concat(parts)


def _mark(frame: pl.DataFrame, broken: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    kinds = [f"{item.name}.{kind}" for item in resource.items for kind in TYPE_RULES]
    invalid = (
        broken.filter(pl.col("rule").is_in(kinds))
        .unique(["_row_number", "column"])
        .sort("_row_number", "column")
        .group_by("_row_number", maintain_order=True)
        .agg(pl.col("column").str.join("|").alias("_names"))
        .select("_row_number", _invalid=pl.format("|{}|", "_names"))
    )
    rows = {
        name: broken.filter(mask)["_row_number"].implode()
        for name, mask in {
            "_held_out": pl.col("severity") == "structural",
            "_repeated": pl.col("rule") == "key.repeated",
            "_conflict": pl.col("rule") == "key.conflict",
        }.items()
    }
    texts = [f"{item.name}__text" for item in resource.items]
    return (
        frame.join(invalid, on="_row_number", how="left", maintain_order="left")
        .with_columns(pl.col("_row_number").is_in(numbers).alias(name) for name, numbers in rows.items())
        .with_columns(_collapsed=pl.col("_repeated") & ~pl.col("_held_out") & ~pl.struct(KEY, *texts).is_first_distinct())
    )


def _agreement(frame: pl.DataFrame, resource: Resource, pool: pl.DataFrame | None) -> pl.Series:
    """For append: does a row whose key is known already say what the pool says? null where the key is new."""
    names = [item.name for item in resource.items]
    if pool is None or not pool.height:
        return pl.Series("_agrees", [None] * frame.height, dtype=pl.String)
    known = frame.select("_row_number", KEY, *names).join(pool.select(KEY, *names), on=KEY, how="left", suffix="__known", maintain_order="left")
    same = pl.all_horizontal([pl.col(name).eq_missing(pl.col(f"{name}__known")) for name in names])
    return known.select(
        pl.when(frame[KEY].is_in(pool[KEY].implode())).then(pl.when(same).then(pl.lit("yes")).otherwise(pl.lit("no"))).alias("_agrees")
    ).to_series()


def _violations(delivery: Delivery, frame: pl.DataFrame, broken: pl.DataFrame, rejects: pl.DataFrame) -> pl.DataFrame:
    rows = broken.join(frame.select("_row_number", subject="_subject"), on="_row_number", how="left").rename({"_row_number": "row_number"})
    dimension, severity, clause = REJECT_RULE
    unread = rejects.select(
        row_number="line",
        rule="reason",
        message="message",
        column=pl.lit(None, pl.String),
        dimension=pl.lit(dimension),
        severity=pl.lit(severity),
        clause=pl.lit(clause),
        subject=pl.Series(unkeyed_subjects(rejects["bytes"].to_list()), dtype=pl.String),
    )
    unread = unread.with_columns(value_hashes(unread, {"content": "subject"}))
    shared = ["row_number", "subject", "column", "rule", "dimension", "severity", "clause", "message", VALUE_HASH]
    found = pl.concat([rows.select(shared), unread.select(shared)])
    return locate(one_a_subject(found, ["rule", "subject"]), delivery, "row")
