"""A register of many persons and many wrong numbers in another department's table, written straight into a lake. Names as unequal as
in a real city, since namesakes are what the search costs. Not here: measuring."""

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from expectations.rules.identifiers import complete_citizen_id
from yishu.catalogue.models import Catalogue, Resource
from yishu.lake import delta, violations
from yishu.lake.pool import pool_path
from yishu.lake.raw import raw_path
from yishu.sample.people import GIVEN
from yishu.sample.vocabulary import SURNAMES

_REGISTER, _TABLE = "public_security.resident", "medical_insurance.insured_person"
DISTRICTS = ["410402", "410403", "410404", "410411", "410421", "410422", "410423", "410425", "410481", "410482"]


def write_lake(data: Path, catalogue: Catalogue, persons: int, wrong: int) -> pl.DataFrame:
    """Write pool and raw; return the open violations, `wrong` of them, whose right value is in the column `right`."""
    rng = np.random.default_rng(7)
    known = drawn_persons(rng, persons)
    register, table = catalogue.resources[_REGISTER], catalogue.resources[_TABLE]
    delta.append(pool_path(data, register), known.with_columns(_absent_count=pl.lit(0, pl.Int64), _key="citizen_id"), key="1", actor="bench")
    some = known.sample(wrong, seed=1).with_columns(_row_number=pl.int_range(2, wrong + 2, dtype=pl.Int64))
    delivered = broken_ids(some["citizen_id"], rng)
    delta.append(raw_path(data, table.department, table.name), _raw(table, some, delivered), key="1", actor="bench")
    return _accused(table, some, delivered).with_columns(right=some["citizen_id"])


def drawn_persons(rng: np.random.Generator, count: int) -> pl.DataFrame:
    """citizen_id (each once), full_name: at most `count` persons."""
    born = pl.Series(rng.integers(0, 29_000, count)).cast(pl.Int32).cast(pl.Date) - pl.duration(days=10_000)
    day = pl.select(born).to_series().dt.strftime("%Y%m%d")
    serial = pl.Series(rng.integers(1, 800, count)).cast(pl.String).str.zfill(3)
    ids = complete_citizen_id(pl.Series(DISTRICTS).gather(rng.integers(0, len(DISTRICTS), count)) + day + serial)
    weights = 1 / (np.arange(len(SURNAMES)) + 3)
    surname = pl.Series(SURNAMES).gather(rng.choice(len(SURNAMES), count, p=weights / weights.sum()))
    first, second = (pl.Series(GIVEN).gather(rng.integers(0, len(GIVEN), count)) for _ in range(2))
    return pl.DataFrame({"citizen_id": ids, "full_name": surname + first + second}).unique("citizen_id", maintain_order=True)


def broken_ids(right: pl.Series, rng: np.random.Generator) -> pl.Series:
    """A third with another last digit, a third with two digits swapped (where they are equal: another last digit), a third one digit
    short."""
    ids = pl.DataFrame({"id": right, "way": rng.integers(0, 3, right.len())})
    way, last = pl.col("way"), pl.col("id").str.slice(16, 1)
    other = pl.col("id").str.head(16) + ((last.cast(pl.Int64) + 1) % 10).cast(pl.String) + pl.col("id").str.tail(1)
    swapped = pl.col("id").str.head(14) + pl.col("id").str.slice(15, 1) + pl.col("id").str.slice(14, 1) + pl.col("id").str.tail(2)
    return ids.select(
        pl.when((way == 0) | ((way == 1) & (swapped == pl.col("id")))).then(other).when(way == 1).then(swapped).otherwise(pl.col("id").str.head(17))
    ).to_series()


def _raw(table: Resource, some: pl.DataFrame, delivered: pl.Series) -> pl.DataFrame:
    filled = {"citizen_id": delivered, "full_name": some["full_name"], "person_no": some["_row_number"].cast(pl.String)}
    items = [filled.get(item.name, pl.Series([None], dtype=pl.String).new_from_index(0, some.height)).alias(item.name) for item in table.items]
    return pl.DataFrame([*items, some["_row_number"]]).with_columns(_delivery_id=pl.lit("d1"), _file=pl.lit("table.csv"))


def _accused(table: Resource, some: pl.DataFrame, delivered: pl.Series) -> pl.DataFrame:
    said = {"gate": "row", "department": table.department, "resource": table.name, "delivery_id": "d1", "rule": "citizen_id.citizen_id"}
    told = {**said, "column": "citizen_id", "severity": "content", "since": date(2026, 3, 1)}
    known = some.select(row_number="_row_number", subject=pl.col("_row_number").cast(pl.String))
    columns = [pl.col(name) if name in known.columns else pl.lit(told.get(name), dtype).alias(name) for name, dtype in violations.SCHEMA.items()]
    return known.select(columns)
