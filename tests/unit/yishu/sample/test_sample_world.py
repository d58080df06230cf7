"""The one world behind the tables: persons who could be, numbers that are right, sources that agree."""

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2, mod_11_10

from yishu.sample.chance import stream
from yishu.sample.changes import advance
from yishu.sample.households import FATHER, HEAD, MOTHER, SPOUSE
from yishu.sample.people import NONE
from yishu.sample.social import age_on
from yishu.sample.world import World, found_world

FIRST_DAY = (date(2026, 3, 1) - date(1970, 1, 1)).days


@pytest.fixture(scope="module")
def world() -> World:
    return found_world(5000, 3, FIRST_DAY)


@pytest.fixture(scope="module")
def later_world() -> World:
    """The same city after 30 days."""
    grown = found_world(5000, 3, FIRST_DAY)
    for day in range(2, 32):
        advance(grown, 3, day, np.zeros(0, dtype=np.int64))
    return grown


def test_the_city_has_exactly_the_persons_asked_for(world: World) -> None:
    assert len(world.alive_here()) == 5000


def test_citizen_ids_are_all_different_and_their_check_digits_right(later_world: World) -> None:
    ids = later_world.citizen_id
    assert ids.n_unique() == len(ids) == len(later_world.persons)
    assert all(mod_11_2.is_valid(number) for number in ids)
    births = pl.Series(later_world.persons.birth_day).cast(pl.Int32).cast(pl.Date)
    assert ids.str.slice(6, 8).equals(births.dt.strftime("%Y%m%d"))
    assert ((ids.str.slice(16, 1).cast(pl.Int64) % 2 == 1).to_numpy() == later_world.persons.male).all()
    assert ids.str.slice(14, 3).cast(pl.Int64).is_between(1, 982).all()


