"""The seam to Great Expectations: all its private names, hooks and conventions we rely on, and nothing else (pinned to
1.24).

When GX is upgraded, this is the file to read. What it relies on:
- `MetricProvider._get_evaluation_dependencies`: a metric registered without a function is *bundled* if it depends on a
  `.aggregate_fn`, so one call of `resolve_metric_bundle` gets every count of a suite;
- the abstract `_…_to_filter_clause` of `ExecutionEngine`: row conditions, which our suites may not use;
- a validator of a derived class takes the place of the inherited one of the same name (`_validate_column_list`);
- classes derived from a map expectation register themselves under the snake-case form of their name.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, cast

import polars as pl
from great_expectations.compatibility import pydantic
from great_expectations.core.batch import BatchData
from great_expectations.core.expectation_validation_result import ExpectationValidationResult
from great_expectations.core.metric_function_types import MetricPartialFunctionTypes
from great_expectations.execution_engine.execution_engine import ExecutionEngine
from great_expectations.expectations.expectation import (
    ColumnMapExpectation,
    ColumnPairMapExpectation,
    Expectation,
    MetaExpectation,
    MulticolumnMapExpectation,
)
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.metrics.metric_provider import MetricProvider
from great_expectations.expectations.registry import get_metric_kwargs, register_metric
from great_expectations.validator.metric_configuration import MetricConfiguration

from expectations.engine.row_rule import REQUIRED, Domain, RowRule

AGGREGATE = ".aggregate_fn"
UNEXPECTED_COUNT = ".unexpected_count"
FILTERED_ROW_COUNT = ".filtered_row_count"
ROW_COUNT = "table.row_count"

_TABLE = ("batch_id", "table", "row_condition", "condition_parser")
_BASES: Mapping[Domain, type[Expectation]] = {
    Domain.COLUMN: ColumnMapExpectation,
    Domain.COLUMN_PAIR: ColumnPairMapExpectation,
    Domain.COLUMN_LIST: MulticolumnMapExpectation,
}


@dataclass(frozen=True)
class Count:
    """A number to be read in the pass: its aggregate, and the predicate it sums if it counts accused rows."""

    aggregate: pl.Expr
    predicate: pl.Expr | None = None


class SeamEngine(ExecutionEngine[NoReturn]):
    """`ExecutionEngine` with GX's abstract private methods answered: this engine knows no row conditions."""

    def get_batch_data_and_markers(self, batch_spec: Any) -> NoReturn:
        raise NotImplementedError("frames are handed over by load_batch_data, not fetched by a batch specification")

    def _comparison_condition_to_filter_clause(self, condition: Any) -> NoReturn:
        raise NotImplementedError("row_condition is not supported: filter the frame before the suite runs")

    _nullity_condition_to_filter_clause = _comparison_condition_to_filter_clause
    _and_condition_to_filter_clause = _comparison_condition_to_filter_clause
    _or_condition_to_filter_clause = _comparison_condition_to_filter_clause


class FrameData(BatchData):
    """A lazy frame as GX wants its data wrapped."""

    def __init__(self, execution_engine: ExecutionEngine[Any], frame: pl.LazyFrame) -> None:
        super().__init__(execution_engine)
        self.frame = frame


class _Bundled(MetricProvider):
    """A count whose expression is its `.aggregate_fn` dependency."""

    @classmethod
    def _get_evaluation_dependencies(
        cls,
        metric: MetricConfiguration,
        configuration: Any = None,
        execution_engine: Any = None,
        runtime_configuration: Any = None,
    ) -> dict[str, MetricConfiguration]:
        name = metric.metric_name
        if not name.endswith((UNEXPECTED_COUNT, FILTERED_ROW_COUNT, ROW_COUNT)):
            return {}
        partial = MetricConfiguration(name + AGGREGATE, metric.metric_domain_kwargs, metric.metric_value_kwargs)
        return {"metric_partial_fn": partial}


def _register(
    name: str,
    keys: tuple[tuple[str, ...], tuple[str, ...]],
    engine: type[SeamEngine],
    function: Callable[..., Any] | None,
) -> None:
    """Registers under GX's own domain and value keys where it knows the metric: other keys would change it for other
    engines."""
    try:
        known = get_metric_kwargs(name)
        keys = (known["metric_domain_keys"], known["metric_value_keys"])
    except Exception as unknown:  # GX raises MetricProviderError, which it does not export from here
        if type(unknown).__name__ != "MetricProviderError":
            raise
    kind = MetricPartialFunctionTypes.AGGREGATE_FN if name.endswith(AGGREGATE) else None
    register_metric(name, *keys, engine, _Bundled, function, kind)


def register_value(name: str, engine: type[SeamEngine], value: Callable[[Any], Any]) -> None:
    """A metric about the table as a whole that costs no pass."""

    def function(cls: Any, execution_engine: SeamEngine, **asked: Any) -> Any:
        return value(execution_engine)

    _register(name, (_TABLE, ()), engine, function)


