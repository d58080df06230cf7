"""The same element collected by two departments is suspected, with its authority; what a law exempts says which law (C01)."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from yishu.catalogue import Catalogue, CatalogueError, load_catalogue
from yishu.catalogue.duplicates import EXEMPT, SUSPECTED, Exemption, duplicates, load_exemptions, table


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def pairs(catalogue: Catalogue, **exemptions: Exemption) -> dict[tuple[str, str, str], Any]:
    found = duplicates(catalogue, dict(exemptions))
    return {(one.element, f"{one.resource_a}.{one.item_a}", f"{one.resource_b}.{one.item_b}"): one for one in found}


def test_two_sources_of_one_attribute_are_suspected_with_the_authority(catalogue: Catalogue) -> None:
    found = pairs(catalogue)[("person.sex", "human_resources.insured_person.sex", "public_security.resident.sex")]
    assert (found.state, found.authority) == (SUSPECTED, "public_security.resident")


def test_equal_titles_of_things_with_one_kind_of_identifier_are_suspected(catalogue: Catalogue) -> None:
    assert any(one.item_a == "phone" and one.item_b == "phone" for one in duplicates(catalogue, {}))


def test_identifiers_names_and_what_one_department_collects_twice_do_not_count(catalogue: Catalogue) -> None:
    found = duplicates(catalogue, {})
    types = {id_: {item.name: item.type for item in entry.items} for id_, entry in catalogue.resources.items()}
    assert all(one.department_a != one.department_b for one in found)
    assert not [one for one in found if types[one.resource_a][one.item_a] in ("citizen_id", "credit_code")]
    assert not [one for one in found if one.element in ("person.full_name", "legal_entity.name")]


def test_the_list_is_the_same_every_time_and_names_no_pair_twice(catalogue: Catalogue) -> None:
    found = duplicates(catalogue, {})
    assert found == duplicates(catalogue, {}) and len(pairs(catalogue)) == len(found) == table(found).height


def test_an_exemption_names_its_basis_for_an_element_or_a_whole_entity(catalogue: Catalogue, tmp_path: Path) -> None:
    content = {"person.sex": {"basis": "《…法》第九条", "reason": "待遇核算需要"}, "address.*": {"basis": "《地名管理条例》", "reason": "各司其职"}}
    (tmp_path / "exemptions.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    found = duplicates(catalogue, load_exemptions(tmp_path, catalogue))
    exempt = {one.element for one in found if one.state == EXEMPT}
    assert "person.sex" in exempt and all(one.state == EXEMPT for one in found if one.element.startswith("address."))
    assert any(one.state == SUSPECTED for one in found)
    assert next(one.basis for one in found if one.element == "person.sex") == "《…法》第九条：待遇核算需要"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("person.nonsense: {basis: a, reason: b}\n", 1, "没有要素 person.nonsense"),
        ("person.sex: {basis: a}\n", 1, "缺少必填字段"),
        ("\nperson.sex: {basis: a, reason: b, why: c}\n", 2, "没有这个字段"),
        ("- person.sex\n", 1, "要素"),
    ],
)
def test_an_exemption_that_cannot_be_used_is_pointed_at(catalogue: Catalogue, tmp_path: Path, text: str, line: int, words: str) -> None:
    (tmp_path / "exemptions.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_exemptions(tmp_path, catalogue)
    assert any(fault.line == line and words in fault.problem + fault.way_out for fault in caught.value.faults)
