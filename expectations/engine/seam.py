"""The seam to Great Expectations' metrics and engines: its private names, hooks and conventions we rely on, and nothing else
(pinned to 1.24). Beside it, of the same kind: `expectation_classes` and `datasource`.

When GX is upgraded, this is the file to read. What it relies on:
- `MetricProvider._get_evaluation_dependencies`: a metric registered without a function is *bundled* if it depends on a
  `.aggregate_fn`, so one call of `resolve_metric_bundle` gets every figure of a suite; the samples of accused rows depend
  on their count, so GX asks for them together, in a second call, after all counts are known;
- the abstract `_…_to_filter_clause` of `ExecutionEngine`: row conditions;
- `Expectation.configuration` and `ExpectationConfiguration.to_domain_obj` make the same thing anew at each of hundreds of
  calls a suite, which was two thirds of a small suite's time: `remembering` keeps what they made.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import polars as pl
from great_expectations.core.batch import BatchData, BatchMarkers
from great_expectations.core.expectation_validation_result import ExpectationValidationResult
from great_expectations.core.id_dict import IDDict
from great_expectations.core.metric_function_types import MetricPartialFunctionTypes
from great_expectations.execution_engine.execution_engine import ExecutionEngine
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.metrics.metric_provider import MetricProvider
from great_expectations.expectations.registry import get_metric_kwargs, register_metric
from great_expectations.expectations.row_conditions import Condition, deserialize_row_condition
from great_expectations.validator.metric_configuration import MetricConfiguration

from expectations.engine.conditions import PARSERS, Comparison, ConditionError, holds, parsed
from expectations.engine.one_pass import Tally
from expectations.engine.row_rule import Ask, Declaration, Domain, RowRule, Statistic

AGGREGATE = ".aggregate_fn"
UNEXPECTED_COUNT = ".unexpected_count"
FILTERED_ROW_COUNT = ".filtered_row_count"
ROW_COUNT = "table.row_count"
SAMPLES = (".unexpected_values", ".unexpected_index_list", ".unexpected_index_query", ".unexpected_rows")

_TABLE = ("batch_id", "table", "row_condition", "condition_parser")
Keys = tuple[tuple[str, ...], tuple[str, ...]]
Clause = Callable[[pl.Schema], pl.Expr]
Asking = Callable[[Any, Mapping[str, Any]], Ask]  # (engine, kwargs of a metric) -> the question
_bundled: set[str] = set()


@dataclass(frozen=True)
class Figure:
    """A figure to be read in the pass: its expression, and GX's form of its value."""

    aggregate: pl.Expr
    told: Callable[[Any], Any] = int


@dataclass(frozen=True)
class Sample:
    """Accused rows to be shown: `kind` is the suffix of GX's metric, `columns` the domain's columns, `count` how many there are."""

    kind: str
    rule: RowRule
    predicate: pl.Expr
    columns: tuple[str, ...]
    count: int
    result_format: Mapping[str, Any]


class SeamEngine(ExecutionEngine[Clause]):
    """`ExecutionEngine` with GX's abstract private methods answered: row conditions as expressions of polars."""

    def get_batch_data_and_markers(self, batch_spec: Any) -> tuple[BatchData, BatchMarkers]:
        data = FrameData(self, batch_spec["batch_data"].lazy())
        batch_spec["batch_data"] = "polars LazyFrame"  # GX writes the specification into its results
        return data, BatchMarkers({"ge_load_time": None})

    def _comparison_condition_to_filter_clause(self, condition: Any) -> Clause:
        comparison = Comparison(condition.column.name, str(getattr(condition.operator, "value", condition.operator)), condition.parameter)
        return lambda schema: holds(comparison, schema)

    def _nullity_condition_to_filter_clause(self, condition: Any) -> Clause:
        comparison = Comparison(condition.column.name, "IS NULL" if condition.is_null else "IS NOT NULL")
        return lambda schema: holds(comparison, schema)

    def _and_condition_to_filter_clause(self, condition: Any) -> Clause:
        clauses = [self.condition_to_filter_clause(part) for part in condition.conditions]
        return lambda schema: pl.all_horizontal([clause(schema) for clause in clauses])

    def _or_condition_to_filter_clause(self, condition: Any) -> Clause:
        clauses = [self.condition_to_filter_clause(part) for part in condition.conditions]
        return lambda schema: pl.any_horizontal([clause(schema) for clause in clauses])

    def among(self, kwargs: Mapping[str, Any], schema: pl.Schema) -> pl.Expr | None:
        """The row condition of a metric's domain as an expression; None where it has none."""
        condition = kwargs.get("row_condition")
        if not condition:
            return None
        if isinstance(condition, Mapping):
            condition = deserialize_row_condition(dict(condition))
        if isinstance(condition, str):
            if kwargs.get("condition_parser", PARSERS[0]) not in (*PARSERS, None):
                raise ConditionError(f'condition_parser must be {PARSERS[0]}: write col("column") == "value"')
            return holds(parsed(condition), schema)
        if not isinstance(condition, Condition):
            raise ConditionError(f"a row condition of type {type(condition).__name__} is not supported")
        return self.condition_to_filter_clause(condition)(schema)


