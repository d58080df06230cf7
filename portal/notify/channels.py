"""How a message leaves: mail by the connection `smtp`, a webhook by the connection `webhook_<receiver>`.

Belongs here: one attempt, and what its failure proves. Not here: which messages, how often (sending.py). An error's text
names what happened, never an address's secret part nor what a server said: that may quote the message.
"""

import hashlib
import hmac
import json
import smtplib
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from yishu.settings import Connection, ConnectionUnusable, settings

TIMEOUT_SECONDS = 15
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
SMTP = "smtp"


class NotConfigured(Exception):
    """There is no way for this message yet: it waits, and no try is counted."""


class NotAccepted(Exception):
    """Certainly not delivered: may be tried again."""


class ChannelDown(NotAccepted):
    """As NotAccepted, and the other messages of the channel would fare no better now."""


class Unclear(Exception):
    """Perhaps delivered: must not be sent again by itself."""


def deliver(message: Any, data: Path) -> None:
    """One attempt. Returns where the other side has accepted it; raises one of the above."""
    from portal.desk.models import Channel

    (_mail if message.channel == Channel.MAIL else _webhook)(message, data)


def ready(channel: str, receiver: str, data: Path) -> str | None:
    """Why a message cannot leave yet; None where it can be tried."""
    from portal.desk.models import Channel

    try:
        _server(data) if channel == Channel.MAIL else _hook(data, receiver)
    except NotConfigured as error:
        return str(error)
    return None


def _server(data: Path) -> tuple[SplitResult, dict[str, Any]]:
    """smtp://user:password@host:587 (STARTTLS), smtps:// (TLS), or smtp://host?starttls=no without a password."""
    address = urlsplit(_connection(SMTP, data).url.get_secret_value())
    plain = parse_qs(address.query).get("starttls") == ["no"]
    if address.scheme not in ("smtp", "smtps") or not address.hostname:
        raise NotConfigured("连接 smtp 的地址无效；请写成 smtp://用户:口令@主机:587 或 smtps://…")
    if plain and address.password and address.hostname not in LOOPBACK:
        raise NotConfigured("连接 smtp 不加密却带口令；请去掉 starttls=no 或口令")
    encryption = {"use_ssl": address.scheme == "smtps", "use_tls": address.scheme == "smtp" and not plain}
    return address, encryption


def _mail(message: Any, data: Path) -> None:
    from django.core.mail import EmailMessage, get_connection

    address, encryption = _server(data)
    connection = get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host=address.hostname,
        port=address.port or (465 if encryption["use_ssl"] else 587),
        username=unquote(address.username or ""),
        password=unquote(address.password or ""),
        timeout=TIMEOUT_SECONDS,
        fail_silently=False,
        **encryption,
    )
    headers = {"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"}
    mail = EmailMessage(message.subject, message.body, settings.mail_from, message.address.split("、"), connection=connection, headers=headers)
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        raise ChannelDown(f"邮件服务器连接或登录失败（{type(error).__name__}）") from None
    try:
        with _what_a_failure_proves():
            connection.send_messages([mail])
    finally:
        _close(connection)


@contextmanager
def _what_a_failure_proves() -> Iterator[None]:
    """A server that answers with a refusal has not accepted; one that falls silent may have."""
    try:
        yield
    except smtplib.SMTPServerDisconnected as error:
        raise Unclear(f"邮件服务器中断（{type(error).__name__}）") from None
    except smtplib.SMTPRecipientsRefused:
        raise NotAccepted("邮件服务器拒绝了收件地址") from None
    except smtplib.SMTPResponseException as error:
        raise NotAccepted(f"邮件服务器拒绝（{error.smtp_code}）") from None
    except ValueError as error:  # an address or subject that no mail can have
        raise NotAccepted(f"邮件地址或标题无效（{type(error).__name__}）") from None
    except (OSError, smtplib.SMTPException) as error:
        raise Unclear(f"发送邮件时中断（{type(error).__name__}）") from None


def _close(connection: Any) -> None:
    """What goes wrong after the server has accepted, or refused, changes nothing of it."""
    with suppress(OSError, smtplib.SMTPException):
        connection.close()


def message_id(message: Any) -> str:
    """The same for each try, so that a mail server or reader knows a second copy."""
    domain = settings.mail_from.rpartition("@")[2].strip("> ") or "localhost"
    return f"<yishu.{message.department}.{message.night}.{message.pk}@{domain}>"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect could lead a signed message anywhere."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _hook(data: Path, receiver: str) -> Connection:
    connection = _connection(f"webhook_{receiver}", data)
    address = urlsplit(connection.url.get_secret_value())
    if address.scheme != "https" and not (address.scheme == "http" and address.hostname in LOOPBACK):
        raise NotConfigured(f"连接 webhook_{receiver} 须为 https 地址（本机可用 http）")
    if connection.token is None:
        raise NotConfigured(f"连接 webhook_{receiver} 没有签名密钥；请设置 token（或环境变量 …_TOKEN）")
    return connection


def _webhook(message: Any, data: Path) -> None:
    """POST of the payload. `Idempotency-Key` is the same for each try; `X-Yishu-Signature` is HMAC-SHA256 of the body."""
    hook = _hook(data, message.department)
    body = json.dumps(message.payload, ensure_ascii=False, sort_keys=True).encode()
    assert hook.token is not None  # _hook refuses a connection without
    signature = hmac.new(hook.token.get_secret_value().encode(), body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": f"yishu-{message.department}-{message.night}-{message.pk}",
        "X-Yishu-Signature": f"sha256={signature}",
    }
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())
    try:
        request = urllib.request.Request(hook.url.get_secret_value(), data=body, headers=headers, method="POST")
        opener.open(request, timeout=TIMEOUT_SECONDS).close()
    except urllib.error.HTTPError as error:
        error.close()
        raise NotAccepted(f"接收方答复 {error.code}") from None
    except urllib.error.URLError as error:
        raise NotAccepted(f"接口连接失败（{type(error.reason).__name__}）") from None
    except ValueError:
        raise NotAccepted("接口地址无效") from None
    except Exception as error:  # the request was out when it failed: whatever it is, the receiver may have it
        raise Unclear(f"接收方没有答复（{type(error).__name__}）") from None


def _connection(name: str, data: Path) -> Connection:
    try:
        found = settings.connection(name, data)
    except ConnectionUnusable as error:
        raise NotConfigured(str(error)) from None
    if found is None:
        raise NotConfigured(f"没有配置连接 {name}")
    return found
