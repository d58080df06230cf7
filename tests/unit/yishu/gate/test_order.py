"""Deliveries that come late, come again or wait: what was said of a later day is never undone."""

import contextlib
from typing import Any

ZHANG, LI = "11010519491231002X", "410403198503020024"
WITHOUT_A_COLUMN = f"SFZH,XM,XB,CSRQ\n{ZHANG},张三,1,1990-01-01\n".encode()


def row(id_: str, name: str = "张三", sex: str = "1") -> list[str]:
    return [id_, name, sex, "1990-01-01", "1.5"]


def states(lake: Any) -> list[str]:
    return [delivery.state for delivery in lake.ledger.deliveries("office", "snapshot")]


def test_a_late_increment_does_not_bring_back_what_a_newer_one_deleted(lake: Any) -> None:
    lake.deliver("upsert", [["I", *row(ZHANG)], ["I", *row(LI)]])
    lake.night()
    lake.deliver("upsert", [["D", *row(ZHANG)]], day=3)
    lake.night(3)
    lake.deliver("upsert", [["U", *row(ZHANG, "旧")]], day=2)
    lake.night(3)
    assert lake.names("upsert") == {LI: "张三"}


def test_a_late_increment_does_not_change_what_a_newer_one_confirmed(lake: Any) -> None:
    lake.deliver("upsert", [["I", *row(ZHANG, "甲")]])
    lake.night()
    lake.deliver("upsert", [["U", *row(ZHANG, "甲")], ["U", *row(LI)]], day=3)
    lake.night(3)
    lake.deliver("upsert", [["U", *row(ZHANG, "乙")]], day=2)
    lake.night(3)
    assert lake.names("upsert")[ZHANG] == "甲"


def test_a_row_that_a_newer_increment_refused_to_read_does_not_stop_a_late_one(lake: Any) -> None:
    lake.deliver("upsert", [["X", *row(ZHANG)], ["I", *row(LI)]], day=2)
    lake.night(2)
    lake.deliver("upsert", [["I", *row(ZHANG, "甲")]], day=1)
    lake.night(2)
    assert lake.names("upsert") == {ZHANG: "甲", LI: "张三"}


def test_a_late_good_row_proves_nothing_about_the_newer_bad_one(lake: Any) -> None:
    lake.deliver("upsert", [["I", *row(ZHANG, sex="7")]], day=2)
    lake.night(2)
    lake.deliver("upsert", [["I", *row(ZHANG)]], day=1)
    lake.night(2)
    assert lake.open() == {("sex.code", ZHANG)}


def test_a_late_snapshot_does_not_undo_one_that_was_confirmed_for_a_later_day(lake: Any) -> None:
    for day, name in ((1, "甲"), (3, "甲"), (2, "乙")):
        lake.deliver("snapshot", [row(ZHANG, name)], day)
        lake.night(3)
    assert states(lake) == ["accepted", "superseded", "unchanged"] and lake.names() == {ZHANG: "甲"}


def test_the_same_broken_file_twice_in_one_night_is_held_twice_and_never_called_unchanged(lake: Any) -> None:
    lake.deliver("snapshot", [row(ZHANG)])
    lake.night()
    for day in (2, 3):
        lake.put("snapshot", WITHOUT_A_COLUMN, day)
    lake.night(3)
    assert states(lake) == ["accepted", "held", "held"]


def test_a_held_snapshot_is_passed_over_when_the_next_says_that_nothing_changed(lake: Any) -> None:
    lake.deliver("snapshot", [row(ZHANG)])
    lake.night()
    lake.put("snapshot", WITHOUT_A_COLUMN, 2)
    lake.night(2)
    lake.deliver("snapshot", [row(ZHANG)], day=3)
    lake.night(3)
    assert states(lake) == ["accepted", "superseded", "unchanged"] and not lake.open()


def test_a_file_without_a_date_in_its_name_that_was_begun_yesterday_is_the_same_delivery_today(lake: Any, monkeypatch: Any) -> None:
    from yishu.ingest import intake

    lake.change("snapshot", delivery={"pattern": "snapshot.csv"})
    lake.deliver("snapshot", [row(ZHANG)]).rename(lake.data / "landing/office/snapshot/snapshot.csv")
    with monkeypatch.context() as broken:
        broken.setattr(intake, "archive", lambda *_: 1 / 0)
        with contextlib.suppress(ZeroDivisionError):
            lake.night()
    lake.night(2)
    assert states(lake) == ["accepted"]


def test_a_file_with_none_of_our_columns_is_held_and_no_fault_of_the_program(lake: Any) -> None:
    for day, content in enumerate((WITHOUT_A_COLUMN.replace(b",", b"\t") * 3, "姓名\n张三\n".encode("gb18030"), b"SF"), start=1):
        lake.put("snapshot", content, day)
        lake.night(day)
    assert states(lake) == ["held", "held", "held"]
