"""The gate over what was built: the suites of base databases and themes, run on the tables of the build database.

A structural rule speaks of a table as a whole: broken, it keeps the release back. A content rule speaks of rows: a bad row is
traced by its provenance to the row of the department that supplied the value, and becomes that department's violation. An
advisory one is counted.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from expectations.suite import Rule, SuiteError, load_rules
from yishu.catalogue.models import Catalogue
from yishu.gate.findings import accuse, evidence, where_today
from yishu.gate.implied import KEY
from yishu.gate.step import pool_types
from yishu.lake import violations
from yishu.lake.duck import opened
from yishu.lake.ledger import Ledger
from yishu.lake.pins import Pin, digest
from yishu.lake.pool import read_pool
from yishu.lake.value_hash import value_hashes
from yishu.settings import settings

GATE, INDEX = "built", "_index"


@dataclass(frozen=True)
class BuiltOutcome:
    """One rule on one built table. `keeps_back`: a structural rule that is broken."""

    rule: str
    table: str
    message: str
    severity: str
    dimension: str
    evaluated: int
    unexpected: int
    keeps_back: bool


@dataclass(frozen=True)
class _Judged:
    """One table, not yet written: its run, how its rules stand, what the ledger keeps, and the violations of each content rule."""

    run: int
    outcomes: list[BuiltOutcome]
    results: list[dict[str, Any]]
    found: dict[str, pl.DataFrame]


def judge_built(data: Path, catalogue: Catalogue, build: Path, pin: Pin) -> list[BuiltOutcome]:
    """Run every suite of base and thematic over the build; settle the row-level violations; say how each rule stands.

    Raises SuiteError where a suite names a table that the build does not have.
    """
    with opened(build, read_only=True) as connection:
        judged = [_judge_table(data, catalogue, connection, table, rules, pin, version) for table, rules, version in _suites()]
    _settle(data, judged)
    Ledger(data).gate_results([(one.run, one.results, sum(outcome.unexpected for outcome in one.outcomes)) for one in judged])
    return [outcome for one in judged for outcome in one.outcomes]


def _suites() -> Iterator[tuple[str, list[Rule], str]]:
    """Table, its rules in one file, that file's version."""
    for file in sorted([*(settings.suites_dir / "base").glob("*.yaml"), *(settings.suites_dir / "thematic").glob("*.yaml")]):
        by_table: dict[str, list[Rule]] = {}
        for rule in load_rules(file):
            if rule.on is None:
                raise SuiteError(f"{file}: 规则 {rule.rule} 没有写 on: <模式>.<表>")
            by_table.setdefault(rule.on, []).append(rule)
        version = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
        yield from ((table, rules, version) for table, rules in by_table.items())


def _settle(data: Path, judged: Sequence[_Judged]) -> None:
    """All tables are asked each time, so what a rule does not find any more has ended; a rule of one name may stand on several tables.

    What a rule accused that is dropped, or accuses no rows any more, ends with it.
    """
    found, runs = defaultdict[str, list[pl.DataFrame]](list), dict[str, int]()
    for one in judged:
        for name, rows in one.found.items():
            found[name].append(rows)
            runs[name] = one.run
    still = violations.standing_violations(data, pl.col("gate") == GATE)
    settled = []
    for name in sorted({*found, *(still["rule"] if judged else ())}):
        closing = violations.CORRECTED if name in found else violations.RULE_CHANGED
        ended = still.filter(pl.col("rule") == name).select("rule", "subject", pl.lit(closing).alias("closing"))
        rows = pl.concat([violations.empty(), *found[name]]).unique(maintain_order=True)
        settled.append(violations.Settled({"gate": GATE, "rule": name}, runs.get(name, judged[-1].run), rows, ended))
    violations.settle_together(data, settled, actor=settings.actor)


def _judge_table(
    data: Path, catalogue: Catalogue, connection: duckdb.DuckDBPyConnection, table: str, rules: list[Rule], pin: Pin, version: str
) -> _Judged:
    from expectations.engine.run import run_rules

    frame = _read(connection, table)
    run = Ledger(data).gate_run_anew(GATE, table, digest(pin), f"{version}{_marks(frame)}")
    _check(frame, table, rules)
    outcomes, results, found = [], [], {}
    for outcome in run_rules(frame, rules, key=INDEX):
        rule, unexpected = outcome.rule, outcome.unexpected
        if rule.severity != "structural":
            accused = frame.filter(pl.col(INDEX).is_in(outcome.keys.cast(pl.Int64).implode()))
            unexpected = _news(accused).height
            if rule.severity == "content":
                found[rule.rule] = _told(data, catalogue, connection, table, rule, accused, pin)
        broken = not outcome.success
        outcomes.append(
            BuiltOutcome(
                rule.rule,
                table,
                rule.message,
                rule.severity,
                rule.dimension,
                outcome.evaluated,
                unexpected,
                broken and rule.severity == "structural",
            )
        )
        results.append(evidence(rule, outcome.evaluated, outcome.unexpected, outcome.observed, outcome.success))
    return _Judged(run, outcomes, results, found)


