"""The desk in a browser: Chinese, strict, readable by a program that reads pages aloud, never showing or confirming a subject in full (H11)."""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from portal.desk import service
from portal.setup import desk
from tests.portal.at_the_desk import BASIS, NUMBER, SUBJECTS, events, items, ticket
from tests.portal.browsing import Page, browser, stranger, text_of
from tests.portal.nights import RESIDENT, Desk, failing, settled
from tests.portal.people import POLICE
from tests.portal.rows import desk_with_rows, resident
from yishu.catalogue import load_catalogue

RAW = re.compile("|".join(subject[6:] for subject in SUBJECTS))
TICKET = f"/desk/t/{NUMBER}/"
PAGES = (
    "/desk/", "/desk/?tab=late", "/desk/?tab=closed", "/desk/overview", "/desk/refusals", "/desk/doubts/", "/desk/doubts/new",
    "/desk/doubts/new?resource=public_security.resident", "/desk/password/", TICKET, f"{TICKET}?items=live", f"{TICKET}excel/",
)  # fmt: skip
MARKUP = '<img src=x onerror="alert(1)"><script>alert(2)</script>'


@pytest.fixture
def police(busy: Desk) -> Any:
    return browser("officer", "public_security")


@pytest.fixture
def bureau(busy: Desk) -> Any:
    return browser("bureau")


def test_no_page_holds_a_subject_nor_a_proposed_value(police: Any, bureau: Any) -> None:
    from portal.desk.models import TicketItem

    TicketItem.objects.filter(pk=items()[0].pk).update(proposal=SUBJECTS[1], proposal_item="citizen_id", proposal_reason="校验码")
    for client in (police, bureau):
        for page in PAGES:
            answer = client.get(page)
            assert answer.status_code == 200, page
            assert RAW.search(text_of(answer)) is None, page
    assert "110105************" in text_of(police.get(TICKET))


def test_no_json_of_the_service_holds_a_subject(busy: Desk) -> None:
    tickets = service.list_tickets(busy.data)
    text = json.dumps([tickets, *(service.show_ticket(busy.data, one["number"]) for one in tickets)], ensure_ascii=False)
    assert tickets and RAW.search(text) is None and "110105************" in text


@pytest.mark.parametrize("lookup", ["subject", "items__subject", "items__subject__startswith", "items__value_hash"])
def test_a_guessed_subject_in_the_address_is_not_confirmed(bureau: Any, lookup: str) -> None:
    right, wrong = (text_of(bureau.get(f"/desk/?{lookup}={value}")) for value in (RESIDENT, "110101199001011234"))
    assert right == wrong and NUMBER in right


def test_searching_finds_tickets_by_number_problem_and_resource_and_no_rows(bureau: Any) -> None:
    for words in ("T20260301", "性别", "户籍人口", "sex.code"):
        assert NUMBER in text_of(bureau.get("/desk/", {"q": words})), words
    for words in (RESIDENT, "110105", "没有这种问题"):
        assert f'value="{NUMBER}"' not in (found := text_of(bureau.get("/desk/", {"q": words}))) and "没有符合条件的工单" in found


def test_the_inbox_tells_department_problem_deadline_its_basis_and_what_is_left(bureau: Any) -> None:
    text = text_of(bureau.get("/desk/"))
    for words in ("更正工单台", "平顶山市公安局", "户籍人口信息", "性别不在代码表内", "2026-03-13", "本地默认", "逾期", "异议提出"):
        assert words in text


def test_tabs_count_what_they_hold(busy: Desk, police: Any) -> None:
    from portal.desk.actions.refusing import refuse

    refuse(POLICE, NUMBER, [items()[0].pk], BASIS)
    busy.night([failing(rule="phone.phone")], [settled(rule="phone.phone", closed_run=9)], on=date(2026, 3, 2))
    busy.night([], [settled(rule="phone.phone", closed_run=9)], on=date(2026, 3, 3))
    counts = re.findall(r'([^ >]+) <span class="count">(\d+)</span>', text_of(police.get("/desk/")))
    assert counts == [("在办", "1"), ("逾期", "1"), ("待受理", "0"), ("拒绝待认可", "1"), ("已办结", "1")]
    assert NUMBER in text_of(police.get("/desk/?tab=refusing")) and NUMBER not in text_of(police.get("/desk/?tab=closed"))


