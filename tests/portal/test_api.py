"""The JSON interface: the same actions and rights as the pages, a key a department, nothing of another department."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.portal.at_the_desk import ticket
from tests.portal.browsing import routes
from tests.portal.nights import Desk
from tests.portal.rows import IDS, NUMBER, desk_with_rows, items_of, resident

ROOT = "/desk/api/v1"


class Program:
    """A department's program with its key; `key=None` sends none."""

    def __init__(self, key: str | None) -> None:
        from django.test import Client

        self.client = Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True, raise_request_exception=False)
        self.headers = {"authorization": f"Bearer {key}"} if key else {}

    def ask(self, path: str, **query: Any) -> Any:
        return self.client.get(ROOT + path, query, headers=self.headers)

    def say(self, path: str, **body: Any) -> Any:
        return self.client.post(ROOT + path, json.dumps(body), content_type="application/json", headers=self.headers)


def key_of(department: str) -> str:
    from portal.api.access import hash_of, new_key
    from portal.desk.models import Token

    key = new_key()
    Token.objects.create(department=department, label="业务系统", key_hash=hash_of(key), created_by="系统管理员")
    return key


@pytest.fixture
def busy(empty_desk: Desk) -> Iterator[Desk]:
    from portal.api.access import wrong_keys

    wrong_keys.forget()
    with desk_with_rows(empty_desk, [resident(one) for one in IDS]) as place:
        yield place


@pytest.fixture
def police(busy: Desk) -> Program:
    return Program(key_of("public_security"))


@pytest.fixture
def civil(busy: Desk) -> Program:
    return Program(key_of("civil_affairs"))


def described() -> dict[str, Any]:
    from portal.api.interface import api

    return dict(api.get_openapi_schema())


def test_a_program_sees_its_department_s_tickets_with_masked_identifiers(police: Program) -> None:
    listed = police.ask("/tickets").json()
    assert (listed["total"], listed["tickets"][0]["number"]) == (1, NUMBER)
    items = police.ask(f"/tickets/{NUMBER}/items").json()
    assert items["total"] == len(IDS)
    assert not any(one[6:] in json.dumps(items) for one in IDS)


# Each call with a body that is right for the ticket of the police; what the walk finds without one here fails.
BODIES: dict[str, dict[str, Any]] = {
    "acknowledge": {},
    "verify": {},
    "refuse": {"basis": "《户口登记条例》第十七条"},
    "rule": {"accept": True, "reason": "有据"},
    "comment": {"text": "在查"},
    "split": {"items": [1], "reason": "分开办"},
    "merge": {"into": NUMBER, "reason": "合办"},
    "reopen": {"text": "再办"},
    "corrections": {"rows": [{"item": 1, "values": {"sex": "2"}}]},
    "confirm": {},
    "reveal": {},
    "withdraw": {},
    "entities": {"entity": "person", "identifier": IDS[0]},
    "entities/merge": {"identifier": IDS[1], "reason": "同一人", "basis": "档案"},
    "entities/split": {"identifier": IDS[1], "rows": ["x:2"], "reason": "同一人", "basis": "档案"},
    "revoke": {"reason": "有误", "basis": "档案"},
}
ANSWERED_TO_ALL = {("post", f"{ROOT}/doubts")}  # names nothing that is another's; tested below
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def of_police(police: Program) -> dict[str, Any]:
    """Everything of the police that a call can name: ticket, row, checked upload, doubt; and an entity, which no department may see."""
    from portal.desk.models import EntityEvent, EntityFile

    item = items_of()[0].pk
    draft = police.say(f"/tickets/{NUMBER}/corrections", rows=[{"item": item, "values": {"XB": "2"}}]).json()["key"]
    doubt = police.say("/doubts", department="health", resource="birth_certificate", key="X1", note="有误")
    file = EntityFile.objects.create(entity="person", entity_id="0" * 36)
    decision = EntityEvent.objects.create(file=file, kind="merged", actor="x", on=ticket().opened_on)
    return {"number": NUMBER, "item": item, "key": draft, "doubt": doubt.json()["id"], "file": file.pk, "decision": decision.pk}


def sent(program: Program, method: str, path: str, parts: dict[str, Any]) -> Any:
    """With a body that is right for the call; what the walk finds without one in BODIES fails. KeyError for a part without a value."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    address, call = path.format(**parts), path.rsplit("/", 1)[1]
    if method == "post" and call == "attachments":
        return program.client.post(address, {"file": SimpleUploadedFile("依据.pdf", b"%PDF")}, headers=program.headers)
    about_entity = f"entities/{call}"
    call = about_entity if "{file}" in path and about_entity in BODIES else call
    body = json.dumps(BODIES[call]) if method == "post" and method in described()["paths"][path] else "{}"
    return program.client.generic(method.upper(), address, body, content_type="application/json", headers=program.headers)


def signed_in(role: str, department: str = "") -> Program:
    """Somebody on this site, with the page's CSRF token."""
    from django.contrib.auth import get_user_model

    from portal.desk.models import Officer

    user = get_user_model().objects.create_user(role, password="mulan-7-rivers")
    Officer.objects.create(user=user, role=role, department=department)
    browser = Program(None)
    browser.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    browser.client.cookies["yishu_desk_form"] = token = "a" * 32
    browser.headers = {"x-csrftoken": token, "origin": "http://127.0.0.1"}
    return browser


