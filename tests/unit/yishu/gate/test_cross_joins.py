"""What a rule sees beside the accused table: row for row, one of several matches by a written rule, and how many there are."""

import re
from typing import Any

import hypothesis
import polars as pl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from expectations.joins import Join, joined
from expectations.suite import SuiteError
from yishu.gate import cross
from yishu.gate.cross import evaluate
from yishu.lake.ledger import Ledger
from yishu.settings import settings

ZHANG, LI, WANG = "11010519491231002X", "410403198503020024", "610104196209276908"
RULE = {
    "rule": "known",
    "on": "office.snapshot",
    "join": {"other": {"resource": "office.append", "by": {"citizen_id": "citizen_id"}}},
    "expectation": "expect_column_values_to_be_between",
    "kwargs": {"column": "other.matches", "min_value": 1},
    "severity": "content",
    "dimension": "一致性",
    "clause": "C06",
    "message": "查无此人",
}
TEXTS = st.one_of(st.none(), st.sampled_from(["a", "b", "c"]))


def row(id_: str, name: str = "张三", sex: str = "1", birth: str = "1990-01-01") -> list[str]:
    return [id_, name, sex, birth, "1"]


def suite(*rules: dict[str, Any]) -> None:
    file = settings.suites_dir / "cross/theme.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump({"rules": list(rules)}, allow_unicode=True, sort_keys=False), encoding="utf-8")


@hypothesis.settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=12), st.lists(st.tuples(TEXTS, TEXTS, st.integers(0, 3)), max_size=12), st.booleans())
def test_the_left_rows_stay_one_to_one_and_in_order(left: list[Any], right: list[Any], by_both: bool) -> None:
    here = pl.DataFrame(left, schema={"k": pl.String, "l": pl.String}, orient="row").with_row_index("place")
    there = pl.DataFrame(right, schema={"k": pl.String, "l": pl.String, "n": pl.Int64}, orient="row")
    by = {"k": "k", "l": "l"} if by_both else {"k": "k"}
    both = joined(here, [Join("o", "r", by, latest="n")], {"r": there})
    assert both.select(here.columns).equals(here)
    for found in both.iter_rows(named=True):
        asked = [found[name] for name in by]
        fitting = [other for other in right if other[0] == found["k"] and (not by_both or other[1] == found["l"])]
        assert found["o.matches"] == (None if None in asked else len(fitting))
        assert found["o.n"] == (max(other[2] for other in fitting) if found["o.matches"] else None)


def test_of_several_matches_the_latest_or_earliest_stands_beside_the_row_and_a_tie_goes_to_the_smaller_key() -> None:
    left = pl.DataFrame({"k": ["a"]})
    other = pl.DataFrame({"k": ["a", "a", "a", "a"], "day": [2, 1, None, 2], "_key": ["4", "3", "2", "1"]})
    for order, key in (({"latest": "day"}, "1"), ({"earliest": "day"}, "3"), ({}, "1")):
        assert joined(left, [Join("o", "r", {"k": "k"}, **order)], {"r": other})["o._key"].to_list() == [key]
        assert joined(left, [Join("o", "r", {"k": "k"}, **order)], {"r": other.reverse()})["o._key"].to_list() == [key]


def test_a_join_may_follow_another_and_choose_by_a_condition() -> None:
    left = pl.DataFrame({"company": ["c1", "c2", "c3"]})
    tables = {
        "companies": pl.DataFrame({"code": ["c1", "c2"], "head": ["p1", "p2"]}),
        "deaths": pl.DataFrame({"person": ["p1", "p2"], "state": ["1", "2"]}),
    }
    joins = [Join("company", "companies", {"company": "code"}), Join("death", "deaths", {"company.head": "person"}, {"state": ["1"]})]
    assert joined(left, joins, tables)["death.matches"].to_list() == [1, 0, None]


def test_who_is_missing_in_another_table_is_accused_until_that_table_has_him(lake: Any) -> None:
    suite(RULE)
    lake.deliver("snapshot", [row(ZHANG), row(LI)])
    lake.deliver("append", [row(LI)])
    lake.night()
    assert lake.open() == {("known", ZHANG)}
    runs = len(Ledger(lake.data).gate_runs())
    lake.deliver("upsert", [["I", *row(WANG)]], day=2)  # a table that the rule does not read
    lake.night(2)
    assert [run["kind"] for run in Ledger(lake.data).gate_runs()[runs:]] == ["row"]
    lake.deliver("append", [row(ZHANG)], day=3)
    lake.night(3)
    assert lake.open() == set() and lake.closed() == {("known", ZHANG): "corrected"}


