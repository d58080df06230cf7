"""The code lists as data: every code once, what was not checked against its standard says so."""

import re

import pytest

from yishu.catalogue import CodeList, load_catalogue

CODES = load_catalogue().codes


def test_the_ten_divisions_of_the_city_are_listed() -> None:
    assert len(CODES["gb_t_2260"].entries) == 10
    assert all(code.startswith("4104") for code in CODES["gb_t_2260"].entries)


def test_ethnicities_and_industries_are_complete() -> None:
    assert list(CODES["gb_t_3304"].entries) == [*(f"{n:02d}" for n in range(1, 57)), "97", "98"]
    industries = CODES["gb_t_4754_2017"].entries
    assert list(industries) == [f"{n:02d}" for n in range(1, 98)]
    assert sorted({name[0] for name in industries.values()}) == list("ABCDEFGHIJKLMNOPQRST")


@pytest.mark.parametrize("listed", [pytest.param(listed, id=name) for name, listed in CODES.items()])
def test_a_list_has_its_standard_and_no_name_is_also_a_code(listed: CodeList) -> None:
    notices = ".+〔[0-9]{4}〕[0-9]+号|国家税务总局公告.+号"
    assert re.fullmatch(f"地方代码|GA [0-9.]+|GB/T [0-9.]+(-[0-9]{{4}})?|不动产登记数据库标准|{notices}", listed.standard)
    assert listed.edition
    assert not set(listed.entries) & set(listed.entries.values())
    assert len(set(listed.entries.values())) == len(listed.entries), "a name must lead to one code"