@pytest.mark.parametrize(
    "query", ["tab=nothing", "page=9999", "page=-1", "due=x", "origin=%27%22%3E%3Cscript%3E", "severity=content&severity=x", "q=%00"]
)
def test_an_odd_address_shows_a_page_and_breaks_nothing(police: Any, query: str) -> None:
    answer = police.get(f"/desk/?{query}")
    assert answer.status_code == 200 and "<script>" not in text_of(answer)


def test_the_ticked_tickets_are_taken_up_together(busy: Desk, police: Any) -> None:
    busy.night([failing(rule="phone.phone")], on=date(2026, 3, 1))
    numbers = [NUMBER, "T20260301-0002"]
    said = text_of(police.post("/desk/acknowledge", {"number": [*numbers, "T1-1"], "back": "?tab=new"}, follow=True))
    assert "已受理 2 张工单" in said and "没有工单 T1-1" in said
    assert all("acknowledged" in {kind for kind, _ in events(number)} for number in numbers)


def test_where_to_go_back_to_is_never_another_site(police: Any) -> None:
    for back in ("//evil.example/", "https://evil.example/", "javascript:alert(1)"):
        assert police.post("/desk/acknowledge", {"number": [NUMBER], "back": back})["Location"] == "/desk/"


def test_a_ticket_tells_rule_standard_addressees_law_and_told(police: Any) -> None:
    entry = load_catalogue().departments["public_security"]
    text = text_of(police.get(TICKET))
    for words in (
        entry.data_officer.name,
        entry.head.name,
        "GB/T 2261.1",
        "XB",
        "resident_20260301.csv",
        "本地自定，不是法定期限",
        "提供部门",
        "pingdingshan",
    ):
        assert words in text, words


def test_a_provisional_deadline_says_that_it_is_one(busy: Desk, police: Any) -> None:
    from portal.desk.models import Ticket

    Ticket.objects.update(due_provisional=True)
    assert "暂定" in text_of(police.get(TICKET)) and "暂定" in text_of(police.get("/desk/"))


def test_a_ticket_opened_under_another_version_of_the_law_is_not_quoted_the_present_one(busy: Desk, police: Any) -> None:
    from portal.desk.models import Ticket

    Ticket.objects.update(due_basis="law", due_article="第九条", profile_version="earlier")
    text = text_of(police.get(TICKET))
    assert "第九条" in text and "仍按开具时的版本办理" in text


def test_no_code_word_stands_where_people_read_state_origin_or_severity(police: Any) -> None:
    for page in ("/desk/", TICKET):
        assert not re.findall(r">\s*(content|raised|gate|local|open)\s*<", text_of(police.get(page)))


def test_what_people_write_is_text_and_never_runs(busy: Desk, police: Any) -> None:
    police.post(f"{TICKET}do/comment", {"text": MARKUP})
    police.post(f"{TICKET}do/refuse", {"text": MARKUP, "scope": "all"})
    for page in (TICKET, "/desk/refusals"):
        text = text_of(police.get(page))
        assert "&lt;script&gt;alert(2)" in text and not Page(text).inline(), page


