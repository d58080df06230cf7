"""The suites over the base tables and the authority list: no entity without rules, and what both say of codes is one thing."""

from functools import cache

import pytest

from expectations.suite import Rule, load_rules
from yishu.catalogue import Catalogue, load_catalogue
from yishu.settings import settings

ENTITIES = sorted(load_catalogue().authority)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@cache
def rules() -> dict[str, list[Rule]]:
    found: dict[str, list[Rule]] = {}
    for file in sorted((settings.suites_dir / "base").glob("*.yaml")):
        for rule in load_rules(file):
            found.setdefault(str(rule.on), []).append(rule)
    return found


def columns_of(rule: Rule) -> set[str]:
    return {str(rule.kwargs[name]) for name in ("column", "column_A", "column_B") if name in rule.kwargs}


@pytest.mark.parametrize("name", ENTITIES)
def test_every_entity_has_rules_of_its_key_that_cite_their_obligation(catalogue: Catalogue, name: str) -> None:
    entity = catalogue.authority[name]
    mine = rules()[f"{entity.schema_}.{name}"]
    asked = set().union(*map(columns_of, mine))
    assert asked & {*entity.keys, "entity_id"} and all(rule.clause and rule.message for rule in mine)


@pytest.mark.parametrize("name", ENTITIES)
def test_the_codes_a_rule_allows_are_those_of_the_attribute_s_list(catalogue: Catalogue, name: str) -> None:
    entity = catalogue.authority[name]
    for rule in rules()[f"{entity.schema_}.{name}"]:
        if rule.expectation != "expect_column_values_to_be_in_set":
            continue
        column = str(rule.kwargs["column"])
        source = entity.attributes.get(column, next(iter(entity.attributes.values())))[0]
        item = catalogue.resources[source].feeding(f"{name}.{column}")
        assert item and item.codes, f"{rule.rule}: {column} is no code"
        codes = catalogue.codes[item.codes].entries
        assert set(rule.kwargs["value_set"]) == set(codes), f"{rule.rule}: write the codes of catalogue/codes/{item.codes}.csv into value_set"


def test_a_rule_about_rows_names_an_attribute_that_has_a_source(catalogue: Catalogue) -> None:
    """A key has no provenance: a content rule about it could be told to nobody."""
    for name in ENTITIES:
        entity = catalogue.authority[name]
        for rule in rules()[f"{entity.schema_}.{name}"]:
            if rule.severity == "content":
                column = rule.column or rule.kwargs.get("column") or rule.kwargs.get("column_A")
                assert column in entity.attributes, rule.rule