@pytest.mark.parametrize("by_key", [True, False], ids=["a program with its key", "an officer signed in"])
def test_every_call_of_the_description_finds_and_changes_nothing_of_another_department(
    busy: Desk, of_police: dict[str, Any], by_key: bool
) -> None:
    civil, tried = Program(key_of("civil_affairs")) if by_key else signed_in("officer", "civil_affairs"), 0
    before = stored(busy)
    for path, methods in described()["paths"].items():
        for method in sorted(METHODS if "{" in path else set(methods)):
            if (method, path) in ANSWERED_TO_ALL:
                continue
            answer, tried = sent(civil, method, path, of_police), tried + 1
            rightless = path.rsplit("/", 1)[1] in ("rule", "reopen") or "/entities" in path  # no department may: 403 tells nothing of the ticket
            wanted = 405 if method not in methods else 403 if rightless else 200 if "{" not in path else 404
            assert answer.status_code == wanted, (method, path, answer.content)
            told = answer.content.decode()
            if "{number}" in path:  # which one was asked for may be said
                told = told.replace(NUMBER, "")
            assert not any(word in told for word in (*IDS, NUMBER, "public_security")), (method, path)
    assert tried > len(METHODS) * 16
    after = stored(busy)
    assert {name for name in before if before[name] != after[name]} <= {"desk.Token"}  # when it was used last


def test_every_address_of_the_interface_stands_in_its_description(busy: Desk) -> None:
    """Else the walk above would not see it."""
    known = {"/" + route for route in routes() if route.startswith(ROOT.lstrip("/"))}
    assert known - set(described()["paths"]) == {f"{ROOT}/", f"{ROOT}/openapi.json", f"{ROOT}/docs"}


def stored(place: Desk) -> dict[str, list[Any]]:
    from django.apps import apps

    return {model._meta.label: list(model.objects.order_by("pk").values_list()) for model in apps.get_app_config("desk").get_models()}


def test_another_department_s_ticket_and_none_at_all_get_the_same_words(civil: Program) -> None:
    there, nowhere = civil.ask(f"/tickets/{NUMBER}").json(), civil.ask("/tickets/T20260301-0999").json()
    assert json.dumps(there).replace(NUMBER, "") == json.dumps(nowhere).replace("T20260301-0999", "")
    assert civil.ask("/tickets").json() == {"total": 0, "tickets": []}


def test_without_a_key_every_call_is_refused(busy: Desk) -> None:
    nobody = Program(None)
    for path, methods in described()["paths"].items():
        address = path.removeprefix(ROOT).replace("{number}", NUMBER).replace("{item}", "1").replace("{key}", "0").replace("{doubt}", "1")
        address = address.replace("{file}", "1").replace("{decision}", "1")
        for method in methods:
            answer = nobody.ask(address) if method == "get" else nobody.say(address)
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), (method, path)
    for page in ("/openapi.json", "/docs"):
        assert nobody.ask(page).status_code == 401


def test_wrong_and_revoked_keys_are_refused_and_too_many_are_slowed_but_a_right_one_passes(busy: Desk, police: Program) -> None:
    from django.utils import timezone

    from portal.desk.models import Token

    revoked = Program(key_of("public_security"))
    Token.objects.filter(pk=Token.objects.latest("pk").pk).update(revoked_at=timezone.now())
    assert revoked.ask("/me").status_code == 401
    codes = [Program("wrong").ask("/me").status_code for _ in range(25)]
    assert codes[0] == 401 and codes[-1] == 429
    assert police.ask("/me").json()["name"] == "接口：业务系统"


def test_the_work_on_a_ticket_is_done_by_its_department_s_program(police: Program) -> None:
    assert police.say(f"/tickets/{NUMBER}/acknowledge").json()["state_title"] == "标注"
    assert police.say(f"/tickets/{NUMBER}/acknowledge").json()["code"] == "cannot"
    assert police.say(f"/tickets/{NUMBER}/verify").json()["state"] == "verifying"
    first, second = items_of()[:2]
    shown = police.say(f"/tickets/{NUMBER}/items/{first.pk}/reveal").json()
    assert (shown["subject"], shown["values"]["full_name"]) == (IDS[0], "张三")
    part = police.say(f"/tickets/{NUMBER}/split", items=[second.pk], reason="分开办")
    assert part.status_code == 201 and part.json()["open_count"] == 1
    assert police.say(f"/tickets/{part.json()['number']}/merge", into=NUMBER, reason="合办").json()["open_count"] == len(IDS)
    refusing = police.say(f"/tickets/{NUMBER}/refuse", items=[second.pk], basis="《户口登记条例》第十七条").json()
    assert refusing["refusing_count"] == 1
    assert police.say(f"/tickets/{NUMBER}/rule", accept=True, reason="x").status_code == 403
    kinds = [event["kind"] for event in police.ask(f"/tickets/{NUMBER}/events").json()]
    assert {"revealed", "split", "merged", "refused"} <= set(kinds)


