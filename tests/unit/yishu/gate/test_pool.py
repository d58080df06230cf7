"""The pool is the current state by key; a doubt never makes a citizen disappear; violations end only by evidence."""

from typing import Any

ZHANG, LI, WANG, ZHAO = "11010519491231002X", "410403198503020024", "610104196209276908", "410402199001010019"
BROKEN = "110105194912310021"  # Zhang's id with a wrong check digit


def row(id_: str, name: str = "张三", sex: str = "1", birth: str = "1990-01-01", amount: str = "1.5") -> list[str]:
    return [id_, name, sex, birth, amount]


def test_an_unchanged_row_keeps_its_origin_and_a_changed_one_gets_the_new_one(lake: Any) -> None:
    lake.deliver("snapshot", [row(ZHANG), row(LI)])
    (first,) = lake.night()
    lake.deliver("snapshot", [row(LI, "改名"), row(ZHANG)], day=2)
    (second,) = lake.night(2)
    origins = dict(lake.pool().select("_key", "_delivery_id").iter_rows())
    assert origins == {ZHANG: first.delivery_id, LI: second.delivery_id}
    assert second.pool_changed == 1


def test_absence_in_a_whole_snapshot_deletes(lake: Any) -> None:
    lake.deliver("snapshot", [row(ZHANG), row(LI), row(WANG)])
    lake.night()
    lake.deliver("snapshot", [row(ZHANG), row(LI)], day=2)
    lake.night(2)
    assert set(lake.names()) == {ZHANG, LI}


def test_absence_beside_a_broken_line_keeps_the_row_under_check_for_three_snapshots(lake: Any) -> None:
    broken = ["只有一列"]
    lake.deliver("snapshot", [row(ZHANG), row(LI), row(WANG)])
    lake.night()
    for day in (2, 3, 4):
        lake.deliver("snapshot", [row(ZHANG, f"第{day}天"), row(LI), broken], day)
        lake.night(day)
        assert WANG in lake.names()
        assert (WANG, "row.absent") in lake.doubts()
    lake.deliver("snapshot", [row(ZHANG, "第5天"), row(LI), broken], day=5)
    lake.night(5)
    assert set(lake.names()) == {ZHANG, LI}
    assert not lake.doubts()


def test_a_row_that_comes_back_within_its_grace_is_no_longer_absent(lake: Any) -> None:
    lake.deliver("snapshot", [row(ZHANG), row(LI)])
    lake.night()
    lake.deliver("snapshot", [row(ZHANG), ["x"]], day=2)
    lake.night(2)
    lake.deliver("snapshot", [row(ZHANG), row(LI), ["y"]], day=3)
    lake.night(3)
    assert lake.pool()["_absent_count"].to_list() == [0, 0] and not lake.doubts()


def test_an_untypable_value_is_null_in_the_pool_its_text_stays_in_raw_and_the_row_is_under_check(lake: Any) -> None:
    lake.deliver("snapshot", [row(ZHANG, birth="2026-02-30", amount="1,000")])
    (delivery,) = lake.night()
    pooled = lake.pool().row(0, named=True)
    assert (pooled["birth_date"], pooled["amount_yuan"], pooled["_invalid"]) == (None, None, "|amount_yuan|birth_date|")
    assert lake.raw(delivery)["birth_date"].to_list() == ["2026-02-30"]
    assert lake.doubts() == {(ZHANG, "birth_date.date"), (ZHANG, "amount_yuan.number")}


def test_a_key_that_fails_its_check_digit_is_served_in_its_pool_under_check(lake: Any) -> None:
    lake.deliver("snapshot", [row(BROKEN)])
    lake.night()
    assert set(lake.names()) == {BROKEN} and lake.doubts() == {(BROKEN, "citizen_id.citizen_id")}


def test_a_row_without_its_key_is_held_out_and_its_subject_is_no_raw_identifier(lake: Any) -> None:
    lake.deliver("snapshot", [row(ZHANG), row("")])
    (delivery,) = lake.night()
    assert delivery.held_out == 1 and set(lake.names()) == {ZHANG}
    ((rule, subject),) = lake.open()
    assert rule == "citizen_id.not_null" and subject.startswith("row:")


def test_a_key_item_needs_no_required_to_hold_a_row_without_it_out(lake: Any) -> None:
    lake.change_item("snapshot", "citizen_id", required=False)
    lake.deliver("snapshot", [row(ZHANG), row("暂无")])
    (delivery,) = lake.night()
    assert delivery.held_out == 1 and lake.pool()["_key"].to_list() == [ZHANG]


def test_identical_rows_collapse_and_of_differing_ones_the_last_accepted_stays_else_the_first(lake: Any) -> None:
    lake.deliver("snapshot", [row(ZHANG, "旧")])
    lake.night()
    lake.deliver("snapshot", [row(ZHANG, "甲"), row(ZHANG, "乙"), row(LI, "丙"), row(LI, "丁"), row(WANG), row(WANG)], day=2)
    (delivery,) = lake.night(2)
    assert lake.names() == {ZHANG: "旧", LI: "丙", WANG: "张三"}
    assert (delivery.collapsed, delivery.set_aside) == (1, 3)
    assert lake.open() == {("key.conflict", ZHANG), ("key.conflict", LI), ("key.repeated", WANG)}


