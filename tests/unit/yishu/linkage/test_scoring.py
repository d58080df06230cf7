"""Which entity a record without a sound key is probably about: what is proposed, what is left alone, and how it is explained."""

import json
from math import log2

import polars as pl
import pytest

from tests.unit.yishu.linkage.people import INSURED, REGISTER, catalogue, number, person, source
from yishu.linkage.blocking import COMMON, TooManyPairs, count_pairs, refuse_explosion, without_common
from yishu.linkage.model import fixed_settings
from yishu.linkage.persons import PERSONS
from yishu.linkage.proposing import taken
from yishu.linkage.records import Source, known, waiting
from yishu.linkage.scoring import Scored, best, score

CITY = catalogue()
ADDRESS = "河南省平顶山市新华区建设路1号院2号楼301室"
LI, WANG, TWIN = number("1980-05-11", 207), number("1980-05-11", 312), number("1980-05-11", 412)


def scored(*found: Source) -> tuple[Scored, pl.DataFrame]:
    """The scores with the stated figures, and the best candidate of each record."""
    entities = known(found, CITY, PERSONS)
    settings = fixed_settings(PERSONS, entities.height)
    result = score(waiting(found, PERSONS), entities, PERSONS, settings, taken=taken(found))
    return result, best(result, PERSONS, settings)


def linked(*found: Source) -> list[str]:
    return scored(*found)[1].filter(pl.col("probability") >= PERSONS.threshold)["entity_key"].to_list()


@pytest.fixture(scope="module")
def register() -> Source:
    others = [person(number("1971-02-03", 100 + place), f"郑{place}") for place in range(0, 60, 2)]
    rows = [person(LI, "李小梅", "1980-05-11", registered_address=ADDRESS, phone="13800138000"), person(WANG, "王芳", "1980-05-11"), *others]
    return source(CITY, REGISTER, *rows, alone=True)


@pytest.mark.parametrize("text", [LI[:16] + LI[17] + LI[16], LI[:17], LI.replace("0", "O", 1), LI[:6] + "*" * 12, "", "0" * 18])
def test_name_and_birth_date_find_the_person_whatever_became_of_the_number(register: Source, text: str) -> None:
    assert linked(register, source(CITY, INSURED, person(None, "李小梅", "1980-05-11", text=text))) == [LI]


def test_a_damaged_number_stands_in_for_the_birth_date_and_tells_the_person(register: Source) -> None:
    assert linked(register, source(CITY, INSURED, person(None, "李小梅", text=LI[:17] + ("1" if LI[17] != "1" else "2")))) == [LI]


def test_a_misspelt_name_is_one_character_off_and_the_rest_decides(register: Source) -> None:
    record = person(None, "李小玫", "1980-05-11", sex="1", registered_address=ADDRESS)
    _, told = scored(register, source(CITY, INSURED, record))
    assert told["entity_key"].to_list() == [LI]
    assert "姓名差一字" in told["waterfall"][0] and "住址相同" in told["waterfall"][0]


def test_a_name_alone_is_not_enough(register: Source) -> None:
    assert linked(register, source(CITY, INSURED, person(None, "李小梅"))) == []


def test_of_two_namesakes_born_on_one_day_neither_is_proposed(register: Source) -> None:
    twin = source(CITY, "human_resources.pension", person(TWIN, "李小梅"))
    pairs = scored(register, twin, source(CITY, INSURED, person(None, "李小梅", "1980-05-11")))[0].pairs
    assert pairs["entity_key"].sort().to_list() == sorted([LI, TWIN])
    assert pairs["probability"].sum() <= 1 and pairs["probability"].max() < PERSONS.threshold


def test_a_telephone_tells_namesakes_apart(register: Source) -> None:
    twin = source(CITY, "civil_affairs.elderly_allowance", person(TWIN, "李小梅", phone="13900139000"))
    record = person(None, "李小梅", "1980-05-11", phone="138 0013 8000")
    assert linked(register, twin, source(CITY, INSURED, record)) == [LI]


def test_whoever_has_a_row_of_its_own_in_a_register_is_not_the_bearer_of_another(register: Source) -> None:
    doubled = source(CITY, REGISTER, *register.rows.drop("source_key").to_dicts(), person(None, "李小梅", "1980-05-11"), alone=True)
    assert linked(doubled) == []
    assert linked(Source(doubled.resource, doubled.rows, alone=False)) == [LI]


def test_the_waterfall_adds_up_to_the_weight_and_holds_no_value(register: Source) -> None:
    _, told = scored(register, source(CITY, INSURED, person(None, "李小梅", "1980-05-11", text=LI[:17])))
    (row,) = told.rows(named=True)
    steps = json.loads(row["waterfall"])
    assert sum(step["weight"] for step in steps) == pytest.approx(row["weight"], abs=0.05)
    assert [step["title"] for step in steps] == ["起点", "姓名", "出生日期", "证件号码"]
    assert steps[0]["weight"] == pytest.approx(log2(1 / 31), abs=0.01)  # one of 32
    assert "李小梅" not in row["waterfall"] and "1980" not in row["waterfall"] and LI[:17] not in row["waterfall"]


def test_the_same_records_in_another_order_give_the_same_links(register: Source) -> None:
    rows = [person(None, "李小梅", "1980-05-11"), person(None, "王芳", "1980-05-11")]
    forth, back = source(CITY, INSURED, *rows), source(CITY, INSURED, *rows)
    back = Source(back.resource, back.rows.reverse(), back.alone)
    assert scored(register, forth)[1].equals(scored(Source(register.resource, register.rows.reverse(), True), back)[1])


def test_a_value_that_everybody_has_finds_no_candidates_but_other_values_do() -> None:
    born = [f"19{60 + place % 30}-01-{1 + place % 28:02d}" for place in range(COMMON + 1)]
    crowd = [person(number(day, 100 + place), f"名{place}", phone="13800138000") for place, day in enumerate(born)]
    register = source(CITY, REGISTER, *crowd, person(LI, "李小梅", "1980-05-11", phone="13800138000"))
    records = waiting([source(CITY, INSURED, person(None, "李小梅", "1980-05-11", phone="13800138000"))], PERSONS)
    entities = without_common(known([register], CITY, PERSONS), PERSONS)
    counted = count_pairs(records, entities, PERSONS)
    assert counted["block_phone"] == 0 and counted["block_name"] == 1
    assert linked(register, source(CITY, INSURED, person(None, "李小梅", "1980-05-11", phone="13800138000"))) == [LI]


def test_more_pairs_than_a_night_can_score_are_refused_by_name_and_number() -> None:
    with pytest.raises(TooManyPairs, match=r"1,200 对，超过上限 1,000 对，其中按 block_phone 查找的占 1,100 对.*默认值"):
        refuse_explosion({"block_name": 100, "block_phone": 1_100}, PERSONS, largest=1_000)
    refuse_explosion({"block_name": 100}, PERSONS, largest=1_000)
