"""The standard addresses of a synthetic city, straight from its world: no files, no night."""

import numpy as np
import polars as pl

from yishu.sample.tables.civil_affairs import standard_addresses as rows_of
from yishu.sample.world import found_world

_FIRST_DAY = 20513  # 2026-03-01, in days since 1970


def standard_addresses(persons: int, seed: int) -> pl.DataFrame:
    """A row an address: the levels by the catalogue's names (无 where it has none) and full_address."""
    world = found_world(persons, seed, _FIRST_DAY)
    return rows_of(world, np.arange(len(world.estate.sites)))
