"""The step that locates all points of all pools: DIR/located (Delta), a function of the pools and of the day's boundaries.

A row whose figures stand as they stood, under the same boundaries, keeps what was found for it; the table is written only where it
differs. Runs after the pools, before the cross gate (which accuses by it) and the build (which takes it into the base databases).
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from yishu.catalogue.authority import relation_name
from yishu.catalogue.models import Catalogue, Resource
from yishu.lake import delta
from yishu.lake.pins import Pin, business_date
from yishu.lake.pool import pool_path
from yishu.spatial.boundaries import SCHEMA as BOUNDARY
from yishu.spatial.boundaries import Boundaries, in_force
from yishu.spatial.locating import FOUND, POINTS, locate

RELATION, DIGEST = "relation", "boundaries"
LOCATED = {RELATION: pl.String, **POINTS, **FOUND, DIGEST: pl.String}


@dataclass(frozen=True)
class Settled:
    """rows: all located rows; anew: those that were located in this run; written: whether the table has a new version."""

    rows: int
    anew: int
    written: bool


def located_path(data: Path) -> Path:
    return data / "located"


def settle(data: Path, catalogue: Catalogue, pin: Pin, *, actor: str) -> Settled:
    """Locate every row of every pool that declares coordinates, at the versions of the pin."""
    boundaries = boundaries_of(data, catalogue, pin, business_date(data) or date.min)
    path = located_path(data)
    before = delta.read(path).select(*LOCATED) if delta.exists(path) else pl.DataFrame(schema=LOCATED)
    points = pl.concat([pl.DataFrame(schema={RELATION: pl.String, **POINTS}), *_points(data, catalogue, pin)])
    kept = points.join(before.filter(pl.col(DIGEST) == boundaries.digest), on=[RELATION, *POINTS], how="inner", nulls_equal=True)
    new = points.join(kept, on=[RELATION, "key"], how="anti")
    found = [locate(part.drop(RELATION), boundaries).with_columns(pl.lit(name).alias(RELATION)) for (name,), part in new.group_by(RELATION)]
    fresh = [frame.with_columns(pl.lit(boundaries.digest).alias(DIGEST)).select(*LOCATED) for frame in found]
    after = pl.concat([kept.select(*LOCATED), *fresh]).sort(RELATION, "key")
    written = not after.equals(before.sort(RELATION, "key"))
    if written:
        delta.replace(path, after, key=_commit(after, delta.version(path)), actor=actor)
    return Settled(after.height, new.height, written)


def read_located(data: Path, resource: Resource, version: int | None) -> pl.DataFrame:
    """The located rows of one resource: LOCATED, one a key of its pool."""
    if version is None:
        return pl.DataFrame(schema=LOCATED)
    return delta.read(located_path(data), version, where=pl.col(RELATION) == relation_name(resource))


def boundaries_of(data: Path, catalogue: Catalogue, pin: Pin, on: date) -> Boundaries:
    """Those in force on that day, of every resource that holds boundaries."""
    found = [pl.DataFrame(schema=BOUNDARY)]
    for resource in catalogue.resources.values():
        if resource.boundaries and pin.get(resource.id) is not None:
            columns = [pl.col(name).cast(BOUNDARY[field]).alias(field) for field, name in resource.boundaries.names()]
            pool = delta.read(pool_path(data, resource), pin.get(resource.id), where=pl.col("_absent_count") == 0)
            found.append(pool.select(*columns, pl.lit(resource.boundaries.system).alias("system")).select(*BOUNDARY))
    return in_force(pl.concat(found), on)


def _points(data: Path, catalogue: Catalogue, pin: Pin) -> Iterator[pl.DataFrame]:
    for resource in catalogue.resources.values():
        if resource.coordinates and pin.get(resource.id) is not None:
            yield _points_of(data, resource, pin[resource.id])


def _points_of(data: Path, resource: Resource, version: int | None) -> pl.DataFrame:
    declared = resource.coordinates
    assert declared is not None
    wanted = ["_key", *(name for _, name in declared.names())]
    pool = delta.read(pool_path(data, resource), version, columns=wanted)
    # An item that the pool does not have yet: the catalogue may be newer.
    pool = pool.with_columns(pl.lit(None).alias(name) for name in wanted if name not in pool.columns)
    system = pl.lit(declared.system, pl.String) if declared.system_item is None else pl.col(declared.system_item)
    return pool.select(
        pl.lit(relation_name(resource)).alias(RELATION),
        pl.col("_key").alias("key"),
        system.cast(pl.String).alias("system"),
        pl.col(declared.east).cast(pl.Float64).alias("source_east"),
        pl.col(declared.north).cast(pl.Float64).alias("source_north"),
    )


def _commit(frame: pl.DataFrame, version: int | None) -> str:
    """Named by what it says and what it follows, so that a rerun after a crash finds its own commit and a return to old values is one."""
    rows = frame.hash_rows(seed=7).to_numpy().tobytes()
    return f"located-{hashlib.sha256(rows).hexdigest()[:16]}-{version}"
