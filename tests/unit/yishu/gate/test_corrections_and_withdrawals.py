"""A correction changes its own keys and holds until the department changes them; a withdrawal leaves the pool as if it had never come."""

import json
from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import dear
from yishu.catalogue.delivery_terms import CORRECTION
from yishu.lake.delivery import Delivery
from yishu.settings import settings as chosen

ZHANG, LI, WANG = "11010519491231002X", "410403198503020024", "610104196209276908"


def row(id_: str, name: str = "张三", sex: str = "1") -> list[str]:
    return [id_, name, sex, "1990-01-01", "1.5"]


def correct(lake: Any, rows: Sequence[Sequence[str]], day: int = 1, *, name: str = "snapshot", approval: str | None = "数据函〔2026〕1号") -> None:
    file = lake.deliver(name, rows, day)
    landed = file.with_name(CORRECTION + file.name)
    file.rename(landed)
    if approval is not None:
        landed.with_name(landed.name + ".meta.json").write_text(json.dumps({"approval": approval}), encoding="utf-8")


def withdraw(lake: Any, delivery: Delivery) -> None:
    lake.ledger.move(delivery.delivery_id, "withdrawn", actor="bureau", approval="数据函〔2026〕2号", reason="误报")


def test_a_correction_of_a_snapshot_touches_its_own_keys_only(lake: Any) -> None:
    lake.deliver("snapshot", [row(ZHANG, "错"), row(LI, "李四"), row(WANG, "王五")])
    lake.night(1)
    correct(lake, [row(ZHANG, "张三")])
    (done,) = lake.night(1)
    assert (done.state, done.kind, done.approval) == ("accepted", "correction", "数据函〔2026〕1号")
    assert lake.names() == {ZHANG: "张三", LI: "李四", WANG: "王五"}
    assert lake.ledger.events(done.delivery_id)[-1]["approval"] == "数据函〔2026〕1号"


def test_a_correction_without_an_approval_is_held_until_somebody_approves(lake: Any) -> None:
    lake.deliver("snapshot", [row(ZHANG, "错"), row(LI, "李四")])
    lake.night(1)
    correct(lake, [row(ZHANG, "张三")], approval=None)
    (held,) = lake.night(1)
    assert held.state == "held" and "批准文号（C08）" in str(held.reason)
    lake.ledger.record(held.delivery_id, release_approval="数据函〔2026〕3号")
    lake.ledger.move(held.delivery_id, "received", actor="bureau")
    (released,) = lake.night(1)
    assert released.state == "accepted" and lake.names()[ZHANG] == "张三"


def test_a_correction_holds_while_the_department_repeats_what_was_corrected(lake: Any) -> None:
    lake.deliver("snapshot", [row(ZHANG, "错"), row(LI, "李四")])
    lake.night(1)
    correct(lake, [row(ZHANG, "张三")])
    lake.night(1)
    lake.deliver("snapshot", [row(ZHANG, "错"), row(LI, "李四改")], day=2)
    lake.night(2)
    assert lake.names() == {ZHANG: "张三", LI: "李四改"}
    lake.deliver("snapshot", [row(ZHANG, "错"), row(LI, "李四改"), row(WANG, "王五")], day=3)
    lake.night(3)
    assert lake.names() == {ZHANG: "张三", LI: "李四改", WANG: "王五"}
    lake.deliver("snapshot", [row(ZHANG, "章三"), row(LI, "李四改"), row(WANG, "王五")], day=4)
    lake.night(4)
    assert lake.names()[ZHANG] == "章三", "the department has changed the value itself: its own word counts again"


def test_a_file_that_repeats_itself_after_a_correction_undoes_nothing(lake: Any) -> None:
    for day in (1, 2):
        lake.deliver("snapshot", [row(ZHANG, "错"), row(LI, "李四")], day=day)
        lake.night(day)
        if day == 1:
            correct(lake, [row(ZHANG, "张三")])
            lake.night(1)
    assert lake.names()[ZHANG] == "张三"
    assert [d.state for d in lake.ledger.deliveries("office", "snapshot")] == ["accepted", "accepted", "unchanged"]


def test_a_corrected_row_that_the_department_drops_is_gone(lake: Any) -> None:
    lake.deliver("snapshot", [row(ZHANG, "错"), row(LI, "李四")])
    lake.night(1)
    correct(lake, [row(ZHANG, "张三")])
    lake.night(1)
    lake.deliver("snapshot", [row(LI, "李四")], day=2)
    lake.night(2)
    assert lake.names() == {LI: "李四"}


def test_a_correction_closes_what_it_puts_right_and_the_repeated_row_does_not_open_it_again(lake: Any) -> None:
    lake.deliver("snapshot", [row(ZHANG, sex="7"), row(LI)])
    lake.night(1)
    assert lake.open() == {("sex.code", ZHANG)}
    correct(lake, [row(ZHANG)])
    lake.night(1)
    assert lake.open() == set()
    lake.deliver("snapshot", [row(ZHANG, sex="7"), row(LI, "李四")], day=2)
    lake.night(2)
    assert lake.open() == set() and lake.pool().filter(pl.col("_key") == ZHANG)["sex"].item() == "1"


