"""A written address split into its levels."""

import polars as pl
import pytest

from bench.address.city import standard_addresses
from bench.address.dirt import dirtied
from bench.address.nation import divisions
from bench.address.score import accuracy, split_register, truth_of
from yishu.catalogue import load_catalogue
from yishu.catalogue.variants import variant_characters
from yishu.normalise import LEVELS, Gazetteer, gazetteer, parse_addresses

CATALOGUE = load_catalogue()
VARIANTS = variant_characters(CATALOGUE)
REGISTER = pl.DataFrame(
    {
        "division_code": ["410402", "410403", "410421", "410482", "410482", "410482"],
        "town": ["曙光街街道", "东安路街道", "石桥镇", "寄料镇", "煤山街道", "温泉镇"],
        "community": ["建设社区", "世纪新村社区", "石桥村", "双庙村", "广场社区", "温泉社区"],
        "street": ["建设路", "无", "3组", "1组", "广场路", "广场路"],
        "door_plate_no": ["12号院", "无", "5号", "7号", "8号院", "8号院"],
        "quarter": ["无", "世纪新村", "无", "无", "无", "无"],
    }
)


@pytest.fixture(scope="module")
def known() -> Gazetteer:
    return gazetteer(CATALOGUE, REGISTER)


def levels(text: str, known: Gazetteer) -> dict[str, str]:
    row = parse_addresses(pl.Series([text]), known, VARIANTS).row(0, named=True)
    return {name: value for name, value in row.items() if value is not None}


FULL = {
    "province": "河南省",
    "city": "平顶山市",
    "division_code": "410402",
    "town": "曙光街街道",
    "community": "建设社区",
    "street": "建设路",
    "door_plate_no": "12号院",
    "building": "3号楼",
    "unit": "2单元",
    "room": "501室",
    "inferred": "community",
}


@pytest.mark.parametrize(
    "text",
    [
        "河南省平顶山市新华区曙光街街道建设路12号院3号楼2单元501室",
        "河南平顶山新华曙光街办事处建设路１２号院三幢二单元五〇一室",
        "平顶山市新华区曙光街街道建设路12号3-2-501",
        "新华区曙光街街道办事处 建設路12号院3#楼2单元501户",
    ],
)
def test_written_forms_of_one_address_have_the_same_levels(text: str, known: Gazetteer) -> None:
    assert levels(text, known) == FULL


def test_a_village_address_has_its_group_for_a_street(known: Gazetteer) -> None:
    found = levels("临汝县寄料乡双庙村委会三组9号,临街", known)
    assert found == {
        "province": "河南省",
        "city": "平顶山市",
        "division_code": "410482",
        "town": "寄料镇",
        "community": "双庙村",
        "street": "3组",
        "door_plate_no": "9号",
        "remark": ",临街",
    }


def test_missing_upper_levels_come_from_the_register_where_one_answer_fits(known: Gazetteer) -> None:
    found = levels("世纪新村2号楼1单元301室", known)
    assert (found["division_code"], found["town"], found["community"]) == ("410403", "东安路街道", "世纪新村社区")
    assert found["inferred"] == "division_code|town|community"


def test_a_street_of_two_towns_tells_neither(known: Gazetteer) -> None:
    found = levels("汝州市广场路8号院", known)
    assert ("town" in found, "community" in found, found["division_code"]) == (False, False, "410482")


def test_a_street_that_begins_like_a_division_is_a_street(known: Gazetteer) -> None:
    found = levels("平顶山市新华路5号", known)
    assert (found["street"], "division_code" in found) == ("新华路", False)


def test_another_city_s_address_takes_nothing_from_our_register(known: Gazetteer) -> None:
    found = levels("江苏省南京市鼓楼区建设路12号", known)
    assert (found["city"], found["division_code"], "town" in found) == ("南京市", "320106", False)
    assert levels("北京市朝阳区建国路88号", known)["division_code"] == "110105"


def test_every_division_of_the_country_is_known_and_a_name_that_two_have_is_nobody_s(known: Gazetteer) -> None:
    texts, codes = divisions(known)
    read = {form: parse_addresses(written, known, VARIANTS)["division_code"] for form, written in texts.items()}
    assert read["full"].to_list() == read["without_province"].to_list() == codes.to_list()
    assert not ((read["without_city"] != codes) & read["without_city"].is_not_null()).any()


def test_what_no_level_takes_is_told(known: Gazetteer) -> None:
    assert levels("详见附件", known) == {"unread": "详见附件"}
    assert parse_addresses(pl.Series([None, ""], dtype=pl.String), known, VARIANTS).null_count().row(0) == (2,) * 15


def test_a_city_without_a_register_still_reads_the_division() -> None:
    empty = gazetteer(CATALOGUE, REGISTER.clear())
    found = levels("河南省平顶山市宝丰县石桥镇石桥村3组5号", empty)
    assert (found["division_code"], found["town"], found["community"]) == ("410421", "石桥镇", "石桥村")


def test_every_level_of_a_city_s_addresses_is_right_clean_and_mostly_right_dirtied() -> None:
    addresses = standard_addresses(1_000, 11)
    known, truth = gazetteer(CATALOGUE, addresses), truth_of(addresses)
    scores = {form: accuracy(parse_addresses(texts, known, VARIANTS), truth) for form, texts in dirtied(addresses).items()}
    assert all(scores["clean"][level] >= 0.99 for level in LEVELS), scores["clean"]
    assert all(scores["mixed"][level] >= 0.98 for level in LEVELS), scores["mixed"]


def test_addresses_that_the_register_does_not_have_are_read_but_for_their_community() -> None:
    register, asked = split_register(standard_addresses(1_000, 12))
    score = accuracy(parse_addresses(asked["full_address"], gazetteer(CATALOGUE, register), VARIANTS), truth_of(asked))
    assert all(score[level] >= 0.99 for level in LEVELS if level != "community"), score
