"""Sending: to real servers on the loopback; tried again after a refusal, never twice after a delivery that may have been one."""

import hashlib
import hmac
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from portal.notify import channels
from portal.notify.channels import NotAccepted
from portal.notify.sending import MOST_TRIES, pause, send_again, send_waiting
from portal.setup import desk
from tests.portal.nights import Desk
from tests.portal.servers import HookServer, MailServer, hook_server, mail_server

NIGHT = date(2026, 5, 19)
NOW = datetime(2026, 5, 19, 2, 0, tzinfo=timezone(timedelta(hours=8)))
KEY = "schluessel"


def outbox(of: Desk, *kinds: str) -> None:
    """Waiting messages, one a department and channel."""
    with desk(of.data):
        from portal.desk.models import Message

        for n, channel in enumerate(kinds):
            Message.objects.create(
                department="health" if channel == "webhook" else f"department{n}",
                channel=channel,
                address="a@example.invalid、b@example.invalid",
                night=NIGHT,
                subject="【更正工单】新开工单 2 张",
                body="请办理\n",
                payload={"id": "health-2026-05-19", "说明": "新开工单"},
            )


def states(of: Desk) -> list[tuple[str, int, str]]:
    with desk(of.data):
        from portal.desk.models import Message

        return list(Message.objects.order_by("id").values_list("state", "tries", "last_error"))


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    with mail_server() as server:
        monkeypatch.setenv("YISHU_CONNECTION_SMTP", f"smtp://127.0.0.1:{server.port}?starttls=no")
        yield server


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[HookServer]:
    with hook_server() as server:
        monkeypatch.setenv("YISHU_CONNECTION_WEBHOOK_HEALTH", server.url)
        monkeypatch.setenv("YISHU_CONNECTION_WEBHOOK_HEALTH_TOKEN", KEY)
        yield server


def test_a_mail_is_sent_once_to_all_its_addresses(empty_desk: Desk, mail: MailServer) -> None:
    outbox(empty_desk, "mail")
    assert send_waiting(empty_desk.data, NOW).sent == 1
    assert send_waiting(empty_desk.data, NOW + timedelta(days=1)).sent == 0
    (text,) = mail.received
    assert "To: a@example.invalid, b@example.invalid" in text
    assert "Message-ID: <yishu.department0.2026-05-19.1@localhost>" in text
    assert states(empty_desk) == [("sent", 1, "")]


def test_without_a_mail_server_messages_wait_and_no_try_is_counted(empty_desk: Desk) -> None:
    outbox(empty_desk, "mail", "webhook")
    assert send_waiting(empty_desk.data, NOW).waiting == 2
    assert states(empty_desk) == [("waiting", 0, "")] * 2


def test_a_refused_mail_is_tried_again_later_and_at_last_given_up(empty_desk: Desk, mail: MailServer) -> None:
    outbox(empty_desk, "mail")
    mail.rcpt = "451 later"
    now = NOW
    for _ in range(MOST_TRIES + 2):
        send_waiting(empty_desk.data, now)
        send_waiting(empty_desk.data, now)
        now += timedelta(days=1)
    assert states(empty_desk) == [("given_up", MOST_TRIES, "邮件服务器拒绝了收件地址")]
    assert mail.received == []


def test_a_server_that_falls_silent_after_the_text_may_have_it_and_gets_no_second(empty_desk: Desk, mail: MailServer) -> None:
    outbox(empty_desk, "mail")
    mail.data = ""
    assert send_waiting(empty_desk.data, NOW).unclear == 1
    mail.data = "250 ok"
    assert send_waiting(empty_desk.data, NOW + timedelta(days=1)).sent == 0
    assert len(mail.received) == 1
    assert states(empty_desk)[0][0] == "unclear"


