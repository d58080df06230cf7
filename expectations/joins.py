"""A rule's view of more than one table: the accused table with columns of others beside it, `<join>.<column>`.

Belongs here: what a join is and how it is made, over frames that the caller has read. Not here: reading tables, and how a
suite file writes a join down (`expectations.suite`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

MATCHES: Final = "matches"  # `<join>.matches`: in how many rows of the other table the value stands
_LAST_WORD: Final = "_key"  # where rows tie, the smaller key stands: a rebuild must choose the same row


@dataclass(frozen=True)
class Join:
    """Another table beside the accused one. `by`: column on the left (one of the accused table, or `<join>.<column>` of a
    join before) -> column there. `where`: only those of its rows. Of several matches the `latest` (or `earliest`) by a
    column stands beside the row; without either, the one with the smallest key."""

    name: str
    resource: str
    by: Mapping[str, str]
    where: Mapping[str, Sequence[str]] | None = None
    latest: str | None = None
    earliest: str | None = None

    def reads(self) -> set[str]:
        """Columns of the other table that the join itself needs."""
        return {*self.by.values(), *(self.where or {}), *(name for name in (self.latest, self.earliest) if name)}


def chosen(frame: pl.DataFrame, where: Mapping[str, Sequence[str]] | None) -> pl.DataFrame:
    """The rows whose columns have one of the values named, as text; a missing value is none of them."""
    for column, values in (where or {}).items():
        frame = frame.filter(pl.col(column).cast(pl.String).is_in(list(values)))
    return frame


def joined(left: pl.DataFrame, joins: Sequence[Join], tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The rows of `left`, one to one and in their order, with the columns of each join.

    A row that lacks a value to join by has nothing beside it, nor a count: `<join>.matches` is missing, so that no rule
    about the other table speaks of it. `tables`: by resource, with the columns that `Join.reads` names.
    """
    for join in joins:
        left = _with(left, join, chosen(tables[join.resource], join.where))
    return left


def _with(left: pl.DataFrame, join: Join, other: pl.DataFrame) -> pl.DataFrame:
    here, there, count = list(join.by), list(join.by.values()), f"{join.name}.{MATCHES}"
    known = other.drop_nulls(there)
    order = [name for name in (join.latest, join.earliest, _LAST_WORD) if name and name in known.columns]
    if order:
        known = known.sort(order, descending=[name == join.latest for name in order], nulls_last=True, maintain_order=True)
    one = known.with_columns(pl.len().over(there).cast(pl.Int64).alias(MATCHES)).unique(there, keep="first", maintain_order=True)
    beside = one.rename({name: f"{join.name}.{name}" for name in one.columns})
    both = left.join(
        beside, left_on=here, right_on=[f"{join.name}.{name}" for name in there], how="left", coalesce=False, maintain_order="left"
    )
    asked = pl.all_horizontal(pl.col(name).is_not_null() for name in here)
    return both.with_columns(pl.when(asked).then(pl.col(count).fill_null(0)).alias(count))
