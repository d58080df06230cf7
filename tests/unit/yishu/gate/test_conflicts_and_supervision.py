"""Conflicts between sources, lateness and double collection as violations of whoever must act; settled when they are over."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from tests.unit.yishu.conftest import LI, WANG, ZHANG
from yishu.catalogue.breaches import Breach
from yishu.catalogue.statements import Citation
from yishu.gate import under_check
from yishu.gate.conflicts import settle_conflicts
from yishu.gate.supervised import BREACH, LATE, TWICE, UNKNOWN_COLUMN, settle_supervision
from yishu.lake import delta, violations
from yishu.lake.annotations import annotations_path
from yishu.lake.pins import current_pin

RULE = "conflict.person.person.full_name"
SOURCES = ["office.upsert", "office.snapshot"]


@pytest.fixture
def register(lake: Any) -> Any:
    """Two sources of a person's name: the increments rank first."""
    for name in ("snapshot", "upsert"):
        lake.change_item(name, "citizen_id", feeds="person.citizen_id")
        lake.change_item(name, "full_name", feeds="person.full_name")
    entity = {"title": "人口", "key": "citizen_id", "schema": "base_person", "attributes": {"full_name": SOURCES}}
    lake.write("authority/person.yaml", {"person": entity})
    lake._catalogue = None
    lake.deliver("snapshot", [[ZHANG, "章三", "1", "", ""], [LI, "李四", "1", "", ""]])
    lake.deliver("upsert", [["I", ZHANG, "张三", "1", "", ""], ["I", LI, "李四", "1", "", ""]])
    lake.night()
    return lake


def settle(lake: Any) -> int:
    pin = current_pin(lake.data, lake.catalogue)
    standing = settle_conflicts(lake.data, lake.catalogue, pin)
    under_check.refresh(lake.data, lake.catalogue, pin)
    return standing


def test_a_conflict_is_told_to_the_source_that_ranks_lower_without_its_values(register: Any) -> None:
    assert settle(register) == 1
    (found,) = violations.open_violations(register.data, pl.col("gate") == "conflict").to_dicts()
    assert (found["resource"], found["rule"], found["subject"], found["column"], found["row_number"]) == ("snapshot", RULE, ZHANG, "full_name", 2)
    assert (found["clause"], found["severity"]) == ("D03", "content") and found["value_hash"]
    assert "章三" not in found["message"] and "张三" not in found["message"] and "《upsert》" in found["message"]
    assert (ZHANG, RULE) in register.doubts()


def test_the_same_conflicts_again_write_nothing_and_one_that_is_over_ends(register: Any) -> None:
    settle(register)
    before = delta.version(violations.violations_path(register.data))
    settle(register)
    assert delta.version(violations.violations_path(register.data)) == before
    register.deliver("snapshot", [[ZHANG, "张三", "1", "", ""], [LI, "李四", "1", "", ""]], 2)
    register.night(2)
    assert settle(register) == 0
    assert register.closed()[RULE, ZHANG] == "corrected" and (ZHANG, RULE) not in register.doubts()
    register.deliver("snapshot", [[ZHANG, "章三", "1", "", ""], [LI, "李四", "1", "", ""]], 3)
    register.night(3)
    settle(register)
    assert (RULE, ZHANG) in register.open(), "又不一致的是新问题"


def test_a_value_that_broke_its_rule_or_belongs_to_nobody_is_no_claim(register: Any) -> None:
    register.deliver("upsert", [["U", ZHANG, "", "1", "", ""], ["I", "123", "某某", "1", "", ""]], 2)
    register.deliver("snapshot", [[ZHANG, "章三", "1", "", ""], [LI, "李四", "1", "", ""], ["123", "某", "1", "", ""]], 2)
    register.night(2)
    assert settle(register) == 0


def test_a_conflict_about_a_value_already_accused_is_not_said_again(register: Any) -> None:
    (found,) = [row for row in register.pool("snapshot").iter_rows(named=True) if row["_key"] == ZHANG]
    known = {**dict.fromkeys(violations.SCHEMA), "gate": "cross", "department": "office", "resource": "snapshot", "subject": ZHANG,
             "column": "full_name", "rule": "named_otherwise", "severity": "content", "delivery_id": found["_delivery_id"]}  # fmt: skip
    rows = pl.DataFrame([known], schema=violations.SCHEMA, orient="row")
    violations.settle(register.data, {"gate": "cross", "rule": "named_otherwise"}, 99, rows, violations.empty(), actor="test")
    assert settle(register) == 0


def test_a_row_that_was_split_off_is_in_no_conflict_with_whom_its_number_names_but_with_whom_it_is_of(register: Any) -> None:
    assert settle(register) == 1
    word = {"department": "office", "resource": "snapshot", "rule": "linkage.person", "item_name": None, "value_hash": None,
            "decided_on": date(2026, 3, 1), "_delivery_id": "d"}  # fmt: skip
    told = [{**word, "annotation_id": f"a{seq}", "kind": kind, "subject": ZHANG, "entity_key": to, "_delivery_seq": seq, "_row_number": 1}
            for seq, (kind, to) in enumerate([("row_split", WANG), ("split_revoked", WANG), ("row_split", LI)])]  # fmt: skip
    standing = []
    for words in range(1, 4):
        delta.replace(annotations_path(register.data), pl.DataFrame(told[:words]), key=str(words), actor="test")
        standing.append(settle(register))
    assert standing == [0, 1, 1]
    assert violations.open_violations(register.data, pl.col("gate") == "conflict")["subject"].to_list() == [ZHANG]


