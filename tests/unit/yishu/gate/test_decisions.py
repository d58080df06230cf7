"""What the desk's decisions do to violations: refusals mute, doubts open, and both end with the value."""

import json
import shutil
from datetime import date
from typing import Any

import pytest

from tests.unit.yishu.conftest import LI, ZHANG
from yishu.gate.doubts import UNKNOWN
from yishu.gate.receipts import write_receipts
from yishu.gate.regate import regate
from yishu.gate.step import advance
from yishu.ingest.desk_source import Annotation, doubt_rule, write_annotations, write_correction
from yishu.ingest.intake import take_in
from yishu.lake import delta, violations
from yishu.lake.lookup import find_record, raw_rows, value_hash_of
from yishu.settings import ROOT

RULE = "sex.code"


class Desk:
    """The small lake with the desk as its second department."""

    def __init__(self, lake: Any) -> None:
        self.lake, self.count = lake, 0
        shutil.copytree(ROOT / "catalogue/departments/desk", lake.folder / "departments/desk")
        lake._catalogue = None

    def says(self, kind: str, rule: str, key: str = ZHANG, day: int = 1, *, hash_: str = "", item: str = "", name: str = "snapshot") -> None:
        self.count += 1
        one = Annotation(f"a{self.count}", kind, "office", name, rule, key, "li", self.lake.day(day), item_name=item, value_hash=hash_)
        write_annotations(self.lake.data, [one], self.lake.day(day))

    def refuses(self, rule: str, key: str = ZHANG, day: int = 1) -> None:
        found = self.of(rule, key)
        self.says("refusal_accepted", rule, key, day, hash_=found["value_hash"])

    def night(self, day: int) -> None:
        desk = self.lake.catalogue.resources["desk.annotation"]
        take_in(self.lake.data, desk, self.lake.catalogue, until=self.lake.day(day))
        assert all(delivery.state == "accepted" for delivery in advance(self.lake.data, desk, self.lake.catalogue))
        self.lake.night(day)

    def of(self, rule: str, key: str = ZHANG) -> dict[str, Any]:
        (row,) = violations.standing_violations(self.lake.data).filter(rule=rule, subject=key).rows(named=True)
        return row


@pytest.fixture
def desk(lake: Any) -> Desk:
    return Desk(lake)


def wrong(sex: str, *, others: int = 3) -> list[list[str]]:
    filling = [[f"1101051949123100{place}", "某", "1", "", ""] for place in range(10, 10 + others)]
    return [[ZHANG, "张三", sex, "", "12.5"], [LI, "李四", "1", "", ""], *filling]


def test_an_accepted_refusal_mutes_until_the_value_changes(desk: Desk) -> None:
    lake = desk.lake
    lake.deliver("snapshot", wrong("男性"), 1)
    desk.night(1)
    assert (RULE, ZHANG) in lake.open() and (ZHANG, RULE) in lake.doubts()
    desk.refuses(RULE)
    desk.night(2)
    assert (RULE, ZHANG) not in lake.open() and (ZHANG, RULE) not in lake.doubts()
    assert lake.closed()[RULE, ZHANG] == "refused"
    lake.deliver("snapshot", wrong("男性", others=4), 3)  # the same value, in another file, on another line
    desk.night(3)
    assert (RULE, ZHANG) not in lake.open() and lake.closed()[RULE, ZHANG] == "refused"
    lake.deliver("snapshot", wrong("女性"), 4)
    desk.night(4)
    assert (RULE, ZHANG) in lake.open() and (ZHANG, RULE) in lake.doubts()


def test_a_muted_value_that_is_corrected_ends_as_corrected(desk: Desk) -> None:
    lake = desk.lake
    lake.deliver("snapshot", wrong("男性"), 1)
    desk.night(1)
    desk.refuses(RULE)
    desk.night(2)
    lake.deliver("snapshot", wrong("1"), 3)
    desk.night(3)
    assert lake.closed()[RULE, ZHANG] == "corrected"
    desk.says("refusal_revoked", RULE, day=4)
    desk.night(4)
    assert (RULE, ZHANG) not in lake.open(), "回退的拒绝不得把已更正的再打开"