def test_credit_codes_are_all_different_and_both_check_digits_right(later_world: World) -> None:
    codes = later_world.credit_code
    assert codes.n_unique() == len(codes) == len(later_world.entities)
    assert all(uscc.is_valid(code) for code in codes)
    values = {character: value for value, character in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
    for code in codes:
        total = sum(values[c] * w for c, w in zip(code[8:16], (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
        assert code[16] == "0X987654321"[total % 11]


def test_old_registration_numbers_have_their_check_digit(city: Any) -> None:
    numbers = city.clean("market_regulation.enterprise", 1)["registration_no"].replace("", None).drop_nulls()
    assert len(numbers) > 100
    assert all(len(number) == 15 and mod_11_10.is_valid(number) for number in numbers)


def test_each_household_has_one_head_and_couples_are_of_two_sexes(world: World) -> None:
    persons, here = world.persons, world.alive_here()
    heads = here[persons.relation[here] == HEAD]
    assert np.array_equal(np.sort(persons.household[heads]), np.unique(persons.household[here]))
    head_of = {household: head for head, household in zip(heads, persons.household[heads], strict=True)}
    spouses = here[persons.relation[here] == SPOUSE]
    assert len(spouses) > 500
    assert all(persons.male[spouse] != persons.male[head_of[persons.household[spouse]]] for spouse in spouses)


def test_ages_are_those_of_a_city(later_world: World) -> None:
    persons, here = later_world.persons, later_world.alive_here()
    age = age_on(persons, here, later_world.today)
    assert age.min() == 0
    assert age.max() <= 107
    assert 0.015 < (age >= 80).mean() < 0.06
    assert 0.12 < (age < 18).mean() < 0.32
    assert 0.45 < persons.male[here].mean() < 0.58
    married = np.isin(persons.relation[here], (SPOUSE, FATHER, MOTHER))
    assert age[married].min() >= 20


def test_children_are_at_least_twenty_years_younger_than_the_head(world: World) -> None:
    persons, here = world.persons, world.alive_here()
    births = dict(
        zip(
            persons.household[here][persons.relation[here] == HEAD],
            persons.birth_day[here][persons.relation[here] == HEAD],
            strict=True,
        )
    )
    children = here[np.isin(persons.relation[here], (20, 30))]
    assert all(persons.birth_day[child] >= births[persons.household[child]] + 20 * 365 for child in children)


def test_the_dead_are_neither_paid_nor_contributing(later_world: World) -> None:
    dead = np.flatnonzero(later_world.persons.death_day != NONE)
    assert len(dead) > 45
    insured, allowances = later_world.insured, later_world.allowances
    assert set(insured.status[np.isin(insured.person, dead)]) == {3}
    assert set(allowances.status[np.isin(allowances.person, dead)]) <= {2}
    assert set(allowances.status[~np.isin(allowances.person, dead)]) == {1}


def test_a_month_brings_all_that_a_city_sees(world: World, later_world: World) -> None:
    assert len(later_world.persons) > len(world.persons), "births"
    assert len(later_world.deaths) > len(world.deaths), "deaths"
    assert later_world.deaths.withdrawn.sum() > 0, "deaths that were none"
    assert (later_world.persons.former_first != NONE).sum() > 0, "new names"
    assert (later_world.homes.number[: len(world.homes)] != world.homes.number).any(), "moves"
    assert len(later_world.entities) > len(world.entities), "new companies"
    assert (later_world.entities.status[: len(world.entities)] != world.entities.status).any(), "closed companies"
    assert len(later_world.insured) > len(world.insured), "newly insured"
    assert len(later_world.units) > len(world.units), "new units"
    assert len(later_world.allowances) > len(world.allowances), "new allowances"
    wives = np.isin(later_world.persons.relation[: len(world.persons)], (SPOUSE,)) & (world.persons.relation != SPOUSE)
    assert wives.any(), "weddings"


def test_each_purpose_and_day_has_its_own_chance() -> None:
    draws = {
        tuple(stream(1, day, purpose).integers(0, 1 << 30, 4)) for day in (1, 2) for purpose in ("births", "deaths")
    }
    assert len(draws) == 4


def test_a_full_year_counts_from_the_birthday(world: World) -> None:
    person = np.array([0])
    saved, world.persons.birth_day[0] = world.persons.birth_day[0], (date(1946, 3, 1) - date(1970, 1, 1)).days
    try:
        assert age_on(world.persons, person, FIRST_DAY - 1) == 79
        assert age_on(world.persons, person, FIRST_DAY) == 80
    finally:
        world.persons.birth_day[0] = saved


@pytest.mark.parametrize("day", [1, 2])
def test_sources_agree_on_persons_wherever_nothing_was_broken(city: Any, day: int) -> None:
    residents = city.clean("public_security.resident", day)
    insured = city.clean("human_resources.insured_person", day).join(residents, on="citizen_id", suffix="_there")
    assert insured.height > 8000
    assert insured["full_name"].equals(insured["full_name_there"])
    assert insured["sex"].equals(insured["sex_there"])
    assert insured["birth_date"].equals(insured["birth_date_there"].str.replace_all("-", ""))
    paid = city.clean("civil_affairs.elderly_allowance", day).join(residents, on="citizen_id", suffix="_there")
    assert paid.height > 300
    assert paid["full_name"].equals(paid["full_name_there"])
    assert paid["phone"].equals(paid["phone_there"])
    assert (paid["sex"] == paid["sex_there"].replace({"1": "男", "2": "女"})).all()


@pytest.mark.parametrize("day", [1, 2])
def test_sources_agree_on_legal_entities_wherever_nothing_was_broken(city: Any, day: int) -> None:
    enterprises = city.clean("market_regulation.enterprise", day)
    units = city.clean("human_resources.insured_unit", day).join(enterprises, on="credit_code", suffix="_there")
    assert units.height > 400
    for ours, theirs in (("unit_name", "name"), ("address", "address_there"), ("division_code", "division_code_there")):
        assert units[ours].equals(units[theirs], check_names=False)
    residents = city.clean("public_security.resident", day)
    represented = enterprises.join(residents, left_on="representative_citizen_id", right_on="citizen_id")
    assert represented.height > 1500
    assert represented["representative_name"].equals(represented["full_name"])


def test_no_clean_row_of_a_dead_person_counts_them_as_living(city: Any) -> None:
    dead = city.clean("public_security.death", 1)["citizen_id"]
    assert not city.clean("public_security.resident", 1)["citizen_id"].is_in(dead.implode()).any()
    insured = city.clean("human_resources.insured_person", 1).filter(pl.col("citizen_id").is_in(dead.implode()))
    assert set(insured["insured_status"]) == {"3"}