def test_a_mail_server_that_is_down_is_asked_once_and_holds_up_no_webhook(
    empty_desk: Desk, hook: HookServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server() as gone:
        monkeypatch.setenv("YISHU_CONNECTION_SMTP", f"smtp://127.0.0.1:{gone.port}?starttls=no")
    outbox(empty_desk, "mail", "mail", "webhook")
    report = send_waiting(empty_desk.data, NOW)
    assert (report.sent, report.refused, report.waiting) == (1, 1, 2)
    assert (report.by_channel["mail"]["refused"], report.by_channel["mail"]["waiting"], report.by_channel["webhook"]["sent"]) == (1, 2, 1)
    assert [tries for _, tries, _ in states(empty_desk)] == [1, 0, 1]


def test_a_webhook_is_signed_and_bears_the_same_key_at_each_try(empty_desk: Desk, hook: HookServer) -> None:
    outbox(empty_desk, "webhook")
    hook.answers = [503, 302, 200]
    for day in range(4):
        send_waiting(empty_desk.data, NOW + timedelta(days=day))
    assert [state for state, _, _ in states(empty_desk)] == ["sent"]
    assert len(hook.requests) == 3
    assert len({headers["Idempotency-Key"] for headers, _ in hook.requests}) == 1
    headers, body = hook.requests[0]
    assert headers["X-Yishu-Signature"] == "sha256=" + hmac.new(KEY.encode(), body, hashlib.sha256).hexdigest()


def test_a_webhook_without_an_answer_is_not_posted_again(empty_desk: Desk, hook: HookServer) -> None:
    outbox(empty_desk, "webhook")
    hook.answers = [0]
    assert send_waiting(empty_desk.data, NOW).unclear == 1
    send_waiting(empty_desk.data, NOW + timedelta(days=1))
    assert len(hook.requests) == 1


@pytest.mark.parametrize(
    ("url", "token"), [("http://hook.example.invalid/x", KEY), ("file:///etc/hostname", KEY), ("https://hook.example.invalid/x", "")]
)
def test_a_webhook_in_the_clear_or_without_a_signing_key_is_not_posted(
    empty_desk: Desk, url: str, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YISHU_CONNECTION_WEBHOOK_HEALTH", url)
    monkeypatch.setenv("YISHU_CONNECTION_WEBHOOK_HEALTH_TOKEN", token)
    outbox(empty_desk, "webhook")
    assert send_waiting(empty_desk.data, NOW).waiting == 1
    assert states(empty_desk) == [("waiting", 0, "")]
    assert channels.ready("webhook", "health", empty_desk.data)


def test_a_sender_that_died_in_the_middle_leaves_its_message_unclear_and_unsent(empty_desk: Desk) -> None:
    outbox(empty_desk, "mail")

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send_waiting(empty_desk.data, NOW, dies)
    calls: list[Any] = []
    for minutes in (1, 60):
        send_waiting(empty_desk.data, NOW + timedelta(minutes=minutes), lambda message, _: calls.append(message))
    assert calls == []
    assert states(empty_desk)[0][0] == "unclear"
    assert send_again(empty_desk.data, 1, NOW, "督查员")
    assert send_waiting(empty_desk.data, NOW + timedelta(hours=2), lambda message, _: calls.append(message)).sent == 1
    assert not send_again(empty_desk.data, 1, NOW, "督查员")


def test_two_senders_at_once_send_each_message_once(empty_desk: Desk) -> None:
    outbox(empty_desk, *["mail"] * 12)
    sent: list[int] = []
    both = threading.Barrier(2)

    def slowly(message: Any, _: Path) -> None:
        sent.append(message.pk)

    def sender() -> None:
        both.wait()
        send_waiting(empty_desk.data, NOW, slowly)

    threads = [threading.Thread(target=sender) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sent) == list(range(1, 13))


def test_no_secret_and_no_servers_words_stand_in_errors_or_logs(empty_desk: Desk, mail: MailServer, caplog: pytest.LogCaptureFixture) -> None:
    outbox(empty_desk, "mail")
    mail.data = "554 spam: 110105194912310038"
    send_waiting(empty_desk.data, NOW)
    assert states(empty_desk) == [("waiting", 1, "邮件服务器拒绝（554）")]
    assert "1101051949" not in caplog.text


def test_pauses_double_up_to_half_a_day() -> None:
    assert [pause(n).total_seconds() / 60 for n in (1, 2, 3, 9)] == [5, 10, 20, 720]


def test_a_refusal_of_an_unknown_kind_counts_as_perhaps_delivered(empty_desk: Desk) -> None:
    outbox(empty_desk, "mail", "mail")

    def refuses(message: Any, _: Path) -> None:
        raise NotAccepted("接收方答复 500") if message.pk == 1 else RuntimeError("?")

    send_waiting(empty_desk.data, NOW, refuses)
    assert states(empty_desk) == [("waiting", 1, "接收方答复 500"), ("unclear", 1, "RuntimeError")]
