"""The questions of docs/themes.md, asked as an analyst asks them, and answered a second time from the pools without dbt's SQL."""

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl
import pytest

from tests.cities import City
from yishu.catalogue import load_catalogue
from yishu.settings import ROOT

pytestmark = pytest.mark.city
DAY = date(2026, 3, 1)
QUESTIONS = dict(re.findall(r"### (\w+)\n.*?```sql\n(.*?)```", (ROOT / "docs" / "themes.md").read_text("utf-8"), re.DOTALL))
Record = dict[str, Any]


class Pools:
    """The pools as they stand, values that broke their type's rule left out, and golden values put together by hand."""

    def __init__(self, city: City) -> None:
        self.data = city.data
        self.authority = load_catalogue().authority
        self.feeds = {
            (resource.id, fed): item.name for resource in load_catalogue().resources.values() for item in resource.items for fed in item.supplies
        }

    def rows(self, resource: str) -> Iterator[Record]:
        for row in pl.read_delta(str(self.data / "pool" / resource.replace(".", "/"))).iter_rows(named=True):
            broken = (row["_invalid"] or "").strip("|").split("|")
            yield {name: None if name in broken else value for name, value in row.items()}

    def golden(self, entity: str) -> dict[str, Record]:
        """Key -> attributes, each from the first source that has a value: within one day recency decides nothing."""
        found: dict[str, Record] = defaultdict(dict)
        listed = self.authority[entity]
        for resource in dict.fromkeys(source for sources in listed.attributes.values() for source in sources):
            key = self.feeds[resource, f"{entity}.{listed.key}"]
            rows = [row for row in self.rows(resource) if row[key] is not None]
            for attribute, sources in listed.attributes.items():
                if resource in sources:
                    item, place = self.feeds[resource, f"{entity}.{attribute}"], sources.index(resource)
                    for row in rows:
                        known = found[row[key]].get(attribute)
                        if row[item] is not None and (known is None or (place, row["_row_number"]) < known[0]):
                            found[row[key]][attribute] = ((place, row["_row_number"]), row[item])
            for row in rows:
                found[row[key]].setdefault("_", None)
        return {key: {name: value[1] for name, value in values.items() if value} for key, values in found.items()}


@pytest.fixture(scope="module")
def pools(city: City) -> Pools:
    return Pools(city)


@pytest.fixture(scope="module")
def persons(pools: Pools) -> dict[str, Record]:
    return {key: {"id": key, **value} for key, value in pools.golden("person").items() if "death_date" not in value}


def asked(city: City, question: str) -> list[dict[str, str]]:
    """The analyst's answer, as the command line gives it."""
    done = city.yishu("query", QUESTIONS[question], "--format", "csv")
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


def years(born: date) -> int:
    return DAY.year - born.year - ((DAY.month, DAY.day) < (born.month, born.day))


def elderly(persons: dict[str, Record]) -> list[Record]:
    found = []
    for key, person in persons.items():
        born = person.get("birth_date") or date(int(key[6:10]), int(key[10:12]), int(key[12:14]))
        if years(born) >= 60:
            division = person.get("residence_division_code") or person.get("registered_division_code")
            found.append({"id": key, "age": years(born), "division": division or "", "household": person.get("household_no")})
    return found


def counted(rows: list[dict[str, str]], key: str, value: str) -> dict[str, int]:
    return {row[key]: int(row[value]) for row in rows}


def receiving(pools: Pools) -> dict[str, float]:
    rows = pools.rows("civil_affairs.elderly_allowance")
    return {row["citizen_id"]: row["monthly_amount_yuan"] for row in rows if row["status"] == "1" and row["citizen_id"]}


def recent(pools: Pools) -> dict[str, list[float]]:
    """Credit code -> the fines of three years; one under check is there, and counts as nothing."""
    doubted = pl.read_delta(str(pools.data / "under_check")).filter(pl.col("resource") == "administrative_penalty")["key"].to_list()
    found: dict[str, list[float]] = defaultdict(list)
    for document, penalty in pools.golden("administrative_penalty").items():
        if penalty.get("credit_code") and penalty.get("decided_date") and (DAY - penalty["decided_date"]).days <= 1095:
            found[penalty["credit_code"]].append(0.0 if document in doubted else penalty.get("fine_wan_yuan") or 0.0)
    return found


def in_force(pools: Pools) -> Counter[str]:
    permits = pools.golden("administrative_permit").values()
    valid = [p for p in permits if p.get("credit_code") and p.get("state") == "1" and p.get("valid_until_date", date.min) >= DAY]
    return Counter(permit["credit_code"] for permit in valid)


def test_closed_entities_that_hold_a_permit_are_found(city: City, pools: Pools) -> None:
    held, entities = in_force(pools), pools.golden("legal_entity")
    expected = {code: held[code] for code, entity in entities.items() if entity.get("status", "1") != "1" and held[code]}
    answer = asked(city, "closed_with_permit")
    assert sorted(int(row["valid_permit_count"]) for row in answer) == sorted(expected.values())
    assert {row["name"] for row in answer} == {entities[code]["name"] for code in expected} != set()


