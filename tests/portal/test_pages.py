"""The desk in a browser: Chinese, changing nothing, never showing or confirming a subject in full (H11)."""

import json
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from portal.administrator import PASSWORD_FILE, ensure_administrator
from portal.desk import service
from portal.setup import desk
from portal.wsgi import desk_application
from tests.portal.nights import RESIDENT, Desk, failing, settled
from yishu.catalogue import load_catalogue
from yishu.settings import ROOT

SUBJECTS = [RESIDENT, "110105194912310038", "110105194912310054"]
RAW = re.compile("|".join([subject[6:] for subject in SUBJECTS]))
TICKETS, ITEMS = "/desk/desk/ticket/", "/desk/desk/ticketitem/"


@pytest.fixture
def busy_desk(empty_desk: Desk) -> Desk:
    """Tickets open and closed, on persons whose ids must not be seen."""
    empty_desk.catalogue = load_catalogue(ROOT / "catalogue", empty_desk.profile.name)
    empty_desk.night(
        [failing(subject, row_number=row) for row, subject in enumerate(SUBJECTS, start=2)]
        + [failing(rule="phone.phone")]
    )
    empty_desk.night(
        [failing(SUBJECTS[1], row_number=9, delivery_seq=2)],
        [settled(SUBJECTS[0]), settled(rule="phone.phone")],
        on=date(2026, 3, 2),
    )
    return empty_desk


@pytest.fixture
def browser(busy_desk: Desk) -> Iterator[Any]:
    """A browser in which the administrator has signed in."""
    password = ensure_administrator(busy_desk.data).read_text(encoding="utf-8").strip()
    with desk(busy_desk.data):
        from django.test import Client

        client = Client(SERVER_NAME="127.0.0.1")
        assert client.login(username="admin", password=password)
        yield client


def ids(model: str) -> list[int]:
    from django.apps import apps

    return list(apps.get_model("desk", model).objects.order_by("pk").values_list("pk", flat=True))


def pages() -> list[str]:
    tickets = [f"{TICKETS}{pk}/{page}/" for pk in ids("Ticket") for page in ("change", "history")]
    items = [f"{ITEMS}{pk}/{page}/" for pk in ids("TicketItem") for page in ("change", "history")]
    return [
        "/desk/",
        "/desk/desk/",
        TICKETS,
        f"{TICKETS}?state__exact=open",
        f"{TICKETS}?q=sex",
        ITEMS,
        f"{ITEMS}?ticket__id__exact=1",
        *tickets,
        *items,
    ]


def test_no_page_holds_a_subject(browser: Any) -> None:
    for page in pages():
        answer = browser.get(page)
        assert answer.status_code == 200, page
        assert RAW.search(answer.content.decode()) is None, page


def test_no_json_of_the_service_holds_a_subject(busy_desk: Desk) -> None:
    tickets = service.list_tickets(busy_desk.data)
    assert len(tickets) == 2
    text = json.dumps(
        [tickets, *(service.show_ticket(busy_desk.data, ticket["number"]) for ticket in tickets)], ensure_ascii=False
    )
    assert RAW.search(text) is None
    assert "110105************" in text


@pytest.mark.parametrize("lookup", ["subject", "subject__startswith", "subject__regex"])
def test_a_guessed_subject_in_the_address_is_not_confirmed(browser: Any, lookup: str) -> None:
    assert browser.get(f"{ITEMS}?{lookup}=110105").status_code in (302, 400)
    assert browser.get(f"{TICKETS}?items__{lookup}=110105").status_code in (302, 400)


def test_the_list_tells_department_problem_deadline_state_and_open_count(browser: Any) -> None:
    text = browser.get(TICKETS).content.decode()
    for words in (
        "更正工单台",
        "平顶山市公安局",
        "户籍人口信息",
        "性别不在代码表内",
        "2026-03-13（本地默认）",
        "待核实",
        "已关闭",
        "未办结",
    ):
        assert words in text


