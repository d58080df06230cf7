"""Rules between departments, and over what was built: who is accused, where, with which pin; when they are asked again."""

from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
import yaml

from expectations.suite import SuiteError
from yishu.catalogue.entities import Entity
from yishu.gate.built import judge_built
from yishu.gate.cross import evaluate
from yishu.lake.ledger import Ledger
from yishu.lake.pins import current_pin, digest
from yishu.lake.violations import open_violations
from yishu.settings import settings

ZHANG, LI, WANG = "11010519491231002X", "410403198503020024", "610104196209276908"
DECEASED = {
    "rule": "deceased",
    "on": "office.snapshot",
    "where": {"sex": ["1"]},
    "join": {"death": {"resource": "office.upsert", "by": {"citizen_id": "citizen_id"}}},
    "expectation": "expect_column_values_to_be_between",
    "kwargs": {"column": "death.matches", "max_value": 0},
    "severity": "content",
    "dimension": "一致性",
    "clause": "C06",
    "message": "已登记死亡，仍在册",
}


def row(id_: str, name: str = "张三", sex: str = "1") -> list[str]:
    return [id_, name, sex, "1990-01-01", "1"]


def suite(place: str, *rules: dict[str, Any]) -> None:
    file = settings.suites_dir / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump({"rules": list(rules)}, allow_unicode=True), encoding="utf-8")


def test_a_row_that_contradicts_another_department_is_accused_where_its_department_finds_it_today(lake: Any) -> None:
    suite("cross/deceased.yaml", DECEASED)
    lake.deliver("snapshot", [row(ZHANG), row(LI), row(WANG, sex="2")])
    lake.deliver("upsert", [["I", *row(ZHANG)], ["I", *row(WANG)]])
    lake.night()
    lake.deliver("snapshot", [row(LI, "改名"), row(WANG, sex="2"), row(ZHANG)], day=2)
    lake.night(2)
    (found,) = open_violations(lake.data, pl.col("gate") == "cross").to_dicts()
    assert (found["subject"], found["file"], found["row_number"]) == (ZHANG, "snapshot_20260302.csv", 4)
    assert found["pin"] == digest(current_pin(lake.data, lake.catalogue)) and found["since"] == lake.day(1)
    assert (ZHANG, "deceased") in lake.doubts() and ZHANG in lake.names()


def test_a_cross_rule_is_asked_again_only_when_a_pool_it_reads_has_moved(lake: Any) -> None:
    suite("cross/deceased.yaml", DECEASED)
    lake.deliver("snapshot", [row(ZHANG)])
    lake.night()
    runs = len(Ledger(lake.data).gate_runs())
    lake.deliver("append", [row(ZHANG)], day=2)
    lake.night(2)
    assert [run["kind"] for run in Ledger(lake.data).gate_runs()[runs:]] == ["row"]
    lake.deliver("upsert", [["I", *row(ZHANG)]], day=3)
    lake.night(3)
    assert lake.open() == {("deceased", ZHANG)}
    lake.deliver("upsert", [["D", *row(ZHANG)]], day=4)
    lake.night(4)
    assert lake.closed() == {("deceased", ZHANG): "corrected"}


def test_a_cross_rule_that_would_hold_rows_out_or_names_an_unknown_table_is_refused(lake: Any) -> None:
    for change in ({"severity": "structural"}, {"on": "office.nowhere"}):
        suite("cross/deceased.yaml", {**DECEASED, **change})
        with pytest.raises(SuiteError, match="deceased"):
            evaluate(lake.data, lake.catalogue, {})


Origin = tuple[str, str, str, int]  # entity, resource, delivery, row


def built(lake: Any, *origins: Origin, alive: tuple[str, ...] = (), marked: tuple[str, ...] = ()) -> Path:
    """A build database of persons whose death lies before the birth (but for `alive`), where each date came from, and who is under check."""
    path = lake.data / "build.duckdb"
    lake.data.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema base_person")
        connection.execute("create table base_person.person (entity_id varchar, birth_date date, death_date date, under_check boolean)")
        connection.execute(
            "create table base_person.provenance (entity varchar, entity_id varchar, attribute varchar, department varchar, resource varchar, "
            "delivery_id varchar, row_number bigint)"
        )
        for entity, resource, delivery_id, row_number in origins:
            death = None if entity in alive else "1980-01-01"
            connection.execute("insert into base_person.person values (?, date '1990-01-01', ?, ?)", [entity, death, entity in marked])
            origin = ["person", entity, "death_date", "office", resource, delivery_id, row_number]
            connection.execute("insert into base_person.provenance values (?, ?, ?, ?, ?, ?, ?)", origin)
        connection.execute("create table base_person.copy as from base_person.person")
    return path


DEATH = {
    "rule": "person.death_not_before_birth",
    "on": "base_person.person",
    "expectation": "expect_column_pair_values_a_to_be_greater_than_b",
    "kwargs": {"column_A": "death_date", "column_B": "birth_date", "or_equal": True, "ignore_row_if": "either_value_is_missing"},
    "severity": "content",
    "dimension": "一致性",
    "clause": "E01",
    "message": "死亡日期不应早于出生日期",
}


