"""Pools as the cross gate reads them: of one pin, the columns that rules need, once each.

A value that the row gate has found wrong is read as missing: its department knows already, and compared with another table it
would accuse again, here or there. Rows absent for now are left out: nobody can say what they would say today.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from yishu.catalogue.models import Catalogue, Resource
from yishu.gate.cross_suites import LOCATED, PLACES, CrossRule
from yishu.gate.implied import KEY
from yishu.gate.step import pool_types
from yishu.lake.pins import Pin
from yishu.lake.pool import read_pool
from yishu.spatial.step import read_located

INDEX = "_index"
_ORIGIN = (KEY, "_delivery_id", "_row_number")


def wanted_columns(rules: Iterable[CrossRule]) -> dict[str, set[str]]:
    """Resource -> the items that the rules look at."""
    wanted: dict[str, set[str]] = {}
    for asked in rules:
        rule, resources = asked.rule, {join.name: join.resource for join in asked.rule.join}
        named = [*rule.names(), *(here for join in rule.join for here in join.by)]
        for join in rule.join:
            wanted.setdefault(join.resource, set()).update(join.reads())
        for name in named:
            prefix, dot, column = name.partition(".")
            wanted.setdefault(resources[prefix] if dot else asked.on, set()).add(column if dot else name)
    return wanted


@dataclass
class PinnedPools:
    """`keys`: those of every row of a pool, absent ones too; `rows`: what can be compared."""

    data: Path
    catalogue: Catalogue
    pin: Pin
    wanted: dict[str, set[str]]
    _rows: dict[str, pl.DataFrame] = field(default_factory=dict)
    _keys: dict[str, pl.Series] = field(default_factory=dict)

    def rows(self, id_: str) -> pl.DataFrame:
        """`_key`, `_delivery_id`, `_row_number`, `_index` and the wanted items."""
        if id_ not in self._rows:
            self._read(id_)
        return self._rows[id_]

    def keys(self, id_: str) -> pl.Series:
        self.rows(id_)
        return self._keys[id_]

    def _read(self, id_: str) -> None:
        resource = self.catalogue.resources[id_]
        types = {name: type_ for name, type_ in pool_types(resource).items() if name in self.wanted.get(id_, ())}
        pool = read_pool(self.data, resource, types, self.pin.get(id_))
        known = [pl.when(~_doubted(name)).then(pl.col(name)).alias(name) for name in types]
        self._keys[id_] = pool[KEY]
        rows = pool.filter(pl.col("_absent_count") == 0).select(*_ORIGIN, *known)
        if places := [name for name in PLACES if name in self.wanted.get(id_, ())]:
            rows = self._with_places(rows, resource, places)
        self._rows[id_] = rows.with_row_index(INDEX).with_columns(pl.col(INDEX).cast(pl.Int64))

    def _with_places(self, rows: pl.DataFrame, resource: Resource, places: list[str]) -> pl.DataFrame:
        """With what was found for the row's point, of the pin's version."""
        located = read_located(self.data, resource, self.pin.get(LOCATED))
        found = located.select(pl.col("key").alias(KEY), *(pl.col(name.removeprefix(f"{LOCATED}_")).alias(name) for name in places))
        return rows.join(found, on=KEY, how="left", maintain_order="left")


def _doubted(name: str) -> pl.Expr:
    return pl.col("_invalid").str.contains(f"|{name}|", literal=True).fill_null(False)