class FrameData(BatchData):
    """A lazy frame as GX wants its data wrapped; its schema is looked up once."""

    def __init__(self, execution_engine: ExecutionEngine[Any], frame: pl.LazyFrame) -> None:
        super().__init__(execution_engine)
        self.frame = frame
        self.schema = frame.collect_schema()


class _Bundled(MetricProvider):
    """A figure whose expression is its `.aggregate_fn` dependency; a sample's expression waits for its count."""

    @classmethod
    def _get_evaluation_dependencies(
        cls,
        metric: MetricConfiguration,
        configuration: Any = None,
        execution_engine: Any = None,
        runtime_configuration: Any = None,
    ) -> dict[str, MetricConfiguration]:
        name = metric.metric_name
        if name in _bundled:
            return {"metric_partial_fn": MetricConfiguration(name + AGGREGATE, metric.metric_domain_kwargs, metric.metric_value_kwargs)}
        kind = next((kind for kind in SAMPLES if name.endswith(kind + AGGREGATE)), None)
        if kind is None:
            return {}
        values = IDDict({key: value for key, value in metric.metric_value_kwargs.items() if key != "result_format"})
        count = name.removesuffix(kind + AGGREGATE) + UNEXPECTED_COUNT
        return {"count": MetricConfiguration(count, metric.metric_domain_kwargs, values)}


def _register(name: str, keys: Keys, engine: type[SeamEngine], function: Callable[..., Any] | None) -> None:
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


def register_value(name: str, engine: type[SeamEngine], value: Callable[[Any, dict[str, Any]], Any]) -> None:
    """A metric that costs no pass: `value(engine, domain kwargs)`."""

    def function(cls: Any, execution_engine: SeamEngine, metric_domain_kwargs: dict[str, Any], **asked: Any) -> Any:
        return value(execution_engine, metric_domain_kwargs)

    _register(name, (_TABLE, ()), engine, function)


def register_figure(name: str, keys: Keys, engine: type[SeamEngine], figure: Callable[[Any, dict[str, Any], Mapping[str, Any]], Any]) -> None:
    """A figure of a pass; `figure(engine, kwargs, computed metrics)` gives its Figure, Tally or Sample."""

    def function(
        cls: Any,
        execution_engine: SeamEngine,
        metric_domain_kwargs: Mapping[str, Any],
        metric_value_kwargs: Mapping[str, Any],
        metrics: Mapping[str, Any],
        **asked: Any,
    ) -> tuple[Any, Mapping[str, Any], dict[str, Any]]:
        return figure(execution_engine, {**metric_domain_kwargs, **(metric_value_kwargs or {})}, metrics), metric_domain_kwargs, {}

    _bundled.add(name)
    _register(name + AGGREGATE, keys, engine, function)
    _register(name, keys, engine, None)


def register_statistic(statistic: Statistic, engine: type[SeamEngine], ask: Asking) -> None:
    """The metric of one figure of a column."""

    def figure(execution_engine: Any, kwargs: dict[str, Any], metrics: Mapping[str, Any]) -> Figure:
        asked = ask(execution_engine, kwargs)
        return Figure(statistic.aggregate(asked), told=lambda value: statistic.told(value, asked.kwargs))

    register_figure(statistic.metric, ((*_TABLE, "column"), statistic.values), engine, figure)


