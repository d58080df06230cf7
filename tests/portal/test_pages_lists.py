"""The desk's lists and figures: their cost does not grow with their rows; what they count, what they export."""

import csv
import io
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.portal.at_the_desk import BASIS, NUMBER, items, ticket
from tests.portal.browsing import Page, browser, text_of
from tests.portal.nights import Desk, failing, settled
from tests.portal.people import BUREAU, CIVIL, POLICE

MANY = [failing(f"subject-{n}", rule=f"household_no.rule_{n}", row_number=n + 2) for n in range(120)]
LONG = [failing(f"subject-{n}", rule="household_no.not_null", row_number=n + 2) for n in range(150)]
LISTS = ("/desk/", "/desk/?tab=late&page=2", "/desk/overview", "/desk/refusals", f"/desk/t/{NUMBER}/")


def questions(client: Any, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("address", LISTS)
def test_a_page_asks_the_database_as_often_for_many_tickets_as_for_one(busy: Desk, address: str) -> None:
    client = browser("bureau")
    few = questions(client, address)
    busy.night([*MANY, *LONG], on=date(2026, 3, 2))
    assert questions(client, address) == few <= 20


def test_the_inbox_never_reads_an_item(busy: Desk) -> None:
    """Counting 200,000 rows for each look would take longer than the second the inbox has."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = browser("bureau")
    with CaptureQueriesContext(connection) as captured:
        client.get("/desk/?tab=refusing&q=sex&department=public_security")
    assert not [query for query in captured.captured_queries if "desk_ticketitem" in query["sql"]]


def test_the_inbox_shows_fifty_at_a_time_the_most_urgent_first(busy: Desk) -> None:
    busy.night(MANY, on=date(2026, 3, 2))
    client = browser("officer", "public_security")
    pages = [re.findall(r'<th scope="row"><a href="/desk/t/([\w-]+)/"', text_of(client.get(f"/desk/?page={n}"))) for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [50, 50, 21] and pages[0][0] == NUMBER
    assert len({number for page in pages for number in page}) == 121


def test_a_ticket_of_many_rows_shows_them_by_pages(busy: Desk) -> None:
    busy.night(LONG, on=date(2026, 3, 2))
    client = browser("officer", "public_security")
    first, last = (text_of(client.get(f"/desk/t/T20260302-0001/?items=live&page={n}")) for n in (1, 3))
    assert "共 3 页（150 条）" in first and first.count('name="item"') == last.count('name="item"') == 50
    assert "items=live&amp;page=2" in first


def test_departments_stand_in_the_overview_with_what_is_open_late_and_done(busy: Desk) -> None:
    busy.night([failing(rule="phone.phone")], on=date(2026, 3, 2))
    busy.night([], [settled(rule="phone.phone", closed_run=9)], on=date(2026, 3, 4))
    text = text_of(browser("bureau").get("/desk/overview"))
    figures = re.findall(r'<td data-head="([^"]+)" class="number[^"]*">(.*?)</td>', text)
    told = {head: re.sub("<.*?>", "", value).strip() for head, value in figures}
    assert told["在办工单"] == "1" and told["未办结明细"] == "3" and told["逾期"] == "1"
    assert told["一年内按期办结"].startswith("100%") and told["平均办理工作日"] == "2.0" and told["平均报送未改"] == "1.0 次"


def test_an_officer_s_overview_is_of_the_own_department_only(busy: Desk) -> None:
    assert "平顶山市公安局" in text_of(browser("officer", "public_security").get("/desk/overview"))
    assert "平顶山市公安局" not in text_of(browser("officer", "civil_affairs").get("/desk/overview"))


def test_every_chart_says_in_words_what_it_shows(busy: Desk) -> None:
    charts = Page(text_of(browser("bureau").get("/desk/overview"))).all("svg")
    assert len(charts) == 3 and all(chart["role"] == "img" and chart["aria-label"] for chart in charts)


@given(st.lists(st.integers(0, 10**6), max_size=30))
def test_no_bar_is_higher_than_its_scale_and_the_scale_has_round_steps(values: list[int]) -> None:
    from portal.pages.charts import GRID_LINES, scale_top

    top = scale_top(values)
    step = top // GRID_LINES
    assert top >= max([*values, 1]) and step * GRID_LINES == top and str(step).strip("0") in {"1", "2", "5"}


@given(st.text(max_size=30))
def test_a_chart_is_no_way_for_markup(label: str) -> None:
    from portal.pages.charts import bars

    assert {tag for tag, _ in Page(bars(label, [label], [1])).tags} <= {"svg", "text", "rect", "title"}


def test_the_list_of_refusals_is_exported_as_text_that_no_spreadsheet_runs(busy: Desk) -> None:
    from portal.desk.actions.refusing import refuse, rule

    refuse(POLICE, NUMBER, [items()[0].pk], '=HYPERLINK("x")')
    refuse(POLICE, NUMBER, [items()[1].pk], BASIS)
    rule(BUREAU, NUMBER, [items()[1].pk], accept=False, reason="依据不成立")
    rows = list(csv.DictReader(io.StringIO(text_of(browser("auditor").get("/desk/refusals.csv")).removeprefix("\ufeff"))))
    assert {row["拒绝依据"] for row in rows} == {'\'=HYPERLINK("x")', BASIS}
    assert {row["工单号"] for row in rows} == {NUMBER} and {row["条数"] for row in rows} == {"1"}
    page = text_of(browser("bureau").get("/desk/refusals"))
    assert BASIS in page and "未获认可" in page


@given(st.text(max_size=20))
def test_no_exported_value_begins_a_formula(value: str) -> None:
    from portal.pages.refusals import FORMULA, as_text

    assert not as_text(value).lstrip(" ").startswith(FORMULA) and as_text(value).removeprefix("'") == value.removeprefix("'")


def test_a_doubt_is_raised_by_the_form_followed_and_withdrawn(busy: Desk) -> None:
    client, form = browser("officer", "civil_affairs"), "/desk/doubts/new?resource=public_security.resident"
    assert "公民身份号码" in text_of(client.get(form))
    key = "110105194912310070"
    said = text_of(client.post(form, {"key_citizen_id": key, "item": "birth_date", "note": "与婚姻登记不一致"}, follow=True))
    assert "异议已提出" in said and "与婚姻登记不一致" in said and key not in said and "110105************" in said
    from portal.desk.models import Doubt

    doubt = Doubt.objects.get()
    assert (doubt.department, doubt.channel) == ("civil_affairs", "form")
    assert "与婚姻登记不一致" in text_of(browser("officer", "public_security").get(f"/desk/t/{doubt.item.ticket.number}/"))
    assert client.get(f"/desk/t/{doubt.item.ticket.number}/").status_code == 404
    assert "已撤回" in text_of(client.post(f"/desk/doubts/{doubt.pk}/withdraw", follow=True))


def test_what_was_typed_stays_when_the_form_is_not_complete(busy: Desk) -> None:
    answer = browser("officer", "civil_affairs").post("/desk/doubts/new?resource=public_security.resident", {"key_citizen_id": "", "note": "有疑问"})
    assert answer.status_code == 400 and "请填写记录的主键" in text_of(answer) and "有疑问</textarea>" in text_of(answer)


def test_the_desk_s_own_records_cannot_be_doubted(busy: Desk) -> None:
    client = browser("officer", "civil_affairs")
    assert "desk.annotation" not in text_of(client.get("/desk/doubts/new"))
    client.post("/desk/doubts/new?resource=desk.annotation", {"key_annotation_id": "1", "note": "x"})
    from portal.desk.models import Doubt

    assert not Doubt.objects.exists() and CIVIL.may("doubt") and ticket().open_count == 3