def test_a_revoked_refusal_opens_again_without_a_new_delivery(desk: Desk) -> None:
    lake = desk.lake
    lake.deliver("snapshot", wrong("男性"), 1)
    desk.night(1)
    before = desk.of(RULE)
    desk.refuses(RULE)
    desk.night(2)
    desk.says("refusal_revoked", RULE, day=3)
    desk.night(3)
    assert (RULE, ZHANG) in lake.open() and desk.of(RULE) == before


def test_a_refusal_speaks_of_its_own_subject_and_rule_only(desk: Desk) -> None:
    lake = desk.lake
    rows = wrong("男性")
    rows[1][2] = "男性"
    lake.deliver("snapshot", rows, 1)
    desk.night(1)
    desk.refuses(RULE)
    desk.night(2)
    assert (RULE, LI) in lake.open() and (RULE, ZHANG) not in lake.open()


def test_judging_again_leaves_what_is_muted_muted(desk: Desk) -> None:
    lake = desk.lake
    lake.deliver("snapshot", wrong("男性"), 1)
    desk.night(1)
    desk.refuses(RULE)
    desk.night(2)
    before = delta.version(violations.violations_path(lake.data))
    done = regate(lake.data, lake.resource("snapshot"), lake.catalogue)
    assert done is not None and (done.run, done.opened, done.closed) == (None, 0, 0)
    assert delta.version(violations.violations_path(lake.data)) == before


def test_a_doubt_flags_the_record_the_same_night_and_ends_with_the_value(desk: Desk) -> None:
    lake = desk.lake
    lake.deliver("snapshot", wrong("1"), 1)
    desk.night(1)
    rule = doubt_rule("full_name")
    desk.says("doubt", rule, item="full_name", day=2)
    desk.night(2)
    doubt = desk.of(rule)
    assert (doubt["gate"], doubt["column"], doubt["row_number"], doubt["clause"], doubt["since"]) == (
        "doubt",
        "full_name",
        2,
        "E04",
        date(2026, 3, 2),
    )
    assert "张三" not in doubt["message"] and (ZHANG, rule) in lake.doubts()
    lake.deliver("snapshot", [*wrong("1")[1:], [ZHANG, "张三", "2", "", ""]], 3)  # another value has changed, and the line
    desk.night(3)
    assert desk.of(rule)["row_number"] == 6 and desk.of(rule)["delivery_seq"] > doubt["delivery_seq"]
    lake.deliver("snapshot", [[ZHANG, "章三", "2", "", ""], *wrong("1")[1:]], 4)
    desk.night(4)
    assert lake.closed()[rule, ZHANG] == "corrected" and (ZHANG, rule) not in lake.doubts()
    lake.deliver("snapshot", wrong("1"), 5)
    desk.night(5)
    assert (rule, ZHANG) not in lake.open(), "已答复的异议不再提出"
    desk.says("doubt", rule, item="full_name", day=6)
    desk.night(6)
    assert (rule, ZHANG) in lake.open(), "新的异议是新的问题"


def test_a_doubt_is_withdrawn_by_the_doubter_or_with_the_record(desk: Desk) -> None:
    lake, rule = desk.lake, doubt_rule("")
    lake.deliver("snapshot", wrong("1"), 1)
    desk.night(1)
    desk.says("doubt", rule, ZHANG, 2)
    desk.says("doubt", rule, LI, 2)
    desk.night(2)
    assert {(rule, ZHANG), (rule, LI)} <= lake.open()
    desk.says("doubt_withdrawn", rule, ZHANG, 3)
    lake.deliver("snapshot", [row for row in wrong("1") if row[0] != LI], 3)
    for day in range(3, 8):  # an incomplete snapshot keeps who is absent for a while
        desk.night(day)
        lake.deliver("snapshot", [[*row[:4], str(day)] for row in wrong("1") if row[0] != LI], day + 1)
    assert lake.closed()[rule, ZHANG] == lake.closed()[rule, LI] == "withdrawn"


def test_a_doubt_about_a_value_corrected_meanwhile_ends_at_once(desk: Desk) -> None:
    lake, rule = desk.lake, doubt_rule("full_name")
    lake.deliver("snapshot", wrong("1"), 1)
    desk.night(1)
    record = find_record(lake.data, lake.catalogue, "office", "snapshot", ZHANG)
    assert record is not None
    desk.says("doubt", rule, item="full_name", hash_=value_hash_of({"full_name": record["full_name"]}), day=2)
    lake.deliver("snapshot", [[ZHANG, "章三", "1", "", ""], *wrong("1")[1:]], 2)
    desk.night(2)
    assert lake.closed()[rule, ZHANG] == "corrected"


