"""Data Docs: what the pages say, that they ask for nothing from elsewhere, and that they hold no value of any row."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from expectations.docs.model import Asset, Run
from expectations.docs.site import PAGES, Site
from expectations.docs.wording import masked, share
from expectations.suite import Rule

FACTS = {"数据日期": "2026-03-01"}
PERSONS = ["11010519491231002X", "110105194912310038", "13800138000"]
IDENTIFIER = re.compile(r"\d{15}|1[3-9]\d{9}")


def rule(name: str = "amount.range", **fields: Any) -> Rule:
    usual: dict[str, Any] = {
        "expectation": "expect_column_values_to_be_between", "kwargs": {"column": "amount", "min_value": 0}, "severity": "content",
        "dimension": "准确性", "clause": "E01", "message": "金额应不小于 0", "column": "amount",
    }  # fmt: skip
    return Rule(name, **(usual | fields))


def found(of: Rule, evaluated: int = 2000, unexpected: int = 0, **fields: Any) -> dict[str, Any]:
    names = ("rule", "expectation", "column", "severity", "dimension", "clause", "message")
    return {**{name: getattr(of, name) for name in names}, "evaluated": evaluated, "unexpected": unexpected, "observed": None, **fields}


def asset(*results: dict[str, Any], rules: tuple[Rule, ...] = (rule(),), path: str = "row/civil_affairs/allowance", **fields: Any) -> Asset:
    usual: dict[str, Any] = {
        "title": "高龄津贴", "name": "civil_affairs.allowance", "group": "市民政局", "columns": {"citizen_id": "公民身份号码", "amount": "金额"},
        "run": Run(tuple(results), {"批次": "第一批"}),
    }  # fmt: skip
    return Asset(path=path, rules=rules, **(usual | fields))


class Reader(HTMLParser):
    """The text of a page, its links, and everything that it would load or run."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.page, self.links, self.loaded, self.texts = page, [], [], []  # type: ignore[var-annotated]
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        (self.links if tag == "a" else self.loaded).extend(values[name] for name in ("href", "src", "srcset", "action", "data") if name in values)
        if tag in ("script", "iframe", "object", "embed", "form", "base") or "style" in values or any(name.startswith("on") for name in values):
            self.loaded.append(f"<{tag}>")

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def pages(folder: Path) -> Iterator[Reader]:
    return map(Reader, sorted(folder.rglob("*.html")))


def written(folder: Path, *assets: Asset, before: Path | None = None) -> list[str]:
    folder.mkdir()
    return Site(assets, FACTS).write(folder, before)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    broken, advised = rule(), rule("citizen_id.form", column="citizen_id", severity="advisory", dimension="规范性", message="请写成 18 位")
    written(tmp_path / "site", asset(found(broken, unexpected=132), found(advised), rules=(broken, advised)))
    return tmp_path / "site"


def test_a_page_of_results_tells_each_rule_its_level_clause_counts_and_share(site: Path) -> None:
    text = Reader(site / "results/row/civil_affairs/allowance.html").text
    assert "✗ 未通过 金额应不小于 0 amount.range 内容 准确性 E01 2,000 132 6.60%" in text
    assert "✓ 通过 请写成 18 位 citizen_id.form 提示 规范性 E01 2,000 0 0.00%" in text
    assert "有规则未通过" in text and "市民政局" in text and "第一批" in text and "实测值" not in text


def test_columns_stand_under_their_titles_in_the_order_of_the_catalogue_after_the_table_as_a_whole(tmp_path: Path) -> None:
    whole = rule("key.repeated", column=None, kwargs={}, message="同一行重复报送")
    form = rule("citizen_id.form", column="citizen_id__text", message="请写成 18 位")
    written(tmp_path / "site", asset(found(rule()), found(form), found(whole), rules=(rule(), form, whole)))
    for kind in ("results", "suites"):
        text = Reader(tmp_path / f"site/{kind}/row/civil_affairs/allowance.html").text
        places = [text.index(part) for part in ("整表", "同一行重复报送", " 公民身份号码 ", "请写成 18 位", " 金额 ", "金额应不小于 0")]
        assert places == sorted(places), kind


