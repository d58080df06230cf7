"""Each case of DESIGN.md, section 2, "Tickets": what opens, what follows, what closes, and that nothing else does."""

from datetime import date

import pytest

from tests.portal.nights import RESIDENT, Desk, failing, settled

FIRST, SECOND, THIRD = date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)
OTHER = "110105194912310038"


def test_a_night_opens_one_ticket_for_a_department_resource_and_rule(empty_desk: Desk) -> None:
    report = empty_desk.night(
        [
            failing(RESIDENT),
            failing(OTHER, row_number=3),
            failing(RESIDENT, rule="phone.phone"),
            failing(RESIDENT, resource="death"),
            failing(RESIDENT, department="civil_affairs"),
        ]
    )
    assert (report.opened_tickets, report.opened_items) == (4, 5)
    assert report.ticket_numbers == ("T20260301-0001", "T20260301-0002", "T20260301-0003", "T20260301-0004")
    assert report.opened_by_department == {"civil_affairs": 1, "public_security": 3}
    assert sorted(ticket["item_count"] for ticket in empty_desk.tickets()) == [1, 1, 1, 2]


def test_advisory_violations_never_become_tickets(empty_desk: Desk) -> None:
    assert not empty_desk.night([failing(severity="advisory", rule="citizen_id.form")]).changed
    assert empty_desk.tickets() == []


def test_violations_already_closed_never_become_tickets(empty_desk: Desk) -> None:
    assert not empty_desk.night([failing(closed_run=2, closing="corrected")]).changed


def test_several_rows_of_one_subject_are_one_item_at_its_first_row(empty_desk: Desk) -> None:
    report = empty_desk.night([failing(rule="key.conflict", row_number=row) for row in (9, 4, 7)])
    (item,) = empty_desk.items()
    assert report.opened_items == 1
    assert (item["row_number"], item["row_count"]) == (4, 3)


def test_the_newest_delivery_speaks_for_a_subject_that_several_accuse(empty_desk: Desk) -> None:
    empty_desk.night(
        [
            failing(delivery_seq=1, row_number=2),
            failing(delivery_seq=4, delivery_id="newer", file="newer.csv", row_number=8),
        ]
    )
    (item,) = empty_desk.items()
    assert (item["file"], item["row_number"], item["row_count"]) == ("newer.csv", 8, 1)


def test_the_same_input_again_changes_nothing(empty_desk: Desk) -> None:
    violations = [
        failing(RESIDENT),
        failing(OTHER, row_number=3),
        failing(rule="key.conflict", row_number=5),
        failing(rule="key.conflict", row_number=6),
    ]
    empty_desk.night(violations)
    before = empty_desk.contents()
    for night in (FIRST, SECOND):
        report = empty_desk.night(violations, on=night)
        assert not report.changed
        assert (report.opened_tickets, report.unchanged) == (0, 3)
    assert empty_desk.contents() == before


def test_the_same_closing_again_changes_nothing(empty_desk: Desk) -> None:
    empty_desk.night([failing(RESIDENT)])
    empty_desk.night([], [settled(RESIDENT)], on=SECOND)
    before = empty_desk.contents()
    assert not empty_desk.night([], [settled(RESIDENT)], on=SECOND).changed
    assert empty_desk.contents() == before


@pytest.mark.parametrize(
    ("closing", "title"), [("corrected", "已更正"), ("withdrawn", "已撤回"), ("corrected_or_withdrawn", "已更正或撤回")]
)
def test_a_proved_closing_settles_the_item_and_the_last_one_closes_the_ticket(
    empty_desk: Desk, closing: str, title: str
) -> None:
    empty_desk.night([failing(RESIDENT), failing(OTHER, row_number=3)])
    half = empty_desk.night([failing(OTHER, row_number=3)], [settled(RESIDENT, closing)], on=SECOND)
    assert (half.closed_items, half.closed_tickets, half.unchanged) == ({closing: 1}, 0, 1)
    assert empty_desk.tickets()[0]["state_title"] == "异议提出"
    whole = empty_desk.night([], [settled(RESIDENT, closing), settled(OTHER, "withdrawn", 3)], on=THIRD)
    assert (whole.closed_items, whole.closed_tickets) == ({"withdrawn": 1}, 1)
    ticket = empty_desk.ticket("T20260301-0001")
    assert (ticket["state_title"], ticket["closed_on"], ticket["open_count"]) == ("标注撤销", "2026-03-03", 0)
    assert [(item["state_title"], item["closed_on"]) for item in ticket["items"]] == [
        (title, "2026-03-02"),
        ("已撤回", "2026-03-03"),
    ]


def test_a_subject_that_is_merely_not_seen_stays_open(empty_desk: Desk) -> None:
    """Upsert and append do not name it again; a held delivery closes nothing. Closing here would lose the department's
    work.
    """
    empty_desk.night([failing(RESIDENT)])
    report = empty_desk.night([], [], on=SECOND)
    assert (report.changed, report.unchanged) == (False, 1)
    assert empty_desk.tickets()[0]["open_count"] == 1


def test_a_closing_of_another_rule_department_or_resource_proves_nothing(empty_desk: Desk) -> None:
    empty_desk.night([failing(RESIDENT)])
    others = [
        settled(rule="phone.phone"),
        settled(department="civil_affairs"),
        settled(resource="death"),
        settled(OTHER),
    ]
    assert not empty_desk.night([], others, on=SECOND).changed


def test_a_closing_older_than_the_last_failure_proves_nothing(empty_desk: Desk) -> None:
    empty_desk.night([failing(RESIDENT, gate_run=5)])
    assert not empty_desk.night([], [settled(RESIDENT, closed_run=4)], on=SECOND).changed
    assert empty_desk.night([], [settled(RESIDENT, closed_run=6)], on=SECOND).closed_items == {"corrected": 1}


