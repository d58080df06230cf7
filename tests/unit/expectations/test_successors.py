"""Who took over an abolished division: by name and year, by the list, over several steps; nobody where it was split."""

import polars as pl
import pytest

from expectations.rules.divisions import division_years
from expectations.rules.successors import division_successors


@pytest.mark.parametrize(
    ("code", "successor"),
    [
        ("410424", "410482"),  # 临汝县, by the list: the city has another name
        ("410412", "410481"),  # 舞钢区 became 舞钢市 in the same year
        ("330204", "330212"),  # 江东区, merged into 鄞州区
        ("130222", "130207"),  # 丰南县, 丰南市, 丰南区: three codes one after another
    ],
)
def test_an_abolished_division_has_the_successor_of_today(code: str, successor: str) -> None:
    assert division_successors().filter(code=code)["successor"].to_list() == [successor]


@pytest.mark.parametrize("code", ["330104", "410402", "140211"])
def test_a_division_that_was_split_or_is_in_force_has_no_successor(code: str) -> None:
    assert division_successors().filter(code=code).height == 0


def test_every_abolished_division_has_at_most_one_successor_and_that_is_in_force() -> None:
    found, years = division_successors(), division_years()
    in_force = years.filter(pl.col("last_year").is_null())["code"]
    assert found["code"].is_unique().all() and found["successor"].is_in(in_force.implode()).all()
    assert not found["code"].is_in(in_force.implode()).any()
    assert found.height > 1500
