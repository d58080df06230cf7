"""One invocation of dbt in this process, and what came of it. Imports dbt when called, never before.

Not here: what it means for assets (components/warehouse.py), what the build database holds before (yishu/lake/warehouse.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from orchestration.manifest import dbt_places, parsing_alone
from yishu.redaction import redacted
from yishu.settings import settings

CLAIMS = "path:models/generated/claim"  # what the sources say, of which every base table is made (dbt_project/macros/claims.sql)
# Nobody reads what dbt logs and writes down of a build: the night tells it, and definitions are of a manifest of their own (manifest.py).
QUIET = ["--quiet", "--no-use-colors", "--log-level", "none", "--log-level-file", "none", "--no-write-json"]
CHANGED = "changed"  # the model that every base table asks what has moved (dbt_project/macros/changed.sql)


@dataclass(frozen=True)
class ModelBuilt:
    """A model that stands in the build database now."""

    unique_id: str
    table: str
    seconds: float


@dataclass(frozen=True)
class TestRun:
    """A test and how it ended: pass, warn, fail or error. ran_in: the recorded run that found so, where this build had no cause to ask again."""

    unique_id: str
    name: str
    status: str
    failures: int
    ran_in: int | None = None


@dataclass(frozen=True)
class BuildOutcome:
    """What dbt did. `broken`: what failed, in words fit for a log; empty where all went well."""

    models: list[ModelBuilt] = field(default_factory=list)
    tests: list[TestRun] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def run_dbt(data: Path, select: Sequence[str] = (), *, anew: bool = True, standing: Sequence[str] = ()) -> BuildOutcome:
    """`dbt build` into the build database of the data folder; afterwards no handle and no lock stays on it.

    anew: make the incremental tables from nothing, as after a change of the models; else bring them up to date, without the models `standing`,
    which have nothing to do, and the tests that ask nothing but them.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.adapters.factory import reset_adapters
    from dbt.cli.main import dbtRunner

    # A model by hand after new data is ahead of its neighbours: a test that compares it with one that is neither chosen nor before it
    # would fail for that alone. The night chooses nothing and runs every test.
    asked = [CHANGED, *(part for one in select for part in (f"1+{one},{CLAIMS}", one))]
    chosen = ["--indirect-selection", "buildable"] if select or standing else []
    chosen += ["--select", *asked] if select else []
    chosen += ["--exclude", *standing] if standing else []
    chosen += ["--full-refresh"] if anew else []
    try:
        with parsing_alone(data):
            result = dbtRunner().invoke([*QUIET, "build", *chosen, *dbt_places(data, settings.dbt)])
    finally:
        DuckDBConnectionManager.close_all_connections()
        reset_adapters()
    nodes = list(getattr(result.result, "results", None) or [])
    broken = [_described(node) for node in nodes if str(node.status) in ("error", "fail", "runtime error", "partial success")]
    if result.exception is not None or (not result.success and not broken):
        broken.append(redacted(str(result.exception or "dbt 没有说明原因")))
    return BuildOutcome(
        models=[ModelBuilt(node.node.unique_id, f"{node.node.schema}.{node.node.alias}", node.execution_time)
                for node in nodes if node.node.resource_type == "model" and str(node.status) == "success"],
        tests=[TestRun(node.node.unique_id, node.node.name, str(node.status), node.failures or 0)
               for node in nodes if node.node.resource_type == "test" and str(node.status) != "skipped"],
        broken=broken)


def _described(node: Any) -> str:
    return redacted(f"{node.node.name}：{node.status}，{' '.join(str(node.message or '').split())}")
