"""`PolarsExecutionEngine`: every figure of a suite, and the keys of all accused rows, in one streaming pass; what GX shows of
accused rows to people who ask for it, in a second.

Not here: GX's private names (`seam`), the rules (`core`, `expectations.rules`), and how a suite is run (`run`, or GX's
own checkpoints through `datasource`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any

import polars as pl

from expectations.engine import seam
from expectations.engine.core.types import is_called, type_name
from expectations.engine.coverage import declarations, statistics
from expectations.engine.one_pass import Tally, read
from expectations.engine.row_rule import NONE, Ask, RowRule
from expectations.engine.samples import needs_rows, shown

PARAMETER = "$PARAMETER"
INDEX = "row index"


class PolarsExecutionEngine(seam.SeamEngine):
    """Lazy frames by batch, one of them the active one.

    `tables` holds other tables whose rows may be counted, by name; `parameters` the values that a suite refers to by name:
    GX copies, serialises and compares every kwarg many times over, so a code list of 3,000 written out costs seconds.
    `passes` counts the reads of a frame. With `key`, the `keys` of the rows that the `accusing` rules (metric, columns) accuse
    are read in the same pass, by the id of the rule's count.
    """

    def __init__(
        self,
        frame: pl.LazyFrame | None = None,
        *,
        tables: Mapping[str, pl.LazyFrame] = NONE,
        parameters: Mapping[str, Any] = NONE,
        key: str | None = None,
        accusing: Iterable[tuple[str, tuple[str, ...]]] = (),
        **options: Any,
    ) -> None:
        super().__init__(**options)
        register()
        self.parameters = parameters
        self.passes = 0
        self._tables = {name: seam.FrameData(self, table) for name, table in tables.items()}
        self.key, self.accusing = key, frozenset(accusing)
        self.keys: dict[Any, pl.Series] = {}
        if frame is not None:
            self.load_batch_data("frame", seam.FrameData(self, frame))

    def load_batch_data(self, batch_id: str, batch_data: Any) -> None:
        data = batch_data if isinstance(batch_data, seam.FrameData) else seam.FrameData(self, batch_data.lazy())
        super().load_batch_data(batch_id, data)

    def data_of(self, domain: Mapping[str, Any]) -> seam.FrameData:
        """The frame that a metric's domain names: another table, a batch, or the active batch. Raises KeyError."""
        if table := domain.get("table"):
            return self._tables[table]
        data = self.batch_manager.batch_data_cache[str(domain.get("batch_id") or self.batch_manager.active_batch_data_id)]
        assert isinstance(data, seam.FrameData)
        return data

    @property
    def schema(self) -> pl.Schema:
        return self.data_of(NONE).schema

    def get_domain_records(self, domain_kwargs: dict[str, Any]) -> pl.LazyFrame:
        data = self.data_of(domain_kwargs)
        among = self.among(domain_kwargs, data.schema)
        return data.frame if among is None else data.frame.filter(among)

    def resolve_metric_bundle(self, metric_fn_bundle: Iterable[Any]) -> dict[Any, Any]:
        """All figures that GX has gathered, in one pass a frame; and all samples of accused rows, in one."""
        frames: dict[int, tuple[seam.FrameData, list[tuple[Any, Any]]]] = {}
        for metric in metric_fn_bundle:
            data = self.data_of(metric.compute_domain_kwargs)
            frames.setdefault(id(data), (data, []))[1].append((metric.metric_configuration.id, metric.metric_fn))
        found: dict[Any, Any] = {}
        for data, asked in frames.values():
            found |= self._figures(data, [(id_, figure) for id_, figure in asked if not isinstance(figure, seam.Sample)])
            found |= self._samples(data, [(id_, sample) for id_, sample in asked if isinstance(sample, seam.Sample)])
        return found

    def _figures(self, data: seam.FrameData, asked: Sequence[tuple[Any, seam.Figure | Tally]]) -> dict[Any, Any]:
        if not asked:
            return {}
        tallies = {id_: tally for id_, tally in asked if isinstance(tally, Tally)}
        figures = {id_: figure for id_, figure in asked if isinstance(figure, seam.Figure)}
        wanted = [id_ for id_, tally in tallies.items() if tally.accused and tally.about in self.accusing]
        self.passes += 1
        reading = read(data.frame, tallies, {id_: figure.aggregate for id_, figure in figures.items()}, self.key, wanted)
        self.keys |= reading.keys
        told = {id_: figure.told for id_, figure in figures.items()}
        return {id_: told.get(id_, int)(value) for id_, value in reading.values.items()}

    def _samples(self, data: seam.FrameData, asked: Sequence[tuple[Any, seam.Sample]]) -> dict[Any, Any]:
        wanted = [(id_, sample) for id_, sample in asked if sample.count and needs_rows(sample)]
        places = {id_: f"accused {i}" for i, (id_, _) in enumerate(wanted)}
        accused = pl.DataFrame()
        if wanted:
            predicates = [sample.predicate.alias(places[id_]) for id_, sample in wanted]
            with_index = data.frame.with_row_index(INDEX).with_columns(predicates)
            self.passes += 1
            accused = with_index.filter(pl.any_horizontal(list(places.values()))).collect(engine="streaming")
        return {
            id_: shown(sample, accused.filter(pl.col(places[id_])).drop(list(places.values())) if id_ in places else None, INDEX, data.schema)
            for id_, sample in asked
        }

    def asked(self, kwargs: Mapping[str, Any]) -> Ask:
        """A metric's kwargs, with what they refer to by name, as a question to its frame."""
        schema = self.data_of(kwargs).schema
        given = {name: self._resolved(value) for name, value in kwargs.items()}
        return Ask(given, schema, self.among(kwargs, schema))

    def _resolved(self, value: Any) -> Any:
        return self.parameters[value[PARAMETER]] if isinstance(value, dict) and PARAMETER in value else value


