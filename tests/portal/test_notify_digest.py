"""The digests of a night: one a receiver, only where something is new, never changed, and nothing of a person in them."""

from datetime import date, timedelta
from typing import Any

import pytest

from portal.desk.actor import Actor
from portal.notify.digest import DigestReport, write_digests
from portal.notify.news import link
from portal.setup import desk
from portal.supervision.escalation import escalate
from tests.portal.nights import RESIDENT, Desk, failing, settled
from yishu.catalogue.law import load_profile
from yishu.catalogue.loading import load_catalogue
from yishu.settings import ROOT, settings

OPENED, NOTICE = date(2026, 4, 24), date(2026, 5, 19)
OFFICER = Actor("王某", "officer", "public_security")
HEALTH = Actor("卫某", "officer", "health")


@pytest.fixture
def registered(empty_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk with the register's departments and a bureau that has an address; nights and people act in one calendar."""
    empty_desk.catalogue = load_catalogue(ROOT / "catalogue", "pingdingshan")
    monkeypatch.setattr(settings, "bureau_mail", "bureau@example.invalid")
    return empty_desk


def write(of: Desk, night: date) -> DigestReport:
    return write_digests(of.data, night, of.profile, of.catalogue)


def messages(of: Desk) -> list[dict[str, Any]]:
    with desk(of.data):
        from portal.desk.models import Message

        return list(Message.objects.order_by("id").values("department", "channel", "address", "night", "subject", "body", "payload", "state"))


def test_a_department_is_told_once_a_night_of_all_that_is_new(registered: Desk) -> None:
    registered.night([failing(), failing(rule="phone.phone"), failing(department="civil_affairs")], on=OPENED)
    assert write(registered, OPENED).receivers == ("civil_affairs", "public_security")
    of_police = messages(registered)[1]
    assert of_police["subject"] == "【更正工单】2026-04-24 新开工单 2 张"
    assert of_police["address"] == "public_security@example.invalid"
    assert "T20260424-0003《" in of_police["body"]
    assert "/desk/t/T20260424-0003/" in of_police["body"]
    assert "T20260424-0001" not in of_police["body"]


def test_the_same_night_again_writes_nothing_and_changes_nothing(registered: Desk) -> None:
    registered.night([failing()], on=OPENED)
    write(registered, OPENED)
    before = messages(registered)
    registered.night([failing(), failing(rule="phone.phone")], on=OPENED)
    assert write(registered, OPENED).messages == 0
    assert messages(registered) == before


def test_what_happened_after_the_message_of_a_night_is_told_the_next(registered: Desk) -> None:
    registered.night([failing()], on=OPENED)
    write(registered, OPENED)
    registered.night([failing(), failing(rule="phone.phone"), failing(department="civil_affairs")], on=OPENED)
    write(registered, OPENED)
    write(registered, OPENED + timedelta(days=1))
    told = [(one["department"], [s["tickets"] for s in one["payload"]["sections"]]) for one in messages(registered)]
    assert [name for name, _ in told] == ["public_security", "civil_affairs", "public_security"]
    assert [ticket["number"] for ticket in told[2][1][0]] == ["T20260424-0003"]


def test_a_night_without_news_sends_no_message(registered: Desk) -> None:
    registered.night([failing()], on=OPENED)
    write(registered, OPENED)
    for days in (1, 2, 3):
        registered.night([failing()], on=OPENED + timedelta(days=days))
        assert write(registered, OPENED + timedelta(days=days)).messages == 0


def test_what_a_killed_night_did_not_write_the_next_one_writes(registered: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    registered.night([failing()], on=OPENED)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("portal.notify.digest._message", killed)
        with pytest.raises(KeyboardInterrupt):
            write(registered, OPENED)
    assert messages(registered) == []
    assert write(registered, OPENED + timedelta(days=1)).receivers == ("public_security",)


def test_escalation_is_told_to_department_head_and_bureau(registered: Desk) -> None:
    with desk(registered.data):
        from django.contrib.auth.models import User

        from portal.desk.models import Officer

        head = User.objects.create_user("head", "head@example.invalid")
        Officer.objects.create(user=head, role="head", department="public_security")
    registered.night([failing()], on=OPENED)
    escalate(registered.data, NOTICE, registered.profile, registered.calendar, registered.catalogue, "night")
    write(registered, NOTICE)
    police, bureau = messages(registered)
    assert [s["kind"] for s in police["payload"]["sections"]] == ["opened", "reminded", "overdue", "head_told", "noticed"]
    assert police["address"] == "public_security@example.invalid、head@example.invalid"
    assert (bureau["department"], [s["kind"] for s in bureau["payload"]["sections"]]) == ("bureau", ["head_told", "noticed"])


def test_the_bureau_is_told_of_a_doubt_only_where_the_law_says_so(registered: Desk) -> None:
    """P19: 江门 tells the authority as well, 平顶山 does not."""
    doubt = failing(rule="doubt.sex", delivery_seq=0)
    registered.night([doubt], on=OPENED)
    assert write(registered, OPENED).receivers == ("public_security",)
    registered.empty()
    registered.profile = load_profile("jiangmen", ROOT / "catalogue")
    registered.night([doubt], on=OPENED)
    assert write(registered, OPENED + timedelta(days=1)).receivers == ("public_security", "bureau")


def test_refusals_go_to_the_bureau_and_rulings_back_to_the_department(registered: Desk) -> None:
    registered.night([failing()], on=OPENED)
    write(registered, OPENED)
    with desk(registered.data):
        from portal.desk.actions.refusing import refuse, rule

        refuse(OFFICER, "T20260424-0001", None, f"居民 {RESIDENT} 户籍登记如此")
        assert write(registered, OPENED + timedelta(days=1)).receivers == ("bureau",)
        rule(Actor("局某", "bureau"), "T20260424-0001", None, accept=False, reason="与证件不符")
    assert write(registered, OPENED + timedelta(days=2)).receivers == ("public_security",)
    assert messages(registered)[-1]["payload"]["sections"][0]["kind"] == "refusal_rejected"
    assert RESIDENT not in str(messages(registered))


def test_who_doubted_learns_what_became_of_it_without_the_others_ticket(registered: Desk) -> None:
    registered.night([failing(rule="doubt.sex", delivery_seq=0)], on=OPENED)
    with desk(registered.data):
        from portal.desk.models import Doubt, TicketItem

        Doubt.objects.create(item=TicketItem.objects.get(), raised_name="卫某", department="health", channel="form", note="x", raised_on=OPENED)
    write(registered, OPENED)
    registered.night([], [settled(rule="doubt.sex")], on=OPENED + timedelta(days=1))
    assert write(registered, OPENED + timedelta(days=1)).receivers == ("health", "public_security")
    to_health = messages(registered)[1]
    assert "已更正" in to_health["body"]
    assert "T20260424" not in to_health["body"]


def test_a_standing_warning_alone_is_told_once_and_not_every_night(registered: Desk) -> None:
    registered.profile = load_profile("jinjiang", ROOT / "catalogue")
    assert write(registered, OPENED).receivers == ("bureau",)
    assert "2025-10-10" in messages(registered)[0]["body"]
    assert write(registered, OPENED + timedelta(days=1)).messages == 0


def test_a_message_lists_some_tickets_and_counts_the_rest(registered: Desk) -> None:
    registered.night([failing(rule=f"sex.rule{n:02d}") for n in range(25)], on=OPENED)
    write(registered, OPENED)
    body = messages(registered)[0]["body"]
    assert body.count("T20260424-") == 2 * 20
    assert "另有 5 张" in body


def test_a_link_leads_to_the_tickets_own_page(registered: Desk) -> None:
    with desk(registered.data):
        from django.urls import resolve

        page = resolve(link("", "T20260424-0001"))
    assert (page.view_name, page.kwargs) == ("pages:ticket", {"number": "T20260424-0001"})


def test_a_webhook_is_written_beside_the_mail_without_its_secret(registered: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YISHU_CONNECTION_WEBHOOK_PUBLIC_SECURITY", "https://hook.example.invalid/send?key=geheim")
    registered.night([failing()], on=OPENED)
    assert write(registered, OPENED).messages == 2
    assert [(one["channel"], one["address"]) for one in messages(registered)][1] == ("webhook", "https://hook.example.invalid")
    assert "geheim" not in str(registered.contents())
