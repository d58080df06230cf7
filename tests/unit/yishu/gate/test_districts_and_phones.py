"""A number of a district that was none is a doubt about the number and keeps its link; telephone numbers by type."""

from typing import Any

import polars as pl
import pytest

from expectations.rules.identifiers import complete_citizen_id

LI = "410403198503020024"
ABOLISHED = complete_citizen_id(pl.Series(["41010719900101001"])).item()  # 郑州市新密区, gone in 1987
OLD = "410107850302002"  # born in 1985, written with 15 digits: its district was in force then
SEQUENCE_ZERO = complete_citizen_id(pl.Series(["41040219900101000"])).item()


def row(id_: str, birth: str, phone: str = "1.5") -> list[str]:
    return [id_, "张三", "1", birth, phone]


def test_a_number_of_an_abolished_district_is_served_as_it_stands_and_its_row_is_under_check(lake: Any) -> None:
    lake.deliver("snapshot", [row(LI, "1985-03-02"), row(ABOLISHED, "1990-01-01")])
    lake.night()
    assert set(lake.names()) == {LI, ABOLISHED} and lake.doubts() == {(ABOLISHED, "citizen_id.district")}
    assert lake.pool()["_invalid"].drop_nulls().to_list() == []


def test_an_old_number_is_upgraded_before_its_district_is_asked(lake: Any) -> None:
    lake.deliver("snapshot", [row(OLD, "1985-03-02")])
    lake.night()
    assert not {rule for _, rule in lake.doubts()} & {"citizen_id.district", "citizen_id.citizen_id"}


def test_a_number_of_sequence_000_is_not_valid_and_its_district_is_not_asked(lake: Any) -> None:
    lake.deliver("snapshot", [row(SEQUENCE_ZERO, "1990-01-01")])
    lake.night()
    assert lake.doubts() == {(SEQUENCE_ZERO, "citizen_id.citizen_id")}


@pytest.mark.parametrize(
    ("phone", "right"), [("13800000000", True), ("0375-4120000", True), ("15400000000", False), ("138****0000", False), ("013800000000", False)]
)
def test_a_telephone_number_is_a_mobile_number_of_an_assigned_segment_or_a_landline(lake: Any, phone: str, right: bool) -> None:
    lake.change_item("snapshot", "amount_yuan", type="phone")
    lake.deliver("snapshot", [row(LI, "1985-03-02", phone)])
    lake.night()
    assert lake.doubts() == (set() if right else {(LI, "amount_yuan.phone")})
