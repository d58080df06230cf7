"""Divisions and their boundaries, names of places, grid cells, facilities. Habits: boundaries as survey offices keep them, projected, in
metres; the city management copies points from whatever map is at hand and says which."""

from functools import lru_cache

import numpy as np
import polars as pl
import shapely

from expectations.rules.coordinates import BD09, CGCS2000, GCJ02, from_cgcs2000
from yishu.sample import coordinates, land
from yishu.sample.chance import Ints
from yishu.sample.coordinates import fixed, written
from yishu.sample.places import DIVISION_CODES, TOWN_DIVISIONS, TOWNS
from yishu.sample.tables.addresses import site_points
from yishu.sample.tables.text import codes
from yishu.sample.vocabulary import DIVISIONS
from yishu.sample.world import World

PROJECTION = "EPSG:4547"  # 3 degrees about 114 east
_CITY, _SINCE, _SURVEYED, _MERGED = ("410400", "平顶山市"), "2000-01-01", "2012-01-01", "2015-07-01"
_MERGED_AWAY = 600  # one community in so many once had a neighbour that was merged into it
_NAMED, _CELLED, _SITES_A_FACILITY = 16, 12, 9  # one in so many
_SYSTEMS = (CGCS2000, GCJ02, BD09, PROJECTION)
_CALLED = (("CGCS2000", CGCS2000), ("国测局坐标", GCJ02), ("百度坐标", BD09), (PROJECTION, PROJECTION))  # a name, or the code


@lru_cache
def _register() -> pl.DataFrame:
    """Every division there is or was, coarse ones first: code, name, level, parent, end, successor."""
    at, towns, villages = land.communities(), land.town_codes(), land.village_codes()
    counties = [(code, name, "2", _CITY[0], None, None) for code, name, _, _ in DIVISIONS]
    of_towns = [(code, TOWNS[n], "3", DIVISION_CODES[TOWN_DIVISIONS[n]], None, None) for n, code in enumerate(towns)]
    of_villages = [(code, name, "4", towns[at.town[n]], None, None) for n, (code, name) in enumerate(zip(villages, land.names(), strict=True))]
    gone = [(f"{into[:9]}9{into[10:]}", f"旧{name}", "4", into[:9], _MERGED, into) for into, name, *_ in of_villages[::_MERGED_AWAY]]
    names = ("code", "name", "level", "parent", "until", "successor")
    rows = [(*_CITY, "1", None, None, None), *counties, *of_towns, *of_villages, *gone]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def registered(world: World) -> Ints:
    return np.arange(_register().height, dtype=np.int64)


def divisions(world: World, positions: Ints) -> pl.DataFrame:
    chosen = _register()[positions]
    return chosen.select(
        pl.Series("_subject", positions), division_code="code", division_name="name", level="level", parent_code="parent",
        valid_from_date=pl.lit(_SINCE), valid_until_date="until", successor_code="successor",
    )  # fmt: skip


@lru_cache
def _surveys() -> pl.DataFrame:
    """Each area that was ever surveyed, as text: of what was merged away the ground of its successor, until then."""
    areas = land.areas()
    known = _register().filter(pl.col("level") != "1").with_columns(ground=pl.coalesce("successor", "code"))
    shapes = shapely.transform([areas[code] for code in known["ground"]], _projected)
    texts = shapely.to_wkt(shapes, rounding_precision=coordinates.METRES)
    return known.with_columns(pl.Series("shape", texts), pl.Series("square_metres", np.round(shapely.area(shapes)).astype(np.int64)))


def _projected(points: "np.ndarray") -> "np.ndarray":
    return np.column_stack(from_cgcs2000(points[:, 0], points[:, 1], PROJECTION))


def surveyed(world: World) -> Ints:
    return np.arange(_surveys().height, dtype=np.int64)


