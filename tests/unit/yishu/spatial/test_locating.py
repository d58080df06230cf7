"""Points as departments state them: each system comes to the same place, and what is no place is told apart."""

import numpy as np
import polars as pl
import pytest

from expectations.rules.coordinates import SYSTEMS, from_cgcs2000
from yishu.spatial.boundaries import Boundaries
from yishu.spatial.locating import POINTS, locate


def points(*rows: tuple[str, str | None, float | None, float | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=POINTS, orient="row")


def state(boundaries: Boundaries, east: float | None, north: float | None, system: str | None = "EPSG:4490") -> str | None:
    found = locate(points(("a", system, east, north)), boundaries)
    assert (found["longitude"].item() is None) == (found["state"].item() not in ("located", "outside"))
    return found["state"].item()


def test_the_same_place_is_found_whatever_the_system(city: Boundaries) -> None:
    there = np.array([113.15]), np.array([33.02])
    stated = [from_cgcs2000(*there, system) for system in SYSTEMS]
    found = locate(points(*((system, system, east[0], north[0]) for system, (east, north) in zip(SYSTEMS, stated, strict=True))), city)
    assert found["key"].to_list() == list(SYSTEMS)
    assert found["longitude"].is_close(113.15, abs_tol=1e-8).all() and found["latitude"].is_close(33.02, abs_tol=1e-8).all()
    assert set(found["village"]) == {"410402001002"} and set(found["town_name"]) == {"名410402001"}


def test_the_department_s_own_figures_and_system_stay_beside_what_was_found(city: Boundaries) -> None:
    given = points(("a", "GCJ-02", 113.15, 33.02), ("b", None, None, 33.0))
    assert locate(given, city).select(*POINTS).sort("key").equals(given)


def test_points_outside_the_city_swapped_and_far_are_told_apart(city: Boundaries) -> None:
    assert state(city, 113.05, 33.05) == "located"
    assert state(city, 113.05, 33.25) == "outside"
    assert state(city, 33.05, 113.05) == "swapped"
    assert state(city, 0.0, 0.0) == "far"
    assert state(city, 116.4, 39.9) == "far"


def test_a_point_that_lies_nowhere_stands_in_nobodys_way_wherever_it_comes(city: Boundaries) -> None:
    near, far = ("near", "EPSG:4490", 113.05, 33.05), ("far", "EPSG:4490", 0.0, 0.0)
    for rows in ((far, near), (near, far), (far, far)):
        assert locate(points(*rows), city)["state"].to_list() == [{"near": "located", "far": "far"}[key] for key, *_ in rows]


def test_a_swapped_point_of_a_projection_is_seen_as_well(city: Boundaries) -> None:
    east, north = from_cgcs2000(np.array([113.05]), np.array([33.05]), "EPSG:4547")
    assert state(city, east[0], north[0], "EPSG:4547") == "located"
    assert state(city, north[0], east[0], "EPSG:4547") == "swapped"


@pytest.mark.parametrize("row", [(None, 33.05, "EPSG:4490"), (113.05, None, "GCJ-02"), (113.05, 33.05, None), (113.05, 33.05, "地方坐标")])
def test_without_a_coordinate_or_a_known_system_nothing_is_said(city: Boundaries, row: tuple[float | None, float | None, str | None]) -> None:
    assert state(city, *row) is None
