"""`run_rules`: rules in, typed results out, through a real GX suite and validator on the polars engine.

Here GX is imported, and only when the function is called. Not here: what the results mean for a delivery or a release.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from expectations.engine.coverage import declarations, fault
from expectations.engine.row_rule import NONE, RowRule
from expectations.suite import Rule

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.expectations.expectation import Expectation

    from expectations.engine.execution_engine import PolarsExecutionEngine

# Severity is a property of the rule (DESIGN 2); GX has three levels of its own for the same thought.
SEVERITY: Final = {"structural": "critical", "content": "warning", "advisory": "info"}
_BY_NAME_FROM = 20  # values: what GX copies about dozens of times for each expectation


class RunError(ValueError):
    """Rules that this frame cannot be asked; the text names them. Never holds a value of the frame."""


@dataclass(frozen=True)
class RuleResult:
    """What one rule found. `evaluated`: rows it was asked of. `keys`: of every row it accuses; empty for a rule about
    the table."""

    rule: Rule
    evaluated: int
    unexpected: int
    success: bool
    keys: pl.Series
    observed: object | None


def run_rules(
    frame: pl.DataFrame | pl.LazyFrame,
    rules: Sequence[Rule],
    *,
    key: str = "_row_number",
    tables: Mapping[str, pl.LazyFrame] | None = None,
) -> list[RuleResult]:
    """Asks every rule of the frame, in one pass; one result a rule, in order.

    `key`: the column that tells rows apart. `tables`: other tables whose rows are counted, by the names the rules use.
    Raises RunError if a rule cannot be asked: a column is absent or has another type, a table is not given.
    """
    lazy = frame.lazy()
    _check(lazy.collect_schema(), rules, key, tables or NONE)
    if not rules:
        return []
    from expectations.engine.execution_engine import PolarsExecutionEngine

    parameters: dict[str, Any] = {}
    suite_kwargs = [_by_reference(position, rule, parameters) for position, rule in enumerate(rules)]
    engine = PolarsExecutionEngine(lazy, tables=tables or NONE, parameters=parameters, key=key, accusing=_accusing(rules))
    results = _validated(engine, rules, suite_kwargs)
    return _with_keys(engine, rules, results, key)


def _check(schema: pl.Schema, rules: Sequence[Rule], key: str, tables: Mapping[str, object]) -> None:
    if key not in schema:
        raise RunError(f"表中没有标识行的列 {key}")
    for rule in rules:
        if wrong := fault(rule.expectation, rule.kwargs):
            raise RunError(f"规则 {rule.rule}：{wrong}")
        if absent := [name for name in (*_domain(rule), *rule.condition_columns()) if name not in schema]:
            raise RunError(f"规则 {rule.rule}：表中没有列 {'、'.join(absent)}")
        other = rule.kwargs.get("other_table_name")
        if other is not None and other not in tables:
            raise RunError(f"规则 {rule.rule}：没有给出表 {other}")


def _accusing(rules: Sequence[Rule]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The rules that accuse rows, as the engine tells them from the counts that GX needs beside them."""
    for rule in rules:
        declaration = declarations()[rule.expectation]
        if isinstance(declaration, RowRule):
            yield declaration.metric, tuple(_domain(rule))


def _domain(rule: Rule) -> list[str]:
    """The columns that the rule is about."""
    roles = [rule.kwargs[role] for role in declarations()[rule.expectation].domain.roles]
    return [name for role in roles for name in ([role] if isinstance(role, str) else role)]


def _by_reference(position: int, rule: Rule, parameters: dict[str, Any]) -> dict[str, Any]:
    """Kwargs as GX gets them: long lists of values stay outside, under a name (GX's own `$PARAMETER`)."""
    kwargs = dict(rule.kwargs)
    values = kwargs.get("value_set")
    # Of a whole column, GX itself looks into the set.
    if isinstance(declarations()[rule.expectation], RowRule) and values is not None and len(values) > _BY_NAME_FROM:
        name = f"{position} {rule.rule}"
        parameters[name], kwargs["value_set"] = list(values), {"$PARAMETER": name}
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in kwargs.items()}


