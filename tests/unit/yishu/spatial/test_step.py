"""The step that locates all pools: a function of them, written only where it differs, moved by boundaries."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from expectations.rules.coordinates import from_cgcs2000
from tests.unit.yishu.spatial.conftest import LONG_AGO
from yishu.catalogue import load_catalogue
from yishu.lake import delta
from yishu.lake.pins import current_pin
from yishu.lake.pool import pool_path
from yishu.spatial import step
from yishu.spatial.step import Settled, located_path, read_located, settle

CATALOGUE = load_catalogue()
BOUNDARY, PLATE = CATALOGUE.resources["natural_resources.boundary"], CATALOGUE.resources["public_security.door_plate"]
FACILITY = CATALOGUE.resources["city_management.facility"]


def pool(data: Path, resource: Any, key: str, *rows: dict[str, Any]) -> None:
    """The pool of a resource holds these rows and no others."""
    columns = {name: pl.Series([row.get(name) for row in rows], strict=False) for name in dict.fromkeys(name for row in rows for name in row)}
    path = pool_path(data, resource)
    frame = pl.DataFrame(columns).with_columns(_key=pl.col(key), _absent_count=pl.lit(0, pl.Int64))
    delta.replace(path, frame, key=f"test-{delta.version(path)}", actor="test")


def ground(west: float, east: float) -> str:
    """A square of the city's latitude in the system in which boundaries are delivered."""
    corners = np.array([[west, 33.0], [east, 33.0], [east, 33.2], [west, 33.2], [west, 33.0]])
    points = np.column_stack(from_cgcs2000(corners[:, 0], corners[:, 1], "EPSG:4547"))
    return "POLYGON ((" + ", ".join(f"{x:.3f} {y:.3f}" for x, y in points) + "))"


def surveyed(data: Path, *areas: tuple[str, float, float]) -> None:
    common = {"valid_from_date": LONG_AGO, "valid_until_date": date(2099, 1, 1)}
    pool(data, BOUNDARY, "division_code", *({"division_code": c, "division_name": c, "shape": ground(w, e), **common} for c, w, e in areas))


def plated(data: Path, *points: tuple[str, float, float]) -> None:
    rows = []
    for code, longitude, latitude in points:
        east, north = from_cgcs2000(np.array([longitude]), np.array([latitude]), "GCJ-02")
        rows.append({"address_code": code, "longitude_degrees": float(east[0]), "latitude_degrees": float(north[0])})
    pool(data, PLATE, "address_code", *rows)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(step, "business_date", lambda data: date(2026, 3, 1))
    surveyed(tmp_path, ("410402", 113.0, 113.2), ("410403", 113.2, 113.4))
    plated(tmp_path, ("a", 113.1, 33.1), ("b", 113.3, 33.1))
    return tmp_path


def settled(data: Path) -> Settled:
    return settle(data, CATALOGUE, current_pin(data, CATALOGUE), actor="test")


def divisions(data: Path) -> dict[str, str]:
    located = read_located(data, PLATE, delta.version(located_path(data)))
    return dict(located.select("key", "division").iter_rows())


def test_points_of_a_map_are_located_in_the_projected_boundaries(data: Path) -> None:
    assert settled(data) == Settled(rows=2, anew=2, written=True)
    assert divisions(data) == {"a": "410402", "b": "410403"}


def test_a_second_run_locates_nothing_and_writes_nothing(data: Path) -> None:
    settled(data)
    before = delta.version(located_path(data))
    assert settled(data) == Settled(rows=2, anew=0, written=False)
    assert delta.version(located_path(data)) == before


def test_only_what_moved_is_located_anew_and_the_result_is_that_of_a_fresh_start(data: Path) -> None:
    settled(data)
    plated(data, ("a", 113.1, 33.1), ("b", 113.11, 33.1), ("c", 113.35, 33.1))
    assert settled(data) == Settled(rows=3, anew=2, written=True)
    assert divisions(data) == {"a": "410402", "b": "410402", "c": "410403"}
    kept = delta.read(located_path(data)).sort("key")
    located_path(data).rename(data / "set_aside")
    assert settled(data).anew == 3
    assert delta.read(located_path(data)).sort("key").equals(kept)


def test_another_boundary_moves_the_points_that_stood_still(data: Path) -> None:
    settled(data)
    surveyed(data, ("410402", 113.0, 113.35), ("410403", 113.35, 113.4))
    assert settled(data) == Settled(rows=2, anew=2, written=True)
    assert divisions(data) == {"a": "410402", "b": "410402"}


def test_what_comes_back_to_old_figures_is_written_again(data: Path) -> None:
    settled(data)
    plated(data, ("a", 113.3, 33.1), ("b", 113.3, 33.1))
    settled(data)
    plated(data, ("a", 113.1, 33.1), ("b", 113.3, 33.1))
    assert settled(data).written
    assert divisions(data) == {"a": "410402", "b": "410403"}


def test_each_row_may_state_its_own_system(data: Path) -> None:
    rows = []
    for system in ("EPSG:4490", "GCJ-02", "BD-09", "EPSG:4547"):
        east, north = from_cgcs2000(np.array([113.3]), np.array([33.1]), system)
        rows.append({"facility_code": system, "coordinate_system": system, "east": float(east[0]), "north": float(north[0])})
    pool(data, FACILITY, "facility_code", *rows)
    settled(data)
    located = read_located(data, FACILITY, delta.version(located_path(data)))
    assert set(located["division"]) == {"410403"} and located.height == 4
    assert located["longitude"].is_close(113.3, abs_tol=1e-7).all()
