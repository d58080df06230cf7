"""What the authority list says of references and family relations: what it names exists; what stops a build holds by construction."""

from collections.abc import Callable
from pathlib import Path

import pytest

from yishu.catalogue import CatalogueError, load_catalogue
from yishu.catalogue.entities import Entity, Reference

PERSON = "authority/person.yaml"
DEATH = "citizen_id: {entity: person, required: true, reason: 注销的同一行也供给人口}"


def fault(folder: Path) -> str:
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(folder, "pingdingshan")
    (found,) = caught.value.faults
    return str(found)


def test_a_name_alone_is_a_reference_whose_target_may_be_absent() -> None:
    stated = {"title": "死亡", "key": "death_no", "schema": "base_person", "attributes": {}, "references": {"citizen_id": "person"}}
    assert Entity.model_validate(stated).references == {"citizen_id": Reference(entity="person", required=False)}


def test_a_required_reference_says_why(folder: Path, replace: Callable[[str, str, str], None]) -> None:
    replace(PERSON, DEATH, "citizen_id: {entity: person, required: true}")
    assert "reason" in fault(folder)


def test_a_reference_is_required_only_where_the_same_row_feeds_its_target(folder: Path, replace: Callable[[str, str, str], None]) -> None:
    """Else a row that came a day early would keep the whole release back."""
    replace(PERSON, "mother_citizen_id: person", "mother_citizen_id: {entity: person, required: true, reason: 母亲总在}")
    assert "health.birth_certificate" in fault(folder) and "person.yaml" in fault(folder)


def test_a_reference_to_an_unknown_entity_is_refused(folder: Path, replace: Callable[[str, str, str], None]) -> None:
    replace(PERSON, "mother_citizen_id: person", "mother_citizen_id: {entity: parent}")
    assert "parent" in fault(folder)


FATHER = '{person: father_citizen_id, relative: citizen_id, code: "51", since: birth_date, rank: 1}'


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ('{person: parent_citizen_id, relative: citizen_id, code: "51", rank: 1}', "parent_citizen_id"),
        ('{person: father_citizen_id, relative: citizen_id, rank: 1}', "relation 和 code"),
        ('{person: father_citizen_id, code: "51", rank: 1}', "relative 和 household"),
        ('{person: certificate_no, relative: certificate_no, code: "51", rank: 1}', "可溯源"),
    ],
)
def test_a_family_relation_names_attributes_one_of_which_can_be_traced(
    folder: Path, replace: Callable[[str, str, str], None], broken: str, told: str
) -> None:
    replace(PERSON, FATHER, broken)
    assert told in fault(folder)


@pytest.mark.parametrize(
    ("said", "broken", "told"),
    [
        ("otherwise: document  #", "otherwise: passport  #", "otherwise 须是 identifiers"),
        ("forms: {full_name: name,", "forms: {whole_name: name,", "whole_name"),
        ("forms: {full_name: name,", "forms: {full_name: title,", "forms"),
    ],
)
def test_what_else_identifies_and_which_texts_have_one_form_is_of_the_entity(
    folder: Path, replace: Callable[[str, str, str], None], said: str, broken: str, told: str
) -> None:
    replace(PERSON, said, broken)
    assert told in fault(folder)
