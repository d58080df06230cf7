"""The coordinate systems that Chinese departments deliver points in, and the way of each to CGCS2000 and back.

Belongs here: the systems by name and the arithmetic, on arrays. Not here: which system a table is in (the catalogue), and what lies
where (yishu/spatial).

CGCS2000 (EPSG:4490) and WGS 84 are taken for one: they differ by centimetres. GCJ-02 and BD-09 are no EPSG systems and have no standard
to cite; the formulas are those that are generally known, and the way back is iterated, so that there and back is the same point.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

Degrees = npt.NDArray[np.float64]
Pair = tuple[Degrees, Degrees]

CGCS2000, GCJ02, BD09 = "EPSG:4490", "GCJ-02", "BD-09"
# 3-degree Gauss-Krüger: with the zone's number before the easting (zones 38 to 41), and by central meridian (114 to 123 degrees east).
PROJECTED = (*(f"EPSG:{code}" for code in range(4526, 4530)), *(f"EPSG:{code}" for code in range(4547, 4551)))
SYSTEMS = (CGCS2000, GCJ02, BD09, *PROJECTED)

_AXIS, _ECCENTRICITY = 6_378_245.0, 0.006_693_421_622_965_943  # the ellipsoid of Krassowski: semi-major axis in metres, and e²
_CHINA = (72.0, 0.0), (138.0, 56.0)  # longitude and latitude, amply
_BD_TURN = np.pi * 3_000 / 180
_ROUNDS = 4  # from a shift of 0.01 degrees to less than 1e-10


def to_cgcs2000(east: Degrees, north: Degrees, system: str) -> Pair:
    """Longitude and latitude in degrees, CGCS2000, of points in `system`: degrees, or metres where it is projected.

    What no point of that system can be becomes NaN: the maps' systems are those of China, and a projection reaches only so far. Raises
    KeyError for a system that is not among SYSTEMS.
    """
    if system in (GCJ02, BD09):
        (west, south), (far_east, far_north) = _CHINA
        here = (west <= east) & (east <= far_east) & (south <= north) & (north <= far_north)
        east, north = np.where(here, east, np.nan), np.where(here, north, np.nan)
    if system == BD09:
        east, north = _inverse(_gcj02_to_bd09, east, north)
    if system in (GCJ02, BD09):
        return _inverse(_to_gcj02, east, north)
    return (east, north) if system == CGCS2000 else _finite(_transformer(system).transform(east, north))


def from_cgcs2000(longitude: Degrees, latitude: Degrees, system: str) -> Pair:
    """The way back: what `to_cgcs2000` turns into these degrees."""
    if system in (GCJ02, BD09):
        shifted = _to_gcj02(longitude, latitude)
        return shifted if system == GCJ02 else _gcj02_to_bd09(*shifted)
    return (longitude, latitude) if system == CGCS2000 else _finite(_transformer(system).transform(longitude, latitude, direction="INVERSE"))


@lru_cache
def _transformer(system: str) -> Any:
    import pyproj  # here, as it takes a tenth of a second: not every process converts

    if system not in PROJECTED:
        raise KeyError(f"坐标系 {system} 不在支持之列：{'、'.join(SYSTEMS)}")
    return pyproj.Transformer.from_crs(system, CGCS2000, always_xy=True)


def _finite(pair: tuple[Any, Any]) -> Pair:
    """PROJ says infinity where a point has no image."""
    east, north = (np.asarray(values, dtype=np.float64) for values in pair)
    return np.where(np.isfinite(east), east, np.nan), np.where(np.isfinite(north), north, np.nan)


def _inverse(forward: Callable[[Degrees, Degrees], Pair], east: Degrees, north: Degrees) -> Pair:
    """The point that `forward` moves onto this one. The shift changes by less than a hundredth over its own length: each round gains
    two decimals or more. The same number of rounds for every point, so that neighbours change nothing."""
    longitude, latitude = east, north
    for _ in range(_ROUNDS):
        moved_east, moved_north = forward(longitude, latitude)
        longitude, latitude = longitude - (moved_east - east), latitude - (moved_north - north)
    return longitude, latitude


def _to_gcj02(longitude: Degrees, latitude: Degrees) -> Pair:
    x, y = longitude - 105.0, latitude - 35.0
    common = (np.sin(6 * np.pi * x) + np.sin(2 * np.pi * x)) * 40 / 3
    root = np.sqrt(np.abs(x))
    metres_north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common + _waves(y, 160, 320)
    metres_east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common + _waves(x, 150, 300)
    angle = np.radians(latitude)
    bend = 1 - _ECCENTRICITY * np.sin(angle) ** 2
    meridian, normal = _AXIS * (1 - _ECCENTRICITY) / bend**1.5, _AXIS / np.sqrt(bend)
    return longitude + np.degrees(metres_east / (normal * np.cos(angle))), latitude + np.degrees(metres_north / meridian)


def _waves(along: Degrees, short: float, long: float) -> Degrees:
    """The four waves that GCJ-02 has along each axis, in metres."""
    turn = np.pi * along
    return np.asarray((20 * np.sin(turn) + 40 * np.sin(turn / 3) + short * np.sin(turn / 12) + long * np.sin(turn / 30)) * 2 / 3)


def _gcj02_to_bd09(longitude: Degrees, latitude: Degrees) -> Pair:
    away = np.hypot(longitude, latitude) + 0.000_02 * np.sin(latitude * _BD_TURN)
    angle = np.arctan2(latitude, longitude) + 0.000_003 * np.cos(longitude * _BD_TURN)
    return away * np.cos(angle) + 0.0065, away * np.sin(angle) + 0.006
