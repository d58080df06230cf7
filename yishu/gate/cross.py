"""The cross gate: rules between departments, over one pin of all pools (C06, D03). content or advisory only.

A rule is evaluated again only when a pool that it reads has moved; its violations carry the pin. The accused row is named
where the department finds it today: in the last accepted delivery. Rules on the same rows are asked together: one read of
each pool, one validation.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from expectations.engine.run import run_rules
from expectations.joins import Join, chosen, joined
from yishu.catalogue.models import Catalogue
from yishu.gate.cross_suites import LOCATED, CrossRule, load_cross
from yishu.gate.doubts import evaluate_doubts
from yishu.gate.findings import accuse, evidence, spoken_of, where_today
from yishu.gate.implied import KEY
from yishu.gate.pinned import INDEX, PinnedPools, wanted_columns
from yishu.lake import delta, violations
from yishu.lake.ledger import Ledger
from yishu.lake.pins import Pin, digest
from yishu.lake.value_hash import value_hashes
from yishu.lake.violations import Settled
from yishu.settings import settings
from yishu.spatial.step import located_path

_ORIGIN = (KEY, "_delivery_id", "_row_number")


@dataclass(frozen=True)
class CrossOutcome:
    """One rule on one resource: evaluated anew or standing from before, and how many rows it accuses now."""

    rule: str
    on: str
    message: str
    severity: str
    dimension: str
    evaluated_anew: bool
    evaluated: int
    unexpected: int


@dataclass
class _Due:
    """A rule to be asked now, with its place in the outcomes, the pools it reads, and its run."""

    at: int
    asked: CrossRule
    reads: dict[str, int | None]
    run: int
    rule_only: bool  # the rule has changed, the pools have not


@dataclass(frozen=True)
class _Judged:
    """What one run found, not yet written."""

    due: _Due
    settled: Settled
    evidence: dict[str, Any]


def evaluate(data: Path, catalogue: Catalogue, pin: Pin) -> list[CrossOutcome]:
    """Evaluate every cross rule whose pools moved since it ran last; return how each rule stands.

    With all pools settled, it also follows the desk: doubts about records, and refusals accepted or revoked since the last night.
    """
    rules = load_cross(catalogue)
    pin = {**pin, LOCATED: delta.version(located_path(data))}
    standing, due = _standing(data, pin, rules)
    pools = PinnedPools(data, catalogue, pin, wanted_columns(one.asked for one in due))
    still = violations.standing_violations(data, pl.col("gate") == "cross")
    judged = [one for group in _groups(due) for one in _judge_group(data, pools, group, still)]
    # First the facts, in one commit, then all runs as finished: after a crash the same rules are due, with the same runs.
    violations.settle_together(data, [one.settled for one in judged], actor=settings.actor)
    Ledger(data).gate_results([(one.due.run, [one.evidence], one.settled.found.height) for one in judged])
    for one in judged:
        standing[one.due.at] = _outcome(one.due.asked, True, one.evidence["evaluated"], one.settled.found.height)
    _end_dropped(data, {(asked.rule.rule, asked.on) for asked in rules})
    evaluate_doubts(data, catalogue, pin)
    violations.follow_decisions(data, actor=settings.actor)  # the desk's pool may have moved after the row gates of this night
    return [standing[at] for at in range(len(rules))]


def _standing(data: Path, pin: Pin, rules: Sequence[CrossRule]) -> tuple[dict[int, CrossOutcome], list[_Due]]:
    """How the rules stand that need not be asked, and those that are due.

    A register that has never come makes nobody unknown: until then, what compares with it is not asked.
    """
    ledger = Ledger(data)
    standing: dict[int, CrossOutcome] = {}
    due: list[_Due] = []
    for at, asked in enumerate(rules):
        reads = {name: pin.get(name) for name in asked.reads()}
        batch, scope = json.dumps(reads, sort_keys=True), f"{asked.rule.rule}@{asked.on}"
        last = ledger.last_gate_run("cross", scope)
        if None in reads.values():
            standing[at] = _outcome(asked, False, 0, 0)
        elif last is not None and last["batch"] == batch and last["suite_version"].partition("@")[0] == asked.version:
            standing[at] = _outcome(asked, False, last["results"][0]["evaluated"], last["results"][0]["unexpected"])
        else:
            rule_only = last is not None and last["batch"] == batch
            due.append(_Due(at, asked, reads, ledger.gate_run_anew("cross", scope, batch, asked.version), rule_only))
    return standing, due


def _outcome(asked: CrossRule, anew: bool, evaluated: int, unexpected: int) -> CrossOutcome:
    rule = asked.rule
    return CrossOutcome(rule.rule, asked.on, rule.message, rule.severity, rule.dimension, anew, evaluated, unexpected)


def _groups(due: Sequence[_Due]) -> list[list[_Due]]:
    """Rules that look at the same rows of the same table, as long as the names of their joins mean the same."""
    groups: list[tuple[str, dict[str, Join], list[_Due]]] = []
    for one in due:
        rule = one.asked.rule
        rows = json.dumps([one.asked.on, rule.where], sort_keys=True)
        joins = {join.name: join for join in rule.join}
        # A condition on a joined column needs the joins that make it; the others of the group only stand beside.
        fitting = (group for group in groups if group[0] == rows and all(group[1].get(name, join) == join for name, join in joins.items()))
        group = next(fitting, None)
        if group is None:
            group = (rows, {}, [])
            groups.append(group)
        group[1].update(joins)
        group[2].append(one)
    return [members for _, _, members in groups]


def _judge_group(data: Path, pools: PinnedPools, group: Sequence[_Due], still: pl.DataFrame) -> list[_Judged]:
    on, first = group[0].asked.on, group[0].asked.rule
    joins = list({join.name: join for one in group for join in one.asked.rule.join}.values())
    seen = pools.rows(on)
    frame = chosen(joined(seen, joins, {join.resource: pools.rows(join.resource) for join in joins}), first.where)
    results = run_rules(frame, [one.asked.rule for one in group], key=INDEX)
    accused = seen.filter(pl.col(INDEX).is_in(pl.concat([result.keys.cast(pl.Int64) for result in results]).implode()))
    today = where_today(data, pools.catalogue, pools.catalogue.resources[on], accused.select(INDEX, *_ORIGIN))
    judged = []
    for one, result in zip(group, results, strict=True):
        rule = one.asked.rule
        rows = _hashed(today.filter(pl.col(INDEX).is_in(result.keys.cast(pl.Int64).implode())), accused, pools, one.asked)
        found = accuse(data, rows, rule, rule.accused_column(), "cross", digest(one.reads))
        settled = Settled(_scope(rule.rule, on), one.run, found, _ended(pools, one, still))
        judged.append(_Judged(one, settled, evidence(rule, result.evaluated, found.height, result.observed)))
    return judged


def _hashed(rows: pl.DataFrame, accused: pl.DataFrame, pools: PinnedPools, asked: CrossRule) -> pl.DataFrame:
    """With the hash of the accused table's own values: what another table says is not for its department to change."""
    own = spoken_of(asked.rule, pools.catalogue.resources[asked.on], (here for join in asked.rule.join for here in join.by))
    columns = {name: name for name in own if name in accused.columns}
    values = rows.select(INDEX).join(accused.select(INDEX, *columns), on=INDEX, how="left", maintain_order="left")
    return rows.with_columns(value_hashes(values, columns))


