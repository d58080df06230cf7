"""主体身份 in the browser: nothing in addresses, masked until opened, forms that work without a script, one door for the bureau."""

from typing import Any

import pytest

from portal.desk.actor import Role
from tests.portal.at_the_desk import annotations
from tests.portal.browsing import Page, addresses, browser, text_of
from tests.portal.nights import Desk
from tests.portal.published import DELIVERY
from tests.portal.rows import IDS
from yishu.lake.identities import entity_id

SAID = {"reason": "两个号码是同一人<b>", "basis": "户籍档案第 7 号"}


@pytest.fixture
def bureau(known: Desk) -> Any:
    return browser("bureau")


def found(client: Any, identifier: str = IDS[0], entity: str = "person") -> str:
    """The address of the entity's page."""
    return str(client.post("/desk/entities/", {"entity": entity, "identifier": identifier})["Location"])


def every_page(client: Any) -> list[str]:
    address = found(client)
    return [text_of(client.get("/desk/entities/")), text_of(client.get(address)), text_of(client.post(address + "reveal"))]


def test_an_identifier_leads_to_a_masked_page_and_stands_in_no_address(bureau: Any) -> None:
    address = found(bureau)
    page = text_of(bureau.get(address))
    assert not any(one[6:] in page + address for one in IDS) and entity_id(IDS[0]) not in page + address
    for told in ("110105************", "公民身份号码", "户籍人口信息", "平顶山市公安局", DELIVERY, "张*", "第 1 次发布"):
        assert told in page
    assert "13800138000" not in page and "张三" not in page


def test_opening_shows_identifiers_and_rows_in_full_is_recorded_and_kept_by_no_browser(bureau: Any) -> None:
    address = found(bureau)
    opened = bureau.post(address + "reveal")
    assert IDS[0] in text_of(opened) and "13800138000" in text_of(opened) and opened["Cache-Control"] == "no-store"
    assert bureau.get(address + "reveal").status_code == 405
    page = text_of(bureau.get(address))
    assert "查看完整标识" in page and "bureau-all" in page and IDS[0] not in page


def test_merging_splitting_and_revoking_from_the_forms_is_told_on_the_page_and_to_the_lake(known: Desk, bureau: Any) -> None:
    address = found(bureau)
    page = text_of(bureau.post(address + "merge", SAID | {"identifier": IDS[1]}, follow=True))
    assert "已决定合并" in page and "两个号码是同一人&lt;b&gt;" in page and "撤销合并" in page and IDS[1][6:] not in page
    again = text_of(bureau.post(address + "merge", SAID | {"identifier": IDS[1]}, follow=True))
    assert "不需要再次合并" in again
    (revoking,) = [form["action"] for form in Page(page).all("form") if str(form.get("action", "")).endswith("/revoke")]
    assert "已撤销合并" in text_of(bureau.post(revoking, SAID, follow=True))
    page = text_of(bureau.post(address + "split", SAID | {"identifier": IDS[2], "row": f"{DELIVERY}:2"}, follow=True))
    assert "已决定把 1 行拆分到标识" in page and "撤销拆分" in page
    assert [said["kind"] for said in annotations(known.data)] == ["entities_merged", "merge_revoked", "row_split"]


def test_the_other_entity_of_a_decision_tells_of_it_too_and_can_revoke_it(known: Desk, bureau: Any) -> None:
    bureau.post(found(bureau) + "merge", SAID | {"identifier": IDS[1]})
    other = found(bureau, IDS[1])
    page = text_of(bureau.get(other))
    assert found(bureau) in page and "/revoke" in page


def test_an_entity_that_has_become_part_of_another_has_a_page_that_says_so(known: Desk, bureau: Any) -> None:
    from portal.desk.models import EntityFile

    gone = EntityFile.objects.create(entity="person", entity_id="0" * 36)
    page = text_of(bureau.get(f"/desk/entities/{gone.pk}/"))
    assert "可能已并入另一主体" in page and "/merge" not in page
    assert bureau.post(f"/desk/entities/{gone.pk}/reveal").status_code == 400


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"entity": "person", "identifier": "110105194912310118"}, "没有人口使用这个标识"),
        ({"entity": "legal_entity", "identifier": IDS[0]}, "属于人口"),
        ({"entity": "person", "identifier": " "}, "请填写标识"),
        ({"entity": "parcel", "identifier": IDS[0]}, "没有这种主体"),
        ({}, "没有这种主体"),
        ({"entity": "person", "identifier": "' or 1=1 --\x00" + "9" * 300}, "请填写标识"),
    ],
)
def test_what_is_not_found_is_told_without_repeating_what_was_typed(bureau: Any, form: dict[str, str], told: str) -> None:
    answer = bureau.post("/desk/entities/", form)
    assert answer.status_code == 400 and told in text_of(answer)
    assert not any(value[6:] in text_of(answer) for name, value in form.items() if name == "identifier" and len(value) > 6)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HEAD, Role.AUDITOR])
def test_who_does_not_decide_gets_no_button_and_no_answer_and_departments_not_even_the_page(known: Desk, role: Role) -> None:
    from portal.desk.models import EntityEvent

    address, client = found(browser("bureau")), browser(role, "" if role == Role.AUDITOR else "public_security")
    page, reads = client.get(address), role == Role.AUDITOR
    assert page.status_code == client.get("/desk/entities/").status_code == (200 if reads else 403)
    assert ("主体身份" in text_of(client.get("/desk/"))) == reads
    assert "/merge" not in text_of(page) and "/reveal" not in text_of(page) and 'name="row"' not in text_of(page)
    for action in ("reveal", "merge", "split", "decisions/1/revoke"):
        assert client.post(address + action, SAID | {"identifier": IDS[1], "row": f"{DELIVERY}:2"}).status_code == 403, action
    assert client.post("/desk/entities/", {"entity": "person", "identifier": IDS[0]}).status_code == (302 if reads else 403)
    assert annotations(known.data) == [] and not EntityEvent.objects.exists()


def test_an_officer_gets_403_at_every_address_of_the_entities_with_every_method(known: Desk) -> None:
    """Walks what addresses there are, also those that name nothing."""
    found(browser("bureau"))
    client, tried = browser("officer", "public_security"), 0
    for address, _ in addresses(dict.fromkeys(("file", "decision", "number", "item", "attachment", "key", "pk", "message", "doubt", "action", "path",
                                               "content_type_id", "object_id", "id", "app_label", "url"), 1)):  # fmt: skip
        if address.startswith("/desk/entities"):
            for method in ("get", "post"):
                assert getattr(client, method)(address, SAID | {"entity": "person", "identifier": IDS[0]}).status_code in (403, 405), address
                tried += 1
    assert tried == 12


def test_the_pages_can_be_read_aloud_and_run_and_style_nothing_inline(bureau: Any) -> None:
    bureau.post(found(bureau) + "merge", SAID | {"identifier": IDS[1]})
    for text in every_page(bureau):
        page = Page(text)
        assert not page.unlabelled() and not page.inline() and len(page.all("h1")) == 1
        named = [tag["id"] for _, tag in page.tags if tag.get("id")]
        assert len(named) == len(set(named)), "每个 id 只有一处"
        assert 'name="viewport"' in text and "<table" not in text.replace('<table class="list stacked"', "")


def test_the_pages_have_the_desk_s_strict_headers(bureau: Any) -> None:
    from portal.pages.headers import HEADERS

    address = found(bureau)
    for answer in (bureau.get("/desk/entities/"), bureau.get(address), bureau.post(address + "merge", SAID)):
        assert {name: answer[name] for name in HEADERS} == HEADERS
