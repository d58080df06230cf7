"""Keys of other types than identifiers: one spelling, no two keys made one; what a row that never entered the pool leaves behind."""

from typing import Any

import pytest
import yaml

from yishu.settings import settings

ZHANG, LI = "11010519491231002X", "410403198503020024"


def keyed(lake: Any, **types: str) -> None:
    """Let the snapshot of the office have these items, all in its key, and a remark."""
    file = lake.folder / "departments/office/snapshot.yaml"
    items = [{"name": name, "column": name, "title": name, "type": kind, "required": True} for name, kind in types.items()]
    remark = {"name": "remark", "column": "remark", "title": "备注", "type": "text"}
    lake.write("departments/office/snapshot.yaml", {**yaml.safe_load(file.read_text("utf-8")), "key": list(types), "items": [*items, remark]})


@pytest.mark.parametrize(("kind", "first", "again"), [("date", "2026-01-02", "2026/1/2"), ("integer", "7", "007"), ("decimal", "1.50", "1.5")])
def test_a_key_written_in_another_way_is_the_same_key(lake: Any, kind: str, first: str, again: str) -> None:
    keyed(lake, number=kind)
    for day, value in ((1, first), (2, again)):
        lake.put("snapshot", f"number,remark\n{value},甲\n".encode(), day)
        lake.night(day)
    assert lake.pool()["_delivery_seq"].to_list() == [1]


def test_a_value_that_holds_the_separator_makes_no_two_keys_one(lake: Any) -> None:
    keyed(lake, street="text", house="text")
    lake.put("snapshot", "street,house,remark\na|b,c,甲\na,b|c,乙\na\\|b,c,丙\na\\,b|c,丁\n".encode())
    lake.night()
    assert lake.pool().height == 4 and not lake.open()


def test_a_keyed_row_that_was_held_out_and_is_gone_leaves_no_open_violation(lake: Any) -> None:
    rule = {"rule": "amount_yuan.range", "expectation": "expect_column_values_to_be_between", "severity": "structural"}
    told = {"dimension": "准确性", "clause": "E01", "message": "金额应在 0 至 10 元之间"}
    file = settings.suites_dir / "raw/office/snapshot.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(yaml.safe_dump({"rules": [{**rule, **told, "kwargs": {"column": "amount_yuan", "min_value": 0, "max_value": 10}}]}))
    lake.deliver("snapshot", [[ZHANG, "张三", "1", "1990-01-01", "99"], [LI, "李四", "1", "1990-01-01", "1"]])
    lake.night()
    assert lake.open() == {("amount_yuan.range", ZHANG)}
    lake.deliver("snapshot", [[LI, "李四", "1", "1990-01-01", "1"]], day=2)
    lake.night(2)
    assert lake.closed() == {("amount_yuan.range", ZHANG): "withdrawn"}