def _validated(
    engine: "PolarsExecutionEngine", rules: Sequence[Rule], suite_kwargs: Sequence[dict[str, Any]]
) -> list["ExpectationValidationResult"]:
    """The first pass, by GX: one result a rule, in order."""
    from great_expectations.core import ExpectationSuite
    from great_expectations.exceptions.exceptions import GreatExpectationsError
    from great_expectations.validator.validator import Validator

    from expectations.engine.seam import configuration_of, remembering

    asked = [_expectation(position, *pair) for position, pair in enumerate(zip(rules, suite_kwargs, strict=True))]
    suite = ExpectationSuite("rules", expectations=asked)
    validator = Validator(execution_engine=engine, expectation_suite=suite)
    validator.metrics_calculator.show_progress_bars = False
    try:
        with remembering():
            results = validator.graph_validate(
                configurations=suite.expectation_configurations,
                runtime_configuration={
                    "catch_exceptions": False,
                    "result_format": {"result_format": "BASIC", "exclude_unexpected_values": True},
                },
            )
    except GreatExpectationsError as failed:
        raise _unresolved(failed, rules) from failed
    # GX promises no order.
    by_position = {configuration_of(result).meta["position"]: result for result in results}
    return [by_position[position] for position in range(len(rules))]


def _expectation(position: int, rule: Rule, kwargs: dict[str, Any]) -> "Expectation":
    """The rule as GX's own object. Made here, one by one: a suite that GX fills itself leaves out, with a log line,
    what it refuses."""
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from great_expectations.expectations.metadata_types import FailureSeverity

    meta = {"position": position, "rule": rule.rule, "dimension": rule.dimension, "clause": rule.clause}
    severity = FailureSeverity(SEVERITY[rule.severity])
    try:
        return ExpectationConfiguration(
            type=rule.expectation, kwargs=kwargs, severity=severity, meta=meta
        ).to_domain_obj()
    except ValueError as refused:  # pydantic's errors are ValueErrors
        raise RunError(
            f"规则 {rule.rule}：Great Expectations 不接受 {rule.expectation} 的参数，请核对其类型"
        ) from refused


def _unresolved(failed: Exception, rules: Sequence[Rule]) -> RunError:
    from expectations.engine import seam

    at = seam.unresolved(failed, [declarations()[rule.expectation] for rule in rules], [rule.kwargs for rule in rules])
    names = "、".join(f"{rules[i].rule}（{rules[i].expectation}，{'、'.join(_domain(rules[i]))}）" for i in at)
    return RunError(f"无法计算规则 {names or '（引擎未指明）'}：列的类型与规则不符，请核对规则的列和参数")


def _with_keys(
    engine: "PolarsExecutionEngine", rules: Sequence[Rule], results: Sequence["ExpectationValidationResult"], key: str
) -> list[RuleResult]:
    """Beside each result the keys that the same pass has read."""
    from expectations.engine import seam

    nobody = pl.Series(key, [], dtype=engine.schema[key])
    told = []
    for rule, result in zip(rules, results, strict=True):
        declaration = declarations()[rule.expectation]
        keys = nobody
        if isinstance(declaration, RowRule) and result.result["unexpected_count"]:
            keys = engine.keys[seam.unexpected_count_id(declaration, seam.configuration_of(result))]
        told.append(_result(rule, result, keys))
    return told


def _result(rule: Rule, result: "ExpectationValidationResult", keys: pl.Series) -> RuleResult:
    found = result.result
    unexpected = int(found.get("unexpected_count", 0))
    if len(keys) != unexpected:
        # Tickets are written from the keys and the figures from the count: if they part, one of them is wrong.
        raise AssertionError(f"{rule.rule}: {unexpected} rows counted, {len(keys)} keys")
    evaluated = int(found.get("element_count", 0)) - int(found.get("missing_count", 0) or 0)
    return RuleResult(rule, evaluated, unexpected, bool(result.success), keys, found.get("observed_value"))
