"""Scores over nights: summed over resources, per dimension and department, and drawn in characters."""

from datetime import date, timedelta

from orchestration.quality import Count, in_own_words
from orchestration.quality_tables import quality_rows
from orchestration.trend import change, rows_of, sparkline, trend
from yishu.lake.quality import project_scores

DAY = date(2026, 3, 1)


def night(data, number: int, *, unexpected: int) -> None:
    rows = [
        {"department": department, "resource": "r", "dimension": dimension, "own_dimension": dimension, "evaluated": 10, "unexpected": wrong,
         "score": 1 - wrong / 10}
        for department, dimension, wrong in (("a", "准确性", unexpected), ("b", "准确性", 0), ("b", "时效性", 1))
    ]  # fmt: skip
    project_scores(data, DAY + timedelta(days=number), rows, "t")


def test_the_last_nights_are_told_in_order_for_the_city_and_for_each_department(data):
    for number in (1, 0, 2):
        night(data, number, unexpected=4 - number)
    told = trend(data, nights=2)
    assert told["days"] == ["2026-03-02", "2026-03-03"]
    assert told["city"] == {"准确性": [0.85, 0.9], "时效性": [0.9, 0.9]}
    assert told["departments"] == {"a": [0.7, 0.8], "b": [0.95, 0.95]}


def test_before_the_first_night_there_is_no_trend(data):
    assert trend(data) == {"days": [], "city": {}, "departments": {}} and rows_of(data) == []


def test_the_trend_as_a_table_has_the_city_and_each_department(data):
    night(data, 0, unexpected=5)
    rows = quality_rows(data, "trend")
    assert ("全市", "准确性", 0.75) in [(row["department"], row["dimension"], row["score"]) for row in rows]
    assert {row["department"] for row in quality_rows(data, "trend", resource="a.r")} == {"a"}


def test_a_line_is_stretched_between_its_ends_and_has_a_gap_where_nothing_was_assessed():
    assert sparkline([0.99, None, 1.0]) == "▁ █" and sparkline([1.0, 1.0]) == "██" and sparkline([None]) == "" and sparkline([]) == ""


def test_a_change_is_told_in_percentage_points_and_not_invented():
    assert change([0.98, 0.99]) == "+1.00" and change([0.99, 0.99]) == "持平" and change([0.99]) == "" and change([None, 0.5]) == ""


def test_the_regulations_dimensions_add_up_those_of_the_standard_that_they_collect():
    counts = {"规范性": Count(10, 1), "可访问性": Count(30, 1), "准确性": Count(5, 0)}
    own = in_own_words(counts, {"可用性": ("规范性", "可访问性"), "准确性": ("准确性",), "一致性": ("一致性",)})
    assert {name: (count.evaluated, count.unexpected) for name, count in own.items()} == {"可用性": (40, 2), "准确性": (5, 0), "一致性": (0, 0)}
