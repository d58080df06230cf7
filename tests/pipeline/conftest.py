"""A small city and its nights through the real command, each in a process of its own: what an operator types."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from portal.desk.service import list_tickets
from tests.registers import copy_catalogue, copy_suites
from yishu.lake.ledger import Ledger

ROOT = Path(__file__).resolve().parents[2]
PERSONS, SEED = 2500, 11


@dataclass
class City:
    """A data folder with a register and a dbt project of its own, so that a test may add to them."""

    root: Path

    @property
    def data(self) -> Path:
        return self.root / "data"

    def yishu(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "YISHU_DATA": str(self.data),
            "YISHU_CATALOGUE": str(self.root / "catalogue"),
            "YISHU_DBT": str(self.root / "dbt_project"),
            "YISHU_SUITES": str(self.root / "suites"),
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-c", "from orchestration.cli import main; main()", *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=self.root, check=False, timeout=300)

    def night(self, day: int, code: int = 0) -> str:
        done = self.yishu("night", "--date", f"2026-03-{day:02d}")
        assert done.returncode == code, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout + done.stderr

    def tickets(self) -> list[dict[str, Any]]:
        return list_tickets(self.data)

    def states(self) -> dict[str, str]:
        """ "department.resource@as-of" -> state, of the newest delivery of that day."""
        return {f"{delivery.resource_id}@{delivery.as_of}": delivery.state for delivery in Ledger(self.data).deliveries()}

    def table(self, name: str) -> pl.DataFrame:
        with duckdb.connect(str(self.data / "published" / "city.duckdb"), read_only=True) as connection:
            return connection.sql(f"from {name}").pl()

    def violations(self) -> pl.DataFrame:
        return pl.read_delta(str(self.data / "violations"))

    def truth(self) -> pl.DataFrame:
        return pl.read_parquet(self.data / "truth" / "defects.parquet")

    def versions(self) -> dict[str, int]:
        """Every Delta table of the folder and its version: what a commit would move."""
        logs = self.data.rglob("_delta_log")
        return {str(log.parent.relative_to(self.data)): len(list(log.glob("*.json"))) for log in logs}


def make_city(root: Path, *, whole: bool = False) -> City:
    copy_catalogue(root / "catalogue", whole=whole)
    copy_suites(root / "suites", root / "catalogue")
    shutil.copytree(ROOT / "dbt_project", root / "dbt_project", ignore=shutil.ignore_patterns("target", "generated", "logs"))
    return City(root)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> City:
    """Three days of deliveries, no night yet; one city for the tests of a module, which run in the order they are written.

    A module that says WHOLE_REGISTER gets every resource.
    """
    city = make_city(tmp_path_factory.mktemp("city"), whole=getattr(request.module, "WHOLE_REGISTER", False))
    done = city.yishu("sample", "--persons", str(PERSONS), "--days", "3", "--seed", str(SEED))
    assert done.returncode == 0, done.stderr
    return city
