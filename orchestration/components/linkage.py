"""Links proposed for records without a sound identifier, as an asset: after the release, before the tickets they become."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from orchestration.lake import Lake
from orchestration.register import current_catalogue
from yishu.catalogue import Catalogue
from yishu.settings import settings

LINKAGE = dg.AssetKey(["linkage"])
PRECISION = 0.99
# Ready steps are taken by priority: nothing that is published waits for it, and its proposals become tickets the same night.
BEFORE_TICKETS = {"dagster/priority": "-6"}


class Linkage(dg.Component, dg.Model, dg.Resolvable):
    """linkage; `owner` answers for its models."""

    owner: str

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        return dg.Definitions(assets=[linkage_asset(current_catalogue(), self.owner)])


def linkage_asset(catalogue: Catalogue, owner: str) -> dg.AssetsDefinition:
    """linkage: the proposed links under DIR/linkage, and their violations; where nothing changed, the last run stands."""

    @dg.asset(
        key=LINKAGE, deps=[dg.AssetKey(["gate", "cross"])], group_name="desk", owners=[owner], kinds={"duckdb", "splink"}, tags={"layer": "linkage"},
        op_tags=BEFORE_TICKETS,
        description="标识缺失或无效的记录可能是谁：按姓名、出生日期、住址等推断关联，供部门在工单中确认或否认，不自动合并（C02）",
        check_specs=[dg.AssetCheckSpec("precision", asset=LINKAGE, description="隐去标识试验：推断的关联须有 99% 正确")],
    )
    def linkage(context: dg.AssetExecutionContext, lake: Lake) -> Iterator[dg.MaterializeResult]:
        from yishu.lake.pins import current_pin
        from yishu.linkage.proposing import propose
        from yishu.linkage.settling import settle_links

        runs: list[Any] = []
        standing = 0

        def work() -> None:
            nonlocal standing
            pin = current_pin(lake.data, catalogue)
            runs.extend(propose(lake.data, catalogue, pin, actor=settings.actor))
            standing = settle_links(lake.data, catalogue, pin, actor=settings.actor)

        with lake.writing("推断关联"):
            fault = lake.attempt(context, "linkage", work)
        yield dg.MaterializeResult(metadata={"proposed": standing, **_counts(runs)}, check_results=[_precision(runs, fault)])

    return linkage


def _counts(runs: list[Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for run in runs:
        counts = {"waiting": run.waiting, "known": run.known, "pairs": run.pairs, "likely": run.proposed, "model": run.model or "无"}
        told |= {f"{run.entity}/{name}": value for name, value in counts.items()} | {f"{run.entity}/unchanged": run.unchanged}
    return told


def _precision(runs: list[Any], fault: str | None) -> dg.AssetCheckResult:
    """Passed where every model that was learned is right often enough; with stated figures there is nothing to measure."""
    if fault:
        return dg.AssetCheckResult(asset_key=LINKAGE, check_name="precision", passed=False, metadata={"fault": fault})
    trials = {run.entity: run.trial for run in runs if run.trial is not None}
    told: dict[str, Any] = {f"{entity}/{name}": round(value, 4) for entity, trial in trials.items()
                            for name, value in (("precision", trial.precision), ("recall", trial.recall))}  # fmt: skip
    return dg.AssetCheckResult(asset_key=LINKAGE, check_name="precision", passed=all(trial.precision >= PRECISION for trial in trials.values()),
                               severity=dg.AssetCheckSeverity.WARN, metadata=told or {"note": "记录太少，用默认参数，未作试验"})  # fmt: skip
