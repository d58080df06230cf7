"""Land, houses, addresses and pensions: codes that never change, points where they belong, sources that agree but for a few."""

import re
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

from yishu.sample.changes import advance
from yishu.sample.estate import keys_of
from yishu.sample.people import NONE
from yishu.sample.places import TOWN_DIVISIONS
from yishu.sample.tables import TABLES
from yishu.sample.tables.addresses import site_points
from yishu.sample.vocabulary import DIVISION_CENTRES, DIVISIONS
from yishu.sample.world import World, found_world

FIRST_DAY = (date(2026, 3, 1) - date(1970, 1, 1)).days
LEVELS = ["community", "street", "door_plate_no", "quarter", "building", "unit", "room"]


@pytest.fixture(scope="module")
def first() -> World:
    return found_world(3000, 5, FIRST_DAY)


@pytest.fixture(scope="module")
def later() -> World:
    """The same city after 30 days."""
    grown = found_world(3000, 5, FIRST_DAY)
    for day in range(2, 32):
        advance(grown, 5, day, np.zeros(0, dtype=np.int64))
    return grown


def table(world: World, resource: str) -> pl.DataFrame:
    return TABLES[resource].build(world, TABLES[resource].subjects(world))


def test_every_household_and_every_entity_has_a_site_with_its_own_address(later: World) -> None:
    for at, addresses in ((later.estate.home, later.homes), (later.estate.seat, later.seats)):
        assert len(at) == len(addresses)
        assert (later.estate.sites.key[at] == keys_of(addresses)).all()
    assert len(np.unique(later.estate.sites.key)) == len(later.estate.sites)


@pytest.mark.parametrize("resource", ["civil_affairs.standard_address", "natural_resources.parcel", "natural_resources.real_estate_unit"])
def test_what_stands_keeps_its_code_and_new_things_come_to_it(first: World, later: World, resource: str) -> None:
    key = {"standard_address": "address_code", "parcel": "parcel_code", "real_estate_unit": "unit_code"}[resource.split(".")[1]]
    before, after = table(first, resource)[key], table(later, resource)[key]
    assert after.n_unique() == len(after) > len(before)
    assert after.head(len(before)).equals(before)


def test_a_unit_code_begins_with_its_parcel_and_the_parcel_with_its_division(later: World) -> None:
    units, parcels = table(later, "natural_resources.real_estate_unit"), table(later, "natural_resources.parcel")
    assert (units["unit_code"].str.slice(0, 19) == units["parcel_code"]).all()
    assert units["parcel_code"].is_in(parcels["parcel_code"].implode()).all()
    assert (parcels["parcel_code"].str.slice(0, 6) == parcels["division_code"]).all()
    assert all(re.fullmatch(r"\d{12}(GB|JC)\d{5}F\d{8}", code) for code in units["unit_code"])
    villages = units["location"].str.contains("村.*组")
    assert (units["parcel_code"].str.contains("JC") == villages).all()


def test_an_address_of_a_town_lies_within_reach_of_its_division(later: World) -> None:
    sites = later.estate.sites
    longitude, latitude = site_points(sites)
    centres = np.array(DIVISION_CENTRES)[sites.division]
    for millionths, centre in ((longitude, centres[:, 0]), (latitude, centres[:, 1])):
        assert (np.abs(millionths / 1e6 - centre) < centres[:, 2] + 0.01).all()
    assert len(DIVISION_CENTRES) == len(DIVISIONS) == max(TOWN_DIVISIONS) + 1
    assert 112.2 < longitude.min() / 1e6 < longitude.max() / 1e6 < 113.8
    assert 33.1 < latitude.min() / 1e6 < latitude.max() / 1e6 < 34.4


def test_neighbours_in_a_building_share_their_point_and_their_roof(later: World) -> None:
    buildings = pl.concat([table(later, "civil_affairs.standard_address"), pl.DataFrame({"storeys": later.estate.sites.storeys})], how="horizontal")
    flats = buildings.filter(pl.col("room") != "无").group_by("division_code", "town", "community", "door_plate_no", "building")
    facts = flats.agg(pl.len(), pl.struct("longitude_degrees", "latitude_degrees", "storeys").n_unique().alias("different"))
    assert facts["len"].max() >= 6
    assert facts["different"].max() == 1