def _check(frame: pl.DataFrame, table: str, rules: list[Rule]) -> None:
    """A bad row goes back to its department by its entity's provenance; a table of counts has none."""
    if "entity_id" not in frame.columns and (named := [rule.rule for rule in rules if rule.severity == "content"]):
        raise SuiteError(f"规则 {'、'.join(named)}：{table} 没有 entity_id，其中的行追溯不到部门；severity 应为 structural 或 advisory")


def _news(accused: pl.DataFrame) -> pl.DataFrame:
    """Without the rows under check: the department that supplied such a row has been told already, of this or of what causes it."""
    return accused.filter(~pl.col("under_check").fill_null(False)) if "under_check" in accused.columns else accused


def _marks(frame: pl.DataFrame) -> str:
    """What is under check decides what is told, and may change while no pool moves (`yishu regate`): another run, then."""
    if not {"under_check", "entity_id"} <= set(frame.columns):
        return ""
    marked = frame.filter("under_check")["entity_id"].cast(pl.String).sort()
    return "." + hashlib.sha256("\n".join(marked).encode()).hexdigest()[:8]


def _read(connection: duckdb.DuckDBPyConnection, table: str) -> pl.DataFrame:
    schema, _, name = table.partition(".")
    known = connection.execute("select 1 from duckdb_tables() where schema_name = ? and table_name = ?", [schema, name]).fetchall()
    if not known:
        raise SuiteError(f"构建库中没有表 {table}；请核对规则文件中的 on，或先构建该表")
    frame = _rows(connection, schema, name)
    return frame.with_row_index(INDEX).with_columns(pl.col(INDEX).cast(pl.Int64))


def _rows(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> pl.DataFrame:
    frame = pl.from_arrow(connection.sql(f'from "{schema}"."{name}"').to_arrow_table())
    assert isinstance(frame, pl.DataFrame)
    return frame


def _told(
    data: Path, catalogue: Catalogue, connection: duckdb.DuckDBPyConnection, table: str, rule: Rule, accused: pl.DataFrame, pin: Pin
) -> pl.DataFrame:
    """The violations: of the accused rows the news, and what has been told before of the others.

    A row that comes under check, for whatever another department's record is doubted for, has not been corrected by that.
    """
    news = _news(accused)
    known = accused.join(news, on=INDEX, how="anti")
    before = violations.standing_violations(data, (pl.col("gate") == GATE) & (pl.col("rule") == rule.rule)).select(violations.IDENTITY).unique()
    again = _traced(data, catalogue, connection, table, rule, known, pin) if known.height and before.height else violations.empty()
    return pl.concat([_traced(data, catalogue, connection, table, rule, news, pin), again.join(before, on=violations.IDENTITY, how="semi")])


def _traced(
    data: Path, catalogue: Catalogue, connection: duckdb.DuckDBPyConnection, table: str, rule: Rule, accused: pl.DataFrame, pin: Pin
) -> pl.DataFrame:
    """The accused rows, resolved by provenance to the rows of the departments that supplied the value the rule is about."""
    attribute = rule.column or rule.kwargs.get("column") or rule.kwargs.get("column_A")
    schema, _, name = table.partition(".")
    # A theme has no provenance of its own: its entities are those of the base databases, under the same ids.
    schemas = [schema] if schema.startswith("base_") else sorted({entity.schema_ for entity in catalogue.authority.values()})
    entities = [name] if schema.startswith("base_") else list(catalogue.authority)
    origin = pl.concat([_suppliers(connection, base, entities, str(attribute), accused) for base in schemas])
    parts = (
        _in_resource(data, catalogue, f"{department}.{name}", rows, rule, str(attribute), pin)
        for (department, name), rows in origin.group_by(["department", "resource"], maintain_order=True)
    )
    return pl.concat([violations.empty(), *parts])


def _suppliers(connection: duckdb.DuckDBPyConnection, schema: str, entities: list[str], attribute: str, accused: pl.DataFrame) -> pl.DataFrame:
    """Provenance of one attribute of the accused rows' entities. Asked in the database: the whole table has a row for every value there is."""
    connection.register("accused", accused.select(pl.col("entity_id").cast(pl.String)).unique())
    query = f'from "{schema}".provenance where attribute = ? and entity in (select unnest(?)) and entity_id in (select entity_id from accused)'
    found: pl.DataFrame = connection.sql(query, params=[attribute, entities]).pl()
    connection.unregister("accused")
    return found


def _in_resource(data: Path, catalogue: Catalogue, id_: str, origin: pl.DataFrame, rule: Rule, attribute: str, pin: Pin) -> pl.DataFrame:
    resource = catalogue.resources[id_]
    pool = read_pool(data, resource, pool_types(resource), pin.get(id_))
    rows = pool.join(origin.select(_delivery_id="delivery_id", _row_number="row_number"), on=["_delivery_id", "_row_number"], how="semi")
    column = next((item.name for item in resource.items if attribute in [feed.partition(".")[2] for feed in item.supplies]), None)
    hashes = value_hashes(rows, {name: name for name in ([column] if column else pool_types(resource))})
    rows = rows.select(KEY, "_delivery_id", "_row_number", hashes)
    return accuse(data, where_today(data, catalogue, resource, rows), rule, column, GATE, digest(pin))
