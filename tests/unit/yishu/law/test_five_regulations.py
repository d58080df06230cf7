"""The five regulations pull apart: the same question has another answer under each, and where a regulation is silent nothing is
cited. Each answer here is read off the analysis (OBLIGATIONS.md, section 2), not off the profiles.
"""

from datetime import date

import pytest

from yishu.catalogue.law import Profile, load_profile
from yishu.settings import ROOT

NAMES = ("pingdingshan", "fujian", "jinjiang", "jiangmen", "lishui")
PROFILES = {name: load_profile(name, ROOT / "catalogue") for name in NAMES}
everywhere = pytest.mark.parametrize("law", PROFILES.values(), ids=NAMES)
ORIGINS = ("gate", "conflict", "lateness", "catalogue", "doubt")


@pytest.mark.parametrize(
    ("name", "classes"),
    [
        ("pingdingshan", ["无条件共享", "有条件共享", "不予共享"]),
        ("fujian", ["无条件共享", "有条件共享", "暂不共享"]),
        ("jinjiang", ["无条件共享", "有条件共享", "暂不共享"]),
        ("jiangmen", ["无条件共享", "有条件共享", "不予共享"]),
        ("lishui", ["无条件共享", "受限共享", "非共享"]),
    ],
)
def test_the_three_sharing_classes_have_their_own_names(name: str, classes: list[str]) -> None:
    assert list(PROFILES[name].sharing_class_names.values()) == classes


def test_only_lishui_has_a_number_and_only_for_the_verification_of_a_users_doubt() -> None:
    by_law = {(name, origin) for name in NAMES for origin in ORIGINS if PROFILES[name].deadline_of(origin).basis == "law"}
    assert by_law == {("lishui", "doubt")}
    deadline = PROFILES["lishui"].deadline_of("doubt")
    assert (deadline.working_days, deadline.article, deadline.covers) == (2, "第十三条", "verification")
    assert deadline.reference == "《丽水市公共数据资源管理办法》第十三条" and "2 个工作日" in (deadline.quote or "")


@everywhere
@pytest.mark.parametrize("origin", ORIGINS)
def test_a_local_deadline_cites_nothing_and_gives_its_reason(law: Profile, origin: str) -> None:
    deadline = law.deadline_of(origin)
    cited = (deadline.article, deadline.quote, deadline.regulation)
    assert all(cited) if deadline.basis == "law" else (cited == (None, None, None) and deadline.reason)


@pytest.mark.parametrize(
    ("name", "told", "local"),
    [
        ("pingdingshan", ("source_side",), True),
        ("fujian", ("source_side",), True),
        ("jinjiang", ("source_side",), True),
        ("jiangmen", ("source_side", "authority"), False),
        ("lishui", ("source_side",), False),
    ],
)
def test_who_is_told_of_a_doubt(name: str, told: tuple[str, ...], local: bool) -> None:
    law = PROFILES[name]
    assert law.told_of_doubt == told
    assert bool(law.local_defaults.told_of_doubt) is local


def test_only_lishui_tells_the_counter_to_serve_while_checking() -> None:
    assert [name for name in NAMES if PROFILES[name].serve_while_checking] == ["lishui"]


@pytest.mark.parametrize(
    ("name", "triggers"),
    [
        ("pingdingshan", ["order_to_correct", "report", "sanction"]),
        ("fujian", ["order_to_correct", "circulate", "sanction"]),
        ("jinjiang", ["order_to_correct", "circulate", "sanction"]),
        ("jiangmen", ["order_to_correct", "report", "sanction"]),
        ("lishui", ["order_to_correct", "sanction"]),
    ],
)
def test_escalation_takes_the_steps_of_the_regulation_each_with_its_article(name: str, triggers: list[str]) -> None:
    steps = PROFILES[name].escalation
    assert [step.trigger for step in steps] == triggers
    assert {step.article for step in steps} == {PROFILES[name].parameters.P22.article}


@pytest.mark.parametrize(
    ("name", "fact", "article"),
    [
        ("pingdingshan", "refused_correction", "第二十七条（三）"),
        ("fujian", "refused_correction", None),
        ("jiangmen", "refused_correction", None),
        ("lishui", "refused_correction", None),
        ("pingdingshan", "duplicate_collection", "第二十七条（二）"),
        ("fujian", "late_delivery", "第四十二条（三）"),
        ("jinjiang", "late_delivery", "六（一）④"),
        ("jinjiang", "catalogue_not_updated", "六（一）①"),
        ("fujian", "catalogue_not_updated", None),
        ("jiangmen", "altered_data", "第三十五条（六）"),
        ("lishui", "late_delivery", None),
        ("lishui", "out_of_catalogue", "第三十四条（一）"),
        ("lishui", "other", None),
    ],
)
def test_a_fact_falls_under_a_clause_only_where_its_words_cover_it(name: str, fact: str, article: str | None) -> None:
    found = PROFILES[name].clause_for(fact)
    assert (found.article if found else None) == article
    assert found is None or found.reference.startswith(f"《{PROFILES[name].title}》")


