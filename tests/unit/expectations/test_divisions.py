"""Districts in force, against a reading of the table in plain Python, and against python-stdnum's own list of districts.

python-stdnum 2.2 (`cn/loc.dat`) asks the year of birth alone; ours asks every year from birth, or 1984 if later, since
a number may be given late. So whoever passes there passes here, but for the districts in `OTHERWISE`.
"""

import csv
import datetime as dt
from functools import cache
from importlib.resources import files

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from expectations.engine.coverage import fault
from expectations.engine.run import run_rules
from expectations.rules.divisions import citizen_id_district_in_force, division_years
from expectations.rules.identifiers import complete_citizen_id, valid_citizen_id
from expectations.suite import Rule

AS_OF = dt.date(2026, 3, 1)
EXPECTATION = "expect_column_values_to_have_citizen_id_district_in_force"
# Open in loc.dat without an end, replaced long ago: 随州市 by 421302 and others, 神农架林区 by 429021. And prefectures: there as good as
# counties for ever, here only in the years in which they had no districts of their own (日照, 宜昌, 海口, 三亚).
OTHERWISE = {"429001", "422921", "371100", "420500", "460100", "460200"}


@cache
def table() -> dict[str, tuple[int, int]]:
    """The table by the csv module: code -> first and last year."""
    text = files("expectations.rules").joinpath("data", "division_years.csv").read_text("utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {row["code"]: (int(row["first_year"] or 1984), int(row["last_year"] or 9999)) for row in rows}


def in_force_by_hand(text: str, as_of: dt.date | None) -> bool:
    """Was there a year in which the number can have been given and its district was in force? One year is forgiven."""
    if not valid_citizen_id(pl.Series([text]), as_of=as_of).item():
        return True
    if text[:6] not in table():
        return False
    first, last = table()[text[:6]]
    latest = as_of.year if as_of else 2100
    return any(first - 1 <= year <= last + 1 for year in range(max(int(text[6:10]), 1984), latest + 1))


def person(region: str, birth_year: int) -> str:
    return str(complete_citizen_id(pl.Series([f"{region}{birth_year}0101001"])).item())


def accepted(region: str, birth_year: int, as_of: dt.date | None = AS_OF) -> bool:
    return bool(citizen_id_district_in_force(pl.Series([person(region, birth_year)]), as_of=as_of).item())


regions = st.deferred(lambda: st.sampled_from(sorted(table()))) | st.from_regex(r"[1-8][0-9]{5}", fullmatch=True)
numbers = st.builds(person, regions, st.integers(1900, 2030))
spoilt = numbers.map(lambda number: number[:17] + "1") | st.text(max_size=20) | st.text("0123456789X汉１", min_size=18, max_size=18)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.none() | numbers | spoilt, max_size=20), st.sampled_from([None, AS_OF, dt.date(1999, 12, 31), dt.date(2017, 6, 1)]))
def test_districts_are_judged_as_by_hand(texts: list[str | None], as_of: dt.date | None) -> None:
    series = pl.Series("id", texts, dtype=pl.String)
    answers = citizen_id_district_in_force(series, as_of=as_of)
    assert answers.to_list() == [None if text is None else in_force_by_hand(text, as_of) for text in texts]
    assert answers.dtype == pl.Boolean and answers.name == "id"


@pytest.mark.parametrize("birth_year", [1984, 1988, 1993, 1996, 2001, 2005, 2011, 2016, 2019, 2022, 2025])
def test_whom_stdnum_places_in_a_district_in_the_year_of_birth_passes(birth_year: int) -> None:
    codes = [code for code in table() if not code.startswith(("81", "82", "83"))]
    ids = complete_citizen_id(pl.Series(codes) + f"{birth_year}0101001")
    placed = [_placed(number) for number in ids]
    ours = citizen_id_district_in_force(ids, as_of=AS_OF).to_list()
    assert sum(placed) > 2800
    assert {code for code, theirs, own in zip(codes, placed, ours, strict=True) if theirs and not own} <= OTHERWISE


