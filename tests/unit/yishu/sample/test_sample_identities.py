"""Who had another number, who has none, who guards whom, who owns how much: the facts that link one person's records, as the sample means them."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from expectations.rules.identifiers import valid_citizen_id, valid_credit_code
from expectations.suite import load_rules
from yishu.sample.changes import advance
from yishu.sample.tables import TABLES
from yishu.sample.tables.civil_life import marriage_numbers
from yishu.sample.world import World, found_world
from yishu.settings import settings

FIRST = (date(2026, 3, 1) - date(1970, 1, 1)).days


@pytest.fixture(scope="module")
def world() -> World:
    world = found_world(3000, 5, FIRST)
    advance(world, 5, 2, np.zeros(0, dtype=np.int64))
    return world


def rows(world: World, name: str) -> pl.DataFrame:
    return TABLES[name].build(world, TABLES[name].subjects(world))


def test_a_former_number_is_valid_nobodys_now_and_of_the_same_birth_and_sex(world: World) -> None:
    changes = rows(world, "public_security.identifier_change")
    assert changes.height > 5 and valid_citizen_id(changes["former_citizen_id"]).all()
    assert not changes["former_citizen_id"].is_in(world.citizen_id.implode()).any() and not changes["former_citizen_id"].is_duplicated().any()
    assert (changes["former_citizen_id"].str.slice(0, 14) == changes["citizen_id"].str.slice(0, 14)).all()


def test_one_department_uses_the_old_number_of_some_and_no_other_does(world: World) -> None:
    former = rows(world, "public_security.identifier_change")["former_citizen_id"].implode()
    users = {
        name
        for name, table in TABLES.items()
        if name != "public_security.identifier_change" and "citizen_id" in (told := table.build(world, table.subjects(world))).columns
        and told["citizen_id"].is_in(former).any()
    }  # fmt: skip
    assert users == {"housing_fund.deposit_account"}


def test_persons_from_abroad_are_known_by_kind_and_number_and_only_permits_are_citizen_ids(world: World) -> None:
    documents = rows(world, "public_security.travel_document")
    assert not documents.select("document_kind", "document_no").is_duplicated().any()
    permits = documents.filter(pl.col("citizen_id").is_not_null())
    assert set(permits["document_kind"]) == {"601", "602"} and valid_citizen_id(permits["citizen_id"]).all()
    assert set(permits["citizen_id"].str.slice(0, 6)) == {"810000", "830000"} and (permits["citizen_id"] == permits["document_no"]).all()


def test_a_guardian_is_of_another_generation_and_each_minor_has_at_most_two(world: World) -> None:
    guardians = rows(world, "public_security.guardian")
    born = [guardians[item].str.slice(6, 4).cast(pl.Int64) for item in ("citizen_id", "guardian_citizen_id")]
    assert guardians.height > 100 and ((born[0] - born[1]) >= 15).all()
    assert guardians["citizen_id"].value_counts()["count"].max() <= 2


def test_the_shares_of_a_unit_and_of_a_company_add_up_to_the_whole(world: World) -> None:
    shares = rows(world, "natural_resources.right_holder").group_by("unit_code").agg(pl.col("share_percent").cast(pl.Float64).sum())
    assert (shares["share_percent"] == 100).all()
    held = rows(world, "market_regulation.shareholder").group_by("credit_code").agg(pl.col("subscribed_wan_yuan").cast(pl.Float64).sum())
    capital = rows(world, "market_regulation.enterprise").with_columns(pl.col("registered_capital_wan_yuan").cast(pl.Float64))
    both = held.join(capital, on="credit_code")
    assert both.height == held.height and (both["subscribed_wan_yuan"] == both["registered_capital_wan_yuan"]).all()


def test_codes_of_branches_and_bodies_are_valid_and_nobody_elses(world: World) -> None:
    names = ("market_regulation.enterprise", "market_regulation.branch", "establishment_office.government_body", "civil_affairs.social_organisation")
    codes = pl.concat([rows(world, name)["credit_code"] for name in names])
    assert valid_credit_code(codes).all() and not codes.is_duplicated().any()


def test_an_old_tax_number_holds_the_organisation_code_of_the_one_code(world: World) -> None:
    old = rows(world, "taxation.taxpayer").drop_nulls("tax_no")
    assert old.height and (old["tax_no"].str.slice(6) == old["credit_code"].str.slice(8, 9)).all()


def test_no_two_marriages_share_a_number_in_a_city_of_more_than_a_million() -> None:
    positions = np.array([7, 999_999, 1_000_007, 2_000_007])
    numbers = marriage_numbers(positions, np.full(4, FIRST))
    assert not numbers.is_duplicated().any()
    rule = next(rule for rule in load_rules(settings.suites_dir / "raw" / "civil_affairs" / "marriage.yaml") if rule.rule == "certificate_no.format")
    assert numbers.str.contains(str(rule.kwargs["regex"])).all()
