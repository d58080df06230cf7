"""Who gets what at the desk's pages: deny by default, the same answer for what is another's and what is not there, forms from our pages only."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from portal.desk.actor import RIGHTS, Actor, Role
from tests.portal.at_the_desk import BASIS, NUMBER, RESIDENT, SUBJECTS, items, ticket
from tests.portal.browsing import account, addresses, browser, stranger, text_of
from tests.portal.nights import Desk
from tests.portal.people import POLICE

OPEN_TO_ALL = {"/desk/login/", "/"}
API = "desk/api/"  # walked in test_api.py
OTHERS_BUSINESS = ("admin/", API)  # Django's own tests, and test_api.py
STAYING = (*OTHERS_BUSINESS, "desk/logout")
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
DEPARTMENT = {Role.OFFICER: "public_security", Role.HEAD: "public_security", Role.BUREAU: "", Role.AUDITOR: ""}
RIGHT_OF = {"accept": "rule", "reject": "rule", "link_confirm": "link", "link_reject": "link"}  # else an action's own name
DRAFT = "0" * 32


@pytest.fixture
def of_police(busy: Desk) -> dict[str, Any]:
    """Everything of the police that an address can name: ticket, row, attachment, doubt, notice, message, account; each action; an entity."""
    from portal.desk.actions.doubting import Question, raise_doubt
    from portal.desk.actions.handling import attach
    from portal.desk.files import store
    from portal.desk.models import EntityEvent, EntityFile, Message, Notice
    from portal.pages.acting import ACTIONS

    file = EntityFile.objects.create(entity="person", entity_id="0" * 36)
    decision = EntityEvent.objects.create(file=file, kind="merged", target="110105************", reason="查明", actor="x", on=ticket().opened_on)
    attached = attach(POLICE, NUMBER, "证明.txt", b"proof")
    doubt = raise_doubt(Actor("韩专员", "officer", "public_security"), Question("health", "birth_certificate", "X1", "", "有误"))
    notice = Notice.objects.create(
        number="1", department="public_security", department_title="公安局", issued_on=ticket().opened_on, stored=store(b"x").name
    )
    message = Message.objects.create(
        department="public_security", channel="mail", address="han@example.invalid", night=ticket().opened_on, subject="x", body="x",
        state="given_up", last_error="接收方答复 500",
    )  # fmt: skip
    of_admin = {"content_type_id": 1, "object_id": account("officer", "public_security", "han").officer.pk, "id": 1, "app_label": "desk", "url": "x"}
    return of_admin | {
        "number": NUMBER, "item": items()[0].pk, "attachment": attached.pk, "doubt": doubt.pk, "pk": notice.pk, "key": DRAFT,
        "message": message.pk, "action": list(ACTIONS), "path": "index.html", "file": file.pk, "decision": decision.pk,
    }  # fmt: skip


@pytest.mark.parametrize("method", METHODS)
def test_an_officer_of_another_department_gets_nothing_at_any_address(busy: Desk, of_police: dict[str, Any], method: str) -> None:
    """Walks all addresses there are, so that a new one cannot be forgotten."""
    client, before, tried = browser("officer", "civil_affairs"), busy.contents(), 0
    form = urlencode({"text": BASIS, "scope": "all", "item": of_police["item"], "into": NUMBER, "number": NUMBER})
    for address, names in addresses(of_police, (API, "desk/logout", "admin/logout")):
        answer = client.generic(method, address, form, content_type="application/x-www-form-urlencoded")
        told = text_of(answer)
        assert not any(secret in told for secret in (*SUBJECTS, "性别不在代码表内", "证明.txt", "接收方答复", "han@", "查明")), address
        if names:
            tried += 1
            refused = answer.status_code in (403, 404, 405)
            assert refused or answer.get("Location", "").startswith("/admin/login/?next="), (address, answer.status_code)
            assert "公安局" not in told, address
        elif method == "GET":
            assert NUMBER not in told, address
    assert tried > len(of_police["action"]) + 30 and busy.contents() == before


def test_what_is_another_s_and_what_is_not_there_get_the_same_answer(of_police: dict[str, Any]) -> None:
    client = browser("officer", "civil_affairs")
    absent = of_police | {"number": "T20260301-9999"} | dict.fromkeys(("item", "attachment", "doubt", "pk", "message", "file", "decision"), 10**6)
    pairs = zip(addresses(of_police, OTHERS_BUSINESS), addresses(absent, OTHERS_BUSINESS), strict=True)
    for (theirs, names), (nobody_s, _) in pairs:
        if names and names != {"path"}:
            for method in (client.get, client.post):
                first, second = method(theirs, {"text": "x"}), method(nobody_s, {"text": "x"})
                assert first.status_code == second.status_code, theirs
                assert text_of(first).replace(NUMBER, "") == text_of(second).replace("T20260301-9999", "") or first.status_code == 405, theirs


def test_the_owner_s_officer_reaches_the_same_addresses(of_police: dict[str, Any]) -> None:
    """Else the tests above would pass with a desk that gives nothing to anybody."""
    client = browser("officer", "public_security")
    named = {a: client.get(a).status_code for a, names in addresses(of_police, OTHERS_BUSINESS) if names and not names & {"path", "key", "file"}}
    assert set(named.values()) <= {200, 405, 400}, named  # 400: there is no row in this lake to put into a workbook
    assert sum(status == 200 for status in named.values()) >= 4, named


@pytest.mark.parametrize("address", ["/desk/", "/desk/overview", f"/desk/t/{NUMBER}/", "/data-docs/", "/desk/password/"])
def test_strangers_are_led_to_the_door(of_police: dict[str, Any], address: str) -> None:
    answer = stranger().get(address)
    assert answer.status_code == 302 and answer["Location"].startswith("/desk/login/?next=")


def test_nothing_is_given_to_who_has_not_signed_in_or_has_no_role(of_police: dict[str, Any]) -> None:
    nobody = browser()
    for address, _ in addresses(of_police, STAYING):
        if address in OPEN_TO_ALL:
            continue
        for method in ("get", "post"):
            assert getattr(stranger(), method)(address).status_code in (302, 405), address
            if address != "/desk/password/":
                assert getattr(nobody, method)(address).status_code in (403, 404, 405), address
    told = text_of(nobody.get("/desk/"))
    assert "尚未分配角色" in told and "请联系" in told


@pytest.mark.parametrize("role", list(Role))
def test_each_role_can_do_what_its_rights_say_and_nothing_else(busy: Desk, role: Role) -> None:
    from portal.pages.acting import ACTIONS

    client = browser(role, DEPARTMENT[role])
    fields = {"text": BASIS, "scope": "all", "into": "T20260301-9999"}
    for action in ACTIONS:
        right = RIGHT_OF.get(action, action)
        status = client.post(f"/desk/t/{NUMBER}/do/{action}", fields).status_code
        if action == "attach":  # without a file the answer is the same for all who may see the ticket
            assert status == 302
            continue
        assert status == (302 if right in RIGHTS[role] else 403), (role, action)
    revealed = client.post(f"/desk/t/{NUMBER}/items/{items()[0].pk}/reveal")
    assert revealed.status_code == (200 if "reveal" in RIGHTS[role] else 403)
    assert client.get("/desk/refusals.csv").status_code == (200 if "export" in RIGHTS[role] else 403)
    assert client.post("/desk/acknowledge", {"number": NUMBER}).status_code == (302 if "acknowledge" in RIGHTS[role] else 403)


@pytest.mark.parametrize("role", list(Role))
def test_a_page_offers_no_button_that_its_reader_may_not_press(busy: Desk, role: Role) -> None:
    from portal.pages.acting import ACTIONS

    text = text_of(browser(role, DEPARTMENT[role]).get(f"/desk/t/{NUMBER}/"))
    offered = {action for action in ACTIONS if f"/do/{action}" in text}
    assert all(RIGHT_OF.get(action, action) in RIGHTS[role] for action in offered)
    assert bool(offered) == (role != Role.AUDITOR) and ("/reveal" in text) == ("reveal" in RIGHTS[role])


def test_an_auditor_changes_nothing_at_any_address(busy: Desk, of_police: dict[str, Any]) -> None:
    client, before = browser("auditor"), busy.contents()
    for address, _ in addresses(of_police, STAYING):
        client.post(address, {"text": BASIS, "scope": "all", "number": [NUMBER], "into": NUMBER})
    assert busy.contents() == before


def test_a_form_from_elsewhere_is_refused_in_words(busy: Desk, of_police: dict[str, Any]) -> None:
    client, before = browser("officer", "public_security", enforce_csrf_checks=True), busy.contents()
    for address, _ in addresses(of_police, OTHERS_BUSINESS):
        answer = client.post(address, {"text": BASIS, "scope": "all", "number": [NUMBER]})
        assert answer.status_code in (403, 405), address
        assert answer.status_code == 405 or "页面已过期" in text_of(answer), address
    assert busy.contents() == before


def test_five_wrong_passwords_lock_the_account_and_no_other(busy: Desk) -> None:
    account("officer", "public_security", "han")
    account("officer", "civil_affairs", "li")
    client = stranger()
    wrong = [client.post("/desk/login/", {"username": "han", "password": f"wrong-{n}"}) for n in range(5)]
    assert [answer.status_code for answer in wrong] == [200, 200, 200, 200, 429]
    right = client.post("/desk/login/", {"username": "han", "password": "Correct-horse-7"})
    assert right.status_code == 429 and "锁定一刻钟" in text_of(right)
    assert client.post("/desk/login/", {"username": "li", "password": "Correct-horse-7"})["Location"] == "/desk/"


def test_wrong_passwords_lock_the_administrators_door_too_and_the_right_one_does_not_open_it_then(busy: Desk) -> None:
    from django.contrib.auth import get_user_model

    from portal.settings import BRUTE_FORCE

    for name in ("root", "other"):
        get_user_model().objects.create_superuser(name, password="Correct-horse-7")
    client, limit = stranger(), BRUTE_FORCE["AXES_FAILURE_LIMIT"]

    def tried(name: str, password: str, door: str = "/admin/login/?next=/admin/") -> int:
        return int(client.post(door, {"username": name, "password": password}).status_code)

    assert [tried("root", f"wrong-{n}") for n in range(limit)] == [200] * (limit - 1) + [429]
    assert tried("root", "Correct-horse-7") == tried("root", "Correct-horse-7", "/desk/login/") == 429
    assert client.get("/admin/").status_code == 302
    assert tried("other", "Correct-horse-7") == 302 and client.get("/admin/").status_code == 200


def test_signing_in_leads_to_our_own_pages_only(busy: Desk) -> None:
    account("officer", "public_security", "han")
    answer = stranger().post("/desk/login/?next=//evil.example/", {"username": "han", "password": "Correct-horse-7", "next": "//evil.example/"})
    assert answer["Location"] == "/desk/"


def test_who_is_switched_off_is_out_at_once(busy: Desk) -> None:
    from django.contrib.auth import get_user_model

    client = browser("bureau")
    assert client.get("/desk/").status_code == 200
    get_user_model().objects.update(is_active=False)
    assert client.get("/desk/").status_code == 302


def test_one_s_own_password_is_changed_by_the_rules(busy: Desk) -> None:
    client = browser("officer", "public_security")
    short = {"old_password": "Correct-horse-7", "new_password1": "1234", "new_password2": "1234"}
    assert client.post("/desk/password/", short).status_code == 200
    good = short | {"new_password1": "Another-horse-8", "new_password2": "Another-horse-8"}
    assert "口令已修改" in text_of(client.post("/desk/password/", good, follow=True))


def test_headers_are_strict_on_every_kind_of_answer(of_police: dict[str, Any]) -> None:
    client = browser("officer", "public_security")
    for answer in (stranger().get("/desk/login/"), stranger().get("/desk/"), *(client.get(a) for a in ("/desk/", "/desk/t/x/", "/nowhere"))):
        policy = answer["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'") and "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert answer["X-Frame-Options"] == "DENY" and answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin" and "no-store" in answer["Cache-Control"]


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(busy: Desk) -> None:
    account("officer", "public_security", "han")
    client = stranger()
    client.get("/desk/login/")
    client.post("/desk/login/", {"username": "han", "password": "Correct-horse-7"})
    assert set(client.cookies) == {"yishu_desk", "yishu_desk_form"}
    assert all(cookie["httponly"] and cookie["samesite"] in ("Lax", "Strict") for cookie in client.cookies.values())


def test_behind_https_cookies_travel_encrypted_and_the_name_is_answered_to(tmp_path: Path) -> None:
    from portal.settings import django_settings

    secure = django_settings(tmp_path, None, "https://desk.example")
    assert secure["SESSION_COOKIE_SECURE"] and secure["CSRF_COOKIE_SECURE"] and "desk.example" in secure["ALLOWED_HOSTS"]
    assert secure["CSRF_TRUSTED_ORIGINS"] == ["https://desk.example"]
    plain = django_settings(tmp_path, None, "http://127.0.0.1:8000")
    assert not plain["SESSION_COOKIE_SECURE"] and plain["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]


def test_another_name_of_this_machine_gets_no_page(busy: Desk) -> None:
    assert stranger().get("/desk/login/", HTTP_HOST="evil.example").status_code == 400


def test_the_style_sheet_comes_from_here(busy: Desk) -> None:
    answer = stranger().get("/static/desk/desk.css")
    assert answer.status_code == 200 and "text/css" in answer["Content-Type"] and RESIDENT not in text_of(answer)