def lateness(*late: str) -> pl.DataFrame:
    rows = [("office", name, name, True, date(2026, 3, 5), date(2026, 3, 4), date(2026, 3, 3)) for name in late]
    names = ["department", "resource", "title", "late", "late_since", "due_on", "awaited_from"]
    types = [pl.String, pl.String, pl.String, pl.Boolean, pl.Date, pl.Date, pl.Date]
    return pl.DataFrame(rows, schema=dict(zip(names, types, strict=True)), orient="row")


def duplicates(*pairs: tuple[str, str, str | None]) -> pl.DataFrame:
    rows = [("phone", "电话", "office", a, "item", "office", b, "item", authority, "suspected") for a, b, authority in pairs]
    names = ["element", "title", "department_a", "resource_a", "item_a", "department_b", "resource_b", "item_b", "authority", "state"]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def test_who_is_late_is_told_until_the_delivery_came(lake: Any) -> None:
    settle_supervision(lake.data, lake.catalogue, lateness("snapshot", "append"), duplicates(), [])
    told = violations.open_violations(lake.data)
    assert set(told.select("rule", "subject").iter_rows()) == {(LATE, "snapshot@2026-03-03"), (LATE, "append@2026-03-03")}
    assert set(told["since"]) == {date(2026, 3, 5)} and set(told["clause"]) == {"C04"}
    version = delta.version(violations.violations_path(lake.data))
    settle_supervision(lake.data, lake.catalogue, lateness("snapshot", "append"), duplicates(), [])
    assert delta.version(violations.violations_path(lake.data)) == version
    settle_supervision(lake.data, lake.catalogue, lateness("append"), duplicates(), [])
    assert lake.open() == {(LATE, "append@2026-03-03")} and lake.closed() == {(LATE, "snapshot@2026-03-03"): "corrected"}
    settle_supervision(lake.data, lake.catalogue, lateness("snapshot", "append"), duplicates(), [])
    assert (LATE, "snapshot@2026-03-03") in lake.open()


def test_lateness_puts_no_record_under_check(lake: Any) -> None:
    lake.deliver("snapshot", [[ZHANG, "张三", "1", "", ""]])
    lake.night()
    settle_supervision(lake.data, lake.catalogue, lateness("snapshot"), duplicates(), [])
    assert under_check.refresh(lake.data, lake.catalogue, current_pin(lake.data, lake.catalogue)) == 0


def test_double_collection_is_told_to_who_is_not_the_authority(lake: Any) -> None:
    for name in ("snapshot", "append"):
        lake.deliver(name, [[ZHANG, "张三", "1", "", ""]])
    lake.night()
    settle_supervision(lake.data, lake.catalogue, lateness(), duplicates(("office.append", "office.snapshot", "office.snapshot")), [])
    found = violations.open_violations(lake.data)
    assert found.select("resource", "rule", "subject", "clause").rows() == [("append", TWICE, "phone", "C01")]
    settle_supervision(lake.data, lake.catalogue, lateness(), duplicates(("office.append", "office.snapshot", None)), [])
    assert sorted(violations.open_violations(lake.data)["resource"]) == ["append", "snapshot"]
    settle_supervision(lake.data, lake.catalogue, lateness(), duplicates(), [])
    assert lake.open() == set()


def test_a_column_outside_the_catalogue_is_counted_only(lake: Any) -> None:
    columns = ["SFZH", "XM", "XB", "CSRQ", "JE", "BZ"]
    lake.deliver("snapshot", [[ZHANG, "张三", "1", "", "", "x"]], header=columns)
    lake.night()
    settle_supervision(lake.data, lake.catalogue, lateness(), duplicates(), [])
    (found,) = violations.open_violations(lake.data).to_dicts()
    assert (found["rule"], found["subject"], found["severity"], found["clause"]) == (UNKNOWN_COLUMN, "BZ", "advisory", "B13")


def test_an_entry_against_the_regulation_is_told_once_it_is_lived_and_ends_when_it_is_mended(lake: Any) -> None:
    way = Citation(article="第十条", quote="通过库表或者接口的方式")
    found = [Breach("office", name, "C03", "P15", way, f"《{name}》以文件报送", "请改为 table") for name in ("snapshot", "append")]
    lake.deliver("snapshot", [[ZHANG, "张三", "1", "", ""]])
    lake.night()
    settle_supervision(lake.data, lake.catalogue, lateness(), duplicates(), found)
    (told,) = violations.open_violations(lake.data).to_dicts()
    assert (told["resource"], told["rule"], told["subject"], told["clause"], told["since"]) == ("snapshot", BREACH, "P15", "C03", lake.day(1))
    assert told["severity"] == "content" and all(words in told["message"] for words in ("《snapshot》", "第十条", "请改为 table"))
    assert under_check.refresh(lake.data, lake.catalogue, current_pin(lake.data, lake.catalogue)) == 0
    version = delta.version(violations.violations_path(lake.data))
    settle_supervision(lake.data, lake.catalogue, lateness(), duplicates(), found)
    assert delta.version(violations.violations_path(lake.data)) == version
    settle_supervision(lake.data, lake.catalogue, lateness(), duplicates(), found[1:])
    assert not lake.open() and lake.closed() == {(BREACH, "P15"): "corrected"}
