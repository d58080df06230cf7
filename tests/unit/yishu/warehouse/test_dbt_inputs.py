"""What dbt is given of the catalogue: sources, authority list, documentation of the base tables."""

from pathlib import Path

import pytest
import yaml

from yishu.catalogue import Catalogue, load_catalogue
from yishu.catalogue.authority import authority_of
from yishu.catalogue.dbt_export import write_dbt_inputs


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def test_an_unchanged_catalogue_leaves_the_files_untouched(tmp_path: Path, catalogue: Catalogue) -> None:
    assert write_dbt_inputs(catalogue, tmp_path) is True
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*")}
    assert write_dbt_inputs(catalogue, tmp_path) is False
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*")} == before


def test_a_changed_authority_list_is_written(tmp_path: Path, catalogue: Catalogue) -> None:
    write_dbt_inputs(catalogue, tmp_path)
    person = catalogue.authority["person"]
    sex = {"sex": list(reversed(person.attributes["sex"]))}
    turned = person.model_copy(update={"attributes": {**person.attributes, **sex}})
    changed = catalogue.model_copy(update={"authority": {**catalogue.authority, "person": turned}})
    assert write_dbt_inputs(changed, tmp_path) is True


def test_every_resource_is_a_documented_source(tmp_path: Path, catalogue: Catalogue) -> None:
    write_dbt_inputs(catalogue, tmp_path)
    sources = yaml.safe_load((tmp_path / "models" / "generated" / "sources.yml").read_text("utf-8"))["sources"]
    pool = {table["name"]: table for table in next(source for source in sources if source["name"] == "pool")["tables"]}
    assert set(pool) == {id_.replace(".", "__") for id_ in catalogue.resources}
    columns = {column["name"]: column for column in pool["public_security__resident"]["columns"]}
    assert columns["household_no"]["description"] == "户号"
    assert columns["birth_date"]["data_type"] == "date"
    assert "_delivery_seq" in columns


def test_sources_stand_in_order_of_authority_with_their_own_column_names(catalogue: Catalogue) -> None:
    person = authority_of(catalogue)["person"]
    assert [f"{source['department']}.{source['resource']}" for source in person["attributes"]["phone"]["sources"]] == (
        catalogue.authority["person"].attributes["phone"]
    )
    (insured,) = person["attributes"]["pension_insured_status"]["sources"]
    assert (insured["relation"], insured["column"]) == ("human_resources__insured_person", "insured_status")
    assert next(source["key_columns"] for source in person["sources"] if source["relation"] == insured["relation"]) == ["citizen_id"]
    assert person["attributes"]["birth_date"]["type"] == "date"
    every = {source for sources in catalogue.authority["person"].attributes.values() for source in sources}
    assert {f"{source['department']}.{source['resource']}" for source in person["sources"]} == every and len(every) > 5


def test_a_listed_source_that_feeds_nothing_is_refused_by_name(tmp_path: Path, catalogue: Catalogue) -> None:
    person = catalogue.authority["person"]
    wrong = person.model_copy(update={"attributes": {"ethnicity": ["public_security.death"]}})
    changed = catalogue.model_copy(update={"authority": {"person": wrong}})
    with pytest.raises(ValueError, match="死亡注销信息.*person.ethnicity"):
        write_dbt_inputs(changed, tmp_path)


def test_a_base_column_is_as_sensitive_as_its_most_sensitive_source(tmp_path: Path, catalogue: Catalogue) -> None:
    write_dbt_inputs(catalogue, tmp_path)
    models = yaml.safe_load((tmp_path / "models" / "generated" / "base.yml").read_text("utf-8"))["models"]
    person = {
        column["name"]: column for column in next(model for model in models if model["name"] == "person")["columns"]
    }
    assert person["full_name"]["config"]["meta"] == {"english": "full name", "sensitivity": "direct", "mask": "name"}
    assert person["registered_address"]["config"]["meta"]["mask"] == "address"
    assert person["birth_date"]["config"]["meta"]["sensitivity"] == "quasi"
    assert person["sex"]["config"]["meta"]["sensitivity"] == "none"