@pytest.mark.parametrize("name", ["append", "upsert"])
def test_a_correction_changes_rows_of_increments_too(lake: Any, name: str) -> None:
    mark = ["U"] if name == "upsert" else []
    lake.deliver(name, [[*mark, *row(ZHANG, "错")], [*mark, *row(LI, "李四")]])
    lake.night(1)
    correct(lake, [[*mark, *row(ZHANG, "张三")]], name=name)
    (done,) = lake.night(1)
    assert done.state == "accepted" and lake.names(name) == {ZHANG: "张三", LI: "李四"} and lake.open() == set()
    lake.deliver(name, [[*mark, *row(ZHANG, "错")]], day=2)
    lake.night(2)
    assert lake.names(name)[ZHANG] == "张三"


def test_withdrawing_the_last_snapshot_brings_back_the_one_before(lake: Any) -> None:
    lake.deliver("snapshot", [row(ZHANG, sex="7"), row(LI)])
    (first,) = lake.night(1)
    before, open_before, raw_before = lake.pool().rows(), lake.open(), lake.raw(first).rows()
    lake.deliver("snapshot", [row(ZHANG), row(WANG, sex="8")], day=2)
    (second,) = lake.night(2)
    assert lake.open() == {("sex.code", WANG)}
    withdraw(lake, second)
    lake.night(2)
    assert (lake.pool().rows(), lake.open(), lake.raw(first).rows()) == (before, open_before, raw_before)
    assert lake.ledger.last_accepted("office", "snapshot").delivery_id == first.delivery_id
    assert lake.raw(second).height == 2, "raw is never rewritten (C08)"
    assert lake.closed()[("sex.code", WANG)] == "withdrawn"


def test_withdrawing_twice_or_again_after_a_crash_changes_nothing_more(lake: Any) -> None:
    lake.deliver("upsert", [["I", *row(ZHANG)]])
    lake.night(1)
    lake.deliver("upsert", [["U", *row(ZHANG, "改")], ["I", *row(LI)]], day=2)
    (second,) = [delivery for delivery in lake.night(2) if delivery.resource == "upsert"]
    withdraw(lake, second)
    lake.night(2)
    assert lake.names("upsert") == {ZHANG: "张三"}
    version = lake.version("upsert")
    lake.night(3)
    assert lake.version("upsert") == version


def test_what_was_withdrawn_may_be_delivered_again(lake: Any) -> None:
    lake.deliver("snapshot", [row(ZHANG)])
    lake.night(1)
    lake.deliver("snapshot", [row(LI)], day=2)
    (second,) = lake.night(2)
    withdraw(lake, second)
    lake.deliver("snapshot", [row(LI)], day=2)
    done = lake.night(2)[-1]
    assert done.state == "accepted" and lake.names() == {LI: "张三"}


ROW = st.tuples(st.sampled_from([ZHANG, LI, WANG]), st.sampled_from(["甲", "乙", "丙"]), st.sampled_from(["1", "7"]))
DELIVERIES = st.lists(
    st.tuples(
        st.sampled_from(["plain", "plain", "correction"]),
        st.lists(ROW, min_size=1, max_size=3),
    ),
    min_size=1,
    max_size=4,
)


@dear(few=8, many=100)  # two lakes an example, up to four nights each
@given(deliveries=DELIVERIES, name=st.sampled_from(["snapshot", "upsert", "append"]), data=st.data())
def test_a_withdrawal_leaves_the_lake_as_if_the_delivery_had_never_come(lake_of: Any, deliveries: Any, name: str, data: Any) -> None:
    """Against the plainest oracle: a second lake that never got it."""
    victim = data.draw(st.integers(0, len(deliveries) - 1))

    def played(without: int | None) -> tuple[Any, list[Delivery]]:
        lake, done = lake_of(), []
        for number, (kind, rows) in enumerate(deliveries):
            if number == without:
                continue
            marked = [[*(["U"] if name == "upsert" else []), *row(*cells)] for cells in rows]
            (correct if kind == "correction" else lake.deliver)(*([lake, marked] if kind == "correction" else [name, marked]),
                                                               day=number + 1, **({"name": name} if kind == "correction" else {}))  # fmt: skip
            done += lake.night(number + 1, [name])
        return lake, done

    lake, done = played(None)
    taken = [delivery for delivery in done if delivery.as_of == lake.day(victim + 1)]
    repeated = [d for d in lake.ledger.deliveries("office", name, ["unchanged"]) if taken and d.content_hash == taken[0].content_hash]
    if not taken or lake.ledger.delivery(taken[0].delivery_id).state not in ("accepted", "superseded") or repeated:
        return
    withdraw(lake, taken[0])
    lake.night(len(deliveries) + 1, [name])
    oracle, _ = played(victim)
    own = ["_key", "full_name", "sex", "_as_of", "_absent_count"]
    assert lake.pool(name).select(own).rows() == oracle.pool(name).select(own).rows()
    assert lake.open() == oracle.open()


@pytest.fixture
def lake_of(tmp_path_factory: pytest.TempPathFactory, lake: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    def make() -> Any:
        root = tmp_path_factory.mktemp("lake")
        monkeypatch.setattr(chosen, "suites", root / "suites")
        return type(lake)(root)

    return make
