"""What a supervision notice says under each regulation, that the same facts give the same bytes, and who may read it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from portal.desk.actor import Actor
from portal.setup import desk
from portal.supervision.document import render
from portal.supervision.escalation import escalate
from portal.supervision.wording import OverdueTicket, notice_text
from tests.portal.nights import RESIDENT, Desk, failing
from yishu.catalogue.calendar import WorkingDayCalendar
from yishu.catalogue.law import load_profile
from yishu.settings import ROOT

OPENED, NOTICE = date(2026, 4, 24), date(2026, 5, 19)
CATALOGUE = ROOT / "catalogue"


def overdue(profile: Any, **fields: Any) -> OverdueTicket:
    usual: dict[str, Any] = {
        "number": "T20260424-0001", "opened_on": OPENED, "resource_title": "户籍人口信息", "problem": "性别不在代码表内", "rule": "sex.code",
        "origin": "gate", "dimension": "准确性", "open_count": 3, "due_on": date(2026, 5, 12), "due_working_days": 10, "due_basis": "local",
        "due_article": "", "counted_from": date(2026, 5, 12), "days_overdue": 5, "profile_name": profile.name,
        "profile_version": profile.version,
    }  # fmt: skip
    return OverdueTicket(**usual | fields)


def law(name: str, **fields: Any) -> str:
    profile, calendar = load_profile(name, CATALOGUE), WorkingDayCalendar.load(CATALOGUE)
    text = notice_text("督办〔2026〕1号", "市公安局", "主要负责人高志远", [overdue(profile, **fields)], NOTICE, profile, calendar)
    return "\n".join([*text.law, text.demand])


def test_a_local_deadline_is_called_local_and_an_overdue_correction_is_no_refusal() -> None:
    said = law("pingdingshan")
    assert "由市政数局自定，非法定期限" in said
    assert "《平顶山市政务数据管理办法（试行）》第二十七条：“由政务数据主管部门通知整改" in said
    assert "拒不" not in said
    assert "不援引违规情形条款" in said


def test_a_clause_is_cited_with_its_words_where_they_cover_the_fact() -> None:
    assert "第二十七条（四）：“提供的政务数据不符合统一的标准和规范的”" in law("pingdingshan", dimension="规范性")
    assert "第二十七条（一）" in law("pingdingshan", origin="lateness", rule="supervision.late")
    assert "第三十五条（一）" in law("jiangmen", origin="lateness", rule="supervision.late")
    assert "不援引违规情形条款" in law("lishui", origin="lateness", rule="supervision.late")
    assert "不援引违规情形条款" in law("jiangmen", origin="catalogue", rule="supervision.breach")


def test_a_deadline_of_the_law_is_cited_with_its_article() -> None:
    said = law("lishui", origin="doubt", due_basis="law", due_article="第十三条", due_working_days=2)
    title = load_profile("lishui", CATALOGUE).title
    assert f"办理期限为 2 个工作日，依据《{title}》第十三条。" in said
    assert "责令改正（本级人民政府或者上级主管部门）" in said


def test_an_expired_regulation_is_not_cited_for_tickets_opened_since() -> None:
    said = law("jinjiang", origin="lateness", rule="supervision.late")
    assert "不在有效期内" in said
    assert "六（一）" not in said


def test_a_ticket_of_another_version_of_the_profile_names_both() -> None:
    assert "（版本 0123456789ab）开具，期限依该版本" in law("pingdingshan", profile_version="0123456789abcdef")


def test_the_same_facts_give_the_same_bytes_in_the_documents_layout() -> None:
    profile, calendar = load_profile("pingdingshan", CATALOGUE), WorkingDayCalendar.load(CATALOGUE)
    text = notice_text("督办〔2026〕1号", "市公安局", "主要负责人高志远", [overdue(profile)], NOTICE, profile, calendar)
    content = render(text)
    assert render(text) == content
    import io

    from docx import Document

    paragraphs = [paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs]
    assert paragraphs[:3] == ["督办通知书", "督办〔2026〕1号", "市公安局："]
    assert paragraphs[-2:] == ["市政数局", "2026年5月19日"]
    assert "2026年6月2日前（10 个工作日" in "".join(paragraphs)


@pytest.fixture
def noticed(empty_desk: Desk) -> Desk:
    empty_desk.night([failing()], on=OPENED)
    escalate(empty_desk.data, NOTICE, empty_desk.profile, empty_desk.calendar, None, "night")
    return empty_desk


@pytest.mark.parametrize(
    ("role", "department", "status"),
    [
        ("officer", "public_security", 200),
        ("bureau", "", 200),
        ("auditor", "", 200),
        ("officer", "health", 404),
        ("head", "health", 404),
        ("", "", 404),
    ],
)
def test_a_notice_is_for_bureau_auditors_and_its_own_department_only(noticed: Desk, role: str, department: str, status: int) -> None:
    with desk(noticed.data):
        from django.contrib.auth.models import User
        from django.test import Client

        from portal.desk.models import Notice, Officer

        user = User.objects.create_user("somebody")
        if role:
            Officer.objects.create(user=user, role=role, department=department)
        client = Client(SERVER_NAME="127.0.0.1")
        address = f"/desk/notices/{Notice.objects.get().pk}/"
        assert client.get(address).status_code == 302
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        assert client.post(address).status_code in (403, 405)
        assert client.get(address).status_code == status


def test_the_list_of_refusals_names_basis_fate_and_the_clause_only_where_it_was_not_accepted(noticed: Desk) -> None:
    officer, bureau, other = Actor("王某", "officer", "public_security"), Actor("局某", "bureau"), Actor("卫某", "officer", "health")
    with desk(noticed.data):
        from portal.desk.actions.refusing import refuse, rule
        from portal.supervision.refusals import refusals

        assert refusals(bureau, noticed.profile) == []
        refuse(officer, "T20260424-0001", None, f"{RESIDENT} 依据《户口登记条例》“第三条”")
        (waiting,) = refusals(bureau, noticed.profile)
        assert (waiting.status, waiting.clause, waiting.basis) == ("待认可", None, "… 依据《户口登记条例》“第三条”")
        rule(bureau, "T20260424-0001", None, accept=False, reason="与证件不符")
        (refused,) = refusals(officer, noticed.profile)
        assert (refused.status, refused.row_count) == ("未获认可，待更正", 1)
        assert refused.clause is not None
        assert refused.clause.article == "第二十七条（三）"
        assert refusals(other, noticed.profile) == []


def test_a_notice_lies_in_a_file_for_its_owner_only(noticed: Desk) -> None:
    (file,) = (Path(noticed.data) / "desk-files").iterdir()
    assert file.stat().st_mode & 0o077 == 0
