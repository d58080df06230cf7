"""A delivery is compared with the last accepted one: it may not shrink, grow or lose values beyond what its entry allows."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishu.catalogue import load_catalogue
from yishu.gate.batch import Before, NullCounts, judge_batch
from yishu.lake.delivery import Delivery

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def citizen_id(number: int) -> str:
    """Synthetic, with its right check digit (GB 11643)."""
    body = f"41040219900101{number:03d}"
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


IDS = [citizen_id(number) for number in range(1, 600)]
RESOURCE = load_catalogue().resources["public_security.resident"].model_copy(deep=True)
RESOURCE = RESOURCE.model_copy(update={"items": [item for item in RESOURCE.items if item.name == "sex"]})
BLANK: dict[str, Any] = dict.fromkeys(Delivery.__dataclass_fields__)
DELIVERY = Delivery(**{**BLANK, "as_of": date(2026, 3, 1), "kind": "ordinary", "faults": [], "records": 1000})


def rows(count: int, *, without_sex: int = 0, start: int = 0) -> list[list[str]]:
    return [[id_, "张三", "" if place < without_sex else "1", "1990-01-01", "1.5"] for place, id_ in enumerate(IDS[start : start + count])]


def evidence(lake: Any, name: str = "snapshot") -> dict[str, dict[str, Any]]:
    """The batch rules of the newest run, by rule."""
    run = lake.ledger.last_gate_run("row", f"office.{name}")
    return {result["rule"]: result for result in run["results"] if result["rule"].startswith("delivery.")}


def test_the_first_delivery_is_compared_with_nothing_and_says_so(lake: Any) -> None:
    lake.deliver("snapshot", rows(30))
    lake.night()
    found = evidence(lake)
    assert [found[f"delivery.{name}"]["evaluated"] for name in ("held_out", "shrink", "growth", "null_drift")] == [1, 0, 0, 0]
    assert found["delivery.null_drift"]["nulls"]["sex"] == 0 and found["delivery.null_drift"]["rows"] == 30


def test_a_snapshot_that_grows_too_much_is_held_with_both_figures_until_a_person_releases_it(lake: Any) -> None:
    lake.deliver("snapshot", rows(200))
    lake.night()
    lake.deliver("snapshot", rows(420), day=2)
    (held,) = lake.night(2)
    assert held.state == "held" and [fault["rule"] for fault in held.faults] == ["delivery.growth"]
    assert "本次 420 条，上次 200 条" in held.faults[0]["message"] and evidence(lake)["delivery.growth"]["observed"] == 1.1
    lake.ledger.record(held.delivery_id, release_approval="2026-7")
    lake.ledger.move(held.delivery_id, "received", actor="bureau")
    lake.night(2)
    assert lake.ledger.delivery(held.delivery_id).state == "accepted" and len(lake.names()) == 420


def test_a_small_table_may_double(lake: Any) -> None:
    lake.deliver("snapshot", rows(40))
    lake.night()
    lake.deliver("snapshot", rows(130), day=2)
    assert [delivery.state for delivery in lake.night(2)] == ["accepted"]


@pytest.mark.parametrize("name", ["upsert", "append"])
def test_increments_may_be_of_any_size(lake: Any, name: str) -> None:
    mark = ["I"] if name == "upsert" else []
    lake.deliver(name, [[*mark, *row] for row in rows(5)])
    lake.night()
    lake.deliver(name, [[*mark, *row] for row in rows(300, start=10)], day=2)
    assert [delivery.state for delivery in lake.night(2)] == ["accepted"]


@pytest.mark.parametrize("name", ["snapshot", "upsert", "append"])
def test_an_item_that_is_suddenly_empty_holds_the_delivery_and_is_named_by_its_title(lake: Any, name: str) -> None:
    mark = ["I"] if name == "upsert" else []
    lake.deliver(name, [[*mark, *row] for row in rows(200, without_sex=4)])
    lake.night()
    lake.deliver(name, [[*mark, *row] for row in rows(200, without_sex=90, start=0 if name == "snapshot" else 200)], day=2)
    (held,) = lake.night(2)
    assert held.state == "held" and [fault["rule"] for fault in held.faults] == ["delivery.null_drift"]
    assert "“性别”本次空缺 90/200 条（45.00%），上次空缺 4/200 条（2.00%）" in held.faults[0]["message"]
    assert ("delivery.null_drift", held.delivery_id) in lake.open()


def test_deletions_state_no_values_and_are_not_counted_as_empty(lake: Any) -> None:
    lake.deliver("upsert", [["I", *row] for row in rows(200)])
    lake.night()
    lake.deliver("upsert", [["D", row[0], "", "", "", ""] for row in rows(200)], day=2)
    (done,) = lake.night(2)
    assert done.state == "accepted" and evidence(lake, "upsert")["delivery.null_drift"]["rows"] == 0


def test_a_missing_column_is_one_fault_and_not_also_a_drift(lake: Any) -> None:
    lake.deliver("snapshot", rows(200))
    lake.night()
    lake.deliver("snapshot", [row[:2] + row[3:] for row in rows(200)], day=2, header=["SFZH", "XM", "CSRQ", "JE"])
    (held,) = lake.night(2)
    assert [fault["rule"] for fault in held.faults] == ["delivery.missing_column"]


def test_the_last_delivery_is_read_from_the_ledger_and_not_from_its_rows(lake: Any, monkeypatch: Any) -> None:
    from yishu.gate import step

    lake.deliver("snapshot", rows(200))
    (first,) = lake.night()
    lake.deliver("snapshot", rows(200, without_sex=100), day=2)
    read = step.read_raw
    asked = []
    monkeypatch.setattr(step, "read_raw", lambda data, delivery: asked.append(delivery.delivery_id) or read(data, delivery))
    (held,) = lake.night(2)
    assert held.state == "held" and first.delivery_id not in asked


@given(size=st.integers(1, 19), then=st.integers(0, 10_000), data=st.data())
def test_a_table_of_a_few_rows_never_drifts(size: int, then: int, data: Any) -> None:
    now = NullCounts(size, {"sex": data.draw(st.integers(0, size))})
    assert judge_batch(DELIVERY, RESOURCE, 0, now, Before(DELIVERY, NullCounts(10_000, {"sex": then})))[3].fault is None


@pytest.mark.parametrize(("size", "held"), [(50, False), (70, False), (200, True)])
def test_the_same_difference_is_chance_in_a_small_table_and_a_fault_in_a_large_one(size: int, held: bool) -> None:
    then, now = (NullCounts(size, {"sex": round(share * size)}) for share in (0.3, 0.6))
    assert bool(judge_batch(DELIVERY, RESOURCE, 0, now, Before(DELIVERY, then))[3].fault) is held


@given(then=st.integers(0, 1000), now=st.integers(0, 1000))
def test_fewer_nulls_than_before_hold_nothing(then: int, now: int) -> None:
    (least, most) = sorted((then, now))
    drift = judge_batch(DELIVERY, RESOURCE, 0, NullCounts(1000, {"sex": least}), Before(DELIVERY, NullCounts(1000, {"sex": most})))[3]
    assert drift.fault is None
