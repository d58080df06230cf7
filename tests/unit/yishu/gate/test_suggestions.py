"""Proposals for a small lake: what is inferred from whose word, and where nothing is proposed at all."""

from typing import Any

import polars as pl
import pytest
import yaml

from expectations.rules.identifiers import complete_citizen_id
from yishu.gate.suggestions.suggesting import SCHEMA, suggest
from yishu.lake.violations import open_violations
from yishu.settings import settings

OUYANG, LI_SI = "410402199003079159", "410403198503020024"
SUITE = [
    {"rule": "birth_date.matches_citizen_id", "expectation": "expect_column_values_to_match_citizen_id_birth",
     "kwargs": {"column_A": "birth_date", "column_B": "citizen_id"}},
    {"rule": "sex.matches_citizen_id", "expectation": "expect_column_values_to_match_citizen_id_sex",
     "kwargs": {"column_A": "sex", "column_B": "citizen_id"}},
]  # fmt: skip
WORDS = {"severity": "content", "dimension": "一致性", "clause": "E01", "message": "应与公民身份号码一致"}


@pytest.fixture
def city(lake: Any) -> Any:
    """The lake with its appended table as the register that says who bears which number."""
    for name in ("snapshot", "append"):
        file = settings.suites_dir / "raw" / "office" / f"{name}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(yaml.safe_dump({"rules": [{**rule, **WORDS} for rule in SUITE]}, allow_unicode=True), encoding="utf-8")
    lake.change_item("append", "citizen_id", feeds="person.citizen_id")
    lake.change_item("append", "full_name", feeds="person.full_name")
    person = {"title": "人口", "key": "citizen_id", "schema": "base_person", "attributes": {"full_name": ["office.append"]}}
    lake.write("authority/person.yaml", {"person": person})
    lake.deliver("append", [[OUYANG, "欧阳明华", "1", "1990-03-07", "1"], [LI_SI, "李·四", "2", "1985-03-02", "1"]])
    return lake


def proposed(city: Any, *rows: list[str]) -> list[tuple[str, str, str, str]]:
    """(item, proposal, method, confidence) after a night with these rows of the snapshot."""
    city.deliver("snapshot", [list(row) for row in rows])
    city.night()
    found = suggest(city.data, city.catalogue, open_violations(city.data))
    assert found.schema == pl.Schema(SCHEMA)
    return found.select("item", "proposal", "method", "confidence").rows()


def person(citizen_id: str, name: str = "欧阳明华", sex: str = "1", birth_date: str = "1990-03-07") -> list[str]:
    return [citizen_id, name, sex, birth_date, "1"]


@pytest.mark.parametrize(
    ("delivered", "method"),
    [
        ("410402199003079158", "one_digit"),
        ("410402199003071959", "swapped"),
        ("41040219900307959", "missing_digit"),
        ("4104021990030791599", "extra_digit"),
        ("410402199003070001", "sequence"),
    ],
)
def test_a_number_one_slip_from_a_namesakes_is_proposed_as_likely(city: Any, delivered: str, method: str) -> None:
    assert proposed(city, person(delivered)) == [("citizen_id", OUYANG, f"citizen_id.{method}", "likely")]


def test_a_district_abolished_before_birth_gives_way_to_the_namesakes_number(city: Any) -> None:
    wrong = complete_citizen_id(pl.Series(["410107" + OUYANG[6:17]])).item()
    assert proposed(city, person(wrong)) == [("citizen_id", OUYANG, "citizen_id.district", "likely")]


def test_a_valid_number_that_a_register_does_not_have_gives_way_to_the_namesakes_of_the_same_district_and_birth(city: Any) -> None:
    rule = {
        "rule": "person_unknown",
        "on": "office.snapshot",
        "join": {"person": {"resource": "office.append", "by": {"citizen_id": "citizen_id"}}},
        "expectation": "expect_column_values_to_be_between",
        "kwargs": {"column": "person.matches", "min_value": 1},
    }
    file = settings.suites_dir / "cross" / "unknown.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(yaml.safe_dump({"rules": [{**rule, **WORDS}]}, allow_unicode=True), encoding="utf-8")
    nobodys = complete_citizen_id(pl.Series([OUYANG[:14] + "993"])).item()
    assert proposed(city, person(nobodys)) == [("citizen_id", OUYANG, "citizen_id.sequence", "likely")]


def test_no_number_is_proposed_where_the_name_is_another(city: Any) -> None:
    assert proposed(city, person("410402199003079158", "王五")) == []