def test_a_rule_about_a_table_that_accuses_no_row_is_shown_as_broken(tmp_path: Path) -> None:
    empty = rule("person.not_empty", column=None, expectation="expect_table_row_count_to_be_between", severity="structural", message="不应为空")
    written(tmp_path / "site", asset(found(empty, evaluated=0, observed=0, success=False), rules=(empty,)))
    assert "✗ 未通过 不应为空 person.not_empty 结构性 准确性 E01 — — — 0" in Reader(tmp_path / "site/results/row/civil_affairs/allowance.html").text
    assert "✗ 结构性 1" in Reader(tmp_path / "site/index.html").text


def test_the_first_page_groups_by_department_and_says_what_was_never_checked_or_is_held(tmp_path: Path) -> None:
    held = asset(found(rule()), path="row/a/held", title="暂缓的", run=Run((found(rule()),), {}, ("减少 40%，请核对是否漏报",)))
    never = asset(path="row/b/never", title="未报的", group="市医保局", run=None)
    written(tmp_path / "site", asset(found(rule())), held, never)
    text = Reader(tmp_path / "site/index.html").text
    places = [text.index(part) for part in ("高龄津贴", "✓ 全部通过", "暂缓的", "整批暂缓", "市医保局", "未报的", "尚未检查")]
    assert places[4] < places[0] and places[:4] + places[5:] == sorted(places[:4] + places[5:])  # the group is named above in the list of groups
    assert "2026-03-01" in text and "市医保局" in text
    assert "减少 40%" in Reader(tmp_path / "site/results/row/a/held.html").text


def test_a_page_of_rules_shows_parameters_and_example_rows(tmp_path: Path) -> None:
    listed = rule(kwargs={"column": "amount", "value_set": [f"V{n}" for n in range(40)]}, breaks=({"amount": -1},), passes=({"amount": 5},))
    written(tmp_path / "site", asset(rules=(listed,)))
    text = Reader(tmp_path / "site/suites/row/civil_affairs/allowance.html").text
    assert "V11 …（共 40 个）" in text and "V12" not in text
    assert "✗ 不符合 金额 = -1" in text and "✓ 符合 金额 = 5" in text


def test_pages_load_nothing_but_their_style_sheet_and_link_to_pages_that_exist(site: Path) -> None:
    seen = 0
    for page in pages(site):
        assert [(page.page.parent / address).resolve() for address in page.loaded] == [site / "style.css"]
        for link in page.links:
            assert link.startswith("#") or (page.page.parent / link).resolve().is_relative_to(site) and (page.page.parent / link).is_file(), link
            seen += 1
    assert seen > 5
    assert not re.search(r"@import|url\(|https?:", (site / "style.css").read_text("utf-8"))


def test_words_of_a_rule_are_text_and_never_markup_nor_a_template(tmp_path: Path) -> None:
    sly = rule(message="<script>alert(1)</script> $rule ${clause} $$ {{ 7 * 7 }}", breaks=({"amount": "<img src=x>"},))
    written(tmp_path / "site", asset(found(sly), rules=(sly,), title="<b>表</b>"))
    for page in pages(tmp_path / "site"):
        assert len(page.loaded) == 1
    assert sly.message in Reader(tmp_path / "site/results/row/civil_affairs/allowance.html").text


def test_no_page_holds_a_value_of_the_frame_that_was_checked(tmp_path: Path) -> None:
    """Through the real engine: what it found goes in whole, keys and frame too, and only names and counts come out."""
    from expectations.engine.run import run_rules

    form = rule("citizen_id.valid", column="citizen_id", expectation="expect_column_values_to_be_valid_citizen_id", kwargs={"column": "citizen_id"},
                message="不是有效的号码", breaks=({"citizen_id": PERSONS[1]},), passes=({"citizen_id": PERSONS[0] + "42"},))  # fmt: skip
    listed = rule("citizen_id.set", column="citizen_id", expectation="expect_column_values_to_be_in_set",
                  kwargs={"column": "citizen_id", "value_set": PERSONS})  # fmt: skip
    frame = pl.DataFrame({"citizen_id": [*PERSONS, "住址甲"], "amount": [1, 2, 3, 4], "_row_number": [2, 3, 4, 5]})
    values = frame["citizen_id"].to_list()
    results = [found(one.rule, one.evaluated, one.unexpected, keys=one.keys, values=values) for one in run_rules(frame, [form, listed])]
    assert [one["unexpected"] for one in results] == [2, 1]
    written(tmp_path / "site", asset(*results, rules=(form, listed)))
    for page in (tmp_path / "site").rglob("*.html"):
        assert not IDENTIFIER.search(page.read_text("utf-8")), page.name
        assert "住址甲" not in page.read_text("utf-8")


