"""Raw, ledger and annotations give every later table again, row for row, with the days of its history."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from tests.unit.yishu.conftest import LI, WANG, ZHANG, ZHAO
from tests.unit.yishu.rebuild.conftest import HISTORY, PERSON, build
from yishu.lake.ledger import Ledger
from yishu.lake.pins import current_pin
from yishu.rebuild.comparing import compare, differing_pools
from yishu.rebuild.replaying import begin, replay
from yishu.rebuild.timeline import differing_states, timeline


def rows(*said: str) -> list[list[str]]:
    """ "<name> …" of Zhang, Li, Wang, Zhao in this order, the rest as ever."""
    return [[key, name, "1", "1990-01-01", "1.5"] for key, name in zip((ZHANG, LI, WANG, ZHAO), said, strict=False)]


def rebuilt(office: Any) -> tuple[Path, list[str]]:
    """The lake made again, and why releases could not be."""
    target = begin(office.data)
    points = timeline(office.lake.ledger)
    broken = [why for one in replay(target, points, office.lake.catalogue, office.profile, build, office.dbt_dir) for why in one.broken]
    return target, broken


def differences(office: Any, target: Path) -> dict[str, tuple[int, int]]:
    found = compare(office.data / "published" / "city.duckdb", target / "published" / "city.duckdb")
    assert {one.table for one in found} == {PERSON, HISTORY}
    return {one.table: (one.only_published, one.only_rebuilt) for one in found if not one.equal}


def live(office: Any) -> None:
    """Nine nights: a correction, a doubt, a delivery held and released, one withdrawn, an older one that comes late, a build that fails."""
    lake = office.lake
    lake.deliver("snapshot", rows("张三", "李四", "王五", "赵六"), 1)
    office.night(1)
    office.correct(rows("张三更正"), 2)
    office.night(2)
    office.doubt(LI, 3)
    office.night(3)
    lake.change("snapshot", gate={"max_shrink": 0.3})
    lake.deliver("snapshot", rows("张三", "李四改"), 4)  # half is missing: held
    office.night(4)
    held = lake.ledger.deliveries("office", "snapshot", ["held"])[0]
    office.night(5)
    office.decide(held, "received")
    office.night(6)
    lake.deliver("snapshot", rows("张三丰", "李四", "王五", "赵七"), 7)
    office.night(7, broken=True)
    lake.deliver("upsert", [["I", *row] for row in rows("张三")], 8)
    office.night(8)
    office.decide(lake.ledger.deliveries("office", "snapshot", ["accepted"])[-1], "withdrawn")
    lake.deliver("snapshot", rows("旧", "旧", "旧", "旧"), 2)  # of a day that newer ones have spoken for
    office.night(9)


def test_what_gates_and_people_decided_takes_effect_again_in_its_night(office: Any) -> None:
    live(office)
    states = [delivery.state for delivery in office.lake.ledger.deliveries("office", "snapshot")]
    assert {"accepted", "withdrawn", "superseded"} <= set(states), states
    logs = {log: sorted(log.iterdir()) for log in office.data.rglob("_delta_log")}
    ledger = office.lake.ledger.path.read_bytes()
    target, broken = rebuilt(office)
    assert broken == [] and differences(office, target) == {}
    assert differing_states(office.lake.ledger.deliveries(), Ledger(target).deliveries()) == []
    # The pools too, version for version; and the real lake is not touched.
    pin = current_pin(office.data, office.lake.catalogue)
    assert "desk.annotation" in pin and pin == current_pin(target, office.lake.catalogue)
    assert differing_pools(office.data, target, office.lake.catalogue, pin) == []
    assert {log: sorted(log.iterdir()) for log in logs} == logs and office.lake.ledger.path.read_bytes() == ledger
    with office.published() as connection:
        told = connection.execute(f"select full_name, valid_from, valid_to from {HISTORY} where entity_id = ? order by 2", [ZHANG]).fetchall()
    # The build of the seventh night failed: what it had taken in became known with the eighth.
    assert [name for name, *_ in told] == ["张三", "张三更正"] and told[-1][-1] == office.lake.day(8), told


def test_tables_are_compared_row_for_row_with_their_repetitions_and_a_missing_or_reshaped_one_is_all_difference(tmp_path: Path) -> None:
    for name, rows_, shape in (("published", "(1, 'a'), (1, 'a'), (2, null)", "id, name"), ("rebuilt", "(1, 'a'), (2, null), (3, 'c')", "id, title")):
        with duckdb.connect(str(tmp_path / name)) as connection:
            connection.execute("create schema base_x; create table base_x.same as from (values (2, null), (1, 'a')) as v(id, name)")
            connection.execute(f"create table base_x.other as from (values {rows_}) as v(id, name)")
            connection.execute(f"create table base_x.shape as from (values {rows_}) as v({shape})")
            connection.execute(f"create table base_x.only_{name} as select 1 as id")
    found = {one.table.removeprefix("base_x."): one for one in compare(tmp_path / "published", tmp_path / "rebuilt")}
    assert [name for name, one in found.items() if one.equal] == ["same"]
    assert (found["other"].only_published, found["other"].only_rebuilt) == (1, 1)
    assert (found["shape"].only_published, found["shape"].only_rebuilt) == (3, 3)
    assert (found["only_published"].rebuilt, found["only_published"].only_published) == (None, 1)


def test_a_decision_on_a_pool_that_was_made_by_hand_between_two_nights_finds_it(office: Any) -> None:
    lake = office.lake
    lake.deliver("snapshot", rows("张三", "李四"), 1)
    office.night(1)
    lake.deliver("snapshot", rows("张三", "李四", "王五"), 2)
    lake.night(2)  # no night of the ledger: somebody materialised the pools
    office.decide(lake.ledger.deliveries("office", "snapshot", ["accepted"])[0], "withdrawn")
    office.night(3)
    target, broken = rebuilt(office)
    assert (broken, differences(office, target)) == ([], {})


def test_nights_of_before_the_ledger_kept_releases_are_told_by_their_faults(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    for step in (None, "warehouse", "pool", None):
        night = ledger.begin_night(date(2026, 3, 1), "test")
        if step:
            ledger.fault(step, "broken")
        ledger.end_night(night, "good", [])
    assert [point.released for point in timeline(ledger)] == [True, False, True, True]
    night = ledger.begin_night(date(2026, 3, 2), "test")
    ledger.released(3, date(2026, 3, 2))
    ledger.end_night(night, "good", [])
    ledger.end_night(ledger.begin_night(date(2026, 3, 3), "test"), "good", [])
    ledger.released(4, date(2026, 3, 3))  # by hand
    told = [(point.night, point.released) for point in timeline(ledger)]
    assert told == [(1, True), (2, False), (3, True), (4, True), (5, True), (6, False), (None, True)]
