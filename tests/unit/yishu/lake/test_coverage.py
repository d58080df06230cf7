"""Coverage: what has arrived of what is catalogued, by resource and department, counted on the raw tables (C05)."""

from typing import Any

from yishu.lake.coverage import by_department, coverage

ZHANG, LI = "11010519491231002X", "410403198503020024"


def row(id_: str, **cells: str) -> list[str]:
    told = {"name": "张三", "sex": "1", "birth": "1990-01-01", "amount": "1.5", **cells}
    return [id_, told["name"], told["sex"], told["birth"], told["amount"]]


def of(lake: Any, name: str) -> dict[str, Any]:
    return {entry["resource"]: entry for entry in coverage(lake.data, lake.catalogue).iter_rows(named=True)}[name]


def test_a_resource_that_never_came_covers_nothing(lake: Any) -> None:
    found = of(lake, "snapshot")
    assert (found["delivered"], found["delivered_items"], found["catalogued_items"], found["pool_rows"]) == (False, 0, 5, 0)


def test_columns_without_a_value_are_not_delivered(lake: Any) -> None:
    lake.deliver("snapshot", [row(ZHANG, birth="", amount=""), row(LI, birth="")])
    lake.night(1)
    found = of(lake, "snapshot")
    assert (found["missing_items"], found["share"], found["records"], found["pool_rows"]) == (["birth_date"], 0.8, 2, 2)


def test_of_snapshots_the_last_counts_of_increments_all(lake: Any) -> None:
    lake.deliver("snapshot", [row(ZHANG)], day=1)
    lake.deliver("append", [row(ZHANG)], day=1)
    lake.night(1)
    lake.deliver("snapshot", [row(ZHANG, sex="")], day=2)
    lake.deliver("append", [row(LI, sex="")], day=2)
    lake.night(2)
    assert of(lake, "snapshot")["missing_items"] == ["sex"] and of(lake, "append")["missing_items"] == []
    assert of(lake, "append")["records"] == 2


def test_what_was_withdrawn_or_held_does_not_count(lake: Any) -> None:
    lake.deliver("append", [row(ZHANG)], day=1)
    (first,) = [d for d in lake.night(1) if d.resource == "append"]
    lake.ledger.move(first.delivery_id, "withdrawn", actor="bureau", approval="1", reason="误报")
    lake.deliver("snapshot", [["张三"]], day=1, header=["XM"])
    lake.night(1)
    assert not of(lake, "append")["delivered"] and not of(lake, "snapshot")["delivered"]


def test_departments_add_up(lake: Any) -> None:
    lake.deliver("snapshot", [row(ZHANG)])
    lake.night(1)
    (office,) = by_department(coverage(lake.data, lake.catalogue)).iter_rows(named=True)
    assert (office["delivered_resources"], office["catalogued_resources"], office["delivered_items"], office["share"]) == (1, 3, 5, 5 / 15)
