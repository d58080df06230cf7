"""One pass over a frame for everything that is asked of it: how many rows each rule considers and accuses, the figures of its
columns, and the keys of the accused rows.

Row by row first, as a stream: of each row only the answers are carried on, and 16 bytes where it will be compared with others
(`RowRule.whole`). Were the two mixed in one step, polars would hold all columns in memory (docs/gate-speed.md: the pass by hand).
"""

from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from expectations.engine.row_rule import Ask, RowRule

KEY = "⊢ key"  # the marks of this module's columns; no department's column begins so


@dataclass(frozen=True)
class Tally:
    """Rows to be counted: those that a rule accuses, or else those it considers."""

    rule: RowRule
    ask: Ask
    accused: bool

    @property
    def about(self) -> tuple[str, tuple[str, ...]]:
        """The rule and its columns: what tells a rule of a suite from a count that GX needs beside it."""
        roles = [self.ask.kwargs[role] for role in self.rule.domain.roles]
        return self.rule.metric, tuple(name for role in roles for name in ([role] if isinstance(role, str) else role))


@dataclass(frozen=True)
class Reading:
    """Values by what was asked, and the keys of the rows that each wanted tally accuses, in the frame's order."""

    values: Mapping[Hashable, Any]
    keys: Mapping[Hashable, pl.Series]


def read(
    frame: pl.LazyFrame, tallies: Mapping[Hashable, Tally], figures: Mapping[Hashable, pl.Expr], key: str | None, wanted: Collection[Hashable]
) -> Reading:
    """Everything in one streaming pass. `figures` are aggregates over the frame's own columns; `wanted` the tallies whose `key`s are asked."""
    marks = {id_: f"⊢ {place}" for place, id_ in enumerate(tallies)}
    judged = _judged(_row_by_row(frame, tallies, figures, key, marks), tallies, marks)
    named = {id_: f"⊢ figure {place}" for place, id_ in enumerate(figures)}
    sums = [pl.col(mark).sum().alias(mark) for mark in marks.values()]
    counts = judged.select(*sums, *(figure.alias(named[id_]) for id_, figure in figures.items()))
    columns = {id_: marks[id_] for id_ in wanted}
    if key is None or not columns:
        found, accused = counts.collect(engine="streaming"), pl.DataFrame()
    else:
        rows = judged.filter(pl.any_horizontal(list(columns.values()))).select(KEY, *columns.values())
        found, accused = pl.collect_all([counts, rows], engine="streaming")
    values = {id_: found[name][0] for id_, name in {**marks, **named}.items()}
    return Reading(values, {id_: accused[KEY].filter(accused[mark]).rename(str(key)) for id_, mark in columns.items() if key is not None})


def _row_by_row(
    frame: pl.LazyFrame, tallies: Mapping[Hashable, Tally], figures: Mapping[Hashable, pl.Expr], key: str | None, marks: Mapping[Hashable, str]
) -> pl.LazyFrame:
    carried = [pl.col(name) for name in sorted({name for figure in figures.values() for name in figure.meta.root_names()})]
    if key is not None:
        carried.append(pl.col(key).alias(KEY))
    for id_, tally in tallies.items():
        rule, mark = tally.rule, marks[id_]
        if not tally.accused or rule.whole is not None:
            carried.append(rule.considered(tally.ask).alias(mark))
        else:
            carried.append(rule.predicate(tally.ask).alias(mark))
        if tally.accused and rule.whole is not None:
            carried.append(rule.kept(tally.ask).alias(f"{mark} kept"))
    return frame.select(carried) if carried else frame  # of no column there are no rows to count


def _judged(frame: pl.LazyFrame, tallies: Mapping[Hashable, Tally], marks: Mapping[Hashable, str]) -> pl.LazyFrame:
    """The answers of rules that look at a column as a whole, in place of what was kept for them."""
    whole = {id_: tally for id_, tally in tallies.items() if tally.accused and tally.rule.whole is not None}
    return frame.with_columns(
        tally.rule.judged(pl.col(marks[id_]), pl.col(f"{marks[id_]} kept"), tally.ask).alias(marks[id_]) for id_, tally in whole.items()
    )
