"""Contradictions between departments: a right city has only those it means to have, and each that is planted is told as it stands
in the files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from yishu.catalogue import load_catalogue
from yishu.sample.defects import planning, still_active
from yishu.sample.defects.kinds.contradictions import KINDS
from yishu.sample.disagreements import CONTRADICTION, OUTDATED, disagreements

SEEN_AS = {
    "somebody_elses_id": {"two_accounts", "name_differs_from_register"},
    "another_meter": {"one_meter_two_customers"},
    "nobodys_school": {"school_unknown"},
    "misspelt_name": {"name_differs_from_register", "wife_name_differs_from_register"},
    "nobodys_unit": {"unit_unknown"},
    "date_before_founding": {"insured_before_founding"},
    "another_certificate": {"birth_date_differs_from_certificate", "sex_differs_from_certificate"},
    "nobodys_company": {"company_unknown"},
    "outdated_state": {"directory_differs_from_issuer", "directory_differs_from_transport"},
}


def told(city: Any, resource: str, kind: str) -> pl.DataFrame:
    department, _, name = resource.partition(".")
    return city.truth.filter((pl.col("department") == department) & (pl.col("resource") == name) & (pl.col("kind") == kind))


def test_a_right_city_contradicts_itself_only_in_what_closed_companies_still_hold(
    make_city: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning.Planning, "choose", lambda self, book: [])
    monkeypatch.setattr(still_active, "choose", lambda *of_the_day: [])
    made = make_city(tmp_path, persons=4000, days=3, seed=11)
    truth, conflicts = made.truth, made.conflicts
    assert set(truth["kind"]) == {CONTRADICTION}
    assert {rule for rule in truth["rule"] if not rule.startswith("closed_still_")} == set()
    assert "closed_still_permitted" in set(truth["rule"])
    # On the first day all tables tell of the same world; later a rarer one may not have heard of a new name, and none is wrong.
    assert set(conflicts["kind"]) <= {OUTDATED} and conflicts["night"].min() != made.report.files[0].as_of


@pytest.mark.parametrize("resource", KINDS)
def test_what_is_planted_is_told_with_the_rules_that_can_see_it(city: Any, resource: str) -> None:
    for kind in KINDS[resource]:
        rules = set(told(city, resource, kind.name)["rule"].drop_nulls())
        assert rules & SEEN_AS[kind.name], (resource, kind.name)


def test_a_pupil_of_nobodys_school_is_in_none_of_the_schools_delivered(city: Any) -> None:
    schools = {row[0] for row in city.rows("education.school", 1)[1:]} | {cell for row in city.rows("education.school", 1) for cell in row}
    lines = told(city, "education.student", "nobodys_school").filter(pl.col("rule") == "school_unknown")["line"].to_list()
    assert lines and all(city.fields("education.student", 1, line)["school_code"] not in schools for line in lines)


@pytest.mark.parametrize(
    ("resource", "state"),
    [
        ("medical_insurance.insured_person", "insured_status"),
        ("disabled_federation.disabled_person", "status"),
        ("disabled_federation.subsidy", "payment_status"),
        ("civil_affairs.low_income_household", "status"),
    ],
)
def test_the_dead_who_count_as_living_elsewhere_are_registered_as_dead(city: Any, resource: str, state: str) -> None:
    deaths = set(city.clean("public_security.death", 1)["citizen_id"])
    places = told(city, resource, "deceased_still_active").filter(pl.col("file").str.contains("20260301"))
    assert places.height and set(places["rule"]) == {"deceased_still_active"}
    for line, column in places.select("line", "column").iter_rows():
        found = city.fields(resource, 1, line)
        assert found[state] == "1" and found[column] in deaths


def test_no_night_sees_a_file_of_a_later_day(city: Any) -> None:
    of_file = city.truth["file"].str.extract(r"(\d{8})").str.to_date("%Y%m%d")
    assert (of_file <= city.truth["night"]).all() and city.truth["night"].null_count() == 0


def as_read(items: list[str], row: dict[str, str]) -> pl.DataFrame:
    told = {"_file": "f", "_line": 2, "_day": 0, "_row": 2, "_broken": None, "_item": None, "_right": None}
    return pl.DataFrame([dict.fromkeys(items) | row | told])


def test_who_is_told_of_under_a_former_number_disagrees_with_the_register_all_the_same() -> None:
    catalogue, former, now = load_catalogue(), "410402197001010011", "410402197001010038"
    said = {
        "public_security.resident": {"citizen_id": now, "full_name": "王*"},
        "housing_fund.deposit_account": {"citizen_id": former, "full_name": "王伟"},
        "public_security.identifier_change": {"former_citizen_id": former, "citizen_id": now},
    }
    tables = {id_: as_read([item.name for item in catalogue.resources[id_].items], row) for id_, row in said.items()}
    found = {(one.resource, one.column) for one in disagreements(catalogue, tables)}
    assert ("housing_fund.deposit_account", "full_name") in found
