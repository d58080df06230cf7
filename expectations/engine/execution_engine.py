"""`PolarsExecutionEngine`: every count of a suite in one streaming pass, the keys of all accused rows in a second.

Not here: GX's private names (`seam`), the rules (`core_rules`, `expectations.rules`), and how a suite is run (`run`).
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import polars as pl

from expectations.engine import seam
from expectations.engine.coverage import declarations
from expectations.engine.row_rule import NONE, Ask, RowRule

PARAMETER = "$PARAMETER"


class PolarsExecutionEngine(seam.SeamEngine):
    """One frame, one engine, one run.

    `related` holds sets of other tables by name; `parameters` the values that a suite refers to by name: GX copies,
    serialises and compares every kwarg many times over, so a code list of 3,000 written out costs seconds. `passes`
    counts the reads of the frame.
    """

    def __init__(
        self,
        frame: pl.LazyFrame,
        *,
        related: Mapping[str, pl.Series] = NONE,
        parameters: Mapping[str, Any] = NONE,
    ) -> None:
        super().__init__()
        register()
        self.frame = frame
        self.schema = frame.collect_schema()
        self.related = related
        self.parameters = parameters
        self.passes = 0
        self._predicates: dict[Any, pl.Expr] = {}
        self.load_batch_data("frame", seam.FrameData(self, frame))

    def get_domain_records(self, domain_kwargs: dict[str, Any]) -> pl.LazyFrame:
        return self.frame

    def resolve_metric_bundle(self, metric_fn_bundle: Iterable[Any]) -> dict[Any, int]:
        """All counts that GX has gathered, in one pass."""
        bundle = list(metric_fn_bundle)
        if not bundle:
            return {}
        counts: list[seam.Count] = [metric.metric_fn for metric in bundle]
        row = self._read(self.frame.select(count.aggregate.alias(str(i)) for i, count in enumerate(counts))).row(0)
        ids = [metric.metric_configuration.id for metric in bundle]
        self._predicates |= {
            id_: count.predicate for id_, count in zip(ids, counts, strict=True) if count.predicate is not None
        }
        return {id_: int(number) for id_, number in zip(ids, row, strict=True)}

    def keys(self, metric_ids: Sequence[Any], key: str) -> list[pl.Series]:
        """The `key` of every row each predicate accuses, in the frame's order. One pass for all of them, none for
        none."""
        if not metric_ids:
            return []
        names = [f"accused {i}" for i in range(len(metric_ids))]
        predicates = [self._predicates[id_].alias(name) for id_, name in zip(metric_ids, names, strict=True)]
        accused = self._read(self.frame.select(pl.col(key).alias("key"), *predicates).filter(pl.any_horizontal(names)))
        return [accused["key"].filter(accused[name]).rename(key) for name in names]

    def _read(self, frame: pl.LazyFrame) -> pl.DataFrame:
        self.passes += 1
        return frame.collect(engine="streaming")

    def ask(self, rule: RowRule, kwargs: Mapping[str, Any]) -> tuple[pl.Expr, pl.Expr]:
        """(considered, predicate) of a rule on this engine's frame."""
        given = {name: self._resolved(value) for name, value in kwargs.items()}
        asked = Ask(given, self.schema, self.related)
        return rule.considered(asked), rule.predicate(asked)

    def _resolved(self, value: Any) -> Any:
        return self.parameters[value[PARAMETER]] if isinstance(value, dict) and PARAMETER in value else value


@cache
def register() -> None:
    """Tells GX's registry every metric and expectation; once a process."""
    engine = PolarsExecutionEngine
    seam.register_count(seam.ROW_COUNT, ((), ()), engine, lambda engine, kwargs: seam.Count(pl.len()))
    seam.register_value("table.columns", engine, lambda engine: engine.schema.names())
    for rule in declarations().values():
        if isinstance(rule, RowRule):
            seam.register_rule(rule, engine, PolarsExecutionEngine.ask)
