"""A small city with its own copy of catalogue, dbt project and data folder, so that a test may break any of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from tests import cities
from yishu.lake.ledger import Ledger
from yishu.settings import settings

FIRST_DAY = date.fromisoformat(cities.FIRST_DAY)


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


def checks(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetCheckEvaluation]:
    return {f"{found.asset_key.to_user_string()}:{found.check_name}": found for found in result.get_asset_check_evaluations()}


def failing(*_args: Any, **_named: Any) -> None:
    """A step that quotes a person in its error."""
    raise ValueError("张三 11010519491231002X 不能读取")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[City]:
    """Laid out; a module's DELIVERED or AFTER_FIRST_NIGHT asks for more, the latter for a copy of the night that is made once a test run."""
    from orchestration import alert

    root = tmp_path_factory.mktemp("city")
    if getattr(request.module, "AFTER_FIRST_NIGHT", False):
        cities.after_first_night(root, cities.SMALL, tmp_path_factory)
    elif getattr(request.module, "DELIVERED", False):
        cities.delivered(root, cities.SMALL)
    else:
        cities.laid_out(root, whole=cities.SMALL.whole)
    made = City(root)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("data", root / "data"), ("catalogue", root / "catalogue"), ("suites", root / "suites"), ("dbt", root / "dbt_project")):
            patch.setattr(settings, name, value)
        patch.setattr(alert, "send", made.alerts.append)
        patch.setenv("DAGSTER_HOME", str(root))
        patch.setenv("YISHU_BUILD", "")
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
