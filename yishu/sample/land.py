"""The city's land: communities about their towns, and the areas that divide it among villages, towns and counties.

Made up, from the vocabulary alone, the same in every city: each community has a seed, and what lies nearest to it belongs to it. So
the areas are a partition, and where a point lies can be told without them. CGCS2000; whole millionths of a degree for points.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely

from yishu.sample.chance import Ints
from yishu.sample.places import DIVISION_CODES, ROAD, TOWN_DIVISIONS, TOWNS, VILLAGE
from yishu.sample.vocabulary import DIVISION_CENTRES, QUARTERS, ROADS, VILLAGES

Floats = npt.NDArray[np.float64]
_TOWN_REACH = 0.75  # of the division's reach
_GOLDEN_ANGLE = 2.399963
_APART = 0.9 * np.sqrt(np.pi)  # how far seeds of a sunflower of radius 1 lie apart, times the root of their number
_OUTSKIRTS = 0.02  # degrees beyond the outermost communities
_IN_TOWNS, _IN_VILLAGES = len(ROADS) + len(QUARTERS), len(VILLAGES)
IS_STREET = np.array([town.endswith("街道") for town in TOWNS])
FIRST_COMMUNITY = np.cumsum([0, *np.where(IS_STREET, _IN_TOWNS, _IN_VILLAGES)])


@dataclass(frozen=True)
class Communities:
    """One entry a community: its town, its place among those of the town, its seed in degrees, how far from it its lots may lie."""

    town: Ints
    slot: Ints
    longitude: Floats
    latitude: Floats
    reach: Floats


def community_of(town: Ints, style: Ints, street: Ints) -> Ints:
    """Position of the community in which such an address lies: roads and quarters are those of 街道, villages of the others."""
    at_home = np.where(style == VILLAGE, street % len(VILLAGES), np.where(style == ROAD, street % len(ROADS), len(ROADS) + street % len(QUARTERS)))
    return np.asarray(FIRST_COMMUNITY[town] + at_home, dtype=np.int64)


@lru_cache
def communities() -> Communities:
    """Towns wind around the centre of their division like the seeds of a sunflower, communities around that of their town."""
    divisions = np.array(TOWN_DIVISIONS)
    sizes = np.bincount(divisions)
    rank = np.arange(len(divisions)) - (np.cumsum(sizes) - sizes)[divisions]
    centre = np.array(DIVISION_CENTRES)[divisions]
    radius = centre[:, 2] * _TOWN_REACH
    east, north = _wound(centre[:, 0], centre[:, 1], radius, rank, sizes[divisions])
    own = np.diff(FIRST_COMMUNITY)
    town = np.repeat(np.arange(len(TOWNS)), own)
    slot = np.arange(len(town)) - FIRST_COMMUNITY[town]
    near = 0.4 * radius * _APART / np.sqrt(sizes[divisions])  # towns keep off each other
    longitude, latitude = _wound(east[town], north[town], near[town], slot, own[town])
    return Communities(town, slot, longitude, latitude, near[town] * _APART / np.sqrt(own[town]) / 4)


def _wound(east: Floats, north: Floats, radius: Floats, rank: Ints, size: Ints) -> tuple[Floats, Floats]:
    away = radius * np.sqrt((rank + 0.5) / size)
    return east + away * np.cos(rank * _GOLDEN_ANGLE), north + away * np.sin(rank * _GOLDEN_ANGLE)


def names() -> list[str]:
    """As the addresses call their communities."""
    roads = [road.removesuffix("大道").removesuffix("路").removesuffix("街") for road in ROADS]
    in_towns, in_villages = [f"{name}社区" for name in (*roads, *QUARTERS)], [f"{name}村" for name in VILLAGES]
    return [name for street in IS_STREET for name in (in_towns if street else in_villages)]


def town_codes() -> list[str]:
    """Nine digits: the division's six; 街道 count from 001, the others from 100."""
    counts: dict[tuple[int, bool], int] = {}
    found = []
    for division, street in zip(TOWN_DIVISIONS, IS_STREET.tolist(), strict=True):
        rank = counts[division, street] = counts.get((division, street), 0) + 1
        found.append(f"{DIVISION_CODES[division]}{rank if street else 99 + rank:03d}")
    return found


def village_codes() -> list[str]:
    """Twelve digits: the town's nine, and the community among those of the town."""
    towns, at = town_codes(), communities()
    return [f"{towns[town]}{slot + 1:03d}" for town, slot in zip(at.town.tolist(), at.slot.tolist(), strict=True)]


@lru_cache
def outline() -> shapely.Geometry:
    """The city's area."""
    at = communities()
    return shapely.buffer(shapely.convex_hull(shapely.multipoints(np.column_stack((at.longitude, at.latitude)))), _OUTSKIRTS, quad_segs=4)


@lru_cache
def areas() -> dict[str, shapely.Geometry]:
    """The area of every village, town and county by its code, coarse ones first."""
    at = communities()
    seeds = shapely.multipoints(np.column_stack((at.longitude, at.latitude)))
    cells = shapely.intersection(shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=outline(), ordered=True)), outline())
    villages = dict(zip(village_codes(), cells, strict=True))
    by_town = {code: shapely.coverage_union_all(cells[at.town == town]) for town, code in enumerate(town_codes())}
    division = np.array(TOWN_DIVISIONS)[at.town]
    by_division = {code: shapely.coverage_union_all(cells[division == place]) for place, code in enumerate(DIVISION_CODES)}
    return by_division | by_town | villages


def whereabouts(longitude: Floats, latitude: Floats) -> pl.DataFrame:
    """For each point whether it lies in the city, and the division, town and village of the nearest seed."""
    at = communities()
    known = np.isfinite(longitude) & np.isfinite(latitude)
    points = shapely.points(np.where(known, longitude, 0.0), np.where(known, latitude, 0.0))
    nearest = shapely.STRtree(shapely.points(at.longitude, at.latitude)).nearest(points)
    town = at.town[nearest]
    shapely.prepare(outline())
    inside = shapely.contains(outline(), points) & known
    told = {
        "division": pl.Series(DIVISION_CODES).gather(np.array(TOWN_DIVISIONS)[town]),
        "town_name": pl.Series(TOWNS).gather(town),
        "village": pl.Series(village_codes()).gather(nearest),
        "village_name": pl.Series(names()).gather(nearest),
    }
    mask = pl.Series(inside)
    return pl.DataFrame({"inside": mask, **{name: values.set(~mask, None) for name, values in told.items()}})
