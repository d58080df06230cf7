"""What the gates found, as tables for whoever asks later: DIR/quality/gate_run, rule_result, score (Delta).

A projection of the ledger, which stays the proof (E11): once a night, and after a change of rules. Names and counts only. Not here:
how scores are counted (orchestration/quality.py), violations (violations.py).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from yishu.lake import delta
from yishu.lake.ledger import Ledger

GATE_RUN, RULE_RESULT, SCORE = "gate_run", "rule_result", "score"
KINDS = ("row", "cross", "built")
HELD, FAILED, PASSED, NO_RULES = "held", "failed", "passed", "no_rules"
Schema = dict[str, pl.DataType | type[pl.DataType]]
# at: with its offset, as the ledger has it; Delta would keep the moment and lose the clock of Shanghai.
RUNS: Schema = {
    "run": pl.Int64, "kind": pl.String, "scope": pl.String, "department": pl.String, "resource": pl.String, "batch": pl.String,
    "suite_version": pl.String, "at": pl.String, "checked_on": pl.Date, "rules": pl.Int64, "evaluated": pl.Int64, "unexpected": pl.Int64,
    "violations": pl.Int64, "result": pl.String,
}  # fmt: skip
RESULTS: Schema = {
    "run": pl.Int64, "rule": pl.String, "expectation": pl.String, "column": pl.String, "severity": pl.String, "dimension": pl.String,
    "clause": pl.String, "evaluated": pl.Int64, "unexpected": pl.Int64, "observed": pl.Float64, "success": pl.Boolean,
}  # fmt: skip
SCORES: Schema = {
    "day": pl.Date, "department": pl.String, "resource": pl.String, "dimension": pl.String, "own_dimension": pl.String,
    "evaluated": pl.Int64, "unexpected": pl.Int64, "score": pl.Float64,
}  # fmt: skip


def quality_path(data: Path, table: str) -> Path:
    return data / "quality" / table


def read_quality(data: Path, table: str, where: pl.Expr | None = None) -> pl.DataFrame:
    """The table, or an empty one of its shape before the first night."""
    path = quality_path(data, table)
    return delta.read(path, where=where) if delta.exists(path) else pl.DataFrame(schema={GATE_RUN: RUNS, RULE_RESULT: RESULTS, SCORE: SCORES}[table])


def project_runs(data: Path, ledger: Ledger, actor: str) -> int:
    """Write the finished runs that the tables lack, and the end of held ones; return how many runs.

    Results first: a run that stands in gate_run has all its results, whatever was killed in between.
    """
    held = _held(ledger)
    known = dict(read_quality(data, GATE_RUN).select("run", "result").iter_rows())
    finished = [run for run in ledger.finished_runs() if run["kind"] in KINDS]
    new = [run["run"] for run in finished if run["run"] not in known or (known[run["run"]] == HELD) != (run["batch"] in held)]
    if not new:
        return 0
    runs, results = [], []
    for run in ledger.runs(new):
        rules = json.loads(run["results"])
        runs.append(_run_row(run, rules, run["batch"] in held))
        results += [_result_row(run["run"], rule) for rule in rules]
    _append_results(data, pl.DataFrame(results, schema=RESULTS, orient="row"), actor)
    table = pl.DataFrame(runs, schema=RUNS, orient="row")
    delta.upsert(quality_path(data, GATE_RUN), table, "run", "run is not null", ["result"], key=_key(GATE_RUN, data, table), actor=actor)
    return len(new)


def project_scores(data: Path, day: date, rows: Iterable[Mapping[str, Any]], actor: str) -> bool:
    """Make `rows` (SCORES without `day`) the scores of that day; False where they stand already."""
    order = ["department", "resource", "dimension"]
    table = pl.DataFrame([{"day": day, **row} for row in rows], schema=SCORES).sort(order)
    if read_quality(data, SCORE, pl.col("day") == day).select(SCORES.keys()).sort(order).equals(table):
        return False
    delta.replace_where(quality_path(data, SCORE), table, f"day = '{day.isoformat()}'", key=_key(SCORE, data, table), actor=actor)
    return True


def _held(ledger: Ledger) -> set[str]:
    """Batches that were held and never taken in, whatever became of them: their runs kept them back."""
    passed: dict[str, set[str]] = {}
    for delivery_id, state in ledger.states_passed():
        passed.setdefault(delivery_id, set()).add(state)
    return {delivery_id for delivery_id, states in passed.items() if "held" in states and "accepted" not in states}


def _run_row(run: Mapping[str, Any], rules: Sequence[Mapping[str, Any]], held: bool) -> list[Any]:
    place = run["scope"].rpartition("@")[2] if run["kind"] != "built" else ""  # a built table is nobody's
    department, _, resource = place.partition(".")
    failed = any(not _success(rule) for rule in rules)
    result = HELD if held else FAILED if failed else PASSED if rules else NO_RULES
    counts = [sum(rule[name] for rule in rules) for name in ("evaluated", "unexpected")]
    return [run["run"], run["kind"], run["scope"], department or None, resource or None, run["batch"], run["suite_version"], run["at"],
            date.fromisoformat(run["at"][:10]), len(rules), *counts, run["violations"], result]  # fmt: skip


def _result_row(run: int, rule: Mapping[str, Any]) -> list[Any]:
    kept = [rule.get(name) for name in ("rule", "expectation", "column", "severity", "dimension", "clause", "evaluated", "unexpected")]
    observed = rule.get("observed")
    return [run, *kept, None if observed is None else float(observed), _success(rule)]


def _success(rule: Mapping[str, Any]) -> bool:
    """Runs of older versions of the platform kept the count alone."""
    return bool(rule.get("success", not rule["unexpected"]))


def _append_results(data: Path, table: pl.DataFrame, actor: str) -> None:
    path = quality_path(data, RULE_RESULT)
    if delta.exists(path):
        there = delta.read(path, where=pl.col("run").is_in(table["run"].unique().implode()))["run"].unique()
        table = table.filter(~pl.col("run").is_in(there.implode()))
    if table.height:
        delta.append(path, table, key=_key(RULE_RESULT, data, table), actor=actor)


def _key(name: str, data: Path, table: pl.DataFrame) -> str:
    """Of content and place: the same rows written after others are another commit."""
    content = hashlib.sha256(table.write_json().encode()).hexdigest()[:16]
    return f"{name}:{content}:{delta.version(quality_path(data, name))}"
