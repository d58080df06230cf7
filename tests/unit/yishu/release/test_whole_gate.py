"""The gate before a release: it sees tables as a whole, and nothing less."""

from typing import Any

from yishu.lake.table_contract import table_contracts
from yishu.lake.whole_gate import Fault, gate_whole

ELDERLY = "theme_elderly_care.elderly_person"


def faults(lake: Any) -> list[Fault]:
    return gate_whole(lake.build, lake.data / "published", table_contracts(lake.dbt_dir))


def only(lake: Any) -> tuple[str, str]:
    (fault,) = faults(lake)
    assert fault.table in fault.message
    return fault.table, fault.kind


def test_a_sound_build_has_no_faults(released: Any) -> None:
    assert faults(released) == []


def test_an_empty_table_is_a_fault(released: Any) -> None:
    released.spoil(f"delete from {ELDERLY}")
    assert only(released) == (ELDERLY, "empty")


def test_a_missing_table_is_a_fault(released: Any) -> None:
    released.spoil(f"drop table {ELDERLY}")
    assert only(released) == (ELDERLY, "missing")


def test_a_repeated_entity_is_a_fault(released: Any) -> None:
    released.spoil("insert into base_person.person select * from base_person.person limit 1")
    assert only(released) == ("base_person.person", "not_unique")


def test_a_changed_type_is_a_broken_contract(released: Any) -> None:
    released.spoil(f"alter table {ELDERLY} alter birth_date type varchar")
    (fault,) = faults(released)
    assert fault.kind == "contract" and "birth_date 应为 DATE，实为 VARCHAR" in fault.message


def test_a_lost_and_an_undocumented_column_are_named(released: Any) -> None:
    released.spoil(f"alter table {ELDERLY} rename phone to mobile")
    (fault,) = faults(released)
    assert "缺少列 phone" in fault.message and "多出列 mobile" in fault.message


def test_an_undocumented_table_is_a_fault(released: Any) -> None:
    released.spoil("create table theme_elderly_care.private as select 1 as x")
    assert only(released) == ("theme_elderly_care.private", "contract")


def test_a_shrinkage_of_more_than_a_fifth_is_a_fault(released: Any) -> None:
    released.publish()
    released.prepare(persons=8)
    assert faults(released) == []
    released.prepare(persons=7)
    assert {(fault.table, fault.kind) for fault in faults(released)} == {
        ("base_person.person", "shrunk"),
        (ELDERLY, "shrunk"),
    }


def test_bad_rows_keep_nothing_back(released: Any) -> None:
    released.spoil(f"update {ELDERLY} set full_name = null, birth_date = null")
    assert faults(released) == []