def test_a_doubt_about_nobody_waits_and_says_so(desk: Desk) -> None:
    lake, rule = desk.lake, doubt_rule("")
    desk.says("doubt", rule, day=1)
    desk.night(1)
    assert desk.of(rule)["message"] == UNKNOWN
    lake.deliver("snapshot", wrong("1"), 2)
    desk.night(2)
    assert desk.of(rule)["row_number"] == 2 and (rule, ZHANG) in lake.open()


def test_a_refused_doubt_is_muted_until_the_value_changes(desk: Desk) -> None:
    lake, rule = desk.lake, doubt_rule("sex")
    lake.deliver("snapshot", wrong("1"), 1)
    desk.says("doubt", rule, item="sex")
    desk.night(1)
    desk.refuses(rule)
    desk.night(2)
    assert lake.closed()[rule, ZHANG] == "refused" and (ZHANG, rule) not in lake.doubts()


def test_the_same_key_in_two_resources_is_two_doubts(desk: Desk) -> None:
    lake, rule = desk.lake, doubt_rule("")
    lake.deliver("snapshot", wrong("1"), 1)
    lake.deliver("append", wrong("1"), 1)
    for name in ("snapshot", "append"):
        desk.says("doubt", rule, name=name)
    desk.night(1)
    desk.says("doubt_withdrawn", rule, day=2)
    desk.night(2)
    assert violations.open_violations(lake.data).filter(rule=rule)["resource"].to_list() == ["append"]


def test_a_record_and_its_lines_are_found_as_text(desk: Desk) -> None:
    lake = desk.lake
    lake.deliver("snapshot", wrong("1"), 1)
    desk.night(1)
    record = find_record(lake.data, lake.catalogue, "office", "snapshot", ZHANG)
    assert record is not None and (record["full_name"], record["amount_yuan"], record["_row_number"]) == ("张三", "12.5", 2)
    assert find_record(lake.data, lake.catalogue, "office", "snapshot", "nobody") is None
    assert find_record(lake.data, lake.catalogue, "office", "nothing", ZHANG) is None
    raw = raw_rows(lake.data, record["_delivery_id"], [3, 2, 99])
    assert raw["_row_number"].to_list() == [2, 3] and raw["amount_yuan"].to_list() == ["12.5", ""]
    assert raw_rows(lake.data, record["_delivery_id"], []).height == 0


def test_a_data_folder_without_hashes_goes_on(desk: Desk) -> None:
    lake = desk.lake
    lake.deliver("snapshot", wrong("男性"), 1)
    desk.night(1)
    path = violations.violations_path(lake.data)
    delta.replace(path, delta.read(path).drop("value_hash"), key="as it was", actor="test")
    assert violations.open_violations(lake.data)["value_hash"].null_count() > 0
    lake.deliver("snapshot", wrong("女性"), 2)
    desk.night(2)
    assert desk.of(RULE)["value_hash"] is not None


def test_a_correction_of_the_desk_corrects_its_row_and_has_its_receipt(desk: Desk) -> None:
    lake = desk.lake
    lake.deliver("snapshot", wrong("男性"), 1)
    desk.night(1)
    right = {"citizen_id": ZHANG, "full_name": "张三", "sex": "1", "birth_date": "", "amount_yuan": "12.5"}
    write_correction(lake.data, lake.resource("snapshot"), [right], lake.day(2), name="7", actor="li.officer", approval="工单 7")
    desk.night(2)
    assert lake.closed()[RULE, ZHANG] == "corrected" and (ZHANG, RULE) not in lake.doubts()
    assert write_receipts(lake.data, lake.resource("snapshot"), lake.catalogue) == 2
    told = [json.loads(file.read_text("utf-8")) for file in (lake.data / "outbox/office").glob("*.json")]
    (receipt,) = [one for one in told if one["kind"] == "更正报送"]
    assert (receipt["state"], receipt["approval"], receipt["problems"]) == ("已入池", "工单 7", [])