def test_a_ticket_tells_whom_it_addresses_and_where_each_record_stands(browser: Any) -> None:
    text = browser.get(f"{TICKETS}{ids('Ticket')[1]}/change/").content.decode()
    entry = load_catalogue(ROOT / "catalogue", "pingdingshan").departments["public_security"]
    for words in (entry.data_officer.name, entry.head.name, "110105************", "resident_20260301.csv", "已更正"):
        assert words in text


def test_no_code_word_stands_where_a_department_reads_the_severity(browser: Any) -> None:
    for page in (TICKETS, f"{TICKETS}{ids('Ticket')[1]}/change/"):
        text = browser.get(page).content.decode()
        assert ">内容<" in text
        assert ">content<" not in text


def test_a_ticket_of_thousands_shows_its_first_items_and_a_link_to_all(empty_desk: Desk, browser: Any) -> None:
    empty_desk.night([failing(f"subject-{n}", rule="household_no.not_null", row_number=n + 2) for n in range(150)])
    with desk(empty_desk.data):
        page = browser.get(f"{TICKETS}{ids('Ticket')[-1]}/change/").content.decode()
        everything = browser.get(f"{ITEMS}?ticket__id__exact={ids('Ticket')[-1]}").content.decode()
    assert "共 150 条" in page
    assert page.count('name="items-') < 4 * 101 + 10 and page.count("household_no") < 10
    assert "150" in everything


def test_strangers_see_the_sign_in_page_only(browser: Any) -> None:
    browser.logout()
    for page in ("/desk/", TICKETS, ITEMS, f"{TICKETS}{ids('Ticket')[0]}/change/"):
        answer = browser.get(page)
        assert (answer.status_code, answer.url.split("?")[0]) == (302, "/desk/login/")


def test_nothing_can_be_added_changed_or_deleted_by_hand(browser: Any) -> None:
    first = ids("TicketItem")[0]
    assert browser.get(f"{ITEMS}add/").status_code == 403
    assert browser.post(f"{ITEMS}{first}/change/", {"state": "corrected"}).status_code == 403
    assert browser.post(f"{TICKETS}{ids('Ticket')[0]}/delete/", {"post": "yes"}).status_code == 403
    browser.post(ITEMS, {"action": "delete_selected", "_selected_action": [first], "post": "yes"})
    assert first in ids("TicketItem")


def test_styles_are_served_from_the_packages(browser: Any) -> None:
    assert browser.get("/static/admin/css/base.css").status_code == 200


def test_the_password_is_private_and_made_anew_when_its_file_is_removed(busy_desk: Desk) -> None:
    file = ensure_administrator(busy_desk.data)
    assert file == busy_desk.data / PASSWORD_FILE and file.stat().st_mode & 0o777 == 0o600
    first = file.read_text(encoding="utf-8").strip()
    assert ensure_administrator(busy_desk.data).read_text(encoding="utf-8").strip() == first
    file.unlink()
    second = ensure_administrator(busy_desk.data).read_text(encoding="utf-8").strip()
    with desk(busy_desk.data):
        from django.contrib.auth import authenticate

        assert second != first and authenticate(username="admin", password=first) is None
        assert authenticate(username="admin", password=second) is not None


def test_the_night_makes_no_account(busy_desk: Desk) -> None:
    assert not (busy_desk.data / PASSWORD_FILE).exists()


def test_an_application_answers_for_its_folder(busy_desk: Desk) -> None:
    assert desk_application(busy_desk.data) is desk_application(busy_desk.data)


def test_the_desk_is_served_on_loopback_and_stops_when_asked(busy_desk: Desk, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = (
        f"from pathlib import Path; from portal.serve import serve; serve(Path({str(busy_desk.data)!r}), port={port})"
    )
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
    assert str(port) in said and (busy_desk.data / PASSWORD_FILE).read_text(encoding="utf-8").strip() not in said


def wait_for(address: str, server: "subprocess.Popen[bytes]") -> str:
    for _ in range(100):
        assert server.poll() is None, "the server ended by itself"
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer in time")
