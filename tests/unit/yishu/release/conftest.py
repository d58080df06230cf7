"""A dbt project of two documented tables and a build database that holds them: releases without running dbt."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from yishu.catalogue import Catalogue, load_catalogue
from yishu.catalogue.law import Profile, load_profile
from yishu.lake.release import ReleaseOutcome, publish
from yishu.lake.warehouse import build_path, pin_digest
from yishu.settings import settings

AS_OF = date(2026, 3, 1)
PIN = {"public_security.resident": 4}
PERSON, ELDERLY = "base_person.person", "theme_elderly_care.elderly_person"


def column(
    name: str, data_type: str = "string", sensitivity: str | None = "none", mask: str | None = None
) -> dict[str, Any]:
    meta = {key: value for key, value in (("sensitivity", sensitivity), ("mask", mask)) if value}
    return {"name": name, "data_type": data_type, "description": f"{name} 的说明", "config": {"meta": meta}}


COLUMNS = {
    PERSON: [
        column("entity_id", sensitivity="direct", mask="token"),
        column("citizen_id", sensitivity="direct", mask="citizen_id"),
    ],
    ELDERLY: [
        column("entity_id", sensitivity="direct", mask="token"),
        column("citizen_id", sensitivity="direct", mask="citizen_id"),
        column("full_name", sensitivity="direct", mask="name"),
        column("phone", sensitivity="direct", mask="phone"),
        column("address", sensitivity="direct", mask="address"),
        column("birth_date", "date", "quasi"),
        column("undeclared", sensitivity=None),
        column("undeclared_count", "bigint", None),
    ],
}


@dataclass
class Lake:
    """A data folder with a build database that a test may spoil before it publishes."""

    data: Path
    dbt_dir: Path
    catalogue: Catalogue
    profile: Profile
    pin: Mapping[str, int] = field(default_factory=lambda: dict(PIN))

    @property
    def build(self) -> Path:
        return build_path(self.data)

    def prepare(self, persons: int = 10, pin: Mapping[str, int] = PIN) -> None:
        """Make the build database with that many persons, all over sixty."""
        self.build.parent.mkdir(parents=True, exist_ok=True)
        self.build.unlink(missing_ok=True)
        people = f"""select 'e' || i as entity_id,
            '41040219400101' || lpad(cast(i as varchar), 4, '0') as citizen_id from range({persons}) as r(i)"""
        with duckdb.connect(str(self.build)) as connection:
            connection.execute(
                "create schema base_person; create schema theme_elderly_care; create schema lake; create schema pool"
            )
            connection.execute("create table lake.built (table_name varchar, pin varchar, as_of date)")
            connection.execute("create view pool.secret as select 'never released' as x")
            connection.execute(f"create table {PERSON} as {people}")
            connection.execute(
                f"""create table {ELDERLY} as select entity_id, citizen_id, '王大明' as full_name, '13812345678' as phone,
                '平顶山市建设路1号' as address, date '1940-01-01' as birth_date, 'x' as undeclared,
                cast(7 as bigint) as undeclared_count from {PERSON}"""
            )
            connection.execute(
                f"comment on table {ELDERLY} is '老年人'; comment on column {ELDERLY}.full_name is '姓名'"
            )
            for table in (PERSON, ELDERLY):
                connection.execute("insert into lake.built values (?, ?, ?)", [table, pin_digest(pin), AS_OF])

    def spoil(self, statement: str) -> None:
        with duckdb.connect(str(self.build)) as connection:
            connection.execute(statement)

    def publish(self, inputs: str = "inputs-1", **changed: Any) -> ReleaseOutcome:
        stated: dict[str, Any] = {
            "profile": self.profile,
            "inputs_hash": inputs,
            "actor": "test",
            "dbt_dir": self.dbt_dir,
        } | changed
        return publish(self.data, self.catalogue, self.pin, AS_OF, **stated)

    def rows(self, query: str, file: str = "city.duckdb") -> list[tuple[Any, ...]]:
        with duckdb.connect(str((self.data / "published").resolve() / file), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def stated(self) -> dict[str, Any]:
        return dict(json.loads((self.data / "published" / "release.json").read_text("utf-8")))


@pytest.fixture(scope="session")
def register() -> tuple[Catalogue, Profile]:
    return load_catalogue(), load_profile("pingdingshan", settings.catalogue_dir)


def small_lake(folder: Path, register: tuple[Catalogue, Profile]) -> Lake:
    dbt_dir = folder / "dbt_project"
    (dbt_dir / "models").mkdir(parents=True)
    (dbt_dir / "dbt_project.yml").write_text("name: small\n")
    models = [
        {
            "name": table.partition(".")[2],
            "config": {"schema": table.partition(".")[0], "meta": {"grain": ["entity_id"]}},
            "columns": columns,
        }
        for table, columns in COLUMNS.items()
    ]
    (dbt_dir / "models" / "tables.yml").write_text(
        yaml.safe_dump({"models": models}, allow_unicode=True), encoding="utf-8"
    )
    lake = Lake(folder / "data", dbt_dir, *register)
    lake.prepare()
    return lake


@pytest.fixture
def released(tmp_path: Path, register: tuple[Catalogue, Profile]) -> Lake:
    """A lake whose build database is ready to be published."""
    return small_lake(tmp_path, register)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, register: tuple[Catalogue, Profile]) -> Lake:
    """A lake with one release, for tests that only read."""
    lake = small_lake(tmp_path_factory.mktemp("served"), register)
    assert lake.publish().published
    return lake
