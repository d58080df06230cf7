"""Pools (部门数据资源池, C11): one Delta table a resource, typed, the current state by key, each row with its origin.

A row that comes again unchanged keeps the delivery that brought it, so that a night changes only what changed. Absence
deletes only where nothing was lost on the way: a citizen must not vanish because one line of a file was broken.
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from yishu.catalogue.models import Resource
from yishu.lake import delta
from yishu.lake.delivery import Delivery

KEY = "_key"
ORIGIN = {"_delivery_id": pl.String, "_delivery_seq": pl.Int64, "_row_number": pl.Int64, "_as_of": pl.Date}
OWN = {KEY: pl.String, **ORIGIN, "_invalid": pl.String, "_absent_count": pl.Int64}


@dataclass(frozen=True)
class Change:
    """What a delivery did to the pool. withdrawn: keys that left; rekeyed: keys that were corrected into others."""

    pool: pl.DataFrame
    changed: int
    set_aside: int
    withdrawn: pl.Series
    rekeyed: pl.Series
    absent: pl.Series


def pool_path(data: Path, resource: Resource) -> Path:
    return data / "pool" / resource.department / resource.name


def empty_pool(types: dict[str, pl.DataType | type[pl.DataType]]) -> pl.DataFrame:
    return pl.DataFrame(schema={**types, **OWN})


def read_pool(data: Path, resource: Resource, types: dict[str, pl.DataType | type[pl.DataType]], at: int | None = None) -> pl.DataFrame:
    """The pool (of version `at`) with the catalogue's columns of today: a column the table does not have yet is null."""
    path = pool_path(data, resource)
    if not delta.exists(path):
        return empty_pool(types)
    wanted = {**types, **OWN}
    frame = delta.read(path, at, columns=wanted)
    return frame.select([pl.col(n).cast(t, strict=False) if n in frame.columns else pl.lit(None, t).alias(n) for n, t in wanted.items()])


def mode_of(delivery: Delivery, resource: Resource) -> str:
    """What the delivery means for the pool: a correction speaks of its own keys only, whatever the resource's mode."""
    return "upsert" if delivery.is_correction else resource.delivery.mode


def apply(pool: pl.DataFrame, rows: pl.DataFrame, delivery: Delivery, resource: Resource, *, complete: bool, settled: pl.Series) -> Change:
    """The pool after one delivery.

    rows: item columns, `_key` (never null), `_row_number`, `_invalid`, `_conflict`, `_operation` (I, U, D). complete: nothing of
    the delivery was lost or has an invalid key, so that absence in it means absence in the world. settled: keys of which a newer
    delivery has spoken already; what a late one of an older day says of them undoes nothing.
    """
    items = [name for name in pool.columns if name not in OWN]
    current = rows.filter(~pl.col(KEY).is_in(settled.implode()))
    chosen, set_aside = _one_row_a_key(pool, current, keep_last=resource.delivery.operation is not None)
    set_aside += rows.height - current.height
    arriving = chosen.filter(pl.col("_operation") != "D")
    mode = mode_of(delivery, resource)
    merged = _merge(pool, arriving, delivery, items, append_only=mode == "append")
    kept, withdrawn, rekeyed, absent = _absences(pool, chosen, rows[KEY], resource, items, complete, mode)
    after = pl.concat([merged, kept]).select(pool.columns).sort(KEY)
    before = pool.sort(KEY)
    changed = after.height + withdrawn.len() + rekeyed.len() - after.join(before, on=after.columns, how="inner", nulls_equal=True).height
    return Change(after, changed, set_aside, withdrawn, rekeyed, absent)


def _one_row_a_key(pool: pl.DataFrame, rows: pl.DataFrame, *, keep_last: bool) -> tuple[pl.DataFrame, int]:
    """Of differing rows with one key the last accepted stays, else the first; in an exchange with I/U/D the last row counts."""
    if keep_last:
        chosen = rows.sort("_row_number").unique(KEY, keep="last", maintain_order=True)
    else:
        known = rows.filter(pl.col("_conflict") & pl.col(KEY).is_in(pool[KEY].implode()))[KEY]
        chosen = rows.filter(~pl.col(KEY).is_in(known.implode())).sort("_row_number").unique(KEY, keep="first", maintain_order=True)
    return chosen, rows.height - chosen.height


