"""What becomes of a delivery: accepted, held, unchanged, superseded; and that nothing is lost on the way."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yishu.ingest.landing import strays

ZHANG, LI, WANG, ZHAO = "11010519491231002X", "410403198503020024", "610104196209276908", "410402199001010019"


def row(id_: str, name: str = "张三", sex: str = "1", birth: str = "1990-01-01", amount: str = "1.5") -> list[str]:
    return [id_, name, sex, birth, amount]


def states(lake: Any, name: str = "snapshot") -> list[str]:
    return [delivery.state for delivery in lake.ledger.deliveries("office", name)]


def test_an_accepted_delivery_is_in_raw_verbatim_in_the_pool_typed_and_in_the_archive_byte_for_byte(lake: Any) -> None:
    content = lake.deliver("snapshot", [[" 11010519491231002x ", "张三", "男", "1949/12/31", "1.50"]]).read_bytes()
    (delivery,) = lake.night()
    raw = lake.raw(delivery).row(0, named=True)
    assert (raw["citizen_id"], raw["sex"], raw["_row_number"]) == (" 11010519491231002x ", "男", 2)
    pooled = lake.pool().row(0, named=True)
    assert (pooled["citizen_id"], pooled["sex"], str(pooled["birth_date"]), pooled["amount_yuan"]) == (ZHANG, "1", "1949-12-31", 1.5)
    assert (lake.data / "archive" / delivery.delivery_id / delivery.file).read_bytes() == content
    assert not list((lake.data / "landing").rglob("*.csv"))


def test_a_b_a_makes_three_deliveries_and_the_pool_ends_as_a(lake: Any) -> None:
    for day, name in ((1, "甲"), (2, "乙"), (3, "甲")):
        lake.deliver("snapshot", [row(ZHANG, name)], day)
        lake.night(day)
    assert states(lake) == ["superseded", "superseded", "accepted"]
    assert lake.names() == {ZHANG: "甲"}


def test_a_b_a_of_one_day_in_one_night_makes_three_deliveries_with_ids_of_their_own(lake: Any) -> None:
    for name in ("甲", "乙", "甲"):
        lake.deliver("snapshot", [row(ZHANG, name)])
        lake.night()
    ids = [delivery.delivery_id for delivery in lake.ledger.deliveries("office", "snapshot")]
    assert len(set(ids)) == 3 and lake.names() == {ZHANG: "甲"}


def test_the_same_content_again_is_unchanged_and_writes_nothing(lake: Any) -> None:
    lake.deliver("snapshot", [row(ZHANG)])
    lake.night()
    version = lake.version()
    lake.deliver("snapshot", [row(ZHANG)], day=2)
    lake.night(2)
    assert states(lake) == ["accepted", "unchanged"]
    assert lake.version() == version


def test_an_older_snapshot_that_comes_late_is_kept_in_raw_and_moves_nothing(lake: Any) -> None:
    lake.deliver("snapshot", [row(ZHANG, "新")], day=2)
    lake.night(2)
    lake.deliver("snapshot", [row(ZHANG, "旧")], day=1)
    lake.night(2)
    assert states(lake) == ["superseded", "accepted"]
    assert lake.names() == {ZHANG: "新"}


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"SFZH,XM,XB,CSRQ\n" + f"{ZHANG},x,1,2020-01-01\n".encode(), "delivery.missing_column"),
        (b"SFZH,XM,XB,CSRQ,JE,JE\n" + f"{ZHANG},x,1,2020-01-01,1,1\n".encode(), "delivery.duplicate_column"),
        (b"SFZH,XM,XB,CSRQ,JE\n" + f"{ZHANG},x,1,2020-01-01,1\n{LI},y".encode(), "delivery.cut_off"),
        (b"", "delivery.empty"),
        (b"SFZH,XM,XB,CSRQ,JE\n,x,1,2020-01-01,1\n,y,1,2020-01-01,1\n", "delivery.held_out"),
    ],
)
def test_a_delivery_that_is_not_what_was_agreed_is_held_and_the_last_accepted_stays(lake: Any, content: bytes, rule: str) -> None:
    lake.deliver("snapshot", [row(WANG, "先")])
    lake.night()
    before = lake.open()
    lake.put("snapshot", content, day=2)
    (delivery,) = lake.night(2)
    assert delivery.state == "held"
    assert lake.names() == {WANG: "先"}
    assert (rule, delivery.delivery_id) in lake.open() - before


def test_a_snapshot_that_shrinks_too_much_is_held_until_a_person_releases_it(lake: Any) -> None:
    lake.deliver("snapshot", [row(id_) for id_ in (ZHANG, LI, WANG, ZHAO)] + [row(f"x{i}") for i in range(20)])
    lake.night()
    lake.deliver("snapshot", [row(ZHANG)], day=2)
    (delivery,) = lake.night(2)
    assert delivery.state == "held" and len(lake.names()) == 24
    lake.ledger.record(delivery.delivery_id, release_approval="2026-7")
    lake.ledger.move(delivery.delivery_id, "received", actor="someone", approval="2026-7", reason="确已注销")
    lake.night(2)
    after = lake.ledger.delivery(delivery.delivery_id)
    assert after.state == "accepted", after.reason
    assert lake.names() == {ZHANG: "张三"}
    assert lake.closed()[("delivery.shrink", delivery.delivery_id)] == "corrected"


def test_a_stated_count_that_differs_holds_the_delivery(lake: Any) -> None:
    file = lake.deliver("snapshot", [row(ZHANG)])
    Path(f"{file}.meta.json").write_text(json.dumps({"records": 2}), encoding="utf-8")
    (delivery,) = lake.night()
    assert (delivery.state, delivery.faults[0]["rule"]) == ("held", "delivery.count_differs")


def test_utf8_text_under_a_gb18030_entry_is_held_and_not_read_as_nonsense(lake: Any) -> None:
    lake.change("snapshot", delivery={"encoding": "gb18030"})
    lake.deliver("snapshot", [row(ZHANG, "王小明，住在平顶山市新华区")])
    (delivery,) = lake.night()
    assert (delivery.state, delivery.faults[0]["rule"]) == ("held", "delivery.encoding")


def test_columns_outside_the_catalogue_are_named_and_their_values_kept_nowhere_but_in_the_archive(lake: Any) -> None:
    lake.put("snapshot", f"SFZH,XM,XB,CSRQ,JE,密码\n{ZHANG},x,1,2020-01-01,1,hunter2\n".encode())
    (delivery,) = lake.night()
    assert delivery.unknown_columns == ["密码"]
    assert "hunter2" not in str(lake.raw(delivery).rows()) + str(lake.pool().rows())


broken_rows = st.one_of(
    st.sampled_from([ZHANG, LI, WANG, ZHAO, "", "12", "11010519491231002x"]).flatmap(
        lambda id_: st.tuples(
            st.just(id_),
            st.sampled_from(["张三", "李四", "", "无"]),
            st.sampled_from(["1", "男", "7", ""]),
            st.sampled_from(["2020-01-01", "2020-02-30", "2099-01-01", ""]),
            st.sampled_from(["1", "1,0", "暂无"]),
        ).map(list)
    ),
    st.lists(st.sampled_from(["a", ZHANG]), min_size=1, max_size=7),
)


@given(rows=st.lists(broken_rows, max_size=15))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_line_is_in_raw_or_rejected_and_each_raw_row_pooled_held_out_collapsed_or_set_aside(
    tmp_path_factory: pytest.TempPathFactory, lake: Any, rows: list[list[str]]
) -> None:
    lake = type(lake)(tmp_path_factory.mktemp("lake"))
    lake.change("snapshot", gate={"max_held_out": 1.0, "max_shrink": 1.0})
    lake.deliver("snapshot", rows)
    for delivery in lake.night(names=["snapshot"]):
        assert delivery.state in ("accepted", "held")
        assert delivery.records == lake.raw(delivery).height + lake.rejects(delivery).height == sum(1 for r in rows if r != [""])
        if delivery.state == "accepted":
            entered = lake.pool().height
            assert entered + delivery.held_out + delivery.collapsed + delivery.set_aside == delivery.raw_rows


def test_a_released_snapshot_that_was_cut_off_deletes_nobody(lake: Any) -> None:
    lake.deliver("snapshot", [row(ZHANG), row(LI), row(WANG)])
    lake.night()
    file = lake.deliver("snapshot", [row(ZHANG), row(LI)], day=2)
    Path(f"{file}.meta.json").write_text(json.dumps({"records": 3}), encoding="utf-8")
    (held,) = lake.night(2)
    lake.ledger.record(held.delivery_id, release_approval="2026-8")
    lake.ledger.move(held.delivery_id, "received", actor="someone", approval="2026-8", reason="先用")
    lake.night(2)
    assert set(lake.names()) == {ZHANG, LI, WANG} and (WANG, "row.absent") in lake.doubts()


def test_files_that_nobody_expects_are_named_wherever_they_lie(lake: Any) -> None:
    for place in ("lost.csv", "office/lost.csv", "office/snapshot/lost.csv", "nobody/table/lost.csv"):
        file = lake.data / "landing" / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x", encoding="utf-8")
    assert len(strays(lake.data, lake.catalogue)) == 4
