"""The sources as Delta tables, and three ways of writing a night into them: all rows as the pools do, a merge, a merge that keeps a feed.

Not here: how what has moved is found (finding).
"""

import shutil
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
from deltalake import DeltaTable, write_deltalake

from bench.incremental.rows import Night

FEED = {"delta.enableChangeDataFeed": "true"}
GONE = "_gone"


def lay_down(folder: Path, found: Mapping[str, Night]) -> None:
    """Under `folder`: `start` and `start-feed` (before the night), `pool` (written over) and `feed` (merged, with a feed), both of two versions."""
    for source, night in found.items():
        for start, configuration in (("start", None), ("start-feed", FEED)):
            write_deltalake(str(folder / start / source), _plain(night.before), configuration=configuration)
    for way, name in (("overwrite", "pool"), ("merge with feed", "feed")):
        shutil.copytree(folder / START[way], folder / name)
        WAYS[way](folder / name, found)


def files(table: Path, version: int | None = None) -> list[str]:
    """The Parquet files of one version, or of the last."""
    return sorted(str(table / uri.rpartition("/")[2]) for uri in DeltaTable(str(table), version=version).file_uris())


def read(table: Path, version: int) -> pl.DataFrame:
    return pl.read_parquet(files(table, version))


def overwrite(folder: Path, found: Mapping[str, Night]) -> None:
    """All rows again, as a pool is replaced."""
    for source, night in found.items():
        write_deltalake(str(folder / source), _plain(night.after), mode="overwrite")


def merge(folder: Path, found: Mapping[str, Night]) -> None:
    """Only the rows that moved; whether a feed is kept is the table's own setting."""
    for source, night in found.items():
        sides = ((night.arriving, False), (night.leaving, True))
        rows = pl.concat([frame.with_columns(pl.lit(gone).alias(GONE)) for frame, gone in sides], how="diagonal")
        columns = {name: f"incoming.{name}" for name in night.after.columns}
        merging = DeltaTable(str(folder / source)).merge(_plain(rows), "known._key = incoming._key", source_alias="incoming", target_alias="known")
        merging.when_matched_delete(f"incoming.{GONE}").when_matched_update(columns).when_not_matched_insert(columns).execute()


def moved_rows(folder: Path, source: str) -> pl.DataFrame:
    """citizen_id and _invalid of every row that the feed of the night names, as it was and as it is."""
    table = DeltaTable(str(folder / "feed" / source))
    if not table.version():  # a merge of nothing makes no version
        return pl.DataFrame(schema={"citizen_id": pl.String, "_invalid": pl.String})
    feed = table.load_cdf(starting_version=1, ending_version=1, columns=["citizen_id", "_invalid"])
    return pl.DataFrame(feed.read_all()).select("citizen_id", "_invalid")


def writing(way: str, folder: Path) -> Any:
    """A run of that way over a copy of the tables; the night's rows lie in memory before the clock starts, as they do at the gate."""
    scratch = folder / "scratch"
    shutil.copytree(folder / START[way], scratch)
    found = {table.name: _night(folder, table.name) for table in sorted((folder / "pool").iterdir())}
    return partial(WAYS[way], scratch, found)


def _night(folder: Path, source: str) -> Night:
    before, after = (read(folder / "pool" / source, version) for version in (0, 1))
    arriving = after.join(before.select("_key", "_delivery_seq"), on=["_key", "_delivery_seq"], how="anti")
    return Night(before.clear(), after, arriving, before.select("_key").join(after.select("_key"), on="_key", how="anti"))


def _plain(frame: pl.DataFrame) -> Any:
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest())


START = {"overwrite": "start", "merge": "start", "merge with feed": "start-feed"}
WAYS = {"overwrite": overwrite, "merge": merge, "merge with feed": merge}
