"""The city's land: a partition of areas, in which every point that a table states lies where the table says."""

import numpy as np
import polars as pl
import pytest
import shapely

from expectations.rules.coordinates import to_cgcs2000
from yishu.catalogue import load_catalogue
from yishu.catalogue.models import Resource
from yishu.sample.land import areas, communities, outline, whereabouts
from yishu.sample.seen_places import with_places
from yishu.sample.tables import TABLES
from yishu.sample.values import value_of
from yishu.sample.world import World, found_world
from yishu.spatial.boundaries import areas as read_areas

CATALOGUE = load_catalogue()
POINTED = sorted(id_ for id_, resource in CATALOGUE.resources.items() if resource.coordinates)
STATED = {"division_code": "located_division", "town": "located_town_name", "village_code": "located_village", "community": "located_village_name"}


@pytest.fixture(scope="module")
def world() -> World:
    return found_world(1500, 5, 20_513)


def read(world: World, resource: Resource) -> pl.DataFrame:
    rows = TABLES[resource.id].build(world, TABLES[resource.id].subjects(world))
    return pl.DataFrame([value_of(rows[item.name], item, CATALOGUE.codes).alias(item.name) for item in resource.items])


def test_areas_of_each_level_cover_the_city_once() -> None:
    for digits in (6, 9, 12):
        shapes = [shape for code, shape in areas().items() if len(code) == digits]
        assert all(shape.geom_type == "Polygon" and shape.is_valid for shape in shapes)
        assert sum(shape.area for shape in shapes) == pytest.approx(outline().area, rel=1e-9)
        assert shapely.coverage_is_valid(shapes)


def test_what_lies_within_reach_of_a_community_is_nearest_to_it() -> None:
    at = communities()
    tree = shapely.STRtree(shapely.points(at.longitude, at.latitude))
    (near, _), apart = tree.query_nearest(tree.geometries, return_distance=True, exclusive=True)
    assert (apart > 2 * np.sqrt(2) * at.reach[near]).all()


@pytest.mark.parametrize("id_", POINTED)
def test_every_point_lies_where_its_row_says(world: World, id_: str) -> None:
    resource = CATALOGUE.resources[id_]
    seen = with_places(read(world, resource), resource)
    assert set(seen["located_state"]) == {"located"}
    for item, found in STATED.items():
        if item in seen.columns:
            both = seen.select(item, found).drop_nulls()
            assert both.height and (both[item] == both[found]).all(), item


def test_the_boundaries_that_are_delivered_say_the_same_as_the_nearest_seed(world: World) -> None:
    delivered = TABLES["natural_resources.boundary"].build(world, TABLES["natural_resources.boundary"].subjects(world))
    villages = delivered.filter((pl.col("division_code").str.len_chars() == 12) & pl.col("valid_until_date").is_null())
    shapes = read_areas(villages["shape"], "EPSG:4547")
    west, south, east, north = outline().bounds
    points = np.random.default_rng(3).uniform([west, south], [east, north], (3_000, 2))
    told = whereabouts(points[:, 0], points[:, 1])
    area, point = shapely.STRtree(shapely.points(points)).query(shapes, predicate="intersects")
    codes = dict(zip(point.tolist(), villages["division_code"].gather(area).to_list(), strict=True))
    assert [codes.get(n) for n in range(len(points))] == told["village"].to_list()
    assert len(codes) > 1_000


def test_facilities_state_every_system_they_may(world: World) -> None:
    rows = read(world, CATALOGUE.resources["city_management.facility"])
    assert set(rows["coordinate_system"]) == {"EPSG:4490", "GCJ-02", "BD-09", "EPSG:4547"}
    projected = rows.filter(pl.col("coordinate_system") == "EPSG:4547")
    longitude, _ = to_cgcs2000(projected["east"].to_numpy(), projected["north"].to_numpy(), "EPSG:4547")
    assert ((longitude > 112) & (longitude < 114)).all()