def test_a_register_that_has_never_come_makes_nobody_unknown(lake: Any) -> None:
    suite(RULE)
    lake.deliver("snapshot", [row(ZHANG)])
    lake.night()
    (outcome,) = evaluate(lake.data, lake.catalogue, {"office.snapshot": 0})
    assert lake.open() == set() and (outcome.evaluated, outcome.evaluated_anew) == (0, False)


def test_a_value_that_the_row_gate_doubts_is_compared_with_nothing(lake: Any) -> None:
    suite(RULE)
    wrong = ZHANG[:-1] + "1"
    lake.deliver("snapshot", [row(wrong), row(LI)])
    lake.deliver("append", [row(WANG)])
    lake.night()
    assert lake.open() == {("citizen_id.citizen_id", wrong), ("known", LI)}


def test_rules_on_the_same_rows_are_asked_together_and_keep_runs_of_their_own(lake: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    ask = cross.run_rules
    monkeypatch.setattr(cross, "run_rules", lambda frame, rules, **how: asked.append([rule.rule for rule in rules]) or ask(frame, rules, **how))
    differs = {**RULE, "rule": "differs", "expectation": "expect_column_pair_values_to_be_equal"}
    differs["kwargs"] = {"column_A": "full_name", "column_B": "other.full_name", "ignore_row_if": "either_value_is_missing"}
    suite(RULE, differs, {**RULE, "rule": "of_men", "where": {"sex": ["1"]}})
    lake.deliver("snapshot", [row(ZHANG), row(LI, "李四"), row(WANG, sex="2")])
    lake.deliver("append", [row(LI, "李思")])
    lake.night()
    assert asked == [["known", "differs"], ["of_men"]]
    assert lake.open() == {("known", ZHANG), ("known", WANG), ("differs", LI), ("of_men", ZHANG)}
    runs = [run for run in Ledger(lake.data).gate_runs() if run["kind"] == "cross"]
    assert [run["scope"] for run in runs] == [f"{name}@office.snapshot" for name in ("known", "differs", "of_men")]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"join": {"other": {"resource": "office.nowhere", "by": {"citizen_id": "citizen_id"}}}}, "office.nowhere 不在目录中"),
        ({"join": {"other": {"resource": "office.append", "by": {"nothing": "citizen_id"}}}}, "没有列 nothing"),
        ({"join": {"other": {"resource": "office.append", "by": {"citizen_id": "nothing"}}}}, "没有列 nothing"),
        ({"join": {"other": {"resource": "office.append", "by": {"birth_date": "citizen_id"}}}}, "永远不会相等"),
        ({"join": {"other": {"resource": "office.append", "by": {"citizen_id": "citizen_id"}, "latest": "nothing"}}}, "没有列 nothing"),
        ({"kwargs": {"column": "other.nothing", "min_value": 1}}, "other.nothing"),
        ({"where": {"nothing": ["1"]}}, "nothing"),
        ({"on": "office.nowhere"}, "office.nowhere 不在目录中"),
        ({"join": {"other": {"resource": "office.append"}}}, "缺少 by"),
        ({"join": {"other": {"resource": "office.append", "by": {"citizen_id": "citizen_id"}, "most": "sex"}}}, "不认识 most"),
        ({"join": {}}, "join 没有写一张表"),
    ],
)
def test_a_join_that_the_catalogue_does_not_bear_is_refused_with_file_and_line_before_anything_is_asked(lake: Any, change: Any, said: str) -> None:
    suite({**RULE, "rule": "first"}, {**RULE, **change})
    with pytest.raises(SuiteError, match=re.escape(said)) as refused:
        evaluate(lake.data, lake.catalogue, {"office.snapshot": 0, "office.append": 0})
    assert re.search(r"theme\.yaml:(1[2-9]|2\d)", str(refused.value))
    assert Ledger(lake.data).gate_runs() == []
