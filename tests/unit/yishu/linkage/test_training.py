"""What a city teaches its model: figures that are probabilities, nearer to the city than what was stated, and the same each time."""

from typing import Any

import pytest

from tests.unit.yishu.linkage.people import INSURED, REGISTER, catalogue, number, person, source
from yishu.linkage.measuring import hidden_key_trial
from yishu.linkage.model import Settings, digest, fixed_settings
from yishu.linkage.persons import PERSONS
from yishu.linkage.records import Source
from yishu.linkage.training import ENOUGH, learned_settings

CITY = catalogue()
NAMES, GIVEN = "李王张刘陈杨赵黄周吴徐孙胡朱高林", "伟强磊军勇涛超杰鹏辉刚斌峰亮飞波健宁凯旭东晓鑫帅龙浩洋彬旺振华宏利民红卫国庆"


def city(persons: int) -> list[Source]:
    """A register, and a table of the same persons in which every tenth name has another last character."""
    rows = []
    for place in range(persons):
        born = f"{1940 + place * 7 % 70}-{1 + place * 5 % 12:02d}-{1 + place * 11 % 28:02d}"
        name = NAMES[place % 16] + GIVEN[place * 3 % len(GIVEN)] + GIVEN[place * 7 % len(GIVEN)]
        rows.append((number(born, 100 + place % 800), name, born, str(2 - (100 + place % 800) % 2)))
    register = [person(key, name, born, sex=sex) for key, name, born, sex in rows]
    table = [person(key, name[:2] + "某" if place % 10 == 0 else name, born, sex=sex) for place, (key, name, born, sex) in enumerate(rows)]
    return [source(CITY, REGISTER, *register), source(CITY, INSURED, *table)]


@pytest.fixture(scope="module")
def taught() -> tuple[list[Source], Settings]:
    found = city(ENOUGH + 100)
    settings, learned = learned_settings(found, CITY, PERSONS, ENOUGH + 100)
    assert learned
    return found, settings


def levels(settings: Settings, name: str) -> list[dict[str, Any]]:
    (comparison,) = (one for one in settings["comparisons"] if one["output_column_name"] == name)
    return [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]


def test_every_comparisons_figures_add_up_to_one(taught: tuple[list[Source], Settings]) -> None:
    for comparison in taught[1]["comparisons"]:
        for figure in ("m_probability", "u_probability"):
            total = sum(level[figure] for level in levels(taught[1], comparison["output_column_name"]))
            assert total == pytest.approx(1, abs=0.001), (comparison["output_column_name"], figure)


def test_a_city_that_misspells_every_tenth_name_teaches_that(taught: tuple[list[Source], Settings]) -> None:
    same, _, near, other = (level["m_probability"] for level in levels(taught[1], "name"))
    assert 0.85 < same < 0.93 and 0.06 < near < 0.13 and other < 0.02


def test_how_identifiers_break_is_not_learned_from_records_whose_identifiers_are_sound(taught: tuple[list[Source], Settings]) -> None:
    assert levels(taught[1], "key_text") == levels(fixed_settings(PERSONS, ENOUGH + 100), "key_text")


def test_the_same_city_teaches_the_same_model(taught: tuple[list[Source], Settings]) -> None:
    again, _ = learned_settings(taught[0], CITY, PERSONS, ENOUGH + 100)
    assert digest(again) == digest(taught[1])


def test_a_city_too_small_to_learn_from_keeps_what_is_stated() -> None:
    assert learned_settings(city(ENOUGH - 1), CITY, PERSONS, 99) == (fixed_settings(PERSONS, 99), False)


def test_the_trial_hides_the_keys_and_counts_what_is_right(taught: tuple[list[Source], Settings]) -> None:
    trial = hidden_key_trial(taught[0], CITY, PERSONS, taught[1])
    assert trial.findable == ENOUGH + 100 and trial.precision >= 0.99 and trial.recall >= 0.9