def _ended(pools: PinnedPools, due: _Due, still: pl.DataFrame) -> pl.DataFrame:
    """Subjects that are seen and pass are corrected; those gone from the pool are withdrawn; those absent for now stay open.

    Where no pool has moved, nobody has corrected anything: what passes passes because of the rule.
    """
    on = due.asked.on
    mine = still.filter(pl.all_horizontal([pl.col(part) == value for part, value in _scope(due.asked.rule.rule, on).items()]))
    seen = pl.col("subject").is_in(pools.rows(on)[KEY].implode())
    gone = ~pl.col("subject").is_in(pools.keys(on).implode())
    corrected = pl.lit(violations.RULE_CHANGED if due.rule_only else violations.CORRECTED)
    closing = pl.when(seen).then(corrected).when(gone).then(pl.lit(violations.WITHDRAWN))
    return mine.select(pl.lit(None, pl.String).alias("rule"), "subject", closing.alias("closing")).unique().drop_nulls("closing")


def _scope(rule: str, on: str) -> dict[str, str]:
    department, _, name = on.partition(".")
    return {"gate": "cross", "rule": rule, "department": department, "resource": name}


def _end_dropped(data: Path, standing: set[tuple[str, str]]) -> None:
    """What a rule that stands in no suite any more has accused ends with it; else its tickets would stay open for ever."""
    ledger, accused = Ledger(data), violations.standing_violations(data, pl.col("gate") == "cross")
    for (rule, department, resource), rows in accused.group_by("rule", "department", "resource", maintain_order=True):
        if (rule, f"{department}.{resource}") not in standing:
            on = f"{department}.{resource}"
            run = ledger.gate_run_anew("cross", f"{rule}@{on}", "dropped", "-")
            ended = rows.select(pl.lit(None, pl.String).alias("rule"), "subject", pl.lit(violations.RULE_CHANGED).alias("closing"))
            violations.settle(data, _scope(str(rule), on), run, violations.empty(), ended, actor=settings.actor)
            ledger.gate_result(run, [], 0)
