"""Alerts reach the operator by every configured way, and never break what they report."""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from orchestration.alert import Alert, send
from yishu.settings import settings

ALERT = Alert("2026-03-01 夜间任务降级完成", "入池《户籍人口信息》：出现故障", "degraded", "2026-03-01", "run-1")


@pytest.fixture(autouse=True)
def no_ways(monkeypatch):
    monkeypatch.setattr(settings, "alert_webhook", None)
    monkeypatch.setattr(settings, "alert_command", None)


@pytest.fixture
def webhook(monkeypatch):
    received = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            received.append((self.headers["Content-Type"], json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            self.send_response(500 if "broken" in self.path else 204)
            self.end_headers()

        def log_message(self, *_args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(settings, "alert_webhook", f"http://127.0.0.1:{server.server_port}/hook")
    yield received
    server.shutdown()
    server.server_close()


def test_the_webhook_gets_the_alert_as_json(webhook):
    assert send(ALERT) == []
    ((kind, body),) = webhook
    assert kind.startswith("application/json")
    assert body == {"title": ALERT.title, "text": ALERT.text, "outcome": "degraded", "business_date": "2026-03-01", "run_id": "run-1"}


def test_the_command_gets_the_alert_on_its_standard_input_without_a_shell(monkeypatch, tmp_path):
    program = tmp_path / "mail program.py"
    program.write_text("import sys, pathlib; pathlib.Path(sys.argv[1]).write_bytes(sys.stdin.buffer.read())")
    monkeypatch.setattr(settings, "alert_command", f"'{sys.executable}' '{program}' '{tmp_path / 'mail; exit 1'}'")
    assert send(ALERT) == []
    assert (tmp_path / "mail; exit 1").read_text("utf-8") == f"{ALERT.title}\n{ALERT.text}\n"


def test_an_alert_that_cannot_be_sent_is_logged_not_raised(webhook, monkeypatch, caplog):
    monkeypatch.setattr(settings, "alert_webhook", str(settings.alert_webhook).replace("/hook", "/broken"))
    monkeypatch.setattr(settings, "alert_command", "no-such-program-anywhere")
    assert send(ALERT) == ["webhook：HTTPError", "command：FileNotFoundError"]
    assert "告警未能送达" in caplog.text and ALERT.title in caplog.text


def test_only_web_addresses_are_posted_to(monkeypatch):
    monkeypatch.setattr(settings, "alert_webhook", "file:///etc/hostname")
    assert send(ALERT) == ["webhook：ValueError"]
