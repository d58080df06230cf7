"""Parsed levels held against the levels that a city's register of addresses states."""

import polars as pl

from yishu.normalise import LEVELS

_NO_SUCH_LEVEL = "无"


def split_register(addresses: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The register that is known, and the addresses that are asked, of which the register has none: every second address."""
    half = pl.int_range(pl.len()) % 2 == 0
    return addresses.filter(half), addresses.filter(~half)


def truth_of(addresses: pl.DataFrame) -> pl.DataFrame:
    """The eleven levels, null where an address has none."""
    return addresses.select(pl.col(level).cast(pl.String).replace(_NO_SUCH_LEVEL, None) for level in LEVELS)


def accuracy(parsed: pl.DataFrame, truth: pl.DataFrame) -> dict[str, float]:
    """Level -> the share of addresses whose value is the stated one, absent levels included."""
    return {level: float((parsed[level].eq_missing(truth[level])).mean() or 0.0) for level in LEVELS}  # type: ignore[arg-type]  # a share
