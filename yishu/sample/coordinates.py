"""Where things stand: made-up points close to the seeds of their communities, nobody's door, as departments write them.

The same place has the same text in every table of one system.
"""

import numpy as np
import polars as pl

from expectations.rules.coordinates import CGCS2000, from_cgcs2000
from yishu.sample.chance import Ints
from yishu.sample.land import communities

DEGREES, METRES = 6, 2  # decimals that are written


def points(community: Ints, lot: Ints) -> tuple[Ints, Ints]:
    """Longitude and latitude in millionths of a degree: the community's seed, shifted for the lot. Who shares a lot shares the point."""
    at = communities()
    reach = np.floor(at.reach[community] * 1_000_000).astype(np.int64)
    longitude, latitude = (np.round(values[community] * 1_000_000).astype(np.int64) for values in (at.longitude, at.latitude))
    own = community * 100_000 + lot
    return longitude + _scattered(own, 14, reach), latitude + _scattered(own, 16, reach)


def _scattered(values: Ints, salt: int, reach: Ints) -> Ints:
    """A number from -reach to reach for each value, the same one for the same value."""
    return np.asarray((values * 2_654_435_761 + salt * 40_503) % 65_521 * (2 * reach) // 65_521 - reach, dtype=np.int64)


def written(longitude: Ints, latitude: Ints, system: str = CGCS2000) -> tuple[pl.Series, pl.Series]:
    """Points (millionths of a degree, CGCS2000) as text in a system: degrees with six decimals, metres with two."""
    if system == CGCS2000:
        return fixed(longitude, DEGREES), fixed(latitude, DEGREES)
    places = METRES if system.startswith("EPSG:") else DEGREES
    east, north = from_cgcs2000(longitude / 1_000_000, latitude / 1_000_000, system)
    return tuple(fixed(np.round(values * 10**places).astype(np.int64), places) for values in (east, north))  # type: ignore[return-value]


def fixed(scaled: Ints, places: int) -> pl.Series:
    """Whole numbers of the smallest unit as text, with the point where it belongs."""
    return pl.Series(scaled // 10**places).cast(pl.String) + "." + pl.Series(scaled % 10**places).cast(pl.String).str.zfill(places)