def register_count(
    name: str,
    keys: tuple[tuple[str, ...], tuple[str, ...]],
    engine: type[SeamEngine],
    count: Callable[[Any, dict[str, Any]], Count],
) -> None:
    """A number of the one pass; `count(engine, kwargs)` gives its expression."""

    def function(
        cls: Any,
        execution_engine: SeamEngine,
        metric_domain_kwargs: Mapping[str, Any],
        metric_value_kwargs: Mapping[str, Any],
        **asked: Any,
    ) -> tuple[Count, Mapping[str, Any], dict[str, Any]]:
        return count(execution_engine, {**metric_domain_kwargs, **metric_value_kwargs}), metric_domain_kwargs, {}

    _register(name + AGGREGATE, keys, engine, function)
    _register(name, keys, engine, None)


def register_rule(
    rule: RowRule, engine: type[SeamEngine], ask: Callable[[Any, RowRule, dict[str, Any]], tuple[pl.Expr, pl.Expr]]
) -> None:
    """The metrics of one rule, and its expectation class if GX does not ship one. `ask` gives (considered,
    predicate)."""
    domain = (*_TABLE, *rule.domain.value, *(("ignore_row_if",) if rule.ignore_row_if else ()))
    keys = (domain, tuple(rule.values))

    def unexpected(execution_engine: Any, kwargs: dict[str, Any]) -> Count:
        predicate = ask(execution_engine, rule, kwargs)[1]
        return Count(predicate.sum(), predicate)

    def considered(execution_engine: Any, kwargs: dict[str, Any]) -> Count:
        return Count(ask(execution_engine, rule, kwargs)[0].sum())

    register_count(rule.metric + UNEXPECTED_COUNT, keys, engine, unexpected)
    if rule.domain is not Domain.COLUMN:
        register_count(rule.metric + FILTERED_ROW_COUNT, (domain, ()), engine, considered)
    # GX asks for sample values even where told to leave them out of the result. They are people's data: it gets none.
    _register(rule.metric + ".unexpected_values", keys, engine, lambda cls, **asked: [])
    if not rule.shipped:
        define_expectation(rule)


def define_expectation(rule: RowRule) -> type[Expectation]:
    """GX's class for a rule of ours, made from its declaration; GX registers it as it is made, so once a process."""
    base = _BASES[rule.domain]
    body: dict[str, Any] = {
        "__module__": __name__,
        "__doc__": f"{rule.expectation}, declared as a RowRule.",
        "__annotations__": dict.fromkeys(rule.values, Any),
        "map_metric": rule.metric,
        "success_keys": (*rule.values, "mostly"),
        **{name: (... if default is REQUIRED else default) for name, default in rule.values.items()},
    }
    if rule.ignore_row_if:
        body["__annotations__"]["ignore_row_if"] = str
        body["ignore_row_if"] = rule.ignore_row_if
    if rule.domain is Domain.COLUMN_LIST:
        body["_validate_column_list"] = pydantic.validator("column_list", allow_reuse=True)(_validate_column_list)
    name = "".join(word.capitalize() for word in rule.expectation.split("_"))
    return cast(type[Expectation], cast(Any, MetaExpectation)(name, (base,), body))


def _validate_column_list(cls: type[Expectation], columns: list[str]) -> list[str]:
    """Stands in for GX's validator of this name, which wants two columns or more: a table of one column repeats rows
    as well."""
    return columns


def configuration_of(result: ExpectationValidationResult) -> ExpectationConfiguration:
    """What a result answers; GX types it as optional, though a validation always fills it in."""
    if result.expectation_config is None:
        raise AssertionError("GX gave a result without its configuration")
    return result.expectation_config


def unexpected_count_id(rule: RowRule, configuration: ExpectationConfiguration) -> Any:
    """The id under which GX resolved the rule's count: how the second pass finds the very predicate of the first."""
    name = rule.metric + UNEXPECTED_COUNT
    kwargs = get_metric_kwargs(name, configuration, {})
    return MetricConfiguration(name, kwargs["metric_domain_kwargs"], kwargs["metric_value_kwargs"]).id


def unresolved(failed: Exception, rules: Sequence[RowRule | None], asked: Sequence[Mapping[str, Any]]) -> list[int]:
    """Positions of the rules whose metrics GX could not resolve: the same metric on the same columns."""
    metrics = getattr(failed, "failed_metrics", ())
    domains = [(metric.metric_name, dict(metric.metric_domain_kwargs)) for metric in metrics]
    return [
        position
        for position, (rule, kwargs) in enumerate(zip(rules, asked, strict=True))
        if rule is not None
        and any(
            name.startswith(rule.metric + ".") and all(domain.get(role) == kwargs[role] for role in rule.domain.value)
            for name, domain in domains
        )
    ]
