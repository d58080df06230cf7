"""A lake whose nights end with a release, without an orchestrator and without dbt: two tables, one of which remembers.

`build` stands for the models: rows with the day since which they are what they are, and what was known before. Like the real ones it reads
the pinned pools, what is under check, and its own tables of the last release.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from yishu.catalogue.law import Profile, load_profile
from yishu.gate.conflicts import settle_conflicts
from yishu.gate.step import advance
from yishu.ingest.desk_source import Annotation, doubt_rule, write_annotations
from yishu.ingest.intake import take_in
from yishu.lake.lock import writing
from yishu.lake.pins import business_date, current_pin
from yishu.lake.release import inputs_hash, publish
from yishu.lake.warehouse import build_path, prepare_build
from yishu.settings import ROOT, settings
from yishu.spatial.step import settle

PERSON, HISTORY = "base_office.person", "base_office.history"
COLUMNS = {
    PERSON: {"entity_id": "string", "full_name": "string", "origin": "string", "row_number": "bigint", "name_since": "date",
             "under_check": "boolean"},
    HISTORY: {"entity_id": "string", "full_name": "string", "valid_from": "date", "valid_to": "date"},
}  # fmt: skip
MODELS = f"""
create schema if not exists base_office;
create table if not exists {PERSON} (entity_id varchar, full_name varchar, origin varchar, row_number bigint, name_since date, under_check boolean);
create table if not exists {HISTORY} (entity_id varchar, full_name varchar, valid_from date, valid_to date);
create temp table before as from {PERSON};
create or replace table {PERSON} as
select p._key as entity_id, p.full_name, p._delivery_id as origin, p._row_number as row_number,
    case when b.full_name is not distinct from p.full_name then b.name_since else m.as_of end as name_since,
    exists (select 1 from lake.under_check as u where u.resource = 'snapshot' and u.key = p._key) as under_check
from pool.office__snapshot as p cross join (select max(as_of) as as_of from lake.pin) as m left join before as b on b.entity_id = p._key;
insert into {HISTORY}
select b.entity_id, b.full_name, b.name_since, m.as_of
from before as b cross join (select max(as_of) as as_of from lake.pin) as m left join {PERSON} as p using (entity_id)
where b.name_since < m.as_of and p.full_name is distinct from b.full_name;
"""


def build(data: Path, anew: bool) -> list[str]:
    with duckdb.connect(str(build_path(data))) as connection:
        connection.execute(MODELS)
        connection.execute("delete from lake.built")
        for table in COLUMNS:
            connection.execute("insert into lake.built select ?, min(pin), max(as_of) from lake.pin", [table])
    return []


class City:
    """The small lake, with the desk, and nights that publish."""

    def __init__(self, lake: Any, dbt_dir: Path, profile: Profile) -> None:
        self.lake, self.dbt_dir, self.profile, self.said = lake, dbt_dir, profile, 0
        shutil.copytree(ROOT / "catalogue/departments/desk", lake.folder / "departments/desk")
        lake._catalogue = None

    @property
    def data(self) -> Path:
        return Path(self.lake.data)

    def night(self, day: int, *, broken: bool = False) -> None:
        """broken: the build fails, and nothing is published."""
        lake, data, catalogue = self.lake, self.data, self.lake.catalogue
        night = lake.ledger.begin_night(lake.day(day), "test")
        with writing(data, "test"):
            for resource in catalogue.resources.values():
                take_in(data, resource, catalogue, until=lake.day(day))
                advance(data, resource, catalogue)
            settle(data, catalogue, current_pin(data, catalogue), actor="test")
            lake.night(day, names=())
            settle_conflicts(data, catalogue, current_pin(data, catalogue))
            if broken:
                lake.ledger.fault("warehouse", "broken")
            else:
                self._release(day)
        lake.ledger.end_night(night, "degraded" if broken else "good", [])

    def _release(self, day: int) -> None:
        data, catalogue = self.data, self.lake.catalogue
        pin, as_of = current_pin(data, catalogue), business_date(data) or self.lake.day(day)
        inputs = inputs_hash(data, catalogue, pin, as_of, profile=self.profile, dbt_dir=self.dbt_dir)
        build(data, prepare_build(data, catalogue, pin, as_of, seed=False, dbt_dir=self.dbt_dir).anew)
        publish(data, catalogue, pin, as_of, profile=self.profile, inputs_hash=inputs, actor="test", dbt_dir=self.dbt_dir)

    def decide(self, delivery: Any, state: str) -> None:
        if state == "received":
            self.lake.ledger.record(delivery.delivery_id, release_approval="数据函〔2026〕1号")
        self.lake.ledger.move(delivery.delivery_id, state, actor="bureau", approval="数据函〔2026〕1号", reason="核实")

    def doubt(self, key: str, day: int, kind: str = "doubt") -> None:
        self.said += 1
        one = Annotation(f"a{self.said}", kind, "office", "snapshot", doubt_rule("full_name"), key, "li", self.lake.day(day), item_name="full_name")  # type: ignore[arg-type]
        write_annotations(self.data, [one], self.lake.day(day))

    def correct(self, rows: list[list[str]], day: int) -> None:
        file = self.lake.deliver("snapshot", rows, day)
        landed = file.rename(file.with_name("更正_" + file.name))
        landed.with_name(landed.name + ".meta.json").write_text(json.dumps({"approval": "数据函〔2026〕2号"}), encoding="utf-8")

    @contextmanager
    def published(self, data: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
        with duckdb.connect(str((data or self.data) / "published" / "city.duckdb"), read_only=True) as connection:
            yield connection


@pytest.fixture
def office(lake: Any, tmp_path: Path) -> City:
    dbt_dir = tmp_path / "dbt"
    (dbt_dir / "models").mkdir(parents=True)
    (dbt_dir / "dbt_project.yml").write_text("name: small\n")
    models = [{"name": table.partition(".")[2], "config": {"schema": "base_office", "meta": {"may_be_empty": True}},
               "columns": [{"name": name, "data_type": kind, "description": name, "config": {"meta": {"sensitivity": "none"}}}
                           for name, kind in columns.items()]} for table, columns in COLUMNS.items()]  # fmt: skip
    (dbt_dir / "models" / "tables.yml").write_text(yaml.safe_dump({"models": models}, allow_unicode=True), encoding="utf-8")
    return City(lake, dbt_dir, load_profile("pingdingshan", settings.catalogue_dir))
