"""A city of a dozen persons for the dbt models, and one dbt run over it. Not here: assertions."""

import os
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from deltalake import write_deltalake

from yishu.catalogue import Catalogue, load_catalogue
from yishu.catalogue.dbt_export import write_dbt_inputs
from yishu.lake.warehouse import prepare_build
from yishu.settings import settings

AS_OF = date(2026, 3, 1)
POLARS_TYPES = {"date": pl.Date, "integer": pl.Int64, "decimal": pl.Float64}

# A source that the models have never heard of: one catalogue entry and one line in the authority list.
NEW_SOURCE = """
code: 307002/0099
title: 特困供养人员信息
summary: 特困供养人员，一人一行
duty: 特困供养，《社会救助暂行办法》第十四条
delivery: {channel: file, format: csv, encoding: utf-8, pattern: "supported_{as_of}.csv", mode: snapshot}
frequency: monthly
key: [record_no]
sharing: {class: conditional, basis: 《社会救助暂行办法》, conditions: 民政业务}
opening: {class: none, ground: 含个人隐私}
items:
  - {name: record_no, column: BH, title: 编号, type: text, required: true}
  - {name: identity_no, column: ZJHM, title: 证件号码, type: citizen_id, sensitivity: direct, feeds: person.citizen_id}
  - {name: mobile, column: SJ, title: 手机, type: phone, sensitivity: direct, feeds: person.phone}
"""


@dataclass(frozen=True)
class Built:
    """The result of one dbt run: where the tables are, the dbt project it used, the compiled SQL."""

    data: Path
    build: Path
    dbt_dir: Path
    target: Path
    catalogue: Catalogue
    success: bool
    failures: list[str]

    def compiled(self, model: str) -> str:
        return next((self.target / "compiled").rglob(f"{model}.sql")).read_text("utf-8")


def pool_frame(catalogue: Catalogue, resource_id: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Pool rows of a resource; a row states only what matters, the key and lineage columns are filled in."""
    resource = catalogue.resources[resource_id]
    schema: dict[str, Any] = {item.name: POLARS_TYPES.get(item.type, pl.String) for item in resource.items}
    schema |= {"_key": pl.String, "_delivery_id": pl.String, "_delivery_seq": pl.Int64, "_row_number": pl.Int64}
    schema |= {"_as_of": pl.Date, "_invalid": pl.String, "_absent_count": pl.Int64}
    filled = []
    for number, row in enumerate(rows, start=2):
        key = "|".join(str(row.get(name)) for name in resource.key)
        seq = row.get("_delivery_seq", 1 + list(catalogue.resources).index(resource_id))
        standard = {
            "_key": key,
            "_delivery_id": f"delivery-{seq}",
            "_delivery_seq": seq,
            "_row_number": number,
            "_as_of": AS_OF,
        }
        filled.append({**dict.fromkeys(schema), **standard, "_absent_count": 0, **row})
    return pl.DataFrame(filled, schema=schema)


def write_table(path: Path, frame: pl.DataFrame, mode: Any = "overwrite") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_deltalake(str(path), frame.to_arrow(compat_level=pl.CompatLevel.oldest()), mode=mode)


def catalogue_with_new_source(folder: Path) -> Catalogue:
    shutil.copytree(settings.catalogue_dir, folder)
    (folder / "departments" / "civil_affairs" / "supported_person.yaml").write_text(NEW_SOURCE, encoding="utf-8")
    authority = folder / "authority" / "person.yaml"
    line = "    phone: [public_security.resident, "
    text = authority.read_text("utf-8")
    assert text.count(line) == 1
    authority.write_text(text.replace(line, line.replace("[", "[civil_affairs.supported_person, ")), encoding="utf-8")
    return load_catalogue(folder, "pingdingshan")


def dbt_project(folder: Path, catalogue: Catalogue) -> Path:
    """A copy of the project with inputs generated from this catalogue."""
    shutil.copytree(settings.dbt_dir, folder, ignore=shutil.ignore_patterns("generated", "target", "logs"))
    write_dbt_inputs(catalogue, folder)
    return folder


def run_dbt(build: Path, dbt_dir: Path, target: Path) -> tuple[bool, list[str]]:
    """One `dbt build` in this process; leaves no connection and no lock."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import reset_adapters
    from dbt.cli.main import dbtRunner

    os.environ["YISHU_BUILD"] = str(build)
    where = ["--project-dir", dbt_dir, "--profiles-dir", dbt_dir, "--target-path", target, "--log-path", target]
    try:
        result = dbtRunner().invoke(["--no-use-colors", "--quiet", "build", *map(str, where)])
    finally:
        DuckDBConnectionManager.close_all_connections()
        reset_adapters()
    nodes: list[Any] = list(getattr(result.result, "results", []))
    failures = [f"{node.node.name}: {node.message}" for node in nodes if str(node.status) not in ("success", "pass")]
    return result.success, failures + ([str(result.exception)] if result.exception else [])


def build_city(folder: Path, pools: dict[str, list[dict[str, Any]]], under_check: list[dict[str, Any]]) -> Built:
    """Write the pools, run dbt over them once."""
    catalogue = catalogue_with_new_source(folder / "catalogue")
    data = folder / "data"
    for resource_id, rows in pools.items():
        write_table(data / "pool" / resource_id.replace(".", "/"), pool_frame(catalogue, resource_id, rows))
    write_table(data / "under_check", pl.DataFrame(under_check))
    build = prepare_build(data, catalogue, dict.fromkeys(pools, 0), AS_OF, seed=False).path
    dbt_dir, target = dbt_project(folder / "dbt_project", catalogue), folder / "target"
    success, failures = run_dbt(build, dbt_dir, target)
    return Built(data, build, dbt_dir, target, catalogue, success, failures)
