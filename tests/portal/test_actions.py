"""What people do at the desk: by right, by guarded transitions, each with an event, and told to the lake by annotations."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django_fsm import TransitionNotAllowed

from portal.desk.actor import Actor, DeskError, NotAllowed, NotFound
from tests.portal.at_the_desk import BASIS, NUMBER, OTHERS, annotations, events, items, ticket
from tests.portal.nights import RESIDENT, Desk, failing, settled
from tests.portal.people import AUDITOR, BUREAU, CIVIL, EVERYBODY, POLICE


def test_taking_up_a_marked_record_notes_the_mark_and_every_step_its_actor(busy: Desk) -> None:
    from portal.desk.actions import handling

    handling.acknowledge(POLICE, NUMBER)
    assert ticket().state == "marked"
    handling.verify(POLICE, NUMBER)
    assert ticket().state == "verifying"
    assert events() == [("opened", "night"), *((kind, "韩专员") for kind in ("acknowledged", "marked", "verifying"))]


def test_a_ticket_is_taken_up_once(busy: Desk) -> None:
    from portal.desk.actions import handling

    handling.acknowledge(POLICE, NUMBER)
    with pytest.raises(DeskError, match="不需要再次受理"):
        handling.acknowledge(POLICE, NUMBER)
    assert len(events()) == 3


def test_what_is_held_out_is_not_marked_as_it_is_not_served(busy: Desk) -> None:
    from portal.desk.actions import handling

    busy.night([failing(rule="key.required", severity="structural")])
    handling.acknowledge(POLICE, "T20260301-0002")
    assert ticket("T20260301-0002").state == "accepted"


ACTIONS: dict[str, Callable[[Actor], Any]] = {}


def action(do: Callable[[Actor], Any]) -> Callable[[Actor], Any]:
    ACTIONS[do.__name__] = do
    return do


@action
def acknowledge(actor: Actor) -> None:
    from portal.desk.actions import handling

    handling.acknowledge(actor, NUMBER)


@action
def verify(actor: Actor) -> None:
    from portal.desk.actions import handling

    handling.verify(actor, NUMBER)


@action
def comment(actor: Actor) -> None:
    from portal.desk.actions import handling

    handling.comment(actor, NUMBER, "请核对")


@action
def attach(actor: Actor) -> None:
    from portal.desk.actions import handling

    handling.attach(actor, NUMBER, "证明.pdf", b"%PDF-")


@action
def reveal(actor: Actor) -> None:
    from portal.desk.actions import handling

    handling.reveal(actor, NUMBER, items()[0].pk)


@action
def refuse(actor: Actor) -> None:
    from portal.desk.actions import refusing

    refusing.refuse(actor, NUMBER, None, BASIS)


@action
def rule(actor: Actor) -> None:
    from portal.desk.actions import refusing

    refusing.rule(actor, NUMBER, None, accept=True, reason="属实")


@action
def split(actor: Actor) -> None:
    from portal.desk.actions import arranging

    arranging.split(actor, NUMBER, [items()[0].pk], "分开办理")


@action
def reopen(actor: Actor) -> None:
    from portal.desk.actions import arranging

    arranging.reopen(actor, NUMBER, "再议")


def test_nobody_of_another_department_learns_that_a_ticket_is_there(busy: Desk) -> None:
    before = busy.contents()
    for name in ("acknowledge", "verify", "comment", "attach", "reveal", "refuse", "split"):
        with pytest.raises(NotFound, match="没有工单"):
            ACTIONS[name](CIVIL)
    assert busy.contents() == before


def test_an_auditor_changes_nothing(busy: Desk) -> None:
    before = busy.contents()
    for do in ACTIONS.values():
        with pytest.raises(NotAllowed):
            do(AUDITOR)
    assert busy.contents() == before


@pytest.mark.parametrize("name", ["acknowledge", "verify", "reveal", "refuse"])
def test_the_bureau_does_not_do_the_owners_work(busy: Desk, name: str) -> None:
    with pytest.raises(NotAllowed):
        ACTIONS[name](BUREAU)


@pytest.mark.parametrize("name", ["rule", "reopen"])
def test_the_owner_does_not_judge_its_own_refusals(busy: Desk, name: str) -> None:
    refuse(POLICE)
    with pytest.raises(NotAllowed):
        ACTIONS[name](POLICE)


def test_a_refusal_needs_its_basis(busy: Desk) -> None:
    from portal.desk.actions import refusing

    with pytest.raises(DeskError, match="依据"):
        refusing.refuse(POLICE, NUMBER, None, "  ")
    assert {item.state for item in items()} == {"open"} and ticket().state == "raised"


def test_an_accepted_refusal_ends_when_the_lake_has_taken_note_and_not_before(busy: Desk) -> None:
    refuse(POLICE)
    rule(BUREAU)
    assert {item.state for item in items()} == {"refusal_accepted"} and ticket().is_in_work
    told = annotations(busy.data)
    assert [(one["kind"], one["rule"], one["value_hash"]) for one in told] == [("refusal_accepted", "sex.code", "a1")] * 3
    assert {one["subject"] for one in told} == {RESIDENT, *OTHERS}
    busy.night([], [settled(subject, "refused") for subject in (RESIDENT, *OTHERS)], on=date(2026, 3, 2))
    assert {item.state for item in items()} == {"refused"} and ticket().state == "closed"
    assert [kind for kind, _ in events()][-3:] == ["items_closed", "concluded", "closed"]


def test_a_rejected_refusal_is_work_again(busy: Desk) -> None:
    from portal.desk.actions import refusing

    refuse(POLICE)
    refusing.rule(BUREAU, NUMBER, None, accept=False, reason="依据不足")
    assert {item.state for item in items()} == {"open"} and annotations(busy.data) == []
    assert ("refusal_rejected", "督查员") in events()


def test_a_refusal_is_about_a_value_and_falls_with_it(busy: Desk) -> None:
    refuse(POLICE)
    rule(BUREAU)
    again = [failing(subject, row_number=2, delivery_seq=2, value_hash="b2") for subject in (RESIDENT, *OTHERS)]
    busy.night(again, on=date(2026, 3, 2))
    assert {item.state for item in items()} == {"open"} and {item.tries for item in items()} == {2}


def test_lateness_cannot_be_refused(busy: Desk) -> None:
    from portal.desk.actions import refusing

    busy.night([failing("resident@2026-03-01", rule="supervision.late", gate_run=2)])
    with pytest.raises(DeskError, match="不能拒绝"):
        refusing.refuse(POLICE, "T20260301-0002", None, BASIS)


def test_reopening_revokes_the_refusal_and_old_proof_ends_nothing(busy: Desk) -> None:
    refuse(POLICE)
    rule(BUREAU)
    proof = [settled(subject, "refused") for subject in (RESIDENT, *OTHERS)]
    busy.night([], proof, on=date(2026, 3, 2))
    reopen(BUREAU)
    assert ticket().state == "raised" and {item.state for item in items()} == {"open"}
    assert [one["kind"] for one in annotations(busy.data)][3:] == ["refusal_revoked"] * 3
    busy.night([], proof, on=date(2026, 3, 3))
    assert ticket().open_count == 3, "a proof from before the reopening settled it"


def test_a_part_keeps_the_deadline_and_the_rest_stays(busy: Desk) -> None:
    from portal.desk.actions import arranging

    part = arranging.split(POLICE, NUMBER, [item.pk for item in items()[:2]], "两条由分局核实")
    assert (part.open_count, ticket().open_count) == (2, 1) and part.split_from == ticket()
    assert (part.due_on, part.rule, part.state) == (ticket().due_on, "sex.code", "raised")
    with pytest.raises(DeskError, match="不能是全部"):
        arranging.split(POLICE, NUMBER, [items()[0].pk], "全部")


def test_merging_loses_no_row_and_gains_no_time(busy: Desk) -> None:
    from portal.desk.actions import arranging

    more = [failing("110105194912310070", row_number=9)]
    busy.night([failing(s, row_number=r) for r, s in enumerate([RESIDENT, *OTHERS], start=2)] + more, on=date(2026, 3, 2))
    later = "T20260302-0001"
    earliest = ticket().due_on
    assert ticket(later).due_on > earliest
    target = arranging.merge(POLICE, NUMBER, later, "同一批问题")
    assert (target.open_count, ticket(later).due_on) == (4, earliest)
    assert (ticket().state, ticket().merged_into) == ("closed", target)
    with pytest.raises(DeskError, match="已办结"):
        arranging.merge(POLICE, later, NUMBER, "并回")


def test_looking_at_an_identifier_is_kept(busy: Desk) -> None:
    reveal(POLICE)
    [event] = ticket().events.filter(kind="revealed")
    assert event.actor == "韩专员" and RESIDENT not in event.text and event.item == items()[0]


@pytest.mark.parametrize("name", ["页面.html", "程序.exe", "图.svg", "没有后缀"])
def test_what_could_run_in_a_colleagues_browser_is_not_attached(busy: Desk, name: str) -> None:
    from portal.desk.actions import handling

    with pytest.raises(DeskError, match="不能上传"):
        handling.attach(POLICE, NUMBER, name, b"x")


def test_an_attachment_is_private_and_its_name_names_no_path(busy: Desk) -> None:
    from portal.desk.actions import handling
    from portal.desk.files import stored_path

    attached = handling.attach(POLICE, NUMBER, "..\\..\\etc\\证明.pdf", b"%PDF-1.7")
    file = stored_path(attached.stored)
    assert attached.name == "证明.pdf" and file.read_bytes() == b"%PDF-1.7" and file.stat().st_mode & 0o077 == 0


def test_a_state_is_reached_by_its_transitions_only(busy: Desk) -> None:
    with pytest.raises(TransitionNotAllowed):
        ticket().verify()
    with pytest.raises(TransitionNotAllowed):
        ticket().close(date(2026, 3, 2))
    with pytest.raises(TransitionNotAllowed):
        items()[0].accept_refusal()


def test_an_account_without_a_role_is_nobody(busy: Desk) -> None:
    from django.contrib.auth import get_user_model

    from portal.desk.actions.finding import actor_of

    assert actor_of(get_user_model().objects.create_user("stray", password="x-1-y-2-z")) is None


def test_who_may_see_a_ticket(busy: Desk) -> None:
    from portal.desk.actions.finding import visible_tickets

    assert [visible_tickets(actor).count() for actor in EVERYBODY] == [1, 0, 1, 1]
