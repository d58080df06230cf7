"""The dbt project as a whole: documented to the last column, readable by Spark, in step with the catalogue."""

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlglot
import yaml
from sqlglot import exp

from tests.unit.dbt.small_city import Built
from yishu.lake.table_contract import DUCKDB_TYPES, table_contracts
from yishu.settings import settings

# What macros/characters.sql writes on DuckDB alone: on Spark it dispatches to rlike.
DISPATCHED = {"regexp_matches"}
SPARK_FUNCTIONS = {"sha1", "unhex", "hex", "translate", "instr", "concat", "substr"}


def documented(city: Built) -> list[dict[str, Any]]:
    files = sorted((city.dbt_dir / "models").rglob("*.yml"))
    return [model for file in files for model in yaml.safe_load(file.read_text("utf-8")).get("models", [])]


def models(city: Built) -> list[str]:
    """All that end in the databases: not the lists of what has changed, nor what the sources claim."""
    found = [path for path in (city.dbt_dir / "models").rglob("*.sql") if path.parent.name != "claim"]
    return sorted(path.stem for path in found if not path.stem.startswith("changed"))


def test_every_model_is_documented_and_every_documentation_has_its_model(city: Built) -> None:
    assert sorted(model["name"] for model in documented(city)) == models(city)


def test_built_columns_and_types_are_those_documented(city: Built, tables: duckdb.DuckDBPyConnection) -> None:
    for table, contract in table_contracts(city.dbt_dir).items():
        built = {name: kind for name, kind, *_ in tables.execute(f"describe {table}").fetchall()}
        assert built == {column.name: DUCKDB_TYPES[column.data_type] for column in contract.columns}, (
            f"{table}: correct the model, or its YAML (base tables: yishu/catalogue/dbt_export.py)"
        )


def test_titles_reach_the_database_as_comments(city: Built, tables: duckdb.DuckDBPyConnection) -> None:
    silent = tables.execute(
        """select table_name, column_name from duckdb_columns()
        where (schema_name like 'base%' or schema_name like 'theme%') and coalesce(comment, '') = ''"""
    ).fetchall()
    assert silent == []


def test_every_column_declares_its_sensitivity_and_direct_ones_their_mask(city: Built) -> None:
    for model in documented(city):
        for column in model["columns"]:
            meta = column["config"]["meta"]
            place = f"{model['name']}.{column['name']}"
            assert meta["sensitivity"] in ("none", "quasi", "direct"), place
            assert ("mask" in meta) == (meta["sensitivity"] == "direct"), place
            assert re.search("[\u4e00-\u9fff]", column["description"]) and meta["english"], place


def test_every_theme_states_its_purpose_and_known_requesting_departments(city: Built) -> None:
    themes = [model for model in documented(city) if model["config"]["schema"].startswith("theme_")]
    assert themes
    for model in themes:
        meta = model["config"]["meta"]
        assert meta["purpose"], model["name"]
        assert set(meta["requesting_departments"]) <= set(city.catalogue.departments), model["name"]


@pytest.mark.parametrize("layer", ["base", "thematic", "generated"])
def test_each_model_parses_as_spark_sql_with_functions_spark_knows(city: Built, layer: str) -> None:
    names = [path.stem for path in (city.dbt_dir / "models" / layer).rglob("*.sql")]
    assert names
    for name in names:
        # Relation names are quoted by the adapter, DuckDB's way; Spark's adapter quotes with backticks.
        sql = city.compiled(name).replace('"', "`")
        tree = sqlglot.parse_one(sql, dialect="spark")
        unknown = {function.name.lower() for function in tree.find_all(exp.Anonymous)} - SPARK_FUNCTIONS - DISPATCHED
        assert not unknown, f"{name}: {unknown} - put the difference into macros/dialect.sql"
        assert not list(tree.find_all(exp.Qualify)), name
        assert "::" not in sql and "group by all" not in sql.lower(), name


def test_what_differs_between_engines_is_written_for_both(city: Built) -> None:
    text = (city.dbt_dir / "macros" / "dialect.sql").read_text("utf-8")
    dispatched = set(re.findall(r"dispatch\('(\w+)'\)", text))
    assert dispatched
    for engine in ("default", "spark"):
        assert set(re.findall(rf"macro {engine}__(\w+)\(", text)) == dispatched


def test_the_project_needs_no_packages_and_sends_no_statistics() -> None:
    assert not (settings.dbt_dir / "packages.yml").exists()
    project = yaml.safe_load((settings.dbt_dir / "dbt_project.yml").read_text("utf-8"))
    assert project["flags"]["send_anonymous_usage_stats"] is False


def test_each_singular_test_says_which_assumption_it_guards() -> None:
    files: list[Path] = sorted((settings.dbt_dir / "tests").glob("*.sql"))
    assert len(files) >= 3
    for file in files:
        assert file.read_text("utf-8").startswith("-- Guards: "), file.name
