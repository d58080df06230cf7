"""Quality by dimension as GB/T 36344 counts it, and the page that shows it."""

from html.parser import HTMLParser

import pytest

from orchestration.quality import Count, is_late, percent, told, total
from orchestration.status_page import page_of, write_page
from yishu.catalogue import load_catalogue

DAILY = load_catalogue().resources["public_security.resident"]


def standing(title: str = "平顶山市公安局") -> dict:
    resource = {"name": "resident", "title": "户籍人口信息", "frequency": "daily", "pool_rows": 1200, "as_of": "2026-03-01",
                "days_behind": 0, "late": False, "waiting": {}, "violations": {"content": 3}}  # fmt: skip
    quality = told({"准确性": Count(1000, 4), "时效性": Count(1, 0)})
    department = {"name": "public_security", "title": title, "short_title": title, "tickets": {"open": 2, "overdue": 1},
                  "quality": quality, "resources": [resource]}  # fmt: skip
    return {"business_date": "2026-03-01", "last_night": {"business_date": "2026-03-01", "outcome": "degraded", "faults": ["发布未通过"]},
            "release": {"number": 3, "as_of": "2026-03-01"}, "quality": quality, "departments": [department]}  # fmt: skip


def test_a_score_is_the_share_of_elements_that_meet_their_rules():
    whole = total([{"准确性": Count(10, 1)}, {"准确性": Count(30, 0), "完整性": Count(0, 0)}])
    assert told(whole)["准确性"] == {"evaluated": 40, "unexpected": 1, "score": 0.975}
    assert told(whole)["完整性"]["score"] is None


@pytest.mark.parametrize(("score", "shown"), [(1.0, "100.00%"), (0.999999, "99.99%"), (0.0, "0.00%"), (None, "")])
def test_only_what_is_whole_is_shown_as_a_hundred_percent(score, shown):
    assert percent(score) == shown


@pytest.mark.parametrize(
    ("frequency", "behind", "late"),
    [("daily", 0, False), ("daily", 1, True), ("weekly", 7, False), ("weekly", 8, True), ("irregular", 900, False), ("irregular", None, True)],
)
def test_a_delivery_is_late_by_its_frequency(frequency, behind, late):
    assert is_late(DAILY.model_copy(update={"frequency": frequency}), behind) is late


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
    assert page.asked == []
    for shown in ("99.60%", "4 / 1,000", "降级", "✗ 发布未通过", "base_person.person", "1,190", "第 3 次"):
        assert shown in page.text
    assert "provenance" not in page.text


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