def test_trustworthy_enterprises_are_counted_by_division(city: City, pools: Pools) -> None:
    penalised, subjects = recent(pools), pools.golden("credit_subject")
    names = load_catalogue().codes["gb_t_2260"].entries
    expected: Counter[str] = Counter()
    for code, entity in pools.golden("legal_entity").items():
        subject = subjects.get(code, {})
        if entity.get("status") == "1" and subject.get("tax_grade") == "A" and "defaulter_case_no" not in subject and code not in penalised:
            expected[names.get(entity.get("division_code", ""), "")] += 1
    assert counted(asked(city, "trustworthy_by_division"), "division_name", "trustworthy_count") == dict(expected) != {}


def test_the_most_fined_industries_are_named(city: City, pools: Pools) -> None:
    fines = recent(pools)
    fined: dict[str, list[float]] = defaultdict(list)
    for code, entity in pools.golden("legal_entity").items():
        fined[entity.get("industry_code", "-")] += fines.get(code, [])
    ranked = sorted(((-sum(listed), industry, len(listed)) for industry, listed in fined.items() if listed))[:5]
    asked_for = asked(city, "fines_by_industry")
    answer = [(row["industry_code"], int(row["recent_penalty_count"]), float(row["recent_fine_wan_yuan"])) for row in asked_for]
    assert answer == [(industry, count, pytest.approx(-total)) for total, industry, count in ranked] != []


def test_the_old_without_allowance_are_counted_by_division(city: City, pools: Pools, persons: dict[str, Record]) -> None:
    paid = receiving(pools)
    expected = Counter(person["division"] for person in elderly(persons) if person["age"] >= 80 and person["id"] not in paid)
    assert counted(asked(city, "entitled_without_allowance"), "division_code", "person_count") == dict(expected) != {}


def test_the_old_who_live_alone_are_counted_by_division(city: City, persons: dict[str, Record]) -> None:
    members = Counter(person.get("household_no") for person in persons.values())
    alone = [person for person in elderly(persons) if person["age"] >= 80 and person["household"] and members[person["household"]] == 1]
    assert counted(asked(city, "old_and_alone"), "division_code", "person_count") == dict(Counter(person["division"] for person in alone)) != {}


def test_the_cost_of_the_allowance_is_summed_by_division(city: City, pools: Pools, persons: dict[str, Record]) -> None:
    paid, expected = receiving(pools), defaultdict(float)
    for person in elderly(persons):
        if person["division"]:
            expected[person["division"]] += paid.get(person["id"]) or 0.0
    answer = {row["division_code"]: float(row["monthly_amount_yuan"]) for row in asked(city, "allowance_budget")}
    assert answer == pytest.approx(dict(expected)) and sum(answer.values()) > 0


def registered(persons: dict[str, Record]) -> list[Record]:
    return [person for person in persons.values() if "registered_division_code" in person and "birth_date" in person]


def test_the_population_is_counted_by_division_and_sex(city: City, persons: dict[str, Record]) -> None:
    expected = Counter((person["registered_division_code"], person.get("sex", "9")) for person in registered(persons))
    answer = {(row["division_code"], row["sex"]): int(row["person_count"]) for row in asked(city, "population_by_sex")}
    assert answer == dict(expected) != {}


def test_ageing_and_dependency_are_right_for_each_division(city: City, persons: dict[str, Record]) -> None:
    ages = defaultdict(list)
    for person in registered(persons):
        ages[person["registered_division_code"]].append(years(person["birth_date"]))
    answer = asked(city, "ageing")
    assert {row["division_code"] for row in answer} == ages.keys() != set()
    for row in answer:
        listed = ages[row["division_code"]]
        old, young = sum(age >= 65 for age in listed), sum(age < 15 for age in listed)
        assert (int(row["person_count"]), int(row["aged_65_count"]), int(row["child_count"])) == (len(listed), old, young)
        assert float(row["aged_65_share"]) == pytest.approx(old / len(listed))
        assert float(row["dependency_ratio"]) == pytest.approx((old + young) / (len(listed) - old - young))


def test_those_who_live_elsewhere_are_counted_by_division(city: City, persons: dict[str, Record]) -> None:
    away, households = Counter(), defaultdict(set)
    for person in registered(persons):
        home = person["registered_division_code"]
        away[home] += person.get("residence_division_code", home) != home
        households[home] |= {person["household_no"]} if "household_no" in person else set()
    answer = {row["division_code"]: (int(row["lives_elsewhere_count"]), int(row["household_count"])) for row in asked(city, "lives_elsewhere")}
    assert answer == {division: (away[division], len(households[division])) for division in away}
    assert sum(away.values()) > 0


def test_every_theme_answers_three_questions_and_each_is_asked_here() -> None:
    themes = Counter(re.findall(r"from (theme_\w+)\.", "\n".join(QUESTIONS.values())))
    assert themes == {"theme_enterprise_credit": 3, "theme_elderly_care": 3, "theme_population": 3}
    here = (ROOT / "tests/pipeline/test_questions_of_the_themes.py").read_text("utf-8")
    assert all(f'"{question}"' in here for question in QUESTIONS)
