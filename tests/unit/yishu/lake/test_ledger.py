"""The ledger keeps what came, in which order, what became of it and who decided; asked twice it answers the same."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from yishu.lake.delivery import Delivery
from yishu.lake.ledger import Ledger, ProfileDiffers

DAY_1, DAY_2 = date(2026, 3, 1), date(2026, 3, 2)
HASH_A, HASH_B = "a" * 64, "b" * 64


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "data")


def receive(ledger: Ledger, as_of: date = DAY_1, content_hash: str = HASH_A, resource: str = "resident") -> Delivery:
    return ledger.receive(
        department="police",
        resource=resource,
        as_of=as_of,
        content_hash=content_hash,
        file=f"{resource}.csv",
        size=1,
        actor="tester",
        catalogue_version="c",
        profile="p",
    )


def accept(ledger: Ledger, delivery: Delivery) -> str:
    ledger.move(delivery.delivery_id, "accepted", actor="tester")
    return delivery.delivery_id


def last(ledger: Ledger) -> str | None:
    found = ledger.last_accepted("police", "resident")
    return found and found.delivery_id


def test_an_id_says_resource_date_and_content(ledger: Ledger) -> None:
    assert receive(ledger).delivery_id == "police.resident.20260301.aaaaaaaaaaaa"


def test_the_same_content_again_is_a_delivery_of_its_own(ledger: Ledger) -> None:
    """A, B, A: the third takes back what the second changed."""
    ids = [receive(ledger, content_hash=content).delivery_id for content in (HASH_A, HASH_B, HASH_A, HASH_A)]
    assert len(set(ids)) == 4
    assert ids[2:] == [f"{ids[0]}.2", f"{ids[0]}.3"]


def test_a_new_delivery_is_received_and_counts_nothing_yet(ledger: Ledger) -> None:
    delivery = receive(ledger)
    assert (delivery.state, delivery.as_of, delivery.landed, delivery.faults) == ("received", DAY_1, False, [])
    assert delivery.records is None and delivery.final_newline is None


def test_work_goes_by_date_then_by_receipt(ledger: Ledger) -> None:
    late, first, second = receive(ledger, DAY_2), receive(ledger, DAY_1), receive(ledger, DAY_1, HASH_B)
    assert [one.seq for one in ledger.deliveries()] == [first.seq, second.seq, late.seq]


def test_deliveries_are_chosen_by_resource_and_state(ledger: Ledger) -> None:
    accept(ledger, receive(ledger))
    receive(ledger, resource="death")
    assert [one.resource for one in ledger.deliveries("police", "death")] == ["death"]
    assert [one.state for one in ledger.deliveries(states=["accepted", "held"])] == ["accepted"]
    assert ledger.deliveries("civil_affairs") == [] and ledger.deliveries(states=[]) == []


def test_the_pool_stands_on_the_delivery_accepted_last_not_received_last(ledger: Ledger) -> None:
    first, second = receive(ledger), receive(ledger, DAY_1, HASH_B)
    assert last(ledger) is None
    accept(ledger, second)
    assert last(ledger) == second.delivery_id
    accept(ledger, first)
    assert last(ledger) == first.delivery_id


def test_a_delivery_that_is_accepted_no_more_is_not_the_last_accepted(ledger: Ledger) -> None:
    first = accept(ledger, receive(ledger))
    second = accept(ledger, receive(ledger, DAY_2))
    ledger.move(first, "superseded", actor="tester")
    assert last(ledger) == second
    ledger.move(second, "withdrawn", actor="tester")
    assert last(ledger) is None


def test_unchanged_and_held_deliveries_do_not_move_the_last_accepted(ledger: Ledger) -> None:
    first = accept(ledger, receive(ledger))
    for state, content in (("unchanged", HASH_A), ("held", HASH_B)):
        ledger.move(receive(ledger, DAY_2, content).delivery_id, state, actor="tester")
    assert last(ledger) == first


def test_every_change_keeps_who_when_why_and_on_whose_approval(ledger: Ledger) -> None:
    id_ = receive(ledger).delivery_id
    ledger.move(id_, "held", actor="night", reason="缺少列")
    ledger.move(id_, "received", actor="沈", approval="批 3 号", reason="已核实")
    events = ledger.events(id_)
    assert [(e["state"], e["actor"], e["approval"], e["reason"]) for e in events] == [
        ("received", "tester", None, None),
        ("held", "night", None, "缺少列"),
        ("received", "沈", "批 3 号", "已核实"),
    ]
    assert events == sorted(events, key=lambda event: str(event["at"]))


def test_what_a_step_records_is_read_back_as_it_was(ledger: Ledger) -> None:
    id_ = receive(ledger).delivery_id
    values: dict[str, Any] = {
        "records": 3,
        "rejects": 1,
        "final_newline": False,
        "landed": True,
        "unknown_columns": ["备注"],
        "faults": [{"rule": "file.nul"}],
    }
    ledger.record(id_, **values)
    delivery = ledger.delivery(id_)
    assert {name: getattr(delivery, name) for name in values} == values


def test_an_unknown_delivery_is_a_key_error(ledger: Ledger) -> None:
    with pytest.raises(KeyError):
        ledger.delivery("police.resident.20260301.none")


def test_a_data_folder_keeps_the_profile_it_was_begun_under(ledger: Ledger) -> None:
    ledger.hold_profile("pingdingshan")
    ledger.hold_profile("pingdingshan")
    with pytest.raises(ProfileDiffers, match="pingdingshan.*lishui.*--data"):
        Ledger(ledger.path.parent).hold_profile("lishui")
    assert ledger.recall("profile") == "pingdingshan"


def test_a_profile_that_may_follow_takes_the_folder_over(ledger: Ledger) -> None:
    ledger.hold_profile("jinjiang")
    ledger.hold_profile("fujian", lambda known: known == "jinjiang")
    assert ledger.recall("profile") == "fujian"
    with pytest.raises(ProfileDiffers):
        ledger.hold_profile("jinjiang", lambda known: known == "pingdingshan")


def test_the_same_run_of_a_gate_has_the_same_number(ledger: Ledger) -> None:
    first = ledger.gate_run("row", "police.resident", "delivery", "suite 1")
    assert ledger.gate_run("row", "police.resident", "delivery", "suite 1") == first
    assert Ledger(ledger.path.parent).gate_run("row", "police.resident", "delivery", "suite 1") == first
    others = [
        ("cross", "police.resident", "delivery", "suite 1"),
        ("row", "police.death", "delivery", "suite 1"),
        ("row", "police.resident", "another", "suite 1"),
        ("row", "police.resident", "delivery", "suite 2"),
    ]
    numbers = [ledger.gate_run(*key) for key in others]
    assert numbers == sorted({first, *numbers} - {first}) and len(numbers) == 4


def test_asking_for_a_run_again_keeps_its_result(ledger: Ledger) -> None:
    run = ledger.gate_run("row", "s", "d", "v")
    assert ledger.last_gate_run("row", "s") is None, "a run without a result is not finished"
    ledger.gate_result(run, [{"rule": "citizen_id.not_null"}], 2)
    ledger.gate_run("row", "s", "d", "v")
    found = ledger.last_gate_run("row", "s")
    assert found is not None and (found["run"], found["results"], found["violations"]) == (
        run,
        [{"rule": "citizen_id.not_null"}],
        2,
    )


def test_a_fault_belongs_to_the_night_that_is_running(ledger: Ledger) -> None:
    ledger.fault("pool", "before any night")
    night = ledger.begin_night(DAY_1, "night")
    ledger.fault("pool", "in the night", department="police", resource="resident")
    ledger.end_night(night, "degraded", ["入池"])
    ledger.fault("pool", "afterwards")
    assert [fault["message"] for fault in ledger.faults(night)] == ["in the night"]
    assert len(ledger.faults()) == 3
    assert [row["outcome"] for row in ledger.nights()] == ["degraded"]


def test_the_file_is_for_its_owner_only(ledger: Ledger) -> None:
    assert ledger.path.stat().st_mode & 0o777 == 0o600