def _merge(pool: pl.DataFrame, arriving: pl.DataFrame, delivery: Delivery, items: list[str], *, append_only: bool) -> pl.DataFrame:
    """Arriving rows, each with the origin it deserves: its old one where nothing changed."""
    if append_only:
        arriving = arriving.filter(~pl.col(KEY).is_in(pool[KEY].implode()))
    fresh = arriving.select(
        *items,
        KEY,
        pl.lit(delivery.delivery_id).alias("_delivery_id"),
        pl.lit(delivery.seq, pl.Int64).alias("_delivery_seq"),
        pl.col("_row_number"),
        pl.lit(delivery.as_of).alias("_as_of"),
        "_invalid",
        pl.lit(0, pl.Int64).alias("_absent_count"),
    )
    compared = [*items, "_invalid"]
    both = fresh.join(pool.select(KEY, *compared, *ORIGIN), on=KEY, how="left", suffix="__old", maintain_order="left")
    same = pl.all_horizontal([pl.col(name).eq_missing(pl.col(f"{name}__old")) for name in compared]) & pl.col("_delivery_id__old").is_not_null()
    return both.with_columns(pl.when(same).then(f"{name}__old").otherwise(name).alias(name) for name in ORIGIN).select(pool.columns)


def _absences(
    pool: pl.DataFrame, chosen: pl.DataFrame, seen: pl.Series, resource: Resource, items: list[str], complete: bool, mode: str
) -> tuple[pl.DataFrame, pl.Series, pl.Series, pl.Series]:
    """Rows of the pool that no arriving row replaces: those that stay, and the keys withdrawn, corrected into another, absent."""
    nothing = pl.Series(KEY, [], dtype=pl.String)
    deleted = chosen.filter(pl.col("_operation") == "D")[KEY]
    if mode != "snapshot":
        arriving = chosen.filter(pl.col("_operation") != "D")[KEY]
        kept = pool if mode == "append" else pool.filter(~pl.col(KEY).is_in(pl.concat([deleted, arriving]).implode()))
        return kept, deleted.filter(deleted.is_in(pool[KEY].implode())), nothing, nothing
    untouched = pool.filter(pl.col(KEY).is_in(seen.implode()) & ~pl.col(KEY).is_in(chosen[KEY].implode())).with_columns(
        _absent_count=pl.lit(0, pl.Int64)
    )
    missing = pool.filter(~pl.col(KEY).is_in(seen.implode()))
    rekeyed = _rekeyed(missing, pool, chosen, resource, items)
    missing = missing.filter(~pl.col(KEY).is_in(rekeyed.implode()))
    leaving = pl.lit(complete) | (pl.col("_absent_count") >= resource.gate.absence_grace)
    waiting = missing.filter(~leaving).with_columns(pl.col("_absent_count") + 1)
    return pl.concat([untouched, waiting]), missing.filter(leaving)[KEY], rekeyed, waiting[KEY]


def _rekeyed(missing: pl.DataFrame, pool: pl.DataFrame, chosen: pl.DataFrame, resource: Resource, items: list[str]) -> pl.Series:
    """Absent keys that were invalid and whose row has come back, alike in all else, under a new key: corrected, not lost."""
    broken = pl.any_horizontal([pl.col("_invalid").str.contains(f"|{name}|", literal=True) for name in resource.key]).fill_null(False)
    rest = [name for name in items if name not in resource.key]
    candidates = missing.filter(broken)
    if not candidates.height or not rest:
        return pl.Series(KEY, [], dtype=pl.String)
    newcomers = chosen.filter(~pl.col(KEY).is_in(pool[KEY].implode())).select(rest).unique()
    return candidates.join(newcomers, on=rest, how="semi", nulls_equal=True)[KEY]
