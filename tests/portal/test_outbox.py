"""The outbox between nights: its page for bureau and auditors, sending by hand, and the button that has a message sent once more."""

import os
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from click.testing import CliRunner, Result

from portal.notify.channels import NotAccepted
from portal.notify.sending import MOST_TRIES, is_anything_due, send_waiting
from portal.setup import desk
from tests.portal.browsing import browser, text_of
from tests.portal.nights import Desk
from tests.portal.servers import MailServer, mail_server
from yishu.lake.ledger import Ledger
from yishu.lake.lock import writing
from yishu.settings import settings

NIGHT = date(2026, 5, 19)
NOW = datetime(2026, 5, 19, 2, 0, tzinfo=timezone(timedelta(hours=8)))
ADDRESS, ERROR = "zhang@example.invalid", "接收方答复 500"


def message(of: Desk, department: str = "health", **fields: Any) -> int:
    with desk(of.data):
        from portal.desk.models import Message

        usual = {"channel": "mail", "address": ADDRESS, "night": NIGHT, "subject": "【更正工单】新开工单", "body": "请办理"}
        return Message.objects.create(department=department, **usual | fields).pk


def given_up(of: Desk, department: str = "health", **fields: Any) -> int:
    return message(of, department, state="given_up", tries=MOST_TRIES, last_error=ERROR, **fields)


def state(number: int) -> tuple[str, int]:
    from portal.desk.models import Message

    found = Message.objects.get(pk=number)
    return found.state, found.tries


@pytest.fixture
def opened(empty_desk: Desk) -> Iterator[Desk]:
    with desk(empty_desk.data):
        yield empty_desk


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with mail_server() as server:
        monkeypatch.setenv("YISHU_CONNECTION_SMTP", f"smtp://127.0.0.1:{server.port}?starttls=no")
        yield server


@pytest.fixture
def notify(empty_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    from orchestration.cli import main

    for name in ("data", "profile"):
        monkeypatch.setattr(settings, name, getattr(settings, name))
    Ledger(empty_desk.data)
    return lambda *arguments: CliRunner().invoke(main, ["desk", "notify", *arguments, "--data", str(empty_desk.data)])


def test_bureau_and_auditors_see_what_did_not_arrive_without_addresses_and_texts(opened: Desk) -> None:
    given_up(opened)
    message(opened, "bureau", state="sent", tries=1)
    for role in ("bureau", "auditor"):
        client = browser(role)
        page, whole = text_of(client.get("/desk/outbox/")), text_of(client.get("/desk/outbox/?tab=all"))
        assert all(word in page for word in ("2026-05-19", "卫生健康", "电子邮件", "多次失败，已停止", ERROR, f">{MOST_TRIES}<"))
        assert "已发送" not in page and "已发送" in whole
        assert ADDRESS not in whole and "请办理" not in whole
        assert ("/resend" in page) == (role == "bureau") and "通知发送</a>" in page


@pytest.mark.parametrize("role", ["officer", "head"])
def test_departments_see_nothing_of_the_outbox(opened: Desk, role: str) -> None:
    number = given_up(opened, "public_security")
    client = browser(role, "public_security")
    for answer in (client.get("/desk/outbox/"), client.post(f"/desk/outbox/{number}/resend")):
        assert answer.status_code == 403 and ERROR not in text_of(answer)
    assert "通知发送" not in text_of(client.get("/desk/"))
    assert state(number) == ("given_up", MOST_TRIES)


def test_the_bureau_has_a_message_sent_once_more_and_it_is_recorded(opened: Desk) -> None:
    number = given_up(opened)
    client = browser("bureau")
    for said in ("已改为待发送", "没有再发"):
        assert said in text_of(client.post(f"/desk/outbox/{number}/resend", follow=True))
    assert state(number) == ("waiting", 0)
    page = text_of(client.get("/desk/outbox/"))
    assert "bureau-all 再发" in page and f"此前多次失败，已停止，尝试 {MOST_TRIES} 次，{ERROR}" in page
    from portal.desk.models import Resending

    [asked] = Resending.objects.values_list("message", "actor", "state", "tries", "last_error")
    assert asked == (number, "bureau-all", "given_up", MOST_TRIES, ERROR)


@pytest.mark.parametrize("was", ["waiting", "sending", "sent"])
def test_what_is_under_way_or_has_arrived_is_not_sent_again(opened: Desk, was: str) -> None:
    number = message(opened, state=was, tries=1)
    before = opened.contents()
    browser("bureau").post(f"/desk/outbox/{number}/resend")
    browser("auditor").post(f"/desk/outbox/{given_up(opened, 'education')}/resend")
    assert state(number) == (was, 1)
    assert opened.contents()["desk.Resending"] == before["desk.Resending"] == []


def test_sending_by_hand_counts_each_channel_and_waits_for_no_night(empty_desk: Desk, mail: MailServer, notify: Callable[..., Result]) -> None:
    message(empty_desk)
    message(empty_desk, channel="webhook")
    with writing(empty_desk.data, "夜间任务"):
        done = notify()
    assert done.exit_code == 0 and len(mail.received) == 1, done.output
    assert [line.split() for line in done.output.splitlines() if "电子邮件" in line or "接口推送" in line] == [
        ["电子邮件", "1", "0", "0", "0", "0"], ["接口推送", "0", "0", "0", "0", "1"]]  # fmt: skip
    assert ADDRESS not in done.output


def test_sending_by_hand_ends_with_3_where_something_did_not_arrive(empty_desk: Desk, mail: MailServer, notify: Callable[..., Result]) -> None:
    message(empty_desk)
    mail.rcpt = "451 later"
    assert notify().exit_code == 3
    assert notify().exit_code == 0, "its next try is not due yet"


def test_a_message_is_sent_again_by_number_and_one_that_arrived_is_not(empty_desk: Desk, mail: MailServer, notify: Callable[..., Result]) -> None:
    number = str(given_up(empty_desk))
    assert notify("--again", number, "--actor", "值班员").exit_code == 0 and len(mail.received) == 1
    for refused in (number, "99"):
        done = notify("--again", refused)
        assert done.exit_code == 2 and "没有再发" in done.stderr
    assert len(mail.received) == 1
    assert [rows[2] for rows in empty_desk.contents()["desk.Resending"]] == ["值班员"]


def test_something_is_due_only_where_it_can_be_sent_now_or_a_sender_has_died(empty_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    message(empty_desk)
    assert not is_anything_due(empty_desk.data, NOW), "no mail server is configured"
    monkeypatch.setitem(os.environ, "YISHU_CONNECTION_SMTP", "smtp://127.0.0.1:9?starttls=no")
    assert is_anything_due(empty_desk.data, NOW)

    def refuses(*_: object) -> None:
        raise NotAccepted(ERROR)

    send_waiting(empty_desk.data, NOW, refuses)
    assert [is_anything_due(empty_desk.data, NOW + timedelta(minutes=wait)) for wait in (4, 6)] == [False, True]
    monkeypatch.delitem(os.environ, "YISHU_CONNECTION_SMTP")
    message(empty_desk, "education", state="sending", claimed_until=NOW)
    assert [is_anything_due(empty_desk.data, NOW + timedelta(minutes=wait)) for wait in (0, 1)] == [False, True]