def test_most_of_those_whom_stdnum_places_nowhere_any_more_are_accused() -> None:
    """What ours forgives beyond the year of birth: a year of uncertainty, and a list that kept a code for longer."""
    ids = complete_citizen_id(pl.Series([code for code in table() if table()[code][1] < 2010]) + "20200101001")
    assert not citizen_id_district_in_force(ids, as_of=AS_OF).any()
    nowhere = [number for number in ids if not _placed(number)]
    assert len(nowhere) > 0.99 * len(ids) > 2900


def _placed(number: str) -> bool:
    try:
        ric.get_birth_place(number)
    except (ValidationError, KeyError):  # it stumbles over a county that it does not know, in a province that it knows
        return False
    return True


@pytest.mark.parametrize(
    ("region", "birth_year", "right"),
    [
        ("110103", 2009, True),  # 崇文区, until 2010
        ("110103", 2011, True),  # a year is forgiven
        ("110103", 2012, False),
        ("330204", 2018, False),  # 江东区, until 2016: still seen in feeds years later
        ("410107", 1950, True),  # 新密区, 1983 to 1987: given in 1984 whenever the holder was born
        ("410107", 1990, False),
        ("330113", 1950, True),  # 临平区, from 2021: given late, to somebody who had no number
        ("410400", 1990, False),  # a prefecture with counties gives no numbers
        ("441900", 1990, True),  # 东莞市 has no counties
        ("442000", 1990, True),  # nor has 中山市
        ("460200", 2000, True),  # nor had 三亚市 until 2014
        ("460200", 2020, False),
        ("653228", 2025, True),  # 和康县, since 2024
        ("410499", 1990, False),
        ("710000", 1990, False),  # numbers of Taiwan residents begin with 83
    ],
)
def test_what_is_known_of_single_districts(region: str, birth_year: int, right: bool) -> None:
    assert accepted(region, birth_year) is right


@pytest.mark.parametrize("region", ["810000", "820000", "830000"])
def test_residence_permits_are_in_force_from_2018_whenever_their_holder_was_born(region: str) -> None:
    assert accepted(region, 1950) and accepted(region, 2020) and accepted(region, 1950, None)
    assert not accepted(region, 1950, dt.date(2016, 12, 31))


def test_a_number_that_is_not_valid_is_accused_of_that_alone() -> None:
    strange = person("410499", 1990)
    frame = pl.DataFrame({"id": [strange, strange[:17] + ("1" if strange[17] != "1" else "2"), person("410402", 1990), None]})
    kwargs = {"column": "id", "as_of": "2026-03-01"}
    rules = [Rule(name, name, kwargs, "content", "准确性", "E01", "…") for name in ("expect_column_values_to_be_valid_citizen_id", EXPECTATION)]
    invalid, district = run_rules(frame.with_row_index("_row_number"), rules)
    assert list(invalid.keys) == [1] and list(district.keys) == [0]


def test_an_as_of_that_is_no_date_is_refused_when_the_suite_is_loaded() -> None:
    assert "as_of" in str(fault(EXPECTATION, {"column": "id", "as_of": "今天"}))
    assert fault(EXPECTATION, {"column": "id", "as_of": "2026-03-01"}) is None


def test_the_table_is_in_order_and_every_code_of_it_stands_once() -> None:
    years = division_years()
    codes = years["code"]
    assert codes.is_sorted() and codes.n_unique() == len(codes) and codes.str.contains("^[1-8][0-9]{5}$").all()
    assert (years["first_year"] <= years["last_year"]).fill_null(True).all()
    assert years["last_year"].fill_null(9999).min() >= 1983 and years["name"].null_count() == 0
    assert set(years["note"].drop_nulls()) == {"未核对"}
    assert 2900 < years["last_year"].null_count() < 3300  # the counties of today, and the 市辖区 above them


@pytest.mark.parametrize("empty", [[], [None, None]], ids=["no row", "nulls only"])
def test_a_column_without_values_passes_through(empty: list[None]) -> None:
    for dtype in (pl.String, pl.Null):
        assert citizen_id_district_in_force(pl.Series(empty, dtype=dtype)).to_list() == empty
