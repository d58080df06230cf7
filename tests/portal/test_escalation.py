"""The escalation over nights: each step on its working day, once and in order, whatever was missed, repeated or killed."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from portal.desk.actor import Actor
from portal.setup import desk
from portal.supervision.escalation import EscalationReport, escalate
from tests.portal.nights import RESIDENT, Desk, failing, settled
from yishu.catalogue.law import Profile, load_profile
from yishu.settings import ROOT

# Ten working days from Friday 2026-04-24 across 劳动节 (May 1, 4, 5 off) and the make-up Saturday May 9.
OPENED, DUE = date(2026, 4, 24), date(2026, 5, 12)
REMIND, OVERDUE, HEAD, NOTICE = date(2026, 5, 9), date(2026, 5, 13), date(2026, 5, 15), date(2026, 5, 19)
OTHER = "110105194912310038"
OFFICER = Actor("王某", "officer", "public_security")
BUREAU = Actor("局某", "bureau")


def run(of: Desk, night: date, profile: Profile | None = None) -> EscalationReport:
    return escalate(of.data, night, profile or of.profile, of.calendar, of.catalogue, "night")


def steps(of: Desk) -> list[tuple[str, date]]:
    """The steps taken, in the order they were taken."""
    with desk(of.data):
        from portal.desk.models import Event
        from portal.desk.models.record import ONCE

        return [(str(kind), on) for kind, on in Event.objects.filter(kind__in=ONCE).order_by("id").values_list("kind", "on")]


def notices(of: Desk) -> list[dict[str, Any]]:
    with desk(of.data):
        from portal.desk.models import Notice

        return list(Notice.objects.order_by("id").values("number", "department", "issued_on", "stored"))


@pytest.fixture
def ticket(empty_desk: Desk) -> Iterator[Desk]:
    empty_desk.night([failing()], on=OPENED)
    (opened,) = empty_desk.tickets()
    assert opened["due_on"] == DUE.isoformat()
    yield empty_desk


def days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def test_each_step_is_taken_on_its_working_day_across_holidays_and_makeup_days(ticket: Desk) -> None:
    for night in days(OPENED, NOTICE + timedelta(days=5)):
        run(ticket, night)
    assert steps(ticket) == [("reminded", REMIND), ("overdue", OVERDUE), ("head_told", HEAD), ("noticed", NOTICE)]


def test_nights_missed_for_weeks_are_made_up_for_once_and_in_order(ticket: Desk) -> None:
    late = NOTICE + timedelta(days=7)
    report = run(ticket, late)
    assert steps(ticket) == [("reminded", late), ("overdue", late), ("head_told", late), ("noticed", late)]
    assert report.steps == {"reminded": 1, "overdue": 1, "head_told": 1, "noticed": 1}
    assert not run(ticket, late + timedelta(days=1)).changed


def test_the_same_night_twice_leaves_the_same_rows(ticket: Desk) -> None:
    for night in (REMIND, NOTICE):
        run(ticket, night)
        before = ticket.contents()
        assert not run(ticket, night).changed
        assert ticket.contents() == before


@pytest.mark.parametrize("place", ["portal.supervision.issuing.render", "portal.supervision.issuing.note"])
def test_a_night_killed_while_issuing_and_run_again_is_as_one_that_was_not(ticket: Desk, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = ticket.contents()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(place, killed)
        with pytest.raises(KeyboardInterrupt):
            run(ticket, NOTICE)
    assert ticket.contents() == before
    run(ticket, NOTICE)
    assert [kind for kind, _ in steps(ticket)] == ["reminded", "overdue", "head_told", "noticed"]
    assert len(notices(ticket)) == 1


def test_a_department_gets_one_notice_a_night_for_all_its_tickets(ticket: Desk) -> None:
    ticket.night([failing(), failing(rule="phone.phone"), failing(department="civil_affairs")], on=OPENED)
    report = run(ticket, NOTICE)
    assert report.steps["noticed"] == 3
    assert [(one["department"], one["number"]) for one in notices(ticket)] == [
        ("civil_affairs", "督办〔2026〕1号"),
        ("public_security", "督办〔2026〕2号"),
    ]


def test_a_ticket_that_was_corrected_in_time_is_left_alone(ticket: Desk) -> None:
    ticket.night([], [settled()], on=REMIND)
    assert not run(ticket, NOTICE).changed


def test_a_refusal_that_waits_for_its_ruling_is_not_the_departments_delay(ticket: Desk) -> None:
    with desk(ticket.data):
        from portal.desk.actions.refusing import refuse

        refuse(OFFICER, "T20260424-0001", None, "户籍登记如此")
    report = run(ticket, NOTICE)
    assert not report.changed
    assert report.waiting_for_ruling == ("T20260424-0001",)


def test_a_part_of_the_rows_still_open_escalates_although_the_others_are_refused(empty_desk: Desk) -> None:
    empty_desk.night([failing(), failing(OTHER, row_number=3)], on=OPENED)
    with desk(empty_desk.data):
        from portal.desk.actions.refusing import refuse
        from portal.desk.models import TicketItem

        refuse(OFFICER, "T20260424-0001", [TicketItem.objects.get(subject=RESIDENT).pk], "户籍登记如此")
    assert run(empty_desk, OVERDUE).steps == {"reminded": 1, "overdue": 1}


def test_days_with_the_authority_do_not_count_as_overdue(ticket: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk(ticket.data):
        from portal.desk.actions.refusing import refuse, rule

        refuse(OFFICER, "T20260424-0001", None, "户籍登记如此")
        monkeypatch.setattr("portal.desk.actions.refusing.timezone.localdate", lambda: date(2026, 5, 15))
        rule(BUREAU, "T20260424-0001", None, accept=False, reason="与证件不符")
    for night in days(DUE, date(2026, 5, 31)):
        run(ticket, night)
    assert dict(steps(ticket))["head_told"] == date(2026, 5, 20)
    assert dict(steps(ticket))["noticed"] == date(2026, 5, 22)


def test_a_filed_correction_stops_the_clock_until_the_gate_has_judged_it(ticket: Desk) -> None:
    with desk(ticket.data):
        from portal.desk.models import TicketItem

        TicketItem.objects.update(filed_on=DUE)
    assert not run(ticket, NOTICE).changed
    ticket.night([failing(delivery_seq=2, gate_run=2, delivery_id="again")], on=NOTICE)
    assert run(ticket, NOTICE).steps["noticed"] == 1


def test_rows_split_off_keep_the_deadline_and_the_steps_already_taken(empty_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    empty_desk.night([failing(), failing(OTHER, row_number=3)], on=OPENED)
    run(empty_desk, HEAD)
    with desk(empty_desk.data):
        from portal.desk.actions.arranging import split
        from portal.desk.models import TicketItem

        monkeypatch.setattr("portal.desk.actions.arranging.timezone.localdate", lambda: HEAD)
        split(OFFICER, "T20260424-0001", [TicketItem.objects.get(subject=OTHER).pk], "另行核实")
    assert run(empty_desk, NOTICE).steps == {"noticed": 2}


def test_a_provisional_deadline_warns_but_brings_no_notice_until_the_calendar_has_settled_it(empty_desk: Desk) -> None:
    empty_desk.night([failing()], on=date(2026, 12, 25))
    report = run(empty_desk, date(2027, 2, 26))
    assert set(report.steps) == {"reminded", "overdue", "head_told"}
    assert (report.not_yet_certain, notices(empty_desk)) == (1, [])
    with desk(empty_desk.data):
        from portal.desk.models import Event

        assert "暂定" in Event.objects.get(kind="overdue").text


def test_a_doubts_clock_in_lishui_stops_when_the_owner_has_verified_it(empty_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """丽水 13: two working days for the 校核, which a refusal ends whatever is ruled afterwards."""
    lishui = load_profile("lishui", ROOT / "catalogue")
    empty_desk.profile = lishui
    doubt = failing(rule="doubt.sex", delivery_seq=0)
    empty_desk.night([doubt, failing()], on=OPENED)
    assert [t["due_on"] for t in empty_desk.tickets()] == ["2026-04-28", DUE.isoformat()]
    with desk(empty_desk.data):
        from portal.desk.actions.refusing import refuse, rule

        refuse(OFFICER, "T20260424-0001", None, "已校核，原值无误")
        monkeypatch.setattr("portal.desk.actions.refusing.timezone.localdate", lambda: OPENED)
        rule(BUREAU, "T20260424-0001", None, accept=False, reason="请更正")
    assert run(empty_desk, date(2026, 5, 7)).steps == {}
    with desk(empty_desk.data):
        from portal.desk.models import TicketItem

        TicketItem.objects.update(refused_by="")
    assert run(empty_desk, date(2026, 5, 7)).steps == {"reminded": 1, "overdue": 1, "head_told": 1}


def test_a_ticket_with_less_time_than_the_reminder_is_reminded_the_day_after_it_opened(empty_desk: Desk) -> None:
    empty_desk.profile = load_profile("lishui", ROOT / "catalogue")
    empty_desk.night([failing(rule="doubt.sex", delivery_seq=0)], on=OPENED)
    assert not run(empty_desk, OPENED).changed
    assert run(empty_desk, OPENED + timedelta(days=1)).steps == {"reminded": 1}


def test_hundreds_of_tickets_take_few_questions(empty_desk: Desk) -> None:
    empty_desk.night([failing(rule=f"sex.rule{n:04d}") for n in range(400)], on=OPENED)
    with desk(empty_desk.data):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        from portal.supervision.clock import EscalationTerms
        from portal.supervision.escalation import _escalate

        with CaptureQueriesContext(connection) as asked:
            report = _escalate(EscalationTerms(NOTICE, "night", empty_desk.profile, empty_desk.calendar))
    assert report.steps["noticed"] == 400
    assert len(asked) < 40


def test_no_identifier_stands_in_what_a_night_leaves(ticket: Desk, tmp_path: Path) -> None:
    with desk(ticket.data):
        from portal.desk.models import Ticket

        Ticket.objects.update(message=f"证件号 {RESIDENT} 不存在")
    run(ticket, NOTICE)
    told = text_of(ticket, notices(ticket)[0]["stored"])
    assert "证件号 …" in told
    assert RESIDENT not in told


def text_of(of: Desk, stored: str) -> str:
    from docx import Document

    document = Document(str(of.data / "desk-files" / stored))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)
