"""The cross gate: rules between departments, over one pin of all pools (C06, D03). content or advisory only.

A rule is evaluated again only when a pool that it reads has moved; its violations carry the pin. The accused row is named
where the department finds it today: in the last accepted delivery.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from expectations.suite import Rule, SuiteError, load_rules
from yishu.catalogue.models import Catalogue
from yishu.gate.findings import accuse, evidence
from yishu.gate.implied import KEY
from yishu.gate.step import pool_types
from yishu.lake import violations
from yishu.lake.ledger import Ledger
from yishu.lake.pins import Pin, digest
from yishu.lake.pool import read_pool
from yishu.settings import settings


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


def evaluate(data: Path, catalogue: Catalogue, pin: Pin) -> list[CrossOutcome]:
    """Evaluate every cross rule whose pools moved since it ran last; return how each rule stands."""
    outcomes = []
    for file in sorted((settings.suites_dir / "cross").glob("*.yaml")):
        version = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
        for rule in load_rules(file):
            _check(rule, catalogue, file)
            outcomes.append(_evaluate_one(data, catalogue, pin, rule, version))
    _end_dropped(data, {(outcome.rule, outcome.on) for outcome in outcomes})
    return outcomes


def _end_dropped(data: Path, standing: set[tuple[str, str]]) -> None:
    """What a rule that stands in no suite any more has accused ends with it; else its tickets would stay open for ever."""
    ledger, accused = Ledger(data), violations.open_violations(data, pl.col("gate") == "cross")
    for (rule, department, resource), rows in accused.group_by("rule", "department", "resource", maintain_order=True):
        if (rule, f"{department}.{resource}") not in standing:
            run = ledger.gate_run_anew("cross", f"{rule}@{department}.{resource}", "dropped", "-")
            scope = {"gate": "cross", "rule": str(rule), "department": str(department), "resource": str(resource)}
            ended = rows.select(pl.lit(None, pl.String).alias("rule"), "subject", pl.lit(violations.WITHDRAWN).alias("closing"))
            violations.settle(data, scope, run, violations.empty(), ended, actor=settings.actor)
            ledger.gate_result(run, [], 0)


def _check(rule: Rule, catalogue: Catalogue, file: Path) -> None:
    if rule.on not in catalogue.resources:
        raise SuiteError(f"{file}: 规则 {rule.rule} 的 on: {rule.on} 不在目录中")
    if rule.kwargs.get("other") is not None and rule.kwargs["other"] not in catalogue.resources:
        raise SuiteError(f"{file}: 规则 {rule.rule} 的 other: {rule.kwargs['other']} 不在目录中")
    if rule.severity == "structural":
        raise SuiteError(f"{file}: 规则 {rule.rule} 是跨部门规则，severity 只能是 content 或 advisory：疑点不得使记录消失")


def _evaluate_one(data: Path, catalogue: Catalogue, pin: Pin, rule: Rule, version: str) -> CrossOutcome:
    assert rule.on is not None
    reads = {name: pin.get(name) for name in (rule.on, rule.kwargs.get("other")) if name is not None}
    ledger, scope = Ledger(data), f"{rule.rule}@{rule.on}"
    last = ledger.last_gate_run("cross", scope)
    if last is not None and last["batch"] == json.dumps(reads, sort_keys=True) and last["suite_version"].partition("@")[0] == version:
        result = last["results"][0]
        return CrossOutcome(rule.rule, rule.on, rule.message, rule.severity, rule.dimension, False, result["evaluated"], result["unexpected"])
    run = ledger.gate_run_anew("cross", scope, json.dumps(reads, sort_keys=True), version)
    resource = catalogue.resources[rule.on]
    pool = read_pool(data, resource, pool_types(resource), pin.get(rule.on))
    seen = pool.filter(pl.col("_absent_count") == 0).with_row_index("_index").with_columns(pl.col("_index").cast(pl.Int64))
    evaluated, accused = _accused(data, catalogue, pin, rule, seen)
    column = rule.column or rule.kwargs.get("column")
    found = accuse(data, catalogue, resource, accused.select(KEY, "_delivery_id", "_row_number"), rule, column, "cross", digest(reads))
    _settle(data, ledger, run, rule, found, pool, seen)
    ledger.gate_result(run, [evidence(rule, evaluated, found.height)], found.height)
    return CrossOutcome(rule.rule, rule.on, rule.message, rule.severity, rule.dimension, True, evaluated, found.height)


def _accused(data: Path, catalogue: Catalogue, pin: Pin, rule: Rule, seen: pl.DataFrame) -> tuple[int, pl.DataFrame]:
    from expectations.engine.run import run_rules

    asked = seen
    for column, values in (rule.where or {}).items():
        asked = asked.filter(pl.col(column).cast(pl.String).is_in(values))
    related: Mapping[str, pl.Series] = {}
    if "other" in rule.kwargs:
        other = catalogue.resources[rule.kwargs["other"]]
        column = rule.kwargs.get("other_column", rule.kwargs["column"])
        related = {other.id: read_pool(data, other, pool_types(other), pin.get(other.id)).filter(pl.col("_absent_count") == 0)[column].drop_nulls()}
    (outcome,) = run_rules(asked, [rule], key="_index", related=related)
    return outcome.evaluated, asked.filter(pl.col("_index").is_in(outcome.keys.cast(pl.Int64).implode()))


def _settle(data: Path, ledger: Ledger, run: int, rule: Rule, found: pl.DataFrame, pool: pl.DataFrame, seen: pl.DataFrame) -> None:
    """Subjects that are seen and pass are corrected; those gone from the pool are withdrawn; those absent for now stay open."""
    department, _, name = str(rule.on).partition(".")
    scope = {"gate": "cross", "rule": rule.rule, "department": department, "resource": name}
    still = violations.open_violations(data, pl.all_horizontal([pl.col(part) == value for part, value in scope.items()])).select("subject").unique()
    ended = (
        still.with_columns(
            closing=pl.when(pl.col("subject").is_in(seen[KEY].implode()))
            .then(pl.lit(violations.CORRECTED))
            .when(~pl.col("subject").is_in(pool[KEY].implode()))
            .then(pl.lit(violations.WITHDRAWN)),
        )
        .drop_nulls("closing")
        .select(pl.lit(None, pl.String).alias("rule"), "subject", "closing")
    )
    violations.settle(data, scope, run, found, ended, actor=settings.actor)