def test_a_register_s_own_number_of_a_district_that_never_gave_it_is_proposed_to_nobody(city: Any) -> None:
    strange = complete_citizen_id(pl.Series(["410107" + OUYANG[6:14] + "991"])).item()
    city.deliver("append", [[strange, "赵六", "1", "1990-03-07", "1"]])
    assert proposed(city, person(strange[:17] + ("0" if strange[17] != "0" else "1"), "赵六")) == []


def test_no_number_is_proposed_where_two_namesakes_are_one_slip_away(city: Any) -> None:
    """Delivered with a wrong check digit and swapped: two bearers of the name fit, each by one slip."""
    near = complete_citizen_id(pl.Series(["41040219900307914"])).item()  # differs in two places from the register's
    wrong = near[:16] + OUYANG[16] + near[17]
    city.deliver("append", [person(OUYANG), person(near, sex="2"), [LI_SI, "李·四", "2", "1985-03-02", "1"]])
    assert sum(a != b for a, b in zip(wrong, OUYANG, strict=True)) == 1
    assert proposed(city, person(wrong)) == []


def test_no_number_is_proposed_that_stands_in_the_same_table_already(city: Any) -> None:
    assert proposed(city, person(OUYANG), person("410402199003079158")) == []


@pytest.mark.parametrize(
    ("delivered", "right", "method"),
    [
        ("41O4O2199003079159", OUYANG, "letters"),
        ("4l0402199003079159", OUYANG, "letters"),
        ("４１０４０２１９９００３０７９１５９", OUYANG, "form"),
        ("410402199003079159 ", OUYANG, "form"),
        ("610104620927690", "610104196209276908", "15_digits"),
        ("11010519491231002x", "11010519491231002X", "form"),
    ],
)
def test_what_the_standard_decides_is_certain_whoever_bears_it(city: Any, delivered: str, right: str, method: str) -> None:
    born = f"{right[6:10]}-{right[10:12]}-{right[12:14]}"
    found = proposed(city, person(delivered, "无人识", sex="1" if int(right[16]) % 2 else "2", birth_date=born))
    assert found == [("citizen_id", right, f"citizen_id.{method}", "certain")]


def test_the_century_of_a_number_kept_for_centenarians_is_not_guessed(city: Any) -> None:
    assert proposed(city, person("610104950927997", birth_date="1895-09-27")) == []


def test_birth_date_and_sex_follow_the_number_beside_them_where_its_bearer_is_known_by_name(city: Any) -> None:
    assert proposed(city, person(OUYANG, sex="2", birth_date="19900230")) == [
        ("birth_date", "1990-03-07", "birth_date.citizen_id", "certain"),
        ("sex", "1", "sex.citizen_id", "certain"),
    ]


def test_a_number_that_nobody_is_known_by_makes_its_birth_date_likely_only(city: Any) -> None:
    assert proposed(city, person("610104196209276908", sex="2")) == [("birth_date", "1962-09-27", "birth_date.citizen_id", "likely")]


def test_somebody_elses_number_says_nothing_of_this_person(city: Any) -> None:
    assert proposed(city, person(LI_SI)) == []


def test_a_name_is_the_same_name_however_its_dot_and_spaces_are_written(city: Any) -> None:
    assert proposed(city, person("410403198503020025", "李• 四", "2", "1985-03-02")) == [("citizen_id", LI_SI, "citizen_id.one_digit", "likely")]


def test_reasons_hold_no_value_of_any_row(city: Any) -> None:
    city.deliver("snapshot", [person("410402199003079158"), person(LI_SI, "李四", "1")])
    city.night()
    reasons = suggest(city.data, city.catalogue, open_violations(city.data))["reason"]
    assert reasons.len() == 3 and not reasons.str.contains(r"欧阳|李|[0-9]{6}|1985").any()


def test_the_same_tables_give_the_same_proposals_in_whatever_order_violations_come(city: Any) -> None:
    city.deliver("snapshot", [person("410402199003079158"), person("41O403198503020024", "李四", "2", "1985-03-02")])
    city.night()
    found = open_violations(city.data)
    first = suggest(city.data, city.catalogue, found)
    assert first.height == 2 and first.equals(suggest(city.data, city.catalogue, found.reverse()))


def test_without_violations_or_tables_there_is_nothing_to_propose(lake: Any) -> None:
    assert suggest(lake.data, lake.catalogue, open_violations(lake.data)).height == 0