def register_rule(rule: RowRule, engine: type[SeamEngine], ask: Asking) -> None:
    """The metrics of one rule."""
    domain = (*_TABLE, *rule.domain.roles, *(("ignore_row_if",) if rule.ignore_row_if else ()))
    keys = (domain, tuple(rule.values))

    def unexpected(execution_engine: Any, kwargs: dict[str, Any], metrics: Mapping[str, Any]) -> Tally:
        return Tally(rule, ask(execution_engine, kwargs), accused=True)

    def considered(execution_engine: Any, kwargs: dict[str, Any], metrics: Mapping[str, Any]) -> Tally:
        return Tally(rule, ask(execution_engine, kwargs), accused=False)

    register_figure(rule.metric + UNEXPECTED_COUNT, keys, engine, unexpected)
    if rule.domain is not Domain.COLUMN:
        register_figure(rule.metric + FILTERED_ROW_COUNT, (domain, ()), engine, considered)
    for kind in SAMPLES:
        register_figure(rule.metric + kind, (domain, (*rule.values, "result_format")), engine, _sample(rule, kind, ask))


def _sample(rule: RowRule, kind: str, ask: Asking) -> Callable[[Any, dict[str, Any], Mapping[str, Any]], Sample]:
    def sample(execution_engine: Any, kwargs: dict[str, Any], metrics: Mapping[str, Any]) -> Sample:
        columns = kwargs["column_list"] if rule.domain is Domain.COLUMN_LIST else [kwargs[role] for role in rule.domain.roles]
        predicate = rule.predicate(ask(execution_engine, kwargs))
        return Sample(kind, rule, predicate, tuple(columns), metrics["count"], kwargs["result_format"])

    return sample


@contextmanager
def remembering() -> Iterator[None]:
    """While a suite is validated nothing in it changes: what GX derives from an expectation, it derives once."""
    configuration, to_domain_obj = Expectation.configuration, ExpectationConfiguration.to_domain_obj
    known: dict[tuple[str, int], tuple[Any, Any]] = {}  # by identity; the thing itself is kept, so that no other takes its id

    def once(kind: str, thing: Any, make: Callable[[Any], Any]) -> Any:
        kept = known.get((kind, id(thing)))
        if kept is None:
            kept = known[(kind, id(thing))] = (thing, make(thing))
        return kept[1]

    cast(Any, Expectation).configuration = property(lambda self: once("configuration", self, cast(Any, configuration).fget))
    cast(Any, ExpectationConfiguration).to_domain_obj = lambda self: once("expectation", self, to_domain_obj)
    try:
        yield
    finally:
        cast(Any, Expectation).configuration = configuration
        cast(Any, ExpectationConfiguration).to_domain_obj = to_domain_obj


def configuration_of(result: ExpectationValidationResult) -> ExpectationConfiguration:
    """What a result answers; GX types it as optional, though a validation always fills it in."""
    if result.expectation_config is None:
        raise AssertionError("GX gave a result without its configuration")
    return result.expectation_config


def unexpected_count_id(rule: RowRule, configuration: ExpectationConfiguration) -> Any:
    """The id under which GX resolved the rule's count: how the keys that were read with it are found."""
    name = rule.metric + UNEXPECTED_COUNT
    kwargs = get_metric_kwargs(name, configuration, {})
    return MetricConfiguration(name, kwargs["metric_domain_kwargs"], kwargs["metric_value_kwargs"]).id


def unresolved(failed: Exception, rules: Sequence[Declaration], asked: Sequence[Mapping[str, Any]]) -> list[int]:
    """Positions of the rules whose metrics GX could not resolve: the same metric on the same columns."""
    metrics = getattr(failed, "failed_metrics", ())
    domains = [(metric.metric_name, dict(metric.metric_domain_kwargs)) for metric in metrics]

    def is_meant(rule: Declaration, kwargs: Mapping[str, Any], name: str, domain: Mapping[str, Any]) -> bool:
        of_rule = name.startswith(f"{rule.metric}.") if isinstance(rule, RowRule) else name.startswith("column.")
        return of_rule and all(domain.get(role) == kwargs[role] for role in rule.domain.roles)

    both = enumerate(zip(rules, asked, strict=True))
    return [place for place, (rule, kwargs) in both if any(is_meant(rule, kwargs, *metric) for metric in domains)]
