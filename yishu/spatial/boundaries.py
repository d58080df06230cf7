"""The boundaries in force on a day, and which of them a point lies in.

Belongs here: geometry in CGCS2000 degrees. Not here: the systems of the points (expectations/rules/coordinates.py), reading pools (step.py).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely

from expectations.rules.coordinates import CGCS2000, Degrees, to_cgcs2000

# Digits of a division's code, the finest first: who is in the village is in its town and its county (GB/T 2260, and 3 digits a level below).
LEVELS = {"village": 12, "town": 9, "division": 6}
SCHEMA = {"code": pl.String, "title": pl.String, "geometry": pl.String, "valid_from": pl.Date, "valid_until": pl.Date, "system": pl.String}


@dataclass(frozen=True)
class Boundaries:
    """codes: ascending; shapes: a valid area for each; digest: the same for the same boundaries."""

    codes: tuple[str, ...]
    titles: Mapping[str, str]
    shapes: npt.NDArray[np.object_]
    digest: str

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the city."""
        west, south, east, north = shapely.total_bounds(self.shapes)
        return float(west), float(south), float(east), float(north)

    def assign(self, longitude: Degrees, latitude: Degrees) -> dict[str, npt.NDArray[np.object_]]:
        """For each level the code of the division in which each point lies, None where in none.

        Level after level, each only for the points that no finer one holds. A point on a common border belongs to the smaller code, so
        that a rebuild says the same.
        """
        found = {level: np.full(len(longitude), None, dtype=np.object_) for level in LEVELS}
        rest = np.flatnonzero(np.isfinite(longitude) & np.isfinite(latitude))
        for digits in LEVELS.values():
            inside, codes = self._within(longitude[rest], latitude[rest], digits)
            for coarser, length in LEVELS.items():
                if length <= digits:
                    found[coarser][rest[inside]] = [code[:length] for code in codes]
            rest = np.delete(rest, inside)
        return found

    def _within(self, longitude: Degrees, latitude: Degrees, digits: int) -> tuple[npt.NDArray[np.int64], list[str]]:
        """Positions of the points that lie in an area of this level, and its code for each."""
        level = [at for at, code in enumerate(self.codes) if len(code) == digits]
        if not level or not len(longitude):
            return np.zeros(0, dtype=np.int64), []
        # The tree is one of points: GEOS prepares what is asked with, and an area is asked once for all its points.
        area, point = shapely.STRtree(shapely.points(longitude, latitude)).query(self.shapes[level], predicate="intersects")
        order = np.lexsort((area, point))
        area, point = area[order], point[order]
        first = np.ones(len(point), dtype=np.bool_)
        first[1:] = point[1:] != point[:-1]
        codes = [self.codes[at] for at in level]
        return point[first].astype(np.int64), [codes[at] for at in area[first]]


def in_force(rows: pl.DataFrame, on: date) -> Boundaries:
    """The boundaries that hold on that day: of SCHEMA, geometry as WKT in `system`. What is no area is left out; of several for one
    division the youngest holds."""
    holds = (pl.col("valid_from") <= on) & (pl.col("valid_until").is_null() | (pl.col("valid_until") > on))
    known = rows.filter(holds & pl.col("geometry").is_not_null()).sort("code", "valid_from", "geometry")
    chosen = known.unique("code", keep="last", maintain_order=True)
    shapes = np.full(chosen.height, None, dtype=np.object_)
    for system in chosen["system"].unique():
        own = (chosen["system"] == system).to_numpy()
        shapes[own] = areas(chosen["geometry"].filter(pl.Series(own)), system)
    usable = ~shapely.is_missing(shapes)
    chosen = chosen.filter(pl.Series(usable, dtype=pl.Boolean))
    told = "\n".join(" ".join(row) for row in chosen.select(pl.col("code", "title", "system", "geometry").fill_null("")).iter_rows())
    titles = dict(chosen.select("code", "title").iter_rows())
    return Boundaries(tuple(chosen["code"]), titles, shapes[usable], hashlib.sha256(told.encode()).hexdigest()[:16])


def areas(texts: pl.Series, system: str) -> npt.NDArray[np.object_]:
    """Areas in CGCS2000 of their WKT; None where the text is none, or no area. Rings that cross themselves are mended."""
    shapes = np.atleast_1d(shapely.from_wkt(texts.to_list(), on_invalid="ignore"))
    shapes[~np.isin(shapely.get_type_id(shapes), (3, 6))] = None

    def moved(points: Any) -> Any:
        return np.column_stack(to_cgcs2000(points[:, 0], points[:, 1], system))

    if system != CGCS2000:
        shapes = shapely.transform(shapes, moved)
    crossed = ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)
    shapes[crossed] = shapely.make_valid(shapes[crossed])
    return np.asarray(shapes, dtype=np.object_)
