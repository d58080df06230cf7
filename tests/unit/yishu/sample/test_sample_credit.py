"""Bodies, decisions and certificates of the synthetic city: right in themselves, one world for all who write them down."""

import numpy as np
import polars as pl
import pytest

from expectations.rules.codes import VALID
from yishu.catalogue import load_catalogue
from yishu.sample.changes import advance
from yishu.sample.tables import TABLES
from yishu.sample.world import World, found_world

FIRST_DAY, DAYS = 20_513, 6
CATALOGUE = load_catalogue()
WRITTEN = [name for name in TABLES if name.startswith(("credit_office", "taxation", "court", "transport", "emergency", "establishment", "government"))
           or name.endswith((".certificate", ".administrative_permit", ".administrative_penalty", ".social_organisation"))]  # fmt: skip


@pytest.fixture(scope="module")
def world() -> World:
    made = found_world(9000, 5, FIRST_DAY)
    for day in range(2, DAYS + 2):
        advance(made, 5, day, np.zeros(0, dtype=np.int64))
    return made


def rows(world: World, name: str) -> pl.DataFrame:
    return TABLES[name].build(world, TABLES[name].subjects(world))


@pytest.mark.parametrize("name", WRITTEN)
def test_every_identifier_is_valid_and_every_key_stands_once(world, name):
    written, resource = rows(world, name), CATALOGUE.resources[name]
    assert written.height > 0 and written.select(resource.key).is_duplicated().sum() == 0
    for item in resource.items:
        if item.type in VALID:
            assert VALID[item.type](written[item.name]).drop_nulls().all(), item.name
        if item.required:
            assert written[item.name].null_count() == 0, item.name


@pytest.mark.parametrize(("collected", "departments"), [
    ("credit_office.administrative_permit", ("market_regulation.administrative_permit", "transport.administrative_permit")),
    ("credit_office.administrative_penalty", ("market_regulation.administrative_penalty", "emergency_management.administrative_penalty")),
    ("government_services.certificate", ("market_regulation.certificate", "transport.certificate")),
])  # fmt: skip
def test_what_is_collected_is_what_the_departments_hold_a_little_later(world, collected, departments):
    key = CATALOGUE.resources[collected].key[0]
    own = pl.concat([rows(world, name).select("_subject", key) for name in departments])
    assert own[key].n_unique() == own.height
    central = rows(world, collected).select("_subject", key)
    late = own.join(central, on="_subject", how="anti")
    assert 0 < late.height < own.height / 10
    both = own.join(central, on="_subject", suffix="_central")
    assert (both[key] == both[f"{key}_central"]).all()


def test_the_credit_office_has_each_decision_as_it_was_taken(world):
    own, central = rows(world, "market_regulation.administrative_permit"), rows(world, "credit_office.administrative_permit")
    both = own.join(central, on="_subject", suffix="_central")
    assert both.height and (both["content"] == both["content_central"]).all()
    assert (both["state"] == both["state_central"]).all()


def test_points_lie_in_the_range_of_their_grade(world):
    bounds = {"A": (90, 100), "B": (70, 90), "M": (70, 90), "C": (40, 70), "D": (0, 40)}
    for grade, points in rows(world, "taxation.tax_credit").select("tax_grade", pl.col("tax_points").cast(float)).iter_rows():
        assert bounds[grade][0] <= points <= bounds[grade][1]


def test_the_organisation_code_of_an_institution_is_the_one_in_its_credit_code(world):
    written = rows(world, "establishment_office.public_institution")
    assert (written["credit_code"].str.slice(8, 9) == written["organisation_code"]).all()
    assert written["credit_code"].str.starts_with("12").all()


def test_a_permit_in_force_is_held_by_the_living_or_forgotten_by_its_authority(world):
    permits = world.credit.permits
    table = rows(world, "market_regulation.administrative_permit")
    entity = permits.entity[table["_subject"].to_numpy()]
    closed = (entity >= 0) & (world.entities.status[np.maximum(entity, 0)] != 1)
    in_force = (table["state"] == "1").to_numpy()
    assert 0 < (closed & in_force).sum() < closed.sum()


def test_a_fine_is_written_in_ten_thousand_yuan_with_six_decimals(world):
    fines = rows(world, "credit_office.administrative_penalty")["fine_wan_yuan"].drop_nulls()
    assert fines.str.contains(r"^\d+\.\d{6}$").all()
    assert fines.cast(float).max() <= 12
