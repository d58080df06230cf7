"""Changes to the pools of a lake as nights make them: rows that come with other values, leave, or come anew. Not here: timing."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from yishu.catalogue.authority import sources_of
from yishu.catalogue.models import Catalogue, Resource
from yishu.lake import delta
from yishu.lake.pool import KEY, pool_path


def fed_resources(catalogue: Catalogue) -> list[Resource]:
    """The resources that any base table is built from."""
    ids = dict.fromkeys(id_ for entity in catalogue.authority.values() for id_ in sources_of(entity))
    return [catalogue.resources[id_] for id_ in ids]


def move(data: Path, resources: Sequence[Resource], share: float, night: int, seed: int) -> int:
    """Change that share of every pool's rows, as deliveries of `night` would; returns how many rows moved.

    Of those rows one in ten leaves; of the others a value is exchanged with another row's, or an item is found invalid.
    """
    random, moved = np.random.default_rng([seed, night]), 0
    for position, resource in enumerate(resources):
        path = pool_path(data, resource)
        if not delta.exists(path):
            continue
        pool = delta.read(path)
        chosen = np.sort(random.choice(pool.height, size=round(pool.height * share), replace=False)) if pool.height else np.array([], dtype=int)
        if not chosen.size:
            continue
        leaving, staying = chosen[::10], np.setdiff1d(chosen, chosen[::10])
        pool = changed(pool, resource, staying, night * 1000 + position, random)
        pool = pool.with_row_index("_n").filter(~pl.col("_n").is_in(leaving)).drop("_n")
        delta.replace(path, pool.sort(KEY), key=f"moved:{night}:{seed}", actor="bench", note={})
        moved += chosen.size
    return moved


def changed(pool: pl.DataFrame, resource: Resource, rows: np.ndarray, seq: int, random: np.random.Generator) -> pl.DataFrame:
    """These rows with a value of another row, from delivery `seq`; in one of five the item is found invalid instead."""
    items = [item.name for item in resource.items if item.name not in resource.key] or [resource.key[0]]
    item = items[int(random.integers(len(items)))]
    touched = pl.Series(np.isin(np.arange(pool.height), rows))
    wrong = pl.Series(np.isin(np.arange(pool.height), rows[::5]))
    others = pool[item].gather(random.permutation(pool.height))
    moved = pl.DataFrame({"touched": touched, "wrong": wrong, "other": others})
    as_of = pool["_as_of"].max()
    return pool.with_columns(
        pl.when(moved["touched"] & ~moved["wrong"]).then(moved["other"]).otherwise(pl.col(item)).alias(item),
        pl.when(moved["wrong"]).then(pl.lit(f"|{item}|")).otherwise(pl.col("_invalid")).alias("_invalid"),
        pl.when(moved["touched"]).then(pl.lit(seq, pl.Int64)).otherwise(pl.col("_delivery_seq")).alias("_delivery_seq"),
        pl.when(moved["touched"]).then(pl.lit(f"moved-{seq}")).otherwise(pl.col("_delivery_id")).alias("_delivery_id"),
        pl.when(moved["touched"]).then(pl.lit(as_of)).otherwise(pl.col("_as_of")).alias("_as_of"),
    )
