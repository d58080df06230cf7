"""A register of many persons and a table of another department of which some have lost their key, written straight into a lake's pools."""

from pathlib import Path

import numpy as np
import polars as pl

from bench.suggestions.scale import broken_ids, drawn_persons
from yishu.catalogue.models import Catalogue
from yishu.lake import delta
from yishu.lake.pool import pool_path

REGISTER, TABLE = "public_security.resident", "human_resources.insured_person"


def write_pools(data: Path, catalogue: Catalogue, persons: int, share: float) -> pl.DataFrame:
    """`persons` in the register, as many rows in the table, of which `share` have a broken or no key; `_key` and `right` of those."""
    rng = np.random.default_rng(7)
    known = drawn_persons(rng, persons)
    count = known.height
    parts = [pl.Series(rng.integers(1, most, count)).cast(pl.String) for most in (900, 300, 30, 2000)]
    known = known.with_columns(
        birth_date=pl.col("citizen_id").str.slice(6, 8).str.to_date("%Y%m%d"),
        sex=(2 - pl.col("citizen_id").str.slice(16, 1).cast(pl.Int64) % 2).cast(pl.String),
        registered_address=pl.format("河南省平顶山市{}路{}号院{}号楼{}室", *parts),
        phone=pl.Series(rng.integers(13_000_000_000, 19_999_999_999, count)).cast(pl.String),
        _key="citizen_id", _invalid=pl.lit(None, pl.String))  # fmt: skip
    table = known.sample(fraction=1, shuffle=True, seed=1).with_columns(_key=pl.int_range(count).cast(pl.String))
    broken = int(count * share)
    lost = broken_ids(table["citizen_id"].head(broken), rng)
    lost = lost.set(pl.Series(rng.random(broken) < 0.25), None)  # a quarter has none at all
    answers = table.head(broken).select("_key", right="citizen_id")
    ids = pl.concat([lost, table["citizen_id"].tail(count - broken)])
    invalid = pl.when(pl.int_range(count) < broken).then(pl.lit("|citizen_id|"))
    table = table.with_columns(citizen_id=ids, _invalid=invalid).drop("registered_address", "phone")
    for id_, frame in ((REGISTER, known), (TABLE, table)):
        delta.append(pool_path(data, catalogue.resources[id_]), frame, key="1", actor="bench")
    return answers