@pytest.mark.parametrize("text", [PERSONS[0], "号码" + PERSONS[1] + "42B1", "110105491231002", "电话 " + PERSONS[2] + "。"])
def test_what_could_be_somebody_s_number_is_masked_in_examples(text: str) -> None:
    assert not IDENTIFIER.search(masked(text)) and masked(text)[:3] == text[:3]


@pytest.mark.parametrize(
    ("unexpected", "evaluated", "shown"),
    [(0, 10, "0.00%"), (10, 10, "100.00%"), (1, 10**6, "<0.01%"), (10**6 - 1, 10**6, ">99.99%"), (1, 3, "33.33%"), (0, 0, "—")],
)
def test_a_share_is_never_rounded_to_nothing_or_to_all(unexpected: int, evaluated: int, shown: str) -> None:
    assert share(unexpected, evaluated) == shown


def test_the_same_results_give_the_same_bytes_and_the_same_name(site: Path, tmp_path: Path) -> None:
    broken, advised = rule(), rule("citizen_id.form", column="citizen_id", severity="advisory", dimension="规范性", message="请写成 18 位")
    again = asset(found(broken, unexpected=132), found(advised), rules=(broken, advised))
    written(tmp_path / "again", again)
    assert {page.relative_to(tmp_path / "again"): page.read_bytes() for page in (tmp_path / "again").rglob("*.*")} == {
        page.relative_to(site): page.read_bytes() for page in site.rglob("*.*")
    }
    assert Site([again], FACTS).digest == Site([again], FACTS).digest != Site([again], {"数据日期": "2026-03-02"}).digest


def test_only_pages_whose_run_or_rules_have_changed_are_made_anew(tmp_path: Path) -> None:
    steady, moved = asset(found(rule())), asset(found(rule()), path="row/a/moved")
    assert len(written(tmp_path / "first", steady, moved)) == 6
    after = asset(found(rule(), unexpected=1), path="row/a/moved")
    made = written(tmp_path / "second", steady, after, before=tmp_path / "first")
    assert made == ["results/row/a/moved.html", "suites/row/a/moved.html", "index.html"]
    assert (tmp_path / "second" / steady.results_path).stat().st_ino == (tmp_path / "first" / steady.results_path).stat().st_ino
    assert "✗ 内容 1" in Reader(tmp_path / "second/index.html").text


def test_a_page_that_is_lost_or_whose_record_is_damaged_is_made_anew(site: Path, tmp_path: Path) -> None:
    again = asset(found(rule()))
    written(tmp_path / "first", again)
    (tmp_path / "first" / again.results_path).unlink()
    assert written(tmp_path / "second", again, before=tmp_path / "first") == [again.results_path]
    (tmp_path / "second" / PAGES).write_text("{", encoding="utf-8")
    assert len(written(tmp_path / "third", again, before=tmp_path / "second")) == 4


def test_a_night_with_another_date_changes_no_page_of_a_rule_that_only_names_the_date(tmp_path: Path) -> None:
    dated = [
        asset(found(rule()), rules=(rule(kwargs={"column": "amount", "as_of": day}),), as_of=day) for day in ("2026-03-01", "2026-03-02")
    ]
    written(tmp_path / "first", dated[0])
    assert written(tmp_path / "second", dated[1], before=tmp_path / "first") == []
    assert "数据日期" in Reader(tmp_path / "second" / dated[1].suite_path).text


def test_files_are_for_their_owner_only(site: Path) -> None:
    assert {oct(path.stat().st_mode & 0o777) for path in site.rglob("*") if path.is_file()} == {"0o600"}
    assert {oct(path.stat().st_mode & 0o777) for path in site.rglob("*") if path.is_dir()} == {"0o700"}