def test_a_subject_that_failed_again_is_not_settled_by_its_superseded_violation(empty_desk: Desk) -> None:
    empty_desk.night([failing(RESIDENT)])
    assert not empty_desk.night([], [settled(RESIDENT, "superseded")], on=SECOND).changed


def test_what_still_fails_stays_open_whatever_closing_is_told(empty_desk: Desk) -> None:
    empty_desk.night([failing(RESIDENT)])
    assert not empty_desk.night([failing(RESIDENT)], [settled(RESIDENT)], on=SECOND).changed


def test_a_subject_that_fails_again_after_closing_gets_a_new_item_in_a_new_ticket_of_that_night(
    empty_desk: Desk,
) -> None:
    empty_desk.night([failing(RESIDENT)])
    empty_desk.night([], [settled(RESIDENT)], on=SECOND)
    again = empty_desk.night([failing(RESIDENT, delivery_seq=3, gate_run=3)], on=THIRD)
    assert again.ticket_numbers == ("T20260303-0001",)
    assert [(item["ticket__number"], item["state"], item["tries"]) for item in empty_desk.items()] == [
        ("T20260301-0001", "corrected", 1),
        ("T20260303-0001", "open", 1),
    ]


def test_a_subject_that_fails_in_a_newer_delivery_stays_in_its_ticket_and_counts_the_try(empty_desk: Desk) -> None:
    empty_desk.night([failing(RESIDENT)])
    newer = failing(
        RESIDENT, delivery_id="second", delivery_seq=2, file="resident_20260302.csv", row_number=11, gate_run=2
    )
    report = empty_desk.night([newer], on=SECOND)
    (item,) = empty_desk.items()
    assert (report.opened_tickets, report.updated_items, report.unchanged) == (0, 1, 0)
    assert (item["ticket__number"], item["file"], item["row_number"], item["delivery_id"]) == (
        "T20260301-0001",
        "resident_20260302.csv",
        11,
        "second",
    )
    assert (item["tries"], item["opened_on"], item["state"]) == (2, FIRST, "open")


def test_checking_the_same_delivery_again_is_not_another_try(empty_desk: Desk) -> None:
    empty_desk.night([failing(RESIDENT)])
    report = empty_desk.night([failing(RESIDENT, gate_run=2, message="性别代码须按 GB/T 2261.1 填写")], on=SECOND)
    (item,) = empty_desk.items()
    assert (report.updated_items, item["tries"], item["message"]) == (1, 1, "性别代码须按 GB/T 2261.1 填写")


def test_new_subjects_of_a_rule_with_an_older_ticket_get_a_ticket_of_their_night(empty_desk: Desk) -> None:
    empty_desk.night([failing(RESIDENT)])
    report = empty_desk.night([failing(RESIDENT), failing(OTHER, row_number=3)], on=SECOND)
    assert (report.ticket_numbers, report.opened_items, report.unchanged) == (("T20260302-0001",), 1, 1)
    assert [ticket["item_count"] for ticket in empty_desk.tickets()] == [1, 1]


def test_more_subjects_in_the_same_night_join_the_ticket_of_that_night(empty_desk: Desk) -> None:
    empty_desk.night([failing(RESIDENT)])
    report = empty_desk.night([failing(RESIDENT), failing(OTHER, row_number=3), failing(rule="phone.phone")])
    assert (report.ticket_numbers, report.opened_items) == (("T20260301-0002",), 2)
    assert [ticket["item_count"] for ticket in empty_desk.tickets()] == [2, 1]


def test_a_ticket_closed_the_same_night_is_not_opened_again(empty_desk: Desk) -> None:
    empty_desk.night([failing(RESIDENT)])
    empty_desk.night([], [settled(RESIDENT)])
    assert empty_desk.night([failing(RESIDENT, gate_run=3, delivery_seq=3)]).ticket_numbers == ("T20260301-0002",)
    assert [ticket["state"] for ticket in empty_desk.tickets()] == ["closed", "raised"]


def test_a_ticket_that_loses_its_last_item_and_gains_another_the_same_night_stays_open(empty_desk: Desk) -> None:
    empty_desk.night([failing(RESIDENT)])
    report = empty_desk.night([failing(OTHER, row_number=3, gate_run=2)], [settled(RESIDENT)])
    assert (report.opened_tickets, report.closed_tickets, report.opened_items) == (0, 0, 1)
    assert [(ticket["state"], ticket["open_count"]) for ticket in empty_desk.tickets()] == [("raised", 1)]


def test_a_fault_of_a_whole_delivery_is_a_ticket_without_a_row_number(empty_desk: Desk) -> None:
    delivery = "public_security.resident.20260301.aa"
    empty_desk.night(
        [failing(delivery, rule="delivery.missing_column", severity="structural", row_number=None, column=None)]
    )
    (item,) = empty_desk.ticket("T20260301-0001")["items"]
    assert (item["subject"], item["row_number"]) == (delivery, None)


def test_the_order_of_rows_makes_no_difference(empty_desk: Desk) -> None:
    violations = [
        failing(subject, rule=rule, row_number=row, delivery_seq=seq, message=f"第 {row} 行")
        for subject in (RESIDENT, OTHER)
        for rule in ("sex.code", "phone.phone")
        for row, seq in ((5, 1), (3, 2), (4, 2))
    ]
    empty_desk.night(violations)
    forwards = [{**item, "id": 0, "ticket_id": 0} for item in empty_desk.items()]
    empty_desk.empty()
    empty_desk.night(violations[::-1])
    assert [{**item, "id": 0, "ticket_id": 0} for item in empty_desk.items()] == forwards
