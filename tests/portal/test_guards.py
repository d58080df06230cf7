"""What can never happen to the desk, whoever writes: doubled items, forbidden states, half a night, rows that cannot be
understood.
"""

from datetime import date

import polars as pl
import pytest

from portal.desk import service
from portal.desk.evidence import CLOSINGS
from portal.setup import desk
from tests.portal.nights import CLOSING_SCHEMA, RESIDENT, Desk, failing, settled
from yishu.lake import violations

NIGHT = date(2026, 3, 1)


def test_the_database_refuses_a_subject_in_two_open_items(empty_desk: Desk) -> None:
    empty_desk.night([failing(RESIDENT)])
    with desk(empty_desk.data):
        from django.db import IntegrityError

        from portal.desk.models import TicketItem

        item = TicketItem.objects.get()
        item.pk = None
        with pytest.raises(IntegrityError):
            item.save(force_insert=True)


def test_the_database_keeps_any_number_of_settled_items_of_a_subject(empty_desk: Desk) -> None:
    for run in (1, 3, 5):
        empty_desk.night([failing(RESIDENT, gate_run=run)], on=NIGHT)
        empty_desk.night([], [settled(RESIDENT, closed_run=run + 1)], on=NIGHT)
    assert [item["state"] for item in empty_desk.items()] == ["corrected"] * 3


def test_a_settled_item_cannot_be_settled_again_nor_a_state_be_set_by_hand(empty_desk: Desk) -> None:
    empty_desk.night([failing(RESIDENT)])
    empty_desk.night([], [settled(RESIDENT)])
    with desk(empty_desk.data):
        from django_fsm import TransitionNotAllowed

        from portal.desk.models import ItemState, TicketItem

        item = TicketItem.objects.get()
        with pytest.raises(TransitionNotAllowed):
            item.withdraw(NIGHT)
        with pytest.raises(AttributeError):
            item.state = ItemState.OPEN


def test_a_night_that_breaks_half_way_leaves_the_desk_as_it_was(
    empty_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty_desk.night([failing(RESIDENT)])
    before = empty_desk.contents()

    def breaks(*_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("portal.desk.reconciliation.update", breaks)
    with pytest.raises(RuntimeError, match="power cut"):
        empty_desk.night([failing(rule="phone.phone")], [settled(RESIDENT)])
    assert empty_desk.contents() == before


@pytest.mark.parametrize("column", ["department", "subject", "severity", "gate_run"])
def test_violations_without_a_column_are_refused_by_its_name(empty_desk: Desk, column: str) -> None:
    incomplete = pl.DataFrame([failing()], schema=violations.SCHEMA).drop(column)
    with pytest.raises(ValueError, match=column):
        reconcile(empty_desk, incomplete, pl.DataFrame(schema=CLOSING_SCHEMA))


def test_a_violation_without_a_subject_is_refused(empty_desk: Desk) -> None:
    with pytest.raises(ValueError, match="subject"):
        empty_desk.night([failing(None)])  # type: ignore[arg-type]  # the defect itself


def test_the_desk_knows_every_closing_that_the_lake_writes() -> None:
    assert set(CLOSINGS) == {violations.CORRECTED, violations.WITHDRAWN, violations.GONE, violations.RULE_CHANGED, "refused"}


def test_a_closing_that_nobody_knows_is_refused(empty_desk: Desk) -> None:
    with pytest.raises(ValueError, match="forgotten"):
        empty_desk.night([], [settled(closing="forgotten")])


def test_tables_that_do_not_exist_yet_are_a_night_without_anything(empty_desk: Desk) -> None:
    assert not reconcile(empty_desk, pl.DataFrame(), pl.DataFrame()).changed


def test_every_change_leaves_its_history_with_the_night_and_the_actor(empty_desk: Desk) -> None:
    empty_desk.night([failing(RESIDENT)])
    empty_desk.night([failing(RESIDENT, delivery_seq=2)], on=date(2026, 3, 2))
    empty_desk.night([], [settled(RESIDENT, closed_run=9)], on=date(2026, 3, 3))
    with desk(empty_desk.data):
        from portal.desk.models import Ticket, TicketItem

        of_item = list(
            TicketItem.history.order_by("history_id").values_list(
                "history_type", "state", "tries", "history_change_reason"
            )
        )
        of_ticket = list(
            Ticket.history.order_by("history_id").values_list("history_type", "state", "history_change_reason")
        )
    reasons = [f"2026-03-0{day} 夜间对账（night）" for day in (1, 2, 3)]
    assert of_item == [("+", "open", 1, reasons[0]), ("~", "open", 2, reasons[1]), ("~", "corrected", 2, reasons[2])]
    assert of_ticket == [("+", "raised", reasons[0]), ("~", "closed", reasons[2])]


def test_the_number_of_statements_does_not_grow_with_each_item(empty_desk: Desk) -> None:
    """A statement an item would make a bad night of 50,000 items last for minutes."""
    few, many = [statements(empty_desk, count, offset) for count, offset in ((100, 0), (900, 1000))]
    assert many < few * 4


def statements(empty_desk: Desk, count: int, offset: int) -> int:
    subjects = [f"subject-{n}" for n in range(offset, offset + count)]
    with desk(empty_desk.data):
        from django.db import connection, connections
        from django.test.utils import CaptureQueriesContext

        with pytest.MonkeyPatch.context() as patch, CaptureQueriesContext(connection) as captured:
            patch.setattr(connections, "close_all", lambda: None)  # the capture lives on the connection
            empty_desk.night([failing(subject, gate_run=1) for subject in subjects])
            empty_desk.night([failing(subject, gate_run=2, delivery_seq=2) for subject in subjects])
            empty_desk.night([], [settled(subject, closed_run=3) for subject in subjects])
        return len(captured)


def reconcile(empty_desk: Desk, failing_rows: pl.DataFrame, closings: pl.DataFrame) -> service.ReconcileReport:
    return service.reconcile(
        failing_rows,
        closings,
        night=NIGHT,
        profile=empty_desk.profile,
        calendar=empty_desk.calendar,
        actor="night",
        data=empty_desk.data,
    )
