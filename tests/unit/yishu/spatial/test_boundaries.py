"""Which division a point lies in: by the boundaries in force, the finest level that holds it, the same answer every time."""

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.rules.coordinates import BD09, GCJ02, from_cgcs2000
from tests.unit.yishu.spatial.conftest import CITY, LONG_AGO, TODAY, boundary_rows, square
from yishu.spatial.boundaries import Boundaries, in_force


def where(boundaries: Boundaries, longitude: float, latitude: float) -> tuple[Any, ...]:
    found = boundaries.assign(np.array([longitude]), np.array([latitude]))
    return tuple(found[level][0] for level in ("division", "town", "village"))


def test_a_point_in_a_village_is_in_its_town_and_its_county(city: Boundaries) -> None:
    assert where(city, 113.05, 33.05) == ("410402", "410402001", "410402001001")


def test_a_point_outside_every_village_still_has_its_county(city: Boundaries) -> None:
    assert where(city, 113.05, 33.15) == ("410402", None, None)
    assert where(city, 113.3, 33.1) == ("410403", None, None)
    assert where(city, 114.0, 33.1) == (None, None, None)


def test_a_point_on_a_common_border_belongs_to_the_smaller_code(city: Boundaries) -> None:
    assert where(city, 113.1, 33.05)[2] == "410402001001"
    assert where(city, 113.2, 33.15)[0] == "410402"


def test_the_boundary_that_holds_on_the_day_counts() -> None:
    moved = date(2020, 7, 1)
    rows = boundary_rows(("410402", square(113.0, 33.0, 113.2, 33.2), LONG_AGO, moved), ("410402", square(113.0, 33.0, 113.4, 33.2), moved, None))
    assert where(in_force(rows, date(2020, 6, 30)), 113.3, 33.1) == (None, None, None)
    assert where(in_force(rows, moved), 113.3, 33.1) == ("410402", None, None)


def test_the_order_of_rows_changes_nothing() -> None:
    rows = boundary_rows(*CITY)
    assert in_force(rows.reverse(), TODAY).digest == in_force(rows, TODAY).digest


def test_boundaries_of_a_map_are_brought_to_cgcs2000() -> None:
    corners = np.array([[113.0, 33.0], [113.2, 33.0], [113.2, 33.2], [113.0, 33.2]])
    for system in (GCJ02, BD09, "EPSG:4547"):
        shape = shapely.Polygon(np.column_stack(from_cgcs2000(corners[:, 0], corners[:, 1], system)))
        found = in_force(boundary_rows(("410402", shape.wkt, LONG_AGO, None), system=system), TODAY)
        assert where(found, 113.001, 33.1)[0] == where(found, 113.199, 33.199)[0] == "410402"
        assert where(found, 113.201, 33.1)[0] is None


@pytest.mark.parametrize("wkt", ["", "POLYGON ((1 2", "POINT (113 33)", None])
def test_what_is_no_area_holds_no_point_and_spoils_no_other(wkt: str | None) -> None:
    rows = boundary_rows(*CITY[3:]).vstack(boundary_rows(("410404", wkt, LONG_AGO, None)))  # type: ignore[arg-type]  # a null is what is tried
    assert in_force(rows, TODAY).codes == ("410402", "410403")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=3, max_size=25, unique=True))
def test_of_a_partition_each_point_belongs_to_the_nearest_seed(seeds: list[tuple[int, int]]) -> None:
    at = np.array(seeds) / 1000 + [113.0, 33.0]
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(at), extend_to=shapely.box(112.9, 32.9, 113.6, 33.6), ordered=True))
    boundaries = in_force(boundary_rows(*((f"410402001{n:03d}", cell.wkt, LONG_AGO, None) for n, cell in enumerate(cells))), TODAY)
    points = np.random.default_rng(1).uniform([113.0, 33.0], [113.4, 33.4], (200, 2))
    away = np.hypot(points[:, None, 0] - at[None, :, 0], points[:, None, 1] - at[None, :, 1])
    near = np.sort(away, axis=1)
    clear = near[:, 1] - near[:, 0] > 1e-9  # of two that are equally near nobody can say
    found = boundaries.assign(points[:, 0], points[:, 1])["village"]
    assert found[clear].tolist() == [f"410402001{n:03d}" for n in away.argmin(axis=1)[clear]]


def test_without_boundaries_nothing_lies_anywhere() -> None:
    empty = in_force(pl.DataFrame(schema=boundary_rows(*CITY).schema), TODAY)
    assert where(empty, 113.05, 33.05) == (None, None, None)