def test_corrections_as_rows_are_checked_then_filed_once(busy: Desk, police: Program) -> None:
    first, second = items_of()[:2]
    rows = [{"item": first.pk, "values": {"XB": "2"}}, {"item": second.pk, "values": {"sex": "8", "full_name": "<b>李四</b>"}}]
    checked = police.say(f"/tickets/{NUMBER}/corrections", rows=rows).json()
    assert (checked["accepted"], checked["refused"][0]["line"], checked["filed"]) == (1, 2, False)
    assert not (busy.data / "landing" / "desk" / "public_security").exists()
    address = f"/tickets/{NUMBER}/corrections/{checked['key']}"
    assert [police.say(address + "/confirm").json()["rows"] for _ in range(2)] == [1, 1]
    assert police.ask(address).json()["filed"] is True
    assert len(list((busy.data / "landing" / "desk" / "public_security").rglob("*.csv"))) == 1
    [stale] = police.say(f"/tickets/{NUMBER}/corrections", rows=[{"item": first.pk, "stamp": "old", "values": {"sex": "2"}}]).json()["refused"]
    assert "新的报送" in stale["reason"]
    assert police.say(f"/tickets/{NUMBER}/corrections", rows=[{"item": first.pk, "values": {"moon": "2"}}]).json()["code"] == "cannot"


def test_a_doubt_is_raised_followed_and_withdrawn_by_its_department_only(police: Program, civil: Program) -> None:
    doubt = civil.say("/doubts", department="public_security", resource="resident", key=IDS[0], item="sex", note="与本部门登记不符")
    assert doubt.status_code == 201 and IDS[0][6:] not in doubt.content.decode()
    number = doubt.json()["id"]
    assert civil.ask("/doubts").json()["total"] == 1 and police.ask("/doubts").json()["total"] == 0
    assert police.say(f"/doubts/{number}/withdraw").status_code == 404
    assert civil.say(f"/doubts/{number}/withdraw").json()["withdrawn_on"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/tickets/{}/refuse", {"basis": 3, "items": ["x"]}),
        ("/tickets/{}/comment", {}),
        ("/tickets/{}/corrections", {"rows": []}),
        ("/tickets/{}/split", {"items": "11010519491231002X", "reason": "x"}),
    ],
)
def test_a_malformed_body_is_told_by_field_and_never_by_value(police: Program, path: str, body: dict[str, Any]) -> None:
    answer = police.say(path.format(NUMBER), **body)
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
    assert IDS[0] not in answer.content.decode()


def test_lists_are_paged_and_filtered(police: Program) -> None:
    pages = [police.ask(f"/tickets/{NUMBER}/items", limit=3, offset=offset).json()["items"] for offset in (0, 3, 6)]
    assert [len(page) for page in pages] == [3, 1, 0]
    assert police.ask("/tickets", limit=501).status_code == 422
    assert police.ask("/tickets", state="closed").json()["total"] == 0
    assert police.ask("/tickets", overdue="true", resource="resident").json()["total"] == 1


def test_somebody_signed_in_needs_the_csrf_token_to_change_something(busy: Desk) -> None:
    browser = signed_in("bureau")
    headers, browser.headers = browser.headers, {}
    assert browser.ask("/me").json()["role"] == "bureau"
    said = browser.say(f"/tickets/{NUMBER}/comment", text="请抓紧")
    assert said.status_code == 403 and "CSRF" in said.json()["message"]
    browser.headers = headers
    assert browser.say(f"/tickets/{NUMBER}/comment", text="请抓紧").status_code == 200
    assert browser.say(f"/tickets/{NUMBER}/corrections", rows=[{"item": 1, "values": {}}]).status_code == 403


def test_the_description_is_complete_in_chinese_and_its_page_loads_nothing_from_outside(police: Program) -> None:
    told = police.ask("/openapi.json").json()
    for path, methods in told["paths"].items():
        for method, call in methods.items():
            assert any("\u4e00" <= letter <= "\u9fff" for letter in call["summary"]), (method, path)
    page = police.ask("/docs").content.decode()
    assert "swagger-ui" in page and "http://" not in page and "https://" not in page and "//cdn" not in page
