"""Small cities on disk, as an operator meets them, and the first night of each kind, which is made once a test run and copied.

Belongs here: laying out, delivering, copying, the real command. Not here: what a suite asks of a city (its own folder).
"""

import fcntl
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from portal.desk.service import list_tickets
from tests.registers import copy_catalogue, copy_suites
from yishu.lake.ledger import Ledger
from yishu.settings import ROOT

FIRST_DAY = "2026-03-01"
LONGEST = 1800  # seconds: a night on a machine that has much else to do; what hangs ends


@dataclass(frozen=True)
class Kind:
    """What a city is made from: the sample's arguments, and the register of tests/registers.py or the whole one."""

    persons: int
    days: int
    seed: int
    whole: bool = False


SMALL = Kind(persons=400, days=2, seed=7)
TOWN = Kind(persons=2500, days=3, seed=11)
WHOLE = replace(TOWN, whole=True)


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
        return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=self.root, check=False, timeout=LONGEST)

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


def laid_out(root: Path, *, whole: bool) -> City:
    """Register, suites and dbt project; nothing is delivered."""
    copy_catalogue(root / "catalogue", whole=whole)
    copy_suites(root / "suites", root / "catalogue")
    shutil.copytree(ROOT / "dbt_project", root / "dbt_project", ignore=shutil.ignore_patterns("target", "generated", "logs"))
    return City(root)


def delivered(root: Path, kind: Kind) -> City:
    """Days of deliveries, no night yet: for what tests the first night itself."""
    city = laid_out(root, whole=kind.whole)
    sample = {"persons": kind.persons, "days": kind.days, "seed": kind.seed, "first-day": FIRST_DAY}
    done = city.yishu("sample", *(part for name, value in sample.items() for part in (f"--{name}", str(value))))
    assert done.returncode == 0, done.stderr
    return city


def after_first_night(root: Path, kind: Kind, factory: pytest.TempPathFactory) -> City:
    """A copy, in `root`, of the city of that kind after its first night; the workers of a test run make it once between them."""
    worker = "PYTEST_XDIST_WORKER" in os.environ
    run = factory.getbasetemp().parent if worker else factory.getbasetemp()
    kept = run / f"first-night-{kind.persons}-{kind.days}-{kind.seed}-{'whole' if kind.whole else 'small'}"
    with kept.with_suffix(".lock").open("w") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)
        if not kept.exists():
            made = delivered(factory.mktemp("first-night") / "city", kind)
            made.night(1)
            # dbt keeps where the project and the build database stood; the next night reads the project anew.
            shutil.rmtree(made.data / "work" / "dbt")
            (made.data / "work" / "manifest.json").unlink()
            # Moved away: what a copy still said of the place where the night was made would lead nowhere, and fail.
            made.root.rename(kept)
    # A night of the copy changes files in place (databases, logs): each suite has its own, links and times as they were.
    shutil.copytree(kept, root, symlinks=True, dirs_exist_ok=True)
    return City(root)