def test_a_standard_address_has_no_empty_level_and_its_full_text_names_them_all(later: World) -> None:
    addresses = table(later, "civil_affairs.standard_address")
    assert addresses.null_count().sum_horizontal().item() == 0
    for row in addresses.sample(300, seed=1).iter_rows(named=True):
        named = [row[level] for level in ("town", *LEVELS[1:]) if row[level] != "无"]
        assert [part for part in named if part not in row["full_address"]] == []
    assert addresses["unit"].is_in(["无"]).any() and addresses["street"].is_in(["无"]).any()


def test_departments_tell_the_same_of_one_place(later: World) -> None:
    plates, addresses = table(later, "public_security.door_plate"), table(later, "civil_affairs.standard_address")
    assert 0.5 < plates.height / addresses.height < 0.7
    both = plates.join(addresses, on="address_code", suffix="_standard")
    assert (both["full_address"] == both["full_address_standard"]).all()
    houses, units = table(later, "housing.house"), table(later, "natural_resources.real_estate_unit")
    measured = houses.join(units, on="unit_code", suffix="_standard")
    assert measured.height == houses.height
    assert (measured["storey"] == measured["storey_standard"]).drop_nulls().all()
    for frame, item in ((both, "town"), (measured, "floor_area_square_metres")):
        assert (frame[item] == frame[f"{item}_standard"]).all(), item


def test_a_storey_is_never_above_the_roof(later: World) -> None:
    houses = table(later, "housing.house")
    assert (houses["storey"].cast(pl.Int64) <= houses["storeys"].cast(pl.Int64)).all()


def test_a_sale_brings_another_owner_and_another_certificate_of_that_day(first: World, later: World) -> None:
    before, after = (table(world, "natural_resources.real_estate_unit") for world in (first, later))
    both = before.join(after, on="unit_code", suffix="_later")
    sold = both.filter(pl.col("owner_id") != pl.col("owner_id_later"))
    assert sold.height >= 20
    issued = before["certificate_no"].str.extract(r"第(\d{7})号")
    assert (sold["certificate_no_later"].str.extract(r"第(\d{7})号") > issued.max()).all(), "a number is given once"
    assert sold["registered_date_later"].is_between(pl.lit("2026/03/02"), pl.lit("2026/03/31")).all()
    assert sold["certificate_no_later"].str.starts_with("豫(2026)平顶山市不动产权第").all()
    assert both.filter(pl.col("owner_id") == pl.col("owner_id_later"))["certificate_no_later"].is_in(before["certificate_no"].implode()).all()
    assert after["certificate_no"].n_unique() == after.height


def test_movers_take_dwellings_that_stand_empty_or_new_ones(first: World, later: World) -> None:
    moved = np.flatnonzero(first.estate.home != later.estate.home)
    known = later.estate.home[moved] < len(first.estate.sites)
    assert len(moved) > 10
    assert known.any() and (~known).any()


def test_pensions_are_paid_to_the_living_past_the_age_and_stop_at_death(first: World, later: World) -> None:
    for world in (first, later):
        pensions, persons = world.pensions, world.persons
        person = world.insured.person[pensions.insured]
        assert (persons.birth_day[person] + 60 * 365 < world.today).all()
        assert ((pensions.paid_until == NONE) == (persons.death_day[person] == NONE)).all()
        assert len(np.unique(pensions.insured)) == len(pensions)
    assert len(later.pensions) > len(first.pensions)
    retired = later.insured.take(later.pensions.insured)
    assert (retired.unit == NONE).all() and (retired.base == NONE).all()
    assert (table(later, "human_resources.pension")["person_no"].is_in(table(later, "human_resources.insured_person")["person_no"].implode())).all()


def test_swapped_coordinates_are_wrong_in_both_columns(city: Any) -> None:
    truth = city.truth_of("public_security.door_plate", 1).filter(pl.col("kind") == "swapped_coordinates")
    assert truth.height >= 2
    for line, rules in truth.group_by("line").agg("rule").iter_rows():
        assert set(rules) == {"longitude_degrees.range", "latitude_degrees.range"}
        fields = city.fields("public_security.door_plate", 1, line)
        assert float(fields["longitude_degrees"]) < 35 and float(fields["latitude_degrees"]) > 112
