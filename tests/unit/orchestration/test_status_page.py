"""Quality by dimension as GB/T 36344 counts it, and the page that shows it."""

from html.parser import HTMLParser

import pytest

from orchestration.quality import Count, percent, told, total
from orchestration.status_page import page_of, write_page


def standing(title: str = "平顶山市公安局") -> dict:
    resource = {"name": "resident", "title": "户籍人口信息", "frequency": "daily", "pool_rows": 1200, "as_of": "2026-03-01",
                "days_behind": 0, "late": False, "due_on": "2026-03-03", "working_days_late": 0,
                "waiting": {}, "violations": {"content": 3}}  # fmt: skip
    quality = told({"准确性": Count(1000, 4), "时效性": Count(1, 0)})
    department = {"name": "public_security", "title": title, "short_title": title, "tickets": {"open": 2, "overdue": 1},
                  "quality": quality, "resources": [resource], "coverage": {"delivered_resources": 1, "catalogued_resources": 1, "delivered_items": 8,
                  "catalogued_items": 10, "share": 0.8, "last_records": 9, "pool_rows": 9}}  # fmt: skip
    return {"business_date": "2026-03-01", "last_night": {"business_date": "2026-03-01", "outcome": "degraded", "faults": ["发布未通过"]},
            "release": {"number": 3, "as_of": "2026-03-01"}, "quality": quality, "departments": [department], "tables": {},
            "own_quality": {"可用性": {"evaluated": 8, "unexpected": 2, "score": 0.75}}, "own_dimensions": {"可用性": ["规范性", "可访问性"]},
            "rules_changed": [], "trend": {"days": [], "city": {}, "departments": {}}}  # fmt: skip


def test_a_score_is_the_share_of_elements_that_meet_their_rules():
    whole = total([{"准确性": Count(10, 1)}, {"准确性": Count(30, 0), "完整性": Count(0, 0)}])
    assert told(whole)["准确性"] == {"evaluated": 40, "unexpected": 1, "score": 0.975}
    assert told(whole)["完整性"]["score"] is None


@pytest.mark.parametrize(("score", "shown"), [(1.0, "100.00%"), (0.999999, "99.99%"), (0.0, "0.00%"), (None, "")])
def test_only_what_is_whole_is_shown_as_a_hundred_percent(score, shown):
    assert percent(score) == shown


def test_the_page_tells_who_is_late_what_has_arrived_and_what_two_departments_collect():
    told_ = standing()
    told_["departments"][0]["resources"][0] |= {"late": True, "due_on": "2026-02-27", "working_days_late": 3, "provisional": True}
    pair = {"title": "自然人·性别", "resource_a": "public_security.resident", "item_a": "sex", "resource_b": "c.d", "item_b": "sex",
            "authority": "a.b", "state": "suspected"}  # fmt: skip
    told_["tables"] = {"duplicate_collection": [pair, {**pair, "title": "免除的", "state": "exempt"}]}
    text = Reader(page_of(told_, {})).text
    assert "2026-02-27" in text and "80.0%" in text and "自然人·性别" in text and "免除的" not in text
    assert "平顶山市公安局《户籍人口信息》" in text and "另有 1 处" in text and "暂按周一至周五" in text


class Reader(HTMLParser):
    """What a page asks from elsewhere, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.asked += [str(value) for name, value in attrs if name in ("src", "href") or tag in ("script", "link", "img")]

    def handle_data(self, data):
        self.text += data


def test_the_page_shows_scores_tickets_and_faults_and_asks_for_nothing_from_elsewhere():
    page = Reader(page_of(standing(), {"base_person.person": 1190, "base_person.provenance": 9}))
    assert page.asked == ["data_docs/index.html"]  # a link to its neighbour in the same folder, and nothing that is loaded
    for shown in ("99.60%", "4 / 1,000", "降级", "✗ 发布未通过", "base_person.person", "1,190", "第 3 次"):
        assert shown in page.text
    assert "provenance" not in page.text


def test_the_page_draws_a_line_a_dimension_once_there_are_two_nights():
    told_ = standing()
    told_["trend"] = {"days": ["2026-03-01"], "city": {"准确性": [0.99]}, "departments": {}}
    assert "polyline" not in page_of(told_, {})
    told_["trend"] = {"days": ["2026-03-01", "2026-03-02"], "city": {"准确性": [0.99, 0.995], "时效性": [1.0, None]}, "departments": {}}
    page = page_of(told_, {})
    assert page.count("<polyline") == 2 and "准确性 99.50% +0.50" in Reader(page).text and "99.00%" in page
    assert 'points="60.0,210.0 620.0,110.0 "' in page, "the axis runs from the lowest score to 100 %"


def test_the_page_shows_the_dimensions_of_the_regulation_and_says_whose_choice_they_are():
    text = Reader(page_of(standing(), {})).text
    assert "可用性" in text and "规范性、可访问性" in text and "75.00%" in text and "本地默认" in text


def test_the_page_names_the_way_out_when_rules_have_changed():
    told_ = standing()
    assert "yishu regate" not in page_of(told_, {})
    assert "2 个信息资源的规则在上次检查后改过" in page_of({**told_, "rules_changed": ["a.b", "a.c"]}, {})


def test_a_title_is_text_and_never_markup():
    assert "<script>" not in page_of(standing("<script>alert(1)</script>"), {})


def test_the_page_is_written_whole_beside_the_published_database_and_the_same_again(tmp_path):
    assert write_page(tmp_path, standing(), {}) is None
    release = tmp_path / "releases" / "3"
    release.mkdir(parents=True)
    (tmp_path / "published").symlink_to(release)
    page = write_page(tmp_path, standing(), {})
    first = page.read_bytes()
    assert write_page(tmp_path, standing(), {}).read_bytes() == first
    assert [file.name for file in release.iterdir()] == ["status.html"] and oct(page.stat().st_mode)[-3:] == "600"
