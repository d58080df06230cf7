"""Tells the operator that a night went wrong: JSON to a webhook, text to a program's standard input. Never stops anything.

No data of any person: the message names steps and resources and where to look, nothing else.
"""

import json
import logging
import shlex
import subprocess
import urllib.request
from dataclasses import asdict, dataclass

from yishu.settings import settings

TIMEOUT_SECONDS = 15
log = logging.getLogger("yishu.alert")


@dataclass(frozen=True)
class Alert:
    """What the operator is told. `text` is written by us, never taken from a library's message."""

    title: str
    text: str
    outcome: str
    business_date: str
    run_id: str = ""


def send(alert: Alert) -> list[str]:
    """Log it, and send it by every way that is configured; return what did not work (logged, not raised)."""
    log.error("%s：%s", alert.title, alert.text.replace("\n", "；"))
    failures = []
    for way, deliver in (("webhook", _post), ("command", _run)):
        try:
            deliver(alert)
        except Exception as error:  # an alert that cannot be sent must not break the night as well
            failures.append(f"{way}：{type(error).__name__}")
            log.error("告警未能送达（%s）：%s", way, type(error).__name__)
    return failures


def _post(alert: Alert) -> None:
    if not settings.alert_webhook:
        return
    if not settings.alert_webhook.startswith(("http://", "https://")):
        raise ValueError("alert_webhook")
    body = json.dumps(asdict(alert), ensure_ascii=False).encode()
    request = urllib.request.Request(settings.alert_webhook, data=body, headers={"Content-Type": "application/json; charset=utf-8"})
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):
        pass


def _run(alert: Alert) -> None:
    if not settings.alert_command:
        return
    message = f"{alert.title}\n{alert.text}\n".encode()
    subprocess.run(shlex.split(settings.alert_command), input=message, timeout=TIMEOUT_SECONDS, check=True, stdout=subprocess.DEVNULL)
