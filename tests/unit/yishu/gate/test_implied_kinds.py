"""Each kind of rule that the catalogue implies, on a value that breaks it and one that passes it: as written in a file, through `prepare`."""

from datetime import date

import polars as pl
import pytest

from expectations.engine.run import run_rules
from expectations.rules.identifiers import complete_citizen_id, complete_credit_code
from expectations.rules.registers import complete_certificate_id, valid_registration_no
from yishu.catalogue import load_catalogue
from yishu.catalogue.models import Item, Resource
from yishu.gate.implied import KINDS, suite_of
from yishu.gate.preparing import prepare
from yishu.gate.typing import IDENTIFIERS

CATALOGUE = load_catalogue()
AS_OF = date(2026, 3, 1)


def citizen_id(first17: str) -> str:
    return str(complete_citizen_id(pl.Series([first17]))[0])


PERSON, STRANGER = citizen_id("41040219900307915"), citizen_id("41049919900307915")
COMPANY = str(complete_credit_code(pl.Series(["91410402"]), pl.Series(["MA4K0X7T"]))[0])
BUREAU = str(complete_credit_code(pl.Series(["11410402"]), pl.Series(["MB0A1004"]))[0])
CERTIFICATE = str(complete_certificate_id(*(pl.Series([part]) for part in (BUREAU + "001", BUREAU, "00000000123", "001")))[0])
REGISTRATIONS = pl.Series([f"41040000000123{digit}" for digit in range(10)])
REGISTRATION = str(REGISTRATIONS.filter(valid_registration_no(REGISTRATIONS))[0])
PARCEL = "410402001002GB00011"
# Type -> a right value; each is wrong without its last character.
RIGHT = {
    "citizen_id": PERSON,
    "credit_code": COMPANY,
    "organisation_code": COMPANY[8:17],
    "registration_no": REGISTRATION,
    "parcel_code": PARCEL,
    "real_estate_unit": PARCEL + "F00010001",
    "certificate_id": CERTIFICATE,
}
# Kind -> item of the register of residents (or another resource), what breaks it, what passes it.
EXAMPLES = {
    "not_null": ("public_security.resident", "full_name", "", "刘明华"),
    "filler": ("public_security.resident", "former_name", "暂无", ""),
    "district": ("public_security.resident", "citizen_id", STRANGER, PERSON),
    "form": ("public_security.resident", "citizen_id", PERSON + " ", PERSON),
    "code": ("public_security.resident", "sex", "3", "女"),
    "date": ("public_security.resident", "birth_date", "2023-02-29", "2024-02-29"),
    "not_future": ("public_security.resident", "birth_date", "2026-03-02", "2026-03-01"),
    "number": ("human_resources.insured_unit", "insured_count", "12人", "12"),
    "phone": ("public_security.resident", "phone", "138****5678", "0375-2345678"),
}


def accused(resource: Resource, item: str, rule: str, value: str) -> bool:
    """Whether a row that holds nothing but the value breaks the rule."""
    raw = pl.DataFrame({"_row_number": [1], **{each.name: [value if each.name == item else ""] for each in resource.items}})
    (asked,) = [each for each in suite_of(resource, CATALOGUE.codes, AS_OF) if each.rule == f"{item}.{rule}"]
    (outcome,) = run_rules(prepare(raw, resource, CATALOGUE.codes), [asked])
    return outcome.unexpected == 1


def first_of_type(kind: str) -> tuple[Resource, Item]:
    return next((resource, item) for resource in CATALOGUE.resources.values() for item in resource.items if item.type == kind)


def test_every_kind_has_its_examples() -> None:
    assert set(KINDS) == {*EXAMPLES, "identifier"}
    assert set(IDENTIFIERS) == set(RIGHT)


@pytest.mark.parametrize("kind", sorted(EXAMPLES))
def test_a_kind_accuses_what_breaks_it_and_nothing_else(kind: str) -> None:
    name, item, breaks, passes = EXAMPLES[kind]
    resource = CATALOGUE.resources[name]
    assert accused(resource, item, kind, breaks)
    assert not accused(resource, item, kind, passes)


@pytest.mark.parametrize("kind", sorted(RIGHT))
def test_an_identifier_short_of_a_character_is_accused_and_the_whole_one_is_not(kind: str) -> None:
    resource, item = first_of_type(kind)
    assert accused(resource, item.name, kind, RIGHT[kind][:-1])
    assert not accused(resource, item.name, kind, RIGHT[kind])
