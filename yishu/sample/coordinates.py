"""Where things lie: made-up points around each division's centre, nobody's door.

CGCS2000 (EPSG:4490), whole millionths of a degree, so that the same place has the same text in every table.
"""

import numpy as np
import numpy.typing as npt
import polars as pl

from yishu.sample.chance import Ints
from yishu.sample.places import TOWN_DIVISIONS
from yishu.sample.vocabulary import DIVISION_CENTRES

_TOWN_REACH, _STREET_REACH, _LOT_REACH = 0.75, 6_000, 1_500  # of the division's reach; millionths of a degree
_GOLDEN_ANGLE = 2.399963


def points(town: Ints, street: Ints, lot: Ints) -> tuple[Ints, Ints]:
    """Longitude and latitude: the town's, shifted for the street, shifted for the lot. Who shares a lot shares the point."""
    longitude, latitude = _towns()
    near = town * 1_000 + street
    return (
        longitude[town] + _scattered(near, 13, _STREET_REACH) + _scattered(lot, 14, _LOT_REACH),
        latitude[town] + _scattered(near, 15, _STREET_REACH) + _scattered(lot, 16, _LOT_REACH),
    )


def _towns() -> tuple[Ints, Ints]:
    """The towns of a division wind around its centre like the seeds of a sunflower: evenly, none on another."""
    divisions = np.array(TOWN_DIVISIONS)
    sizes = np.bincount(divisions)
    rank = np.arange(len(divisions)) - (np.cumsum(sizes) - sizes)[divisions]
    centres = np.array(DIVISION_CENTRES)[divisions]
    away = centres[:, 2] * _TOWN_REACH * np.sqrt((rank + 0.5) / sizes[divisions])
    return (
        _millionths(centres[:, 0] + away * np.cos(rank * _GOLDEN_ANGLE)),
        _millionths(centres[:, 1] + away * np.sin(rank * _GOLDEN_ANGLE)),
    )


def _millionths(degrees: "npt.NDArray[np.float64]") -> Ints:
    return np.round(degrees * 1_000_000).astype(np.int64)


def _scattered(values: Ints, salt: int, reach: int) -> Ints:
    """A number from -reach to reach for each value, the same one for the same value."""
    return np.asarray((values * 2_654_435_761 + salt * 40_503) % 65_521 * (2 * reach) // 65_521 - reach, dtype=np.int64)


def degrees(millionths: Ints) -> pl.Series:
    """As text, with six decimals."""
    return pl.Series(millionths // 1_000_000).cast(pl.String) + "." + pl.Series(millionths % 1_000_000).cast(pl.String).str.zfill(6)