def test_a_fifteen_digit_id_is_the_same_person_as_its_eighteen_digit_one(lake: Any) -> None:
    lake.deliver("snapshot", [row("610104620927690")])
    lake.night()
    assert set(lake.names()) == {WANG} and lake.open() == {("citizen_id.form", WANG)}


def test_inserts_updates_and_deletes_are_applied_in_the_order_of_the_file(lake: Any) -> None:
    lake.deliver("upsert", [["I", *row(ZHANG, "甲")], ["I", *row(LI, "乙")], ["U", *row(ZHANG, "丙")], ["D", LI, "", "", "", ""]])
    lake.night()
    assert lake.names("upsert") == {ZHANG: "丙"} and not lake.open()
    lake.deliver("upsert", [["I", *row(LI, "丁")], ["X", *row(WANG)]], day=2)
    lake.night(2)
    assert lake.names("upsert") == {ZHANG: "丙", LI: "丁"}
    assert {rule for rule, _ in lake.open()} == {"operation.code"}


def test_a_late_increment_does_not_undo_a_newer_one(lake: Any) -> None:
    lake.deliver("upsert", [["I", *row(ZHANG, "新")]], day=2)
    lake.night(2)
    lake.deliver("upsert", [["U", *row(ZHANG, "旧")], ["I", *row(LI, "迟")]], day=1)
    lake.night(2)
    assert lake.names("upsert") == {ZHANG: "新", LI: "迟"}


def test_an_appended_row_stays_as_it_was_accepted_and_a_differing_one_is_accused(lake: Any) -> None:
    lake.deliver("append", [row(ZHANG, "甲")])
    lake.night()
    lake.deliver("append", [row(ZHANG, "乙"), row(LI)], day=2)
    lake.night(2)
    assert lake.names("append") == {ZHANG: "甲", LI: "张三"} and lake.open() == {("key.conflict", ZHANG)}


def test_a_subject_that_passes_is_corrected_one_that_left_is_withdrawn_an_unkeyed_one_that_is_gone_is_either(lake: Any) -> None:
    lake.deliver("snapshot", [row(ZHANG, sex="7"), row(LI, sex="7"), row(""), row(WANG)])
    lake.night()
    lake.deliver("snapshot", [row(ZHANG), row(WANG)], day=2)
    lake.night(2)
    assert not lake.open()
    closed = lake.closed()
    assert closed[("sex.code", ZHANG)] == "corrected" and closed[("sex.code", LI)] == "withdrawn"
    assert sorted(closed.values()) == ["corrected", "corrected_or_withdrawn", "withdrawn"]


def test_a_corrected_key_closes_its_violation_although_the_snapshot_is_not_whole(lake: Any) -> None:
    lake.deliver("snapshot", [row(BROKEN, "甲", birth="1949-12-31"), row(LI), ["x"]])
    lake.night()
    lake.deliver("snapshot", [row(ZHANG, "甲", birth="1949-12-31"), row(LI), ["x"]], day=2)
    lake.night(2)
    assert set(lake.names()) == {ZHANG, LI}
    assert lake.closed()[("citizen_id.citizen_id", BROKEN)] == "corrected"


def test_what_an_increment_does_not_mention_stays_open_and_a_delete_withdraws_it(lake: Any) -> None:
    lake.deliver("upsert", [["I", *row(ZHANG, sex="7")], ["I", *row(LI, sex="7")]])
    lake.night()
    lake.deliver("upsert", [["I", *row(WANG)]], day=2)
    lake.night(2)
    assert lake.open() == {("sex.code", ZHANG), ("sex.code", LI)}
    lake.deliver("upsert", [["D", ZHANG, "", "", "", ""], ["U", *row(LI)]], day=3)
    lake.night(3)
    assert not lake.open()
    assert lake.closed() == {("sex.code", ZHANG): "withdrawn", ("sex.code", LI): "corrected"}


def test_a_held_delivery_closes_nothing(lake: Any) -> None:
    lake.deliver("snapshot", [row(ZHANG, sex="7"), *[row(f"{i}") for i in range(30)]])
    lake.night()
    before = lake.open()
    lake.deliver("snapshot", [row(ZHANG)], day=2)
    (held,) = lake.night(2)
    assert held.state == "held" and lake.open() == before | {("delivery.shrink", held.delivery_id)}


def test_a_violation_that_lasts_keeps_the_day_it_was_first_seen(lake: Any) -> None:
    from yishu.lake.violations import open_violations

    for day in (1, 2, 3):
        lake.deliver("snapshot", [row(ZHANG, f"第{day}天", sex="7")], day)
        lake.night(day)
    found = open_violations(lake.data)
    assert found.height == 1 and found["since"].item() == lake.day(1) and found["file"].item() == "snapshot_20260303.csv"