def test_an_attachment_is_a_download_and_never_a_page(busy: Desk, police: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    police.post(f"{TICKET}do/attach", {"file": SimpleUploadedFile("../../证明.txt", MARKUP.encode(), content_type="text/html")})
    [kept] = ticket().attachments.all()
    answer = police.get(f"{TICKET}attachments/{kept.pk}")
    assert answer["Content-Disposition"].startswith("attachment") and answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff" and text_of(answer) == MARKUP and kept.name == "证明.txt"


def test_what_cannot_be_done_is_said_on_the_page(police: Any) -> None:
    for action, said in (("refuse", "请先勾选明细"), ("reopen", ""), ("attach", "请选择要上传的附件"), ("comment", "请填写留言")):
        answer = police.post(f"{TICKET}do/{action}", {"text": ""}, follow=True)
        assert answer.status_code in (200, 403) and said in text_of(answer), action
    assert ticket().refusing_count == 0


def test_an_empty_choice_never_means_all_rows(police: Any) -> None:
    police.post(f"{TICKET}do/refuse", {"text": BASIS, "item": ["x", "９", "9" * 40]})
    assert ticket().refusing_count == 0


@pytest.fixture
def with_rows(empty_desk: Desk) -> Iterator[Desk]:
    with desk_with_rows(empty_desk, [resident(RESIDENT, registered_address=MARKUP)]) as place:
        yield place


def test_an_officer_opens_one_row_in_full_and_that_is_recorded(with_rows: Desk) -> None:
    answer = browser("officer", "public_security").post(f"{TICKET}items/{items()[0].pk}/reveal")
    text = text_of(answer)
    for words in (RESIDENT, "GMSFHM", "公民身份号码", "张三", "有问题", "&lt;script&gt;"):
        assert words in text, words
    assert answer["Cache-Control"] == "no-store" and not Page(text).inline()
    assert events()[-1] == ("revealed", "officer-public_security")


def test_a_row_is_not_opened_by_following_a_link(with_rows: Desk) -> None:
    assert browser("officer", "public_security").get(f"{TICKET}items/{items()[0].pk}/reveal").status_code == 405


def test_an_item_without_a_row_says_so(busy: Desk, police: Any) -> None:
    assert "没有对应的数据行" in text_of(police.post(f"{TICKET}items/{items()[0].pk}/reveal"))


def test_every_page_can_be_read_aloud_and_used_by_keyboard(busy: Desk, police: Any, bureau: Any) -> None:
    for client in (police, bureau, stranger()):
        for address in PAGES if client in (police, bureau) else ("/desk/login/",):
            page = Page(text_of(client.get(address)))
            assert page.all("html")[0]["lang"] == "zh-CN" and len(page.all("h1")) == 1, address
            assert page.all("a")[0] == {"class": "skip", "href": "#content"} and page.all("main")[0]["id"] == "content"
            assert not page.unlabelled(), (address, page.unlabelled())
            assert all(head.get("scope") in ("col", "row") for head in page.all("th")), address
            assert not [a for a in page.all("a", "button", "input") if "tabindex" in a], address


def test_no_page_needs_a_script_or_a_style_that_the_policy_forbids(busy: Desk, police: Any, bureau: Any) -> None:
    for client in (police, bureau):
        for address in PAGES:
            assert not Page(text_of(client.get(address))).inline(), address


def test_pages_name_nothing_outside_this_desk(busy: Desk, bureau: Any) -> None:
    for address in PAGES:
        page = Page(text_of(bureau.get(address)))
        named = [tag.get("href") or tag.get("src") or "" for tag in page.all("link", "img", "script", "a")]
        assert all(name.startswith(("/", "#", "?", "data:,")) and not name.startswith("//") for name in named), address


def test_the_expired_law_is_told_on_every_page(busy: Desk, police: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from yishu.settings import settings

    assert "法规效力提示" not in text_of(police.get("/desk/"))
    monkeypatch.setattr(settings, "profile", "jinjiang")
    for page in ("/desk/", TICKET, "/desk/overview"):
        assert "已于 2025-10-10 失效" in text_of(police.get(page)), page


def test_a_catalogue_that_cannot_be_read_is_told_and_breaks_nothing_else(police: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    from yishu.settings import settings

    monkeypatch.setattr(settings, "catalogue", tmp_path)
    answer = police.get("/desk/")
    assert answer.status_code == 503 and "yishu catalogue check" in text_of(answer) and "Traceback" not in text_of(answer)


def test_what_fails_in_the_program_is_told_without_its_insides(police: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(f"secret {RESIDENT}")

    monkeypatch.setattr("portal.pages.overview.current_terms", broken)
    police.raise_request_exception = False
    answer = police.get("/desk/overview")
    assert answer.status_code == 500 and "系统出错" in text_of(answer) and "secret" not in text_of(answer)
    assert "no-store" in answer["Cache-Control"]


def test_another_folder_s_desk_is_another_desk(busy: Desk, police: Any, tmp_path: Any) -> None:
    with desk(tmp_path / "other"):
        assert police.get("/desk/").status_code == 302
