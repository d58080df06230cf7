"""The whole way of a row, night after night, in one city. The tests of this file build on each other, in order."""

import json
import os
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from bench.golden.__main__ import compared
from yishu.catalogue import load_catalogue

ON = ["department", "file", "line", "rule"]
pytestmark = pytest.mark.city
TESTS_THE_FIRST_NIGHT = True


def accused(city: Any) -> pl.DataFrame:
    """A conflict tells the source that ranks lower, who may be right; a likely link is a question; supervision and held deliveries
    speak of no row.
    """
    found = city.violations().filter(~pl.col("gate").is_in(["delivery", "conflict", "linkage", "supervision"]))
    return found.select("department", "file", pl.col("row_number").alias("line"), "rule").unique()


def expected(city: Any, days: list[int]) -> pl.DataFrame:
    accusing = ~pl.col("rule").str.starts_with("conflict.")  # null where no rule can see it, which the filter drops
    truth = city.truth().filter(accusing & pl.col("night").is_in([date(2026, 3, day) for day in days]))
    return truth.select(ON).unique()


def agrees_to_the_last_row(city: Any, days: list[int]) -> None:
    found, wanted = accused(city), expected(city, days)
    assert wanted.height > 100
    assert wanted.join(found, on=ON, how="anti").rows() == []
    assert found.join(wanted, on=ON, how="anti").rows() == []


def test_the_first_night_publishes_and_tells_what_it_did(city: Any) -> None:
    said = city.night(1)
    catalogue = load_catalogue()
    delivering = [one for one in catalogue.resources.values() if one.department in catalogue.judged_departments]  # the desk has decided nothing yet
    states = f"按状态：已入池 {len(delivering)}"
    for heading in ("正常完成", states, "记录 = 入湖 + 拒收", "未结问题", "更正工单：新开", "各层行数", "第 1 次发布"):
        assert heading in said
    assert (city.data / "published").resolve().name == "1"
    assert {oct((city.data / "published" / name).stat().st_mode)[-3:] for name in ("city.duckdb", "analyst.duckdb")} == {"600"}


def test_every_defect_a_rule_can_see_is_found_and_no_clean_row_is_accused(city: Any) -> None:
    agrees_to_the_last_row(city, [1])


def test_every_conflict_there_is_in_the_city_is_in_the_release_and_none_is_invented(city: Any) -> None:
    rules = pl.col("rule").str.starts_with("conflict.") & (pl.col("night") == date(2026, 3, 1))
    wanted = city.truth().filter(rules).select("rule", "department", "resource", pl.col("line").alias("row_number")).unique()
    told = []
    for base in ("person", "legal_entity", "credit", "natural_resource", "spatial", "certificate"):
        claims = city.table(f"base_{base}.conflict").with_columns(rule=pl.format(f"conflict.{base}.{{}}.{{}}", "entity", "attribute"))
        chosen = claims.filter("chosen").select("rule", "entity_id", right="value")
        told.append(claims.join(chosen, on=["rule", "entity_id"]).filter(pl.col("value") != pl.col("right")).select(wanted.columns))
    found = pl.concat(told).unique()
    assert wanted.height > 50
    assert wanted.join(found, on=wanted.columns, how="anti").rows() == []
    assert found.join(wanted, on=wanted.columns, how="anti").rows() == []


def test_what_a_standard_decides_is_proposed_rightly_and_the_rest_almost_always(city: Any) -> None:
    from bench.suggestions.score import by_method, judged

    found = by_method(judged(city.data, load_catalogue()))
    certain, likely = found.filter(confidence="certain"), found.filter(confidence="likely")
    assert certain["proposed"].sum() > 40 and certain["right"].sum() == certain["proposed"].sum()
    persons = likely.filter(pl.col("method").str.contains("_id|_code"))  # codes outside their list are words at random in the sample
    assert persons["proposed"].sum() > 20 and persons["right"].sum() > 0.95 * persons["proposed"].sum()


def test_records_are_raw_rows_plus_rejects_for_every_delivery(city: Any) -> None:
    from yishu.lake.ledger import Ledger

    for delivery in Ledger(city.data).deliveries():
        raw = pl.read_delta(str(city.data / "raw" / delivery.department / delivery.resource)).filter(pl.col("_delivery_id") == delivery.delivery_id)
        rejects = pl.read_delta(str(city.data / "rejects" / delivery.department / delivery.resource))
        rejects = rejects.filter(pl.col("_delivery_id") == delivery.delivery_id)
        archived = (city.data / "archive" / delivery.delivery_id / delivery.file).read_bytes()
        assert delivery.records == raw.height + rejects.height
        if delivery.file.endswith(".parquet"):  # it has no lines: records are counted
            assert delivery.physical_lines == raw.height + rejects.height
            continue
        if delivery.file.endswith(".xlsx"):  # rows of the worksheet: header, records and rejects, none blank
            assert delivery.physical_lines == 1 + raw.height + rejects.height
            continue
        assert delivery.physical_lines == archived.count(b"\n") + (not archived.endswith(b"\n"))


