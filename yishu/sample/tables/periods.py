"""The period a monthly table speaks of: the month before the day it is written."""

import numpy as np
import polars as pl

from yishu.sample.chance import Ints
from yishu.sample.tables.text import dates
from yishu.sample.world import World


def last_month(world: World, size: int, pattern: str) -> pl.Series:
    """The month before today, in the pattern, for each of `size` rows."""
    return dates(np.full(size, _days(_this_month(world) - 1)), pattern)


def month_bounds(world: World) -> tuple[int, int]:
    """First and last day (since 1970) of the month before today."""
    month = _this_month(world)
    return _days(month - 1), _days(month) - 1


def next_days(world: World, positions: Ints, lags: Ints) -> Ints:
    """Days after the month's end, never after today."""
    return np.minimum(month_bounds(world)[1] + 1 + lags, world.today) + np.zeros(len(positions), dtype=np.int64)


def _this_month(world: World) -> int:
    """Months since 1970."""
    return int(np.datetime64(world.today, "D").astype("datetime64[M]").astype(np.int64))


def _days(month: int) -> int:
    """The first day of a month, since 1970."""
    return int(np.datetime64(month, "M").astype("datetime64[D]").astype(np.int64))