@everywhere
def test_a_fact_falls_under_one_clause_at_most(law: Profile) -> None:
    facts = [fact for clause in law.parameter("P36").value.clauses for fact in clause.fact]
    assert len(facts) == len(set(facts))


@pytest.mark.parametrize(
    ("name", "officer", "head"),
    [
        ("pingdingshan", "专职人员", "主要负责人"),
        ("fujian", "数据专员", "主要负责人"),
        ("jinjiang", "数字专员", "主要负责人"),
        ("jiangmen", "数据专员", "首席数据官"),
        ("lishui", "数据专员", "主要负责人"),
    ],
)
def test_who_answers_and_who_is_first_responsible(name: str, officer: str, head: str) -> None:
    assert (PROFILES[name].officer_title, PROFILES[name].head_title) == (officer, head)


@pytest.mark.parametrize(
    ("name", "classes"),
    [("pingdingshan", {"conditional", "none"}), ("fujian", {"none"}), ("jinjiang", {"none"}), ("jiangmen", set()), ("lishui", set())],
)
def test_which_classes_need_a_legal_basis(name: str, classes: set[str]) -> None:
    assert PROFILES[name].classes_needing_basis == classes


def test_only_fujian_and_the_county_under_it_allow_temporary_collection() -> None:
    allowed = [name for name in NAMES if (PROFILES[name].parameter("P12").value or {}).get("allowed")]
    assert allowed == ["fujian", "jinjiang"]


def test_only_pingdingshan_numbers_the_catalogues_update() -> None:
    found = {name: PROFILES[name].catalogue_update_deadline for name in NAMES}
    assert [name for name, deadline in found.items() if deadline] == ["pingdingshan"]
    deadline = found["pingdingshan"]
    assert deadline and (deadline.working_days, deadline.article) == (10, "第十一条")


@pytest.mark.parametrize(
    ("name", "level", "upstream", "may_open"),
    [
        ("pingdingshan", "city", None, True),
        ("fujian", "province", None, True),
        ("jinjiang", "county", "上级公共数据资源平台（政务数据共享平台）", False),
        ("jiangmen", "city", "省数据资源“一网共享”平台", False),
        ("lishui", "city", "省数据中心平台", True),
    ],
)
def test_where_the_node_stands_and_whether_it_may_open_a_portal(name: str, level: str, upstream: str | None, may_open: bool) -> None:
    node = PROFILES[name].node
    assert (node.level, node.upstream, node.may_open_portal) == (level, upstream, may_open)


@pytest.mark.parametrize(
    ("name", "before", "first", "last", "after"),
    [
        ("jinjiang", date(2023, 10, 10), date(2023, 10, 11), date(2025, 10, 10), date(2025, 10, 11)),
        ("fujian", date(2016, 10, 14), date(2016, 10, 15), date(2099, 1, 1), None),
        ("jiangmen", date(2023, 8, 14), date(2023, 8, 15), date(2099, 1, 1), None),
        ("lishui", date(2020, 2, 19), date(2020, 2, 20), date(2099, 1, 1), None),
        ("pingdingshan", date(2021, 11, 29), date(2021, 11, 30), date(2099, 1, 1), None),
    ],
)
def test_a_regulation_applies_from_its_first_day_to_its_last(name: str, before: date, first: date, last: date, after: date | None) -> None:
    law = PROFILES[name]
    assert law.in_force(first) and law.in_force(last) and law.validity_warning(first) is None
    assert not law.in_force(before) and "尚未生效" in (law.validity_warning(before) or "")
    assert after is None or not law.in_force(after)


def test_jinjiang_has_expired_and_says_what_applies_instead() -> None:
    warning = PROFILES["jinjiang"].validity_warning(date(2026, 11, 26))
    assert warning and "2025-10-10" in warning and "福建省政务数据管理办法" in warning and "--profile fujian" in warning
    assert "此前已开的工单仍按开立时的版本办理" in warning


@pytest.mark.parametrize(
    ("obligation", "bound"),
    [
        ("B08", ["pingdingshan"]),
        ("B14", ["fujian", "jinjiang"]),
        ("C10", ["jinjiang"]),
        ("E09", ["pingdingshan"]),
        ("G01", ["fujian", "jinjiang", "jiangmen", "lishui"]),
        ("A07", ["lishui"]),
    ],
)
def test_an_obligation_binds_only_where_it_is_said_or_inherited(obligation: str, bound: list[str]) -> None:
    assert [name for name in NAMES if PROFILES[name].binds(obligation)] == bound


@everywhere
def test_reminders_and_steps_after_the_due_date_are_the_bureaus_own_choice(law: Profile) -> None:
    local = law.local_defaults
    for chosen in (local.reminder_working_days_before, local.head_after_working_days_overdue, local.notice_after_working_days_overdue):
        assert chosen.local and chosen.reason and chosen.value >= 1
    assert local.head_after_working_days_overdue.value < local.notice_after_working_days_overdue.value
