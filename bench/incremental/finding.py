"""Ways of finding which keys a night has moved, between two versions of the pools. Each fills the table `changed` of a connection.

Not here: what is done with them (updating).
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb

from bench.incremental import pools
from bench.incremental.models import NAME, entity_id, entity_key
from bench.incremental.rows import SOURCES

BUCKETS = (64, 1024, 16384)
# What tells two states of a row apart (yishu/lake/warehouse.py): a row that comes again unchanged keeps its origin.
STATE = ("_key", "_delivery_seq", "_row_number", "_invalid")
Connection = duckdb.DuckDBPyConnection


def rows_of(folder: Path, source: str, version: int) -> str:
    """The relation of one version of a source's pool."""
    return f"read_parquet({pools.files(folder / 'pool' / source, version)}, union_by_name = true)"


def difference(connection: Connection, folder: Path) -> None:
    """Rows of one version that the other does not have: what the warehouse does."""
    _named(connection, [_differing(rows_of(folder, source, 1), rows_of(folder, source, 0)) for source in SOURCES])


def feed(connection: Connection, folder: Path) -> None:
    """What the change feed names. It is one only where the night was merged: an overwrite feeds every row twice."""
    for source in SOURCES:
        connection.register(f"feed_{source}", pools.moved_rows(folder, source))
    _named(connection, [f"select * from feed_{source}" for source in SOURCES])


def buckets(count: int, connection: Connection, folder: Path) -> None:
    """One hash a bucket of keys against that of the last night, which was kept; then the difference of rows in buckets that differ."""
    connection.execute(f"create table hashes as {hashes(folder, 1, count)}")
    connection.execute(
        "create table differing as select coalesce(n.source, o.source) as source, coalesce(n.bucket, o.bucket) as bucket "
        f"from hashes as n full join read_parquet('{kept_hashes(folder, count)}') as o on n.source = o.source and n.bucket = o.bucket "
        "where n.hash is distinct from o.hash"
    )
    parts = []
    for source in SOURCES:
        within = f"hash(_key) % {count} in (select bucket from differing where source = '{source}')"
        now, then = (f"(select * from {rows_of(folder, source, version)} where {within})" for version in (1, 0))
        parts.append(_differing(now, then))
    _named(connection, parts)


def hashes(folder: Path, version: int, count: int) -> str:
    """source, bucket, hash: the query of one hash a bucket of each source."""
    return " union all ".join(
        f"select '{source}' as source, hash(_key) % {count} as bucket, bit_xor(hash({', '.join(STATE)})) as hash "
        f"from {rows_of(folder, source, version)} group by all"
        for source in SOURCES
    )


def kept_hashes(folder: Path, count: int) -> Path:
    return folder / f"hashes-{count}.parquet"


def keep_hashes(connection: Connection, folder: Path, count: int) -> None:
    """The hashes of the version before the night, as that night would have left them."""
    connection.execute(f"copy ({hashes(folder, 0, count)}) to '{kept_hashes(folder, count)}' (format parquet)")


def _differing(now: str, then: str) -> str:
    same = " and ".join(f"n.{name} is not distinct from o.{name}" for name in STATE)
    return " union all ".join(
        f"select citizen_id, _invalid from {one} as n where not exists (select 1 from {other} as o where {same})"
        for one, other in ((now, then), (then, now))
    )


def _named(connection: Connection, parts: list[str]) -> None:
    moved = f"select distinct {entity_key('p')} as entity_key from ({' union all '.join(parts)}) as p"
    connection.execute(
        f"create or replace table changed as select '{NAME}' as entity, entity_key, {entity_id('entity_key')} as entity_id "
        f"from ({moved}) as k where entity_key is not null"
    )


WAYS: dict[str, Callable[[Connection, Path], None]] = {
    "difference": difference, "feed": feed, **{f"buckets {count}": partial(buckets, count) for count in BUCKETS}
}  # fmt: skip
