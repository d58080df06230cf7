"""Points as departments state them, located: CGCS2000 degrees, and the district, town and village of the boundaries in force.

Belongs here: a function of rows and boundaries. Not here: reading and writing tables (step.py).
"""

import numpy as np
import polars as pl

from expectations.rules.coordinates import SYSTEMS, Degrees, to_cgcs2000
from yishu.spatial.boundaries import Boundaries

LOCATED, OUTSIDE, SWAPPED, FAR = "located", "outside", "swapped", "far"
POINTS = {"key": pl.String, "system": pl.String, "source_east": pl.Float64, "source_north": pl.Float64}
FOUND = {
    "longitude": pl.Float64,
    "latitude": pl.Float64,
    "division": pl.String,
    "town": pl.String,
    "village": pl.String,
    "town_name": pl.String,
    "village_name": pl.String,
    "state": pl.String,
}
_DECIMALS = 9  # a tenth of a millimetre


def locate(points: pl.DataFrame, boundaries: Boundaries) -> pl.DataFrame:
    """`points` (POINTS) with FOUND: longitude and latitude in degrees, CGCS2000; all of it null where a coordinate or the system is missing.

    state: `located` in the city; `outside` near it; `swapped` in it once east and north are exchanged; `far` elsewhere. What is far
    or swapped has no longitude and latitude: such figures are not the point.
    """
    empty = pl.DataFrame(schema={**POINTS, **FOUND})
    systems = [name for name in SYSTEMS if name in points["system"].unique()]
    parts = [_of_system(points.filter(_complete() & (pl.col("system") == name)), name, boundaries) for name in systems]
    unknown = points.filter(~(_complete() & pl.col("system").is_in(SYSTEMS)).fill_null(False))
    return pl.concat([empty, *parts, unknown.with_columns(pl.lit(None, kind).alias(name) for name, kind in FOUND.items())])


def _complete() -> pl.Expr:
    return pl.col("source_east").is_not_null() & pl.col("source_north").is_not_null()


def _of_system(points: pl.DataFrame, system: str, boundaries: Boundaries) -> pl.DataFrame:
    east, north = points["source_east"].to_numpy(), points["source_north"].to_numpy()
    longitude, latitude = (np.round(degrees, _DECIMALS) for degrees in to_cgcs2000(east, north, system))
    codes = boundaries.assign(longitude, latitude)
    inside = np.array([code is not None for code in codes["division"]], dtype=np.bool_)
    near = inside | _near(longitude, latitude, boundaries)
    lost = np.flatnonzero(~inside)
    turned = boundaries.assign(*to_cgcs2000(north[lost], east[lost], system))["division"]
    state = np.where(inside, LOCATED, np.where(near, OUTSIDE, FAR)).astype(np.object_)
    state[lost[[code is not None for code in turned]]] = SWAPPED
    kept = np.isin(state, (LOCATED, OUTSIDE)) if boundaries.codes else np.isfinite(longitude) & np.isfinite(latitude)
    columns = {
        "longitude": pl.Series(np.where(kept, longitude, np.nan)).fill_nan(None),
        "latitude": pl.Series(np.where(kept, latitude, np.nan)).fill_nan(None),
        # As lists: of an array that begins with None polars makes objects, not text.
        **{level: pl.Series(codes[level].tolist(), dtype=pl.String) for level in ("division", "town", "village")},
        # Boundaries that have never come put nobody outside.
        "state": pl.Series(state.tolist() if boundaries.codes else [None] * len(state), dtype=pl.String),
    }
    frame = points.with_columns(values.alias(name) for name, values in columns.items())
    names = {f"{level}_name": pl.col(level).replace_strict(boundaries.titles, default=None, return_dtype=pl.String) for level in ("town", "village")}
    return frame.with_columns(**names).select(*POINTS, *FOUND)


def _near(longitude: Degrees, latitude: Degrees, boundaries: Boundaries) -> np.ndarray:
    """Not farther from the city's box than half its size."""
    if not boundaries.codes:
        return np.zeros(len(longitude), dtype=np.bool_)
    west, south, east, north = boundaries.box
    wide, high = (east - west) / 2, (north - south) / 2
    return (west - wide <= longitude) & (longitude <= east + wide) & (south - high <= latitude) & (latitude <= north + high)
