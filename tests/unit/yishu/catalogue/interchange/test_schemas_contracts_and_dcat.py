"""What we give away is valid for those who read it: JSON Schema, Open Data Contract Standard, DCAT."""

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from open_data_contract_standard.model import OpenDataContractStandard

from yishu.catalogue import Catalogue
from yishu.catalogue.interchange.dcat import graph
from yishu.catalogue.interchange.json_schema import schemas
from yishu.catalogue.interchange.odcs import contract
from yishu.settings import ROOT

SCHEMAS = ROOT / "catalogue/schema"
NAMES = {"open": "无条件共享", "conditional": "受限共享", "none": "非共享"}
SHAPES = Path(__file__).with_name("dcat.shapes.ttl")


def read(file: Path) -> Any:
    # Plain strings for dates, as in JSON.
    return json.loads(json.dumps(yaml.safe_load(file.read_text("utf-8")), default=str))


def test_the_committed_schemas_are_fresh() -> None:
    for name, schema in schemas().items():
        assert json.loads((SCHEMAS / name).read_text("utf-8")) == schema, "run `yishu catalogue export --schema catalogue/schema` and commit"
    assert {file.name for file in SCHEMAS.iterdir()} == set(schemas())


@pytest.mark.parametrize("kind", ["department", "resource", "authority"])
def test_every_file_of_the_catalogue_satisfies_its_schema(kind: str) -> None:
    schema = schemas()[f"{kind}.schema.json"]
    jsonschema.Draft202012Validator.check_schema(schema)
    files = {
        "department": list((ROOT / "catalogue/departments").glob("*/department.yaml")),
        "resource": [file for file in (ROOT / "catalogue/departments").glob("*/*.yaml") if file.name != "department.yaml"],
        "authority": list((ROOT / "catalogue/authority").glob("*.yaml")),
    }[kind]
    assert files
    for file in files:
        jsonschema.validate(read(file), schema)


@pytest.mark.parametrize("wrong", [{"frequncy": "daily"}, {"frequency": "dayly"}, {"items": []}, {"department": "x"}])
def test_a_schema_tells_what_the_loader_would_refuse(wrong: dict[str, object]) -> None:
    entry = {**read(ROOT / "catalogue/departments/taxation/tax_credit.yaml"), **wrong}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(entry, schemas()["resource.schema.json"])


def test_every_resource_is_a_contract_of_the_open_standard(catalogue: Catalogue) -> None:
    for id_, resource in catalogue.resources.items():
        told = contract(resource, catalogue, NAMES)
        read_back = OpenDataContractStandard.from_string(yaml.safe_dump(told, allow_unicode=True))
        assert read_back.schema_ is not None and read_back.schema_[0].properties is not None, id_
        assert [one.name for one in read_back.schema_[0].properties] == [item.name for item in resource.items]
        keys = {one.name: one.primaryKeyPosition for one in read_back.schema_[0].properties if one.primaryKey}
        assert sorted(keys, key=lambda name: keys[name] or 0) == resource.key


def test_ids_of_contracts_are_stable_and_their_own(catalogue: Catalogue) -> None:
    ids = [contract(resource, catalogue, NAMES)["id"] for resource in catalogue.resources.values()]
    assert len(set(ids)) == len(ids) and ids == [contract(resource, catalogue, NAMES)["id"] for resource in catalogue.resources.values()]


def conforms(made: Any) -> tuple[bool, str]:
    import pyshacl

    ok, _, text = pyshacl.validate(made, shacl_graph=str(SHAPES), advanced=True)
    return bool(ok), str(text)


def test_the_register_as_dcat_satisfies_the_shapes(catalogue: Catalogue) -> None:
    from rdflib.namespace import DCAT, RDF

    made = graph(catalogue, "市政务服务和大数据管理局", NAMES)
    ok, why = conforms(made)
    assert ok, why
    assert len(set(made.subjects(RDF.type, DCAT.Dataset))) == len(catalogue.judged_resources)


@pytest.mark.parametrize("property_", ["title", "publisher", "identifier", "accessRights"])
def test_a_register_that_lacks_something_does_not_satisfy_them(catalogue: Catalogue, property_: str) -> None:
    from rdflib.namespace import DCAT, DCTERMS, RDF

    made = copy.deepcopy(graph(catalogue, "市政务服务和大数据管理局", NAMES))
    made.remove((next(made.subjects(RDF.type, DCAT.Dataset)), DCTERMS[property_], None))
    assert not conforms(made)[0]
