"""The file that all engines read: persons with their identifiers, one row in two hundred wrong for each rule. Synthetic."""

from pathlib import Path

import numpy as np
import polars as pl

from expectations.rules.identifiers import complete_citizen_id, complete_credit_code

DIVISIONS = ("410402", "410403", "410404", "410411", "410421", "410422", "410423", "410425", "410481", "410482")
WRONG_SHARE = 0.005
CHUNK = 1_000_000


def write_rows(path: Path, count: int, seed: int = 0) -> None:
    """`count` rows as Parquet, in row groups of a size that streams."""
    parts = [_rows(np.random.default_rng((seed, start)), start, min(CHUNK, count - start)) for start in range(0, count, CHUNK)]
    pl.concat(parts).write_parquet(path, row_group_size=250_000)


def citizen_ids(count: int, seed: int = 0) -> pl.Series:
    """Citizen ids alone, wrong ones among them."""
    parts = [_rows(np.random.default_rng((seed, start)), start, min(CHUNK, count - start))["citizen_id"] for start in range(0, count, CHUNK)]
    return pl.concat(parts)


def _rows(rng: np.random.Generator, start: int, count: int) -> pl.DataFrame:
    division = pl.Series(rng.choice(DIVISIONS, count))
    birth = pl.Series(np.datetime64("1950-01-01") + rng.integers(0, 25_000, count)).cast(pl.Date)
    sequence = pl.Series(rng.integers(1, 1000, count)).cast(pl.String).str.zfill(3)
    organisation = pl.Series(rng.integers(10_000_000, 100_000_000, count)).cast(pl.String)
    opened = pl.Series(np.datetime64("2015-01-01") + rng.integers(0, 3_000, count)).cast(pl.Date)
    frame = pl.DataFrame(
        {
            "row_number": np.arange(start + 2, start + count + 2),
            "citizen_id": complete_citizen_id(division + birth.dt.strftime("%Y%m%d") + sequence),
            "full_name": pl.Series(rng.choice(list("王李张刘陈"), count)) + pl.Series(rng.choice(["伟", "芳", "秀英", "敏", "静"], count)),
            "sex": sequence.str.slice(2).cast(pl.Int8) % 2,
            "birth_date": birth,
            "division_code": division,
            "credit_code": complete_credit_code(pl.Series(["91"]).new_from_index(0, count) + division, organisation),
            "phone": pl.Series(rng.choice(["138", "139", "150", "186", "199"], count)) + pl.Series(rng.integers(10**7, 10**8, count)).cast(pl.String),
            "amount_yuan": rng.normal(5_000, 1_000, count).clip(0),
            "opened_date": opened,
            "closed_date": opened + pl.Series(rng.integers(0, 900, count)).cast(pl.Duration("ms")) * 86_400_000,
        }
    ).with_columns(pl.when(pl.col("sex") == 1).then(pl.lit("1")).otherwise(pl.lit("2")).alias("sex"))
    return _broken(frame, rng)


def _broken(frame: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    wrong = {
        "citizen_id": pl.col("citizen_id").str.slice(0, 17) + "*",
        "full_name": pl.lit("A1"),
        "sex": pl.lit("男"),
        "birth_date": pl.col("birth_date").dt.offset_by("1d"),
        "division_code": pl.lit("999999"),
        "credit_code": pl.col("credit_code").str.replace("0", "O", literal=True),
        "phone": pl.lit("138****0000"),
        "amount_yuan": -pl.col("amount_yuan") - 1,
        "closed_date": pl.col("opened_date").dt.offset_by("-1d"),
    }
    struck = {name: pl.Series(rng.random(frame.height) < WRONG_SHARE) for name in wrong}
    return frame.with_columns(pl.when(struck[name]).then(value).otherwise(pl.col(name)).alias(name) for name, value in wrong.items())
