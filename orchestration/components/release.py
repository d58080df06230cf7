"""The release as an asset: the gate over what was built, then the one swap that makes it public."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from orchestration.evidence import TITLES, failed_check, severity_check
from orchestration.lake import Lake
from orchestration.manifest import fresh_manifest
from orchestration.register import current_catalogue
from yishu.catalogue import Catalogue
from yishu.settings import settings

RELEASE = dg.AssetKey(["release"])
BUILT_SEVERITIES = ("structural", "content", "advisory")


class Release(dg.Component, dg.Model, dg.Resolvable):
    """release: depends on every released table, as dbt's documentation lists them."""

    owner: str

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        from yishu.lake.table_contract import table_contracts

        catalogue = current_catalogue()
        fresh_manifest(catalogue, settings.data, settings.dbt)  # writes the generated documentation, in whatever order components load
        tables = [dg.AssetKey(table.split(".")) for table in table_contracts(settings.dbt)]
        return dg.Definitions(assets=[release_asset(catalogue, tables, self.owner)])


def release_asset(catalogue: Catalogue, tables: list[dg.AssetKey], owner: str) -> dg.AssetsDefinition:
    """release: judges the build and publishes it, or says why not."""

    @dg.asset(
        key=RELEASE, deps=tables, group_name="release", owners=[owner], kinds={"duckdb"}, tags={"layer": "release"},
        description="发布：整表检查通过后，一次切换对外可见；否则沿用上一次发布",
        check_specs=[dg.AssetCheckSpec(severity, asset=RELEASE, description=f"基础库和主题库：{TITLES[severity]}") for severity in BUILT_SEVERITIES],
    )
    def release(context: dg.AssetExecutionContext, lake: Lake) -> Iterator[dg.MaterializeResult]:
        with lake.writing("发布"):
            result = publish_build(context, lake, catalogue)
        yield result

    return release


def publish_build(context: dg.AssetExecutionContext, lake: Lake, catalogue: Catalogue) -> dg.MaterializeResult:
    """Judge, publish, and tell. A release that is kept back for a reason makes the night degraded."""
    from yishu.catalogue.law import load_profile
    from yishu.lake.pins import business_date, current_pin
    from yishu.lake.release import inputs_hash, publish, published_release

    pin, as_of = current_pin(lake.data, catalogue), business_date(lake.data) or lake.business_date
    profile = load_profile(settings.profile, settings.catalogue)
    inputs = inputs_hash(lake.data, catalogue, pin, as_of, profile=profile)
    published = published_release(lake.data)
    same = published is not None and published["inputs_hash"] == inputs
    fault = None if same else judge(context, lake, catalogue, pin)
    if fault is None:
        outcome = publish(lake.data, catalogue, pin, as_of, profile=profile, inputs_hash=inputs, actor=settings.actor)
        number, reason = outcome.number, outcome.reason
        fault = None if outcome.published or same else reason
        if fault:
            lake.ledger.fault("release", fault)
    else:
        number, reason = (published or {}).get("number"), fault
    return dg.MaterializeResult(
        metadata={"number": number or "尚未发布", "reason": reason, "as_of": as_of.isoformat(), **_counts(lake)},
        check_results=_checks(lake, fault))


def judge(context: dg.AssetExecutionContext, lake: Lake, catalogue: Catalogue, pin: dict[str, int]) -> str | None:
    """Run the suites of base and theme; return why the build must not be published, recorded as a fault, or None."""
    from yishu.gate.built import judge_built
    from yishu.lake.warehouse import build_path

    broken: list[str] = []

    def run() -> None:
        outcomes = judge_built(lake.data, catalogue, build_path(lake.data), pin)
        broken.extend(f"{outcome.table}：{outcome.message}" for outcome in outcomes if outcome.keeps_back)

    if not build_path(lake.data).exists():
        return None  # publish says so, with the way out
    fault = lake.attempt(context, "release", run)
    if broken:
        fault = "整表规则未通过，不予发布：" + "；".join(broken)
        lake.ledger.fault("release", fault)
    return fault


def _checks(lake: Lake, fault: str | None) -> list[dg.AssetCheckResult]:
    """The last results over each built table, by severity; a release kept back is a structural ERROR."""
    newest = {run["scope"]: run for run in lake.ledger.gate_runs() if run["kind"] == "built"}
    runs = [run for scope in sorted(newest) if (run := lake.ledger.last_gate_run("built", scope))]
    results: list[dict[str, Any]] = [{**result, "column": run["scope"]} for run in runs for result in run["results"]]
    batch = "、".join(sorted({run["batch"] for run in runs})) or "尚未评估"
    checks = [severity_check(RELEASE, severity, results, batch) for severity in BUILT_SEVERITIES]
    return [failed_check(RELEASE, "structural", fault), *checks[1:]] if fault else checks


def _counts(lake: Lake) -> dict[str, Any]:
    from yishu.lake.release import published_release

    tables = (published_release(lake.data) or {}).get("tables", {})
    return {"dagster/row_count": sum(table["rows"] for table in tables.values()), "tables": {name: table["rows"] for name, table in tables.items()}}