@pytest.fixture
def two(lake: Any) -> Any:
    """Two tables that both supply dates of death: one has Zhang, the other has Zhang and Li. `lake.origins`: their persons as built."""
    suite("base/person.yaml", DEATH)
    lake.deliver("snapshot", [row(ZHANG)])
    lake.deliver("upsert", [["I", *row(ZHANG)], ["I", *row(LI)]])
    first, second = sorted(lake.night(), key=lambda delivery: str(delivery.resource))
    lake.origins = [("e1", "snapshot", first.delivery_id, 2), ("e2", "upsert", second.delivery_id, 2), ("e3", "upsert", second.delivery_id, 3)]
    return lake


def judged(lake: Any, path: Path) -> set[tuple[str, str]]:
    """Judge that build, by a pin that moves as nights move it; (resource, subject) of what the gate accuses then."""
    person = Entity(title="人口", key="citizen_id", schema="base_person", attributes={})
    catalogue = lake.catalogue.model_copy(update={"authority": {"person": person}})
    judge_built(lake.data, catalogue, path, current_pin(lake.data, catalogue))
    found = open_violations(lake.data, pl.col("gate") == "built")
    return set(found.select("resource", "subject").iter_rows())


ALL = {("snapshot", ZHANG), ("upsert", ZHANG), ("upsert", LI)}


def test_what_one_table_has_mended_ends_for_it_alone_even_of_the_same_subject(two: Any) -> None:
    assert judged(two, built(two, *two.origins)) == ALL
    two.deliver("append", [row(WANG)], day=2)
    two.night(2)
    assert judged(two, built(two, *two.origins, alive=("e2",))) == ALL - {("upsert", ZHANG)}


def test_what_is_accused_stays_so_when_the_record_comes_under_check_for_another_reason(two: Any) -> None:
    path = built(two, *two.origins[:2])
    assert judged(two, path) == {("snapshot", ZHANG), ("upsert", ZHANG)}
    assert judged(two, built(two, *two.origins, marked=("e1", "e3"))) == {("snapshot", ZHANG), ("upsert", ZHANG)}, "and no new one is opened"
    assert judged(two, built(two, *two.origins, marked=("e1",), alive=("e1",))) == ALL - {("snapshot", ZHANG)}
    assert two.closed()[DEATH["rule"], ZHANG] == "corrected"


def test_a_rule_of_one_name_on_two_tables_keeps_what_each_accuses(two: Any) -> None:
    suite("base/person.yaml", DEATH, {**DEATH, "on": "base_person.copy"})
    path = built(two, *two.origins)
    with duckdb.connect(str(path)) as connection:
        connection.execute("delete from base_person.copy")
    assert judged(two, path) == ALL


def test_a_rule_over_built_tables_that_is_dropped_ends_its_accusations(two: Any) -> None:
    path = built(two, *two.origins)
    assert judged(two, path) == ALL
    suite("base/person.yaml", {**DEATH, "rule": "another", "severity": "advisory"})
    assert judged(two, path) == set()
    assert set(two.closed().values()) == {"rule_changed"}


def test_a_bad_row_of_a_base_table_goes_back_to_the_row_that_supplied_it_and_keeps_no_release_back(lake: Any) -> None:
    suite("base/person.yaml", DEATH)
    lake.deliver("snapshot", [row(LI), row(ZHANG)])
    (delivery,) = lake.night()
    person = Entity(title="人口", key="citizen_id", schema="base_person", attributes={})
    catalogue = lake.catalogue.model_copy(update={"authority": {"person": person}})
    (outcome,) = judge_built(lake.data, catalogue, built(lake, ("e1", "snapshot", delivery.delivery_id, 3)), current_pin(lake.data, catalogue))
    assert (outcome.unexpected, outcome.keeps_back) == (1, False)
    (found,) = open_violations(lake.data, pl.col("gate") == "built").to_dicts()
    assert (found["department"], found["subject"], found["row_number"]) == ("office", ZHANG, 3)


def test_an_empty_table_keeps_the_release_back(lake: Any) -> None:
    suite(
        "base/person.yaml",
        {
            "rule": "person.not_empty",
            "on": "base_person.person",
            "expectation": "expect_table_row_count_to_be_between",
            "kwargs": {"min_value": 2},
            "severity": "structural",
            "dimension": "完整性",
            "clause": "E01",
            "message": "不应为空",
        },
    )
    (outcome,) = judge_built(lake.data, lake.catalogue, built(lake, ("e1", "snapshot", "x", 2)), {})
    assert outcome.keeps_back and not lake.open()


def test_a_cross_rule_that_is_dropped_ends_its_accusations_and_one_that_is_put_back_makes_them_again(lake: Any) -> None:
    suite("cross/deceased.yaml", DECEASED)
    lake.deliver("snapshot", [row(ZHANG)])
    lake.deliver("upsert", [["I", *row(ZHANG)]])
    lake.night()
    for _ in range(2):
        suite("cross/deceased.yaml")
        lake.night()
        assert not lake.open()
        suite("cross/deceased.yaml", {**DECEASED, "where": {"sex": ["2"]}})
        lake.night()
        assert not lake.open()
        suite("cross/deceased.yaml", DECEASED)
        lake.night()
        assert lake.open() == {("deceased", ZHANG)}
