"""The files as departments would send them: names, encodings, habits, bytes that depend on the arguments only."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from yishu.sample import generate
from yishu.sample.generating import is_due
from yishu.sample.tables import TABLES

SNAPSHOTS = [
    "public_security.resident",
    "civil_affairs.elderly_allowance",
    "human_resources.insured_person",
    "human_resources.insured_unit",
    "market_regulation.enterprise",
]


def contents(data: Path) -> dict[str, bytes]:
    return {str(file.relative_to(data)): file.read_bytes() for file in sorted(data.rglob("landing/*/*/*"))}


def test_the_same_arguments_give_the_same_bytes(make_city: Callable[..., Any], tmp_path: Path) -> None:
    first = make_city(tmp_path / "a", persons=2000, days=3)
    second = make_city(tmp_path / "b", persons=2000, days=3)
    assert contents(first.data) == contents(second.data)
    daily = [entry for entry in first.catalogue.judged_resources.values() if entry.frequency == "daily"]
    assert len(contents(first.data)) > len(first.catalogue.judged_resources) + 2 * len(daily) - 1
    assert first.truth.equals(second.truth)


def test_another_seed_gives_another_city(make_city: Callable[..., Any], tmp_path: Path) -> None:
    first, second = (make_city(tmp_path / str(seed), persons=200, days=1, seed=seed) for seed in (1, 2))
    assert contents(first.data) != contents(second.data)


def test_more_days_do_not_change_the_first(make_city: Callable[..., Any], tmp_path: Path) -> None:
    one, three = (make_city(tmp_path / str(days), persons=500, days=days) for days in (1, 3))
    assert contents(one.data).items() <= contents(three.data).items()


def test_delivering_again_replaces_the_landing_files_and_touches_nothing_else(
    make_city: Callable[..., Any], tmp_path: Path
) -> None:
    made = make_city(tmp_path, persons=200, days=1)
    kept = tmp_path / "archive" / "some_delivery" / "resident_20260301.csv"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"archived")
    before = contents(tmp_path)
    made.file("public_security.resident", 1).write_bytes(b"half a fi")
    make_city(tmp_path, persons=200, days=1)
    assert contents(tmp_path) == before


def test_files_have_the_format_the_encoding_and_the_columns_of_the_catalogue(city: Any) -> None:
    for name, entry in city.catalogue.judged_resources.items():
        content = city.file(name, 1).read_bytes()
        assert content.startswith(b"\xef\xbb\xbf") == (entry.delivery.encoding == "utf-8-sig")
        match entry.delivery.format:
            case "csv":
                assert city.lines(name, 1)[0].decode() == ",".join(entry.columns)
                assert content.endswith(b"\n")
            case "xlsx":
                assert city.rows(name, 1)[0] == entry.columns
            case "parquet":
                assert pl.read_parquet(city.file(name, 1)).columns == entry.columns
            case "jsonl":
                assert list(json.loads(city.lines(name, 1)[0])) == entry.columns


def test_every_resource_of_the_catalogue_is_delivered_on_the_first_day_and_then_at_its_frequency(city: Any) -> None:
    assert set(TABLES) == set(city.catalogue.judged_resources)
    days = {day: {one.resource for one in city.report.files if one.as_of.day == day} for day in (1, 2)}
    assert days[1] == set(city.catalogue.judged_resources)
    due = {name for name, entry in city.catalogue.judged_resources.items() if is_due(entry.frequency, date(2026, 3, 2), 2)}
    assert days[2] == due < days[1] and "civil_affairs.marriage" in due and "education.student" not in due


@pytest.mark.parametrize(
    ("frequency", "days"), [("daily", 365), ("weekly", 52), ("monthly", 12), ("quarterly", 4), ("half_yearly", 2), ("yearly", 1), ("irregular", 0)]
)
def test_a_year_has_as_many_deliveries_as_its_frequency_says(frequency: str, days: int) -> None:
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert sum(is_due(frequency, day, 2) for day in year) == days


def test_one_department_ends_its_lines_as_windows_does(city: Any) -> None:
    text = [name for name, entry in city.catalogue.judged_resources.items() if entry.delivery.format in ("csv", "jsonl")]
    assert [name for name in text if b"\r\n" in city.file(name, 1).read_bytes()] == ["civil_affairs.elderly_allowance"]


def test_departments_write_dates_and_sexes_each_in_their_own_way(city: Any) -> None:
    assert city.clean("public_security.resident", 1)["birth_date"].str.contains(r"^\d{4}-\d\d-\d\d$").all()
    assert city.clean("human_resources.insured_person", 1)["birth_date"].str.contains(r"^\d{8}$").all()
    assert city.clean("market_regulation.enterprise", 1)["established_date"].str.contains(r" 00:00:00$").all()
    assert set(city.clean("civil_affairs.elderly_allowance", 1)["sex"]) == {"男", "女"}
    assert set(city.clean("public_security.resident", 1)["sex"]) == {"1", "2"}


def test_legitimate_traps_are_there(city: Any) -> None:
    enterprises = city.clean("market_regulation.enterprise", 1)
    assert enterprises["scope"].str.contains("\n").any(), "a field over two lines"
    assert enterprises["scope"].str.contains('"').any(), "quotes within a quoted field"
    assert enterprises["name"].str.contains("（").any(), "full-width brackets"
    assert city.clean("public_security.resident", 1)["registered_address"].str.contains(",").any(), "a comma in a field"
    insured = city.clean("human_resources.insured_person", 1)
    elsewhere = insured.filter(~pl.col("citizen_id").str.starts_with("4104"))
    known = set(city.clean("public_security.resident", 1)["citizen_id"])
    assert not set(elsewhere["citizen_id"]) <= known, "insured persons who are registered elsewhere"


def test_the_register_of_deaths_brings_the_past_year_first_and_then_what_changed(city: Any) -> None:
    assert set(city.clean("public_security.death", 1)["CD_OPERATION"]) == {"I"}
    second = city.clean("public_security.death", 2)
    assert {"I", "U", "D"} == set(second["CD_OPERATION"])
    assert second.height < 30


@pytest.mark.parametrize(("persons", "days", "seed"), [(49, 1, 1), (1000, 0, 1), (1000, 1, -1)])
def test_a_city_that_cannot_be_is_refused(persons: int, days: int, seed: int, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="--persons"):
        generate(persons, days, seed, tmp_path)


def test_the_report_counts_files_rows_and_defects(city: Any) -> None:
    assert len(city.report.files) == sum(city.delivered(name, day) for name in city.catalogue.judged_resources for day in (1, 2))
    lines = sum(len(city.lines(name, 1)) - 1 for name in SNAPSHOTS[:1])
    assert city.report.rows["public_security.resident", "resident_20260301.csv"] == lines
    assert sum(city.report.defects.values()) == city.truth.unique(["department", "file", "line", "kind"]).height
    assert any("20,000" in line for line in city.report.lines())


def test_progress_is_told_from_nothing_to_all(tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    generate(200, 2, 1, tmp_path, progress=lambda text, share: told.append((text, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