def _row_count(engine: PolarsExecutionEngine, kwargs: Mapping[str, Any], metrics: Mapping[str, Any]) -> seam.Figure:
    among = engine.asked(kwargs).among
    return seam.Figure(pl.len() if among is None else among.sum())


def _judge_type(engine: PolarsExecutionEngine, kwargs: Mapping[str, Any]) -> dict[str, Any]:
    dtype = engine.data_of(kwargs).schema[kwargs["column"]]
    names = kwargs["type_list"] if "type_list" in kwargs else [kwargs["type_"]]
    return {"success": any(is_called(dtype, name) for name in names), "result": {"observed_value": type_name(dtype)}}


_TOLD_BY_SCHEMA: Mapping[str, Callable[[pl.Schema], Any]] = {
    "table.columns": lambda schema: schema.names(),
    "table.column_count": len,
    "table.column_types": lambda schema: [{"name": name, "type": dtype} for name, dtype in schema.items()],
}


def _told_by_schema(told: Callable[[pl.Schema], Any], engine: PolarsExecutionEngine, domain: Mapping[str, Any]) -> Any:
    return told(engine.data_of(domain).schema)


@cache
def register() -> None:
    """Tells GX's registry every metric and expectation; once a process."""
    from great_expectations.expectations.registry import get_expectation_impl

    from expectations.engine.expectation_classes import define_expectation, lead_types

    engine = PolarsExecutionEngine
    seam.register_figure(seam.ROW_COUNT, ((), ()), engine, _row_count)
    for name, told in _TOLD_BY_SCHEMA.items():
        seam.register_value(name, engine, partial(_told_by_schema, told))
    for statistic in statistics():
        seam.register_statistic(statistic, engine, PolarsExecutionEngine.asked)
    for rule in declarations().values():
        if isinstance(rule, RowRule):
            seam.register_rule(rule, engine, PolarsExecutionEngine.asked)
            if not rule.shipped:
                define_expectation(rule)
    for name in ("expect_column_values_to_be_of_type", "expect_column_values_to_be_in_type_list", "expect_column_type_to_be"):
        lead_types(get_expectation_impl(name), _judge_type)
