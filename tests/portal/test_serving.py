"""The desk as it is served: its first account, its application, loopback only, stopped when asked. Its pages: test_pages.py."""

import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from portal.administrator import PASSWORD_FILE, ensure_administrator
from portal.setup import desk
from portal.wsgi import desk_application
from tests.portal.browsing import stranger
from tests.portal.nights import Desk
from yishu.settings import ROOT


def test_the_password_is_private_and_made_anew_when_its_file_is_removed(empty_desk: Desk) -> None:
    file = ensure_administrator(empty_desk.data)
    assert file == empty_desk.data / PASSWORD_FILE and file.stat().st_mode & 0o777 == 0o600
    first = file.read_text(encoding="utf-8").strip()
    assert ensure_administrator(empty_desk.data).read_text(encoding="utf-8").strip() == first
    file.unlink()
    second = ensure_administrator(empty_desk.data).read_text(encoding="utf-8").strip()
    with desk(empty_desk.data):
        from django.contrib.auth import get_user_model

        account = get_user_model().objects.get(username="admin")
        assert second != first and account.check_password(second) and not account.check_password(first)


def test_the_night_makes_no_account(empty_desk: Desk) -> None:
    assert not (empty_desk.data / PASSWORD_FILE).exists()


def test_the_first_account_sees_the_desk_and_makes_the_others(empty_desk: Desk) -> None:
    ensure_administrator(empty_desk.data)
    with desk(empty_desk.data):
        from django.contrib.auth import get_user_model

        client = stranger()
        client.force_login(get_user_model().objects.get(username="admin"))
        assert client.get("/desk/").status_code == 200
        for page in ("/admin/", "/admin/desk/officer/", "/admin/auth/user/add/", "/admin/desk/token/"):
            assert client.get(page).status_code == 200, page
        assert client.get("/admin/desk/ticket/").status_code == 404


def test_styles_of_the_account_pages_are_served_from_the_packages(empty_desk: Desk) -> None:
    with desk(empty_desk.data):
        assert stranger().get("/static/admin/css/base.css").status_code == 200


def test_an_application_answers_for_its_folder(empty_desk: Desk) -> None:
    assert desk_application(empty_desk.data) is desk_application(empty_desk.data)


def test_the_desk_is_served_on_loopback_and_stops_when_asked(empty_desk: Desk, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = f"from pathlib import Path; from portal.serve import serve; serve(Path({str(empty_desk.data)!r}), port={port})"
    with (
        (tmp_path / "output").open("w") as output,
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=output, stderr=output) as server,
    ):
        try:
            page = wait_for(f"http://127.0.0.1:{port}/", server)
        finally:
            server.terminate()
            server.wait(10)
    assert "更正工单台" in page and 'name="password"' in page
    said = (tmp_path / "output").read_text(encoding="utf-8")
    assert str(port) in said and (empty_desk.data / PASSWORD_FILE).read_text(encoding="utf-8").strip() not in said


def wait_for(address: str, server: "subprocess.Popen[bytes]") -> str:
    for _ in range(100):
        assert server.poll() is None, "the server ended by itself"
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer in time")