def boundaries(world: World, positions: Ints) -> pl.DataFrame:
    chosen = _surveys()[positions]
    return chosen.select(
        pl.Series("_subject", positions), division_code="code", valid_from_date=pl.when(pl.col("until").is_null()).then(pl.lit(_SURVEYED)).otherwise(
            pl.lit(_SINCE)), valid_until_date="until", division_name="name", shape="shape",
        area_square_kilometres=fixed(np.maximum(chosen["square_metres"].to_numpy(), 100) // 100, 4),
    )  # fmt: skip


def _communities_one_in(step: int) -> Ints:
    return np.arange(0, len(land.communities().town), step, dtype=np.int64)


def named(world: World) -> Ints:
    return _communities_one_in(_NAMED)


def place_names(world: World, positions: Ints) -> pl.DataFrame:
    town = land.communities().town[positions]
    longitude, latitude = written(*coordinates.points(positions, np.zeros_like(positions)))
    division = pl.Series(DIVISION_CODES).gather(np.array(TOWN_DIVISIONS)[town])
    return pl.DataFrame(
        {
            "_subject": positions,
            "place_code": division + codes(positions + 1, 6),
            "place_name": pl.Series(TOWNS).gather(town) + pl.Series(land.names()).gather(positions),
            "kind": ["居民点"] * len(positions),
            "division_code": division,
            "town": pl.Series(TOWNS).gather(town),
            "longitude_degrees": longitude,
            "latitude_degrees": latitude,
            "approved_date": ["2014/12/31"] * len(positions),
        }
    )


def celled(world: World) -> Ints:
    return _communities_one_in(_CELLED)


def grid_cells(world: World, positions: Ints) -> pl.DataFrame:
    village = pl.Series(land.village_codes()).gather(positions)
    east, north = written(*coordinates.points(positions, np.ones_like(positions)), PROJECTION)
    return pl.DataFrame(
        {
            "_subject": positions,
            "grid_code": village + "001",
            "grid_name": pl.Series(land.names()).gather(positions) + "第一网格",
            "village_code": village,
            "division_code": village.str.slice(0, 6),
            "area_square_metres": fixed(9_000_00 + positions * 37 % 3_000_00, 2),
            "centre_east_metres": east,
            "centre_north_metres": north,
        }
    )


def standing(world: World) -> Ints:
    """The first sites have facilities before their doors: a city that grows keeps what it has."""
    return np.arange(0, len(world.estate.sites), _SITES_A_FACILITY, dtype=np.int64)


def facilities(world: World, positions: Ints) -> pl.DataFrame:
    sites = world.estate.sites.take(positions)
    points, number = site_points(sites), positions // _SITES_A_FACILITY
    system = number % len(_SYSTEMS)
    texts = [written(*points, name) for name in _SYSTEMS]
    east, north = (_chosen([pair[axis] for pair in texts], system) for axis in (0, 1))
    called = [pl.Series([names[n] for names in _CALLED]).gather(system) for n in (0, 1)]
    return pl.DataFrame(
        {
            "_subject": positions,
            "facility_code": pl.Series(DIVISION_CODES).gather(sites.division) + codes(number + 1, 8),
            "facility_kind": pl.Series(["公共厕所", "垃圾收集点", "停车场", "消防栓"]).gather(number % 4),
            "division_code": pl.Series(DIVISION_CODES).gather(sites.division),
            "town": pl.Series(TOWNS).gather(sites.town),
            "coordinate_system": _chosen(called, number % 2),
            "east": east,
            "north": north,
            "installed_date": ["2019-06-30"] * len(positions),
        }
    )


def _chosen(columns: list[pl.Series], which: Ints) -> pl.Series:
    """From each row the value of the column that its number says."""
    together = pl.DataFrame({f"{n}": values for n, values in enumerate(columns)}).with_columns(pl.Series("_which", which))
    return together.select(pl.coalesce(pl.when(pl.col("_which") == n).then(f"{n}") for n in range(len(columns)))).to_series()
