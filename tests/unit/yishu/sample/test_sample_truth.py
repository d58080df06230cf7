"""The truth is exact: every line it names is broken as it says, and every rule it names is one that the gate has."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from expectations.suite import load_rules
from yishu.catalogue import load_catalogue
from yishu.gate.implied import suite_of
from yishu.sample.defects.kinds import KINDS
from yishu.sample.generating import is_due
from yishu.sample.truth import SCHEMA
from yishu.settings import settings

REJECTS = {"file.encoding", "file.field_count", "file.nul", "file.quote", "file.header_repeated", "file.json"}
CATALOGUE = load_catalogue()
SECOND = date(2026, 3, 2)
ALL = [(name, day) for name in KINDS for day in (1, 2) if day == 1 or is_due(CATALOGUE.resources[name].frequency, SECOND, 2)]


def row_at(city: Any, resource: str, day: int, line: int) -> Any:
    """A line or worksheet row as it stands, whatever stands on it."""
    if city.catalogue.resources[resource].delivery.format == "xlsx":
        return city.rows(resource, day)[line - 1]
    if city.catalogue.resources[resource].delivery.format == "parquet":
        return list(city.fields(resource, day, line).values())
    return city.lines(resource, day)[line - 1]


def test_the_truth_has_the_columns_of_the_contract(city: Any) -> None:
    assert dict(city.truth.schema) == SCHEMA
    assert city.truth.filter(pl.col("rule").is_not_null()).is_duplicated().sum() == 0


def test_every_rule_of_the_kinds_is_one_that_the_gate_has() -> None:
    catalogue = load_catalogue()
    for name, kinds in KINDS.items():
        resource = catalogue.resources[name]
        known = {rule.rule for rule in suite_of(resource, catalogue.codes, date(2026, 3, 1))} | REJECTS
        assert {rule for kind in kinds for rule in kind.rules} <= known, name
    cross = {rule.rule for file in (settings.suites_dir / "cross").glob("*.yaml") for rule in load_rules(file)}
    assert "deceased_still_active" in cross


def test_the_share_of_rows_that_go_wrong_can_be_asked_for(make_city: Callable[..., Any], tmp_path: Path) -> None:
    city = make_city(tmp_path, persons=2_000, days=1, defects=0.02)
    rows = {file.resource: file.records for file in city.report.files if file.records >= 1_000}
    wrong = city.truth.filter(~pl.col("kind").is_in(["contradiction", "deceased_still_active"]))
    for name, count in rows.items():
        broken = wrong.filter(pl.col("file") == city.file(name, 1).name, pl.col("department") == name.partition(".")[0])["line"].n_unique()
        assert 0.01 * count <= broken <= 0.03 * count, name  # a pair of contradicting rows is one defect and two lines
    assert len(rows) >= 5


@pytest.mark.parametrize("share", [-0.1, 0.06])
def test_a_share_that_cannot_be_is_refused(make_city: Callable[..., Any], tmp_path: Path, share: float) -> None:
    with pytest.raises(ValueError, match="--defects"):
        make_city(tmp_path, defects=share)


def test_every_sort_of_rule_of_the_gate_is_broken_somewhere(city: Any) -> None:
    """A rule that nothing breaks is a rule that nobody sees failing to work."""
    as_of = date(2026, 3, 1)
    rules = [rule for name in KINDS for rule in suite_of(city.catalogue.resources[name], city.catalogue.codes, as_of)]
    broken = {rule.split(".")[-1] for kinds in KINDS.values() for kind in kinds for rule in kind.rules}
    assert {rule.rule.split(".")[-1] for rule in rules} <= broken


def test_every_kind_is_present_in_a_city_of_twenty_thousand(city: Any) -> None:
    for name, kinds in KINDS.items():
        present = set(pl.concat([city.truth_of(name, day) for day in (1, 2)])["kind"])
        # A small table bears few defects: not one in ten of its rows is wrong, far fewer come twice.
        size = city.report.rows[name, city.file(name, 1).name]
        if size > 20 * len(kinds) and name != "public_security.death":
            assert {kind.name for kind in kinds if not kind.structural and (kind.manner == "cell" or size > 2000)} <= present, name
    assert {kind.name for kinds in KINDS.values() for kind in kinds} | {"deceased_still_active", "contradiction"} == set(city.truth["kind"])


def test_some_defects_are_seen_by_no_rule(city: Any) -> None:
    unseen = city.truth.filter(pl.col("rule").is_null())
    assert {"misspelt_name", "unreported_move", "nobodys_id", "former_unit"} <= set(unseen["kind"])
    assert unseen["right_value"].is_not_null().all()


@pytest.mark.parametrize(("resource", "day"), ALL)
def test_right_values_differ_from_what_stands_on_the_line(city: Any, resource: str, day: int) -> None:
    truth = city.truth_of(resource, day).filter(
        pl.col("column").is_not_null() & ~pl.col("rule").is_in(list(REJECTS)).fill_null(False) & (pl.col("kind") != "deceased_still_active")
    )
    for row in truth.iter_rows(named=True):
        if city.catalogue.resources[resource].delivery.format == "csv" and b'"' in row_at(city, resource, day, row["line"]):
            continue
        assert city.fields(resource, day, row["line"])[row["column"]] != (row["right_value"] or ""), row


@pytest.mark.parametrize(("resource", "day"), ALL)
def test_lines_that_are_no_records_are_broken_in_the_way_the_truth_says(city: Any, resource: str, day: int) -> None:
    entry = city.catalogue.resources[resource]
    for line, rule in city.truth_of(resource, day).filter(pl.col("rule").is_in(list(REJECTS))).select("line", "rule").iter_rows():
        content = row_at(city, resource, day, line)
        if entry.delivery.format == "xlsx":
            header = city.rows(resource, day)[0]
            assert content == header if rule == "file.header_repeated" else len(content) == len(header) + 1 and content[-1]
            continue
        match rule:
            case "file.encoding":
                with pytest.raises(UnicodeDecodeError):
                    content.decode("gb18030" if entry.delivery.encoding == "gb18030" else "utf-8")
            case "file.json":
                with pytest.raises(json.JSONDecodeError):
                    json.loads(content)
            case "file.nul":
                assert content.count(b"\x00") == 1
            case "file.quote":
                assert content.count(b'"') == 1
            case "file.field_count":
                assert abs(content.count(b",") + 1 - len(entry.columns)) == 1
                assert b'"' not in content
            case "file.header_repeated":
                assert content == city.lines(resource, day)[0]


@pytest.mark.parametrize(("resource", "day"), ALL)
def test_what_the_truth_does_not_name_can_be_read_whole(city: Any, resource: str, day: int) -> None:
    entry, clean = city.catalogue.resources[resource], city.clean(resource, day)
    for item in entry.items:
        if item.required:
            assert (clean[item.name] != "").all(), item.name
        if item.codes:
            listed = city.catalogue.codes[item.codes].entries
            assert clean[item.name].replace("", None).drop_nulls().is_in([*listed, *listed.values()]).all(), item.name
    if not entry.delivery.operation:
        assert clean.select(entry.key).is_duplicated().sum() == 0
    assert not pl.Series(clean.select(pl.exclude("_line")).row(0)).str.contains("\x01").any()


def test_pairs_are_named_by_both_their_lines(city: Any) -> None:
    for resource in set(KINDS) - {"public_security.death"}:
        for kind in ("repeated_row", "conflicting_rows"):
            lines = city.truth_of(resource, 1).filter(pl.col("kind") == kind)["line"].to_list()
            assert len(lines) % 2 == 0
            rows = [row_at(city, resource, 1, line) for line in lines]
            if kind == "repeated_row":
                assert all(rows.count(row) == 2 for row in rows)
            else:
                assert all(rows.count(row) == 1 for row in rows)


def test_the_dead_who_are_counted_as_living_are_in_the_register_of_deaths(city: Any) -> None:
    deaths = set(city.clean("public_security.death", 1)["citizen_id"])
    for resource in ("public_security.resident", "civil_affairs.elderly_allowance", "human_resources.insured_person", "human_resources.pension"):
        lines = city.truth_of(resource, 1).filter(pl.col("kind") == "deceased_still_active")["line"]
        assert len(lines) > 0
        assert {city.fields(resource, 1, line)["citizen_id"] for line in lines} <= deaths


@pytest.mark.parametrize("persons", [2000, 20_000])
def test_a_clean_run_stays_within_the_thresholds(persons: int, make_city: Callable[..., Any], tmp_path: Path) -> None:
    made = make_city(tmp_path, persons=persons, days=4, seed=11)
    before: dict[str, int] = {}
    for delivered in made.report.files:
        resource = made.catalogue.resources[delivered.resource]
        truth = made.truth.filter((pl.col("file") == delivered.file.name) & (pl.col("department") == resource.department))
        keys = [f"{key}.not_null" for key in resource.key]
        lost = truth.filter(pl.col("rule").is_in([*REJECTS, *keys]))["line"].n_unique()
        assert lost <= delivered.records * resource.gate.max_held_out, delivered.file.name
        if resource.delivery.mode == "snapshot":
            assert delivered.records >= before.get(delivered.resource, 0) * (1 - resource.gate.max_shrink), (
                delivered.file.name
            )
            before[delivered.resource] = delivered.records
