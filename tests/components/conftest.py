"""A small city with its own copy of catalogue, dbt project and data folder, so that a test may break any of them."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from tests.registers import copy_catalogue, copy_suites
from yishu.lake.ledger import Ledger
from yishu.settings import ROOT, settings

FIRST_DAY = date(2026, 3, 1)
PERSONS = 400


@dataclass
class City:
    """Where everything is, and a night in it. `alerts`: the titles of what the operator was told."""

    root: Path
    alerts: list[Any] = field(default_factory=list)

    first_day = FIRST_DAY

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.data)

    def night(self, day: date = FIRST_DAY) -> Any:
        from orchestration.nightly_run import run_night
        from orchestration.step_watch import StepWatch

        self.alerts.clear()
        return run_night(self.data, day, StepWatch(lambda step: None, lambda cost: None))

    def materialize(self, *keys: str, day: date = FIRST_DAY) -> dg.ExecuteInProcessResult:
        """Assets by hand, as from the user interface."""
        from orchestration.components.night import dated
        from orchestration.definitions import defs

        with dg.DagsterInstance.ephemeral() as instance:
            job = defs().resolve_implicit_global_asset_job_def()
            return job.execute_in_process(
                instance=instance, raise_on_error=False, run_config=dated(day.isoformat()),
                asset_selection=[dg.AssetKey(key.split("/")) for key in keys])


def _copied(root: Path) -> None:
    copy_catalogue(root / "catalogue", whole=False)
    copy_suites(root / "suites", root / "catalogue")
    shutil.copytree(ROOT / "dbt_project", root / "dbt", ignore=shutil.ignore_patterns("target", "logs"))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """Delivered, but no night has run."""
    from orchestration import alert
    from yishu.sample import generate

    root = tmp_path_factory.mktemp("city")
    _copied(root)
    made = City(root)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("data", root / "data"), ("catalogue", root / "catalogue"), ("suites", root / "suites"), ("dbt", root / "dbt")):
            patch.setattr(settings, name, value)
        patch.setattr(alert, "send", made.alerts.append)
        patch.setenv("DAGSTER_HOME", str(root))
        patch.setenv("YISHU_BUILD", "")
        generate(PERSONS, 2, 7, root / "data", first_day=FIRST_DAY)
        yield made


@pytest.fixture
def mended(city: City) -> Iterator[Callable[[Path, str], None]]:
    """Write into one of the city's files for the length of a test."""
    before: dict[Path, bytes | None] = {}

    def write(file: Path, text: str) -> None:
        before.setdefault(file, file.read_bytes() if file.exists() else None)
        file.write_text(text, encoding="utf-8")

    yield write
    for file, content in before.items():
        if content is None:
            file.unlink()
        else:
            file.write_bytes(content)
