"""The violations table: what each gate run found wrong, in which row of which file, since when, and how it ended.

Violations are facts about deliveries; tickets (portal) are the process about them. Standing means: no later run has seen the
subject pass, leave or fail anew. What stands is open, unless an accepted refusal mutes it: then its closing says `refused` and it
has no closed_run, so that the next runs still see its end. Facts are never deleted; a run closes what it can prove ended and adds
what it found.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import polars as pl

from yishu.lake import annotations, delta

SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "violation_id": pl.String,
    "gate": pl.String,
    "department": pl.String,
    "resource": pl.String,
    "delivery_id": pl.String,
    "delivery_seq": pl.Int64,
    "file": pl.String,
    "row_number": pl.Int64,
    "subject": pl.String,
    "column": pl.String,
    "rule": pl.String,
    "dimension": pl.String,
    "severity": pl.String,
    "clause": pl.String,
    "message": pl.String,
    "pin": pl.String,
    "gate_run": pl.Int64,
    "since": pl.Date,
    "closed_run": pl.Int64,
    "closing": pl.String,
    "value_hash": pl.String,
}
IDENTITY = ["department", "resource", "rule", "subject"]
REFUSED = "refused"  # stands, muted by an accepted refusal until the value changes
CORRECTED, WITHDRAWN, GONE, SUPERSEDED = "corrected", "withdrawn", "corrected_or_withdrawn", "superseded"
RULE_CHANGED = "rule_changed"  # nobody corrected anything: the rule is another, or gone


def violations_path(data: Path) -> Path:
    return data / "violations"


def empty() -> pl.DataFrame:
    return pl.DataFrame(schema=SCHEMA)


def open_violations(data: Path, where: pl.Expr | None = None) -> pl.DataFrame:
    """All columns of what is open now: what stands and no accepted refusal mutes."""
    return standing_violations(data, where).filter(pl.col("closing").is_null())


def standing_violations(data: Path, where: pl.Expr | None = None) -> pl.DataFrame:
    """All columns of what no run has seen end, muted or not."""
    state = delta.state(violations_path(data))
    if state is None:
        return empty()
    still = _standing_at(violations_path(data), state)
    return still if where is None else still.filter(where)


# Every step of a night asks, and between two commits the answer is the same.
@lru_cache(maxsize=1)
def _standing_at(path: Path, state: delta.State) -> pl.DataFrame:
    return _complete(delta.read(path, where=pl.col("closed_run").is_null()))


def _complete(rows: pl.DataFrame) -> pl.DataFrame:
    """A data folder of an older version of the platform lacks columns."""
    return rows.select(pl.col(name) if name in rows.columns else pl.lit(None, type_).alias(name) for name, type_ in SCHEMA.items())


def facts(data: Path, where: pl.Expr) -> pl.DataFrame:
    """All columns of every violation ever found that `where` keeps, ended ones too."""
    path = violations_path(data)
    return _complete(delta.read(path, where=where)) if delta.exists(path) else empty()


def closings(data: Path) -> pl.DataFrame:
    """department, resource, rule, subject, closing, closed_run: how each subject that is not open now ended last.

    What is muted has `refused`, and the run that found it last.
    """
    if not delta.exists(violations_path(data)):
        return empty().select(*IDENTITY, "closing", "closed_run")
    ended = facts(data, pl.col("closed_run").is_not_null() & (pl.col("closing") != SUPERSEDED))
    muted = standing_violations(data, pl.col("closing") == REFUSED).with_columns(closed_run="gate_run")
    told = pl.concat([ended, muted]).select(*IDENTITY, "closing", "closed_run", _muted=pl.col("closing") == REFUSED)
    last = told.sort("_muted", "closed_run").unique(IDENTITY, keep="last", maintain_order=True).drop("_muted")
    return last.join(open_violations(data).select(IDENTITY).unique(), on=IDENTITY, how="anti")


def follow_decisions(data: Path, *, actor: str) -> None:
    """Mute what an accepted refusal speaks of, and open again what no refusal speaks of any more; whatever its gate."""
    before = standing_violations(data)
    after = _muted(data, before)
    moved = after.filter(after["closing"].ne_missing(before["closing"]))
    if moved.height:
        _commit(data, [moved], f"decisions:{delta.version(annotations.annotations_path(data))}:{delta.version(violations_path(data))}", actor)


def _muted(data: Path, standing: pl.DataFrame) -> pl.DataFrame:
    """The same rows, each with the closing that the refusals of today give it."""
    refused = annotations.mutes(data).select(*IDENTITY, "value_hash", _refused=pl.lit(True)).unique()
    found = standing.join(refused, on=[*IDENTITY, "value_hash"], how="left", nulls_equal=True, maintain_order="left")
    return found.with_columns(closing=pl.when(pl.col("_refused")).then(pl.lit(REFUSED))).drop("_refused")


def settle(data: Path, scope: dict[str, str], run: int, found: pl.DataFrame, ended: pl.DataFrame, *, actor: str) -> pl.DataFrame:
    """Make the run's outcome the standing violations of its scope, in one commit; return what it found, with `since` filled in.

    scope: equalities (gate, department, resource, rule…) that say which standing facts this run speaks about.
    found: SCHEMA without `since`, `closed_run`, `closing` needed (they are set here), `since` = the date of this run.
    ended: rule (null = any rule), subject, closing: which standing subjects the run proves ended. Others stay.
    """
    settled = Settled(scope, run, found, ended)
    found, closed = _settled(data, standing_violations(data, _within(scope)), settled)
    if found.height or closed.height:
        _commit(data, [closed, found], f"{_words(scope)}#{run}", actor)
    return found


@dataclass(frozen=True)
class Settled:
    """What one run says of its scope; the fields as in `settle`."""

    scope: dict[str, str]
    run: int
    found: pl.DataFrame
    ended: pl.DataFrame


def settle_together(data: Path, settled: Sequence[Settled], *, actor: str) -> None:
    """As `settle`, for many runs whose scopes do not overlap, in one commit: a rule that finds what it found before would cost
    a rewrite of the table each."""
    before = standing_violations(data)
    parts: list[pl.DataFrame] = []
    for one in settled:
        parts += _settled(data, before.filter(_within(one.scope)), one)
    if any(part.height for part in parts):
        _commit(data, parts, ",".join(f"{one.scope['gate']}#{one.run}" for one in settled), actor)


def settle_whole(
    data: Path, gate: str, found: pl.DataFrame, run_of: Callable[[str], int], *, actor: str, withdrawn: pl.DataFrame | None = None
) -> None:
    """Make `found` (SCHEMA, nothing left out) the standing violations of a gate that says all at once; the rest is corrected.
    withdrawn: IDENTITY of those of the rest that end as withdrawn.

    What stands as it stood is not written again. run_of: the number of this run for a resource (its id): the same subject is another
    matter in another department. One commit.
    """
    before = standing_violations(data, pl.col("gate") == gate)
    told = [*IDENTITY, "delivery_id", "row_number", "message", "severity", "value_hash"]
    new = found.join(before, on=told, how="anti", nulls_equal=True)
    ended = before.join(found, on=IDENTITY, how="anti").unique(IDENTITY).with_columns(closing=pl.lit(CORRECTED))
    if withdrawn is not None:
        taken_back = ended.join(withdrawn, on=IDENTITY, how="semi").with_columns(closing=pl.lit(WITHDRAWN))
        ended = pl.concat([ended.join(withdrawn, on=IDENTITY, how="anti"), taken_back])
    settled = []
    for department, resource in pl.concat([new, ended.select(SCHEMA.keys())]).select(place := IDENTITY[:2]).unique().sort(place).iter_rows():
        here = (pl.col("department") == department) & (pl.col("resource") == resource)
        scope = {"gate": gate, "department": department, "resource": resource}
        settled.append(Settled(scope, run_of(f"{department}.{resource}"), new.filter(here), ended.filter(here).select("rule", "subject", "closing")))
    settle_together(data, settled, actor=actor)


def _within(scope: dict[str, str]) -> pl.Expr:
    return pl.all_horizontal([pl.col(name) == value for name, value in scope.items()])


def _words(scope: dict[str, str]) -> str:
    return json.dumps(scope, ensure_ascii=False, sort_keys=True)


def _commit(data: Path, parts: Sequence[pl.DataFrame], key: str, actor: str) -> None:
    delta.add_columns(violations_path(data), {"value_hash": "string"})
    delta.upsert(violations_path(data), pl.concat(parts), "violation_id", "closed_run is null", ["closed_run", "closing"], key=key, actor=actor)


def _settled(data: Path, before: pl.DataFrame, settled: Settled) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(found, closed): the new facts with `since`, muted where refused, and the standing ones that end with this run."""
    scope, run, found, ended = settled.scope, settled.run, settled.found, settled.ended
    first = before.group_by(IDENTITY).agg(pl.col("since").min().alias("_first"))
    found = (
        found.join(first, on=IDENTITY, how="left")
        .with_columns(since=pl.coalesce("_first", "since"), gate_run=pl.lit(run, pl.Int64))
        .with_columns(violation_id=_ids(found, scope, run), closed_run=pl.lit(None, pl.Int64), closing=pl.lit(None, pl.String))
        .select(SCHEMA.keys())
    )
    found = _muted(data, found).select(SCHEMA.keys())
    again = found.select(IDENTITY).unique().with_columns(_closing=pl.lit(SUPERSEDED))
    ended = ended.unique(["rule", "subject"]).select("rule", "subject", _ended="closing")
    of_rule, of_any = ended.filter(pl.col("rule").is_not_null()), ended.filter(pl.col("rule").is_null()).select("subject", _ended_any="_ended")
    closed = (
        before.join(again, on=IDENTITY, how="left")
        .join(of_rule, on=["rule", "subject"], how="left")
        .join(of_any, on="subject", how="left")
        .with_columns(closing=pl.coalesce("_closing", "_ended", "_ended_any"), closed_run=pl.lit(run, pl.Int64))
        .select(SCHEMA.keys())
        .filter(pl.col("closing").is_not_null())
    )
    return found, closed


def _ids(found: pl.DataFrame, scope: dict[str, str], run: int) -> pl.Series:
    """An id for each fact: gate, run, rule where the run speaks of one, and its place in what was found."""
    prefix = f"{scope['gate']}.{run}.{scope.get('rule', '')}"
    return pl.Series([f"{prefix}.{place}" for place in range(found.height)], dtype=pl.String)