def test_a_golden_person_has_each_attribute_from_its_authority_and_says_so(city: Any) -> None:
    person, provenance = city.table("base_person.person"), city.table("base_person.provenance")
    resident = pl.read_delta(str(city.data / "pool/public_security/resident")).filter(~pl.col("_invalid").fill_null("").str.contains("citizen_id"))
    both = person.join(resident, on="citizen_id", suffix="_pool")
    assert both.height == resident.height
    assert both.filter(pl.col("full_name_pool").is_not_null() & (pl.col("full_name") != pl.col("full_name_pool"))).height == 0
    assert person["entity_id"].n_unique() == person.height
    named = provenance.filter((pl.col("entity") == "person") & (pl.col("attribute") == "full_name"))
    assert named.height == person["full_name"].drop_nulls().len()


def test_every_golden_value_is_the_valid_one_of_the_highest_source_by_a_second_way_and_a_wrong_one_is_noticed(city: Any, tmp_path: Path) -> None:
    found = list(compared(city.data, load_catalogue()))
    assert [one for one in found if one.different] == []
    assert sum(one.values for one in found) > 100_000
    shutil.copytree(city.data / "pool", tmp_path / "pool")
    shutil.copytree((city.data / "published").resolve(), tmp_path / "published")
    with duckdb.connect(str(tmp_path / "published" / "city.duckdb")) as release:
        release.execute("update base_person.person set full_name = '别人' where entity_id = (select min(entity_id) from base_person.person)")
    assert [one.different for one in compared(tmp_path, load_catalogue(), ["person", "death"])] == [1, 0]


def test_tickets_are_masked_dated_and_addressed(city: Any) -> None:
    tickets = json.loads(city.yishu("tickets", "list", "--json").stdout)
    assert tickets and all(ticket["due_on"] == "2026-03-13" for ticket in tickets)
    shown = city.yishu("tickets", "show", tickets[0]["number"], "--json").stdout
    raw = pl.read_delta(str(city.data / "pool/public_security/resident"))["citizen_id"].to_list()
    everything = shown + json.dumps(tickets)
    assert not set(re.findall(r"\d{17}[\dX]", everything)) & set(raw)


def test_a_second_night_with_nothing_new_makes_no_commit_no_ticket_and_no_release(city: Any) -> None:
    before, tickets, release = city.versions(), city.tickets(), os.readlink(city.data / "published")
    said = city.night(1)
    assert "没有新的报送" in said and "新开 0" in said
    assert (city.versions(), city.tickets(), os.readlink(city.data / "published")) == (before, tickets, release)


def test_the_second_day_changes_only_what_changed_and_closes_what_was_corrected(city: Any) -> None:
    path = str(city.data / "pool/public_security/resident")
    before = pl.read_delta(path)
    said = city.night(2)
    after = pl.read_delta(path)
    same = after.join(before, on=after.columns, how="inner", nulls_equal=True).height
    assert same > 0.98 * after.height and "第 2 次发布" in said
    agrees_to_the_last_row(city, [1, 2])
    closed = [ticket for ticket in city.tickets() if ticket["closed_on"]]
    assert closed
    facts = city.violations()
    open_now = (
        facts.filter(pl.col("closed_run").is_null() & (pl.col("severity") != "advisory")).select("department", "resource", "rule", "subject").unique()
    )
    assert sum(ticket["open_count"] for ticket in city.tickets()) == open_now.height


def test_a_broken_model_leaves_yesterdays_release_and_the_operator_is_told(city: Any) -> None:
    model = city.root / "dbt_project/models/base/person/person.sql"
    text = model.read_text(encoding="utf-8")
    model.write_text(text + "\nthis is no sql", encoding="utf-8")
    try:
        said = city.night(3, code=3)
        assert os.readlink(city.data / "published").endswith("2") and "夜间任务失败" in said
        assert city.yishu("query", "select count(*) from theme_elderly_care.elderly_person").returncode == 0
    finally:
        model.write_text(text, encoding="utf-8")
    city.night(3)
    assert os.readlink(city.data / "published").endswith("3")


@pytest.mark.parametrize(
    ("sql", "role"),
    [
        ("create table t (i int)", "engineer"),
        ("select * from read_text('/etc/hostname')", "engineer"),
        ("copy (select 1) to 'x.csv'", "analyst"),
        ("attach 'x.duckdb'", "engineer"),
        ("select * from base_person.person", "analyst"),
        ("set enable_external_access = true", "engineer"),
    ],
)
def test_a_query_can_write_nothing_and_read_no_other_file(city: Any, sql: str, role: str) -> None:
    refused = city.yishu("query", sql, "--role", role)
    assert refused.returncode == 2 and refused.stdout == "" and "Traceback" not in refused.stderr
