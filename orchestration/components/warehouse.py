"""The dbt project as assets: one step, one invocation, in this process (base and thematic databases).

Not here: the invocation (dbt_build.py), the manifest (manifest.py), what a build starts from (yishu/lake/warehouse.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from graphlib import TopologicalSorter
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets

from orchestration.dbt_build import BuildOutcome, TestRun, run_dbt
from orchestration.lake import Lake
from orchestration.manifest import fresh_manifest
from orchestration.register import current_catalogue
from yishu.catalogue import Catalogue
from yishu.settings import settings

UNDER_CHECK = dg.AssetKey(["under_check"])
UNIQUE_ID = "dagster_dbt/unique_id"
STANDS = "来源自上次构建以来没有变化，沿用"
Result = dg.MaterializeResult | dg.AssetCheckResult
Lineage = dict[dg.AssetKey, dict[str, dg.TableColumnLineage]]


class Translator(DagsterDbtTranslator):
    """Names of dbt's nodes in the graph: a table is [schema, table]; a pool's view is the pool."""

    def __init__(self, owner: str) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True))
        self.owner = owner

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] != "source":
            return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["alias"]])
        if dbt_resource_props["source_name"] in ("pool", "moved"):
            return dg.AssetKey(["pool", *dbt_resource_props["name"].split("__")])
        return UNDER_CHECK  # the facts of the build are taken when under_check is settled

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return str(dbt_resource_props["schema"])

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        return str(dbt_resource_props["description"] or "构建所用的中间表，不属于任何数据库，也不发布")

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        return [self.owner]

    def get_tags(self, dbt_resource_props: Mapping[str, Any]) -> dict[str, str]:
        return {"layer": "thematic" if dbt_resource_props["schema"].startswith("theme_") else "base"}

    def get_asset_check_spec(self, *args: Any, **named: Any) -> dg.AssetCheckSpec | None:
        spec = super().get_asset_check_spec(*args, **named)
        # Nothing rests on a check being blocking: dbt itself builds nothing on a broken table, and a broken build is not released.
        return spec._replace(blocking=False) if spec else None


class Warehouse(dg.Component, dg.Model, dg.Resolvable):
    """All models of dbt_project; `owner` answers for them."""

    owner: str

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        catalogue = current_catalogue()

        @dbt_assets(manifest=fresh_manifest(catalogue, settings.data, settings.dbt), dagster_dbt_translator=Translator(self.owner), name="warehouse")
        def warehouse(context: dg.AssetExecutionContext, lake: Lake) -> Iterator[Result]:
            with lake.writing("构建基础库和主题库"):
                results, broken = build(context, lake, catalogue)
            yield from results
            if broken:
                raise dg.Failure("构建未完成，沿用上一次发布：" + "；".join(broken))

        return dg.Definitions(assets=[warehouse])


def build(context: dg.AssetExecutionContext, lake: Lake, catalogue: Catalogue) -> tuple[list[Result], list[str]]:
    """Build what is selected, unless the whole night asks for what is published already. Returns results, and what is broken."""
    from yishu.catalogue.law import load_profile
    from yishu.lake.pins import business_date, current_pin
    from yishu.lake.release import inputs_hash, published_release
    from yishu.lake.warehouse import prepare_build

    pin, as_of = current_pin(lake.data, catalogue), business_date(lake.data) or lake.business_date
    inputs = inputs_hash(lake.data, catalogue, pin, as_of, profile=load_profile(settings.profile, settings.catalogue))
    published = published_release(lake.data)
    if published and published["inputs_hash"] == inputs and not context.is_subset:
        return list(unchanged(context, lake, published, lineage(catalogue))), []
    prepared = prepare_build(lake.data, catalogue, pin, as_of, seed=context.is_subset, inputs=inputs)
    outcome = run_dbt(lake.data, chosen(context), anew=prepared.anew, standing=prepared.standing)
    tests = [*outcome.tests, *tests_standing(lake, published, outcome)] if prepared.standing else outcome.tests
    if not context.is_subset and not outcome.broken:
        keep_tests(lake, inputs, tests)
    for message in outcome.broken:
        lake.ledger.fault("warehouse", message)
    outcome = replace(outcome, tests=tests)
    return list(told(context, lake, outcome, prepared.standing, as_of, lineage(catalogue))), outcome.broken


def chosen(context: dg.AssetExecutionContext) -> list[str]:
    """dbt's names of the selected models; empty for all of them."""
    if not context.is_subset:
        return []
    wanted = context.selected_asset_keys
    return [spec.metadata[UNIQUE_ID].rsplit(".", 1)[-1] for spec in context.assets_def.specs if spec.key in wanted]


def lineage(catalogue: Catalogue) -> Lineage:
    """Of each golden table which columns of which pools its columns are made of, as metadata: the interface reads it of the last event."""
    from yishu.catalogue.authority import origins_of

    return {
        dg.AssetKey([entity.schema_, name]): {"dagster/column_lineage": dg.TableColumnLineage(deps_by_column={
            column: [dg.TableColumnDep(asset_key=dg.AssetKey(["pool", *id_.split(".")]), column_name=item) for id_, item in origins]
            for column, origins in origins_of(catalogue, name).items()})}
        for name, entity in catalogue.authority.items()
    }


def told(
    context: dg.AssetExecutionContext, lake: Lake, outcome: BuildOutcome, standing: Sequence[str], as_of: date, origins: Lineage
) -> Iterator[Result]:
    """What dbt did, and what had nothing to do, as results of the assets and checks of this step."""
    import duckdb

    from yishu.lake.warehouse import build_path
    from yishu.lake.whole_gate import row_counts

    keys = {spec.metadata[UNIQUE_ID]: spec.key for spec in context.assets_def.specs}
    found: dict[dg.AssetKey, dict[str, Any]] = {keys[model.unique_id]: {"seconds": round(model.seconds, 3)} for model in outcome.models}
    found |= {key: {"note": STANDS} for id_, key in keys.items() if id_.rsplit(".", 1)[-1] in standing}
    with duckdb.connect(str(build_path(lake.data)), read_only=True) as connection:
        rows = row_counts(connection, [".".join(key.path) for key in found])
    for key in in_order(context):  # what changed is asked of whoever builds, by hand too, and not told
        if key in found:
            counted: dict[str, Any] = {"dagster/row_count": rows[".".join(key.path)], "as_of": as_of.isoformat()}
            yield dg.MaterializeResult(asset_key=key, metadata={**counted, **found[key], **origins.get(key, {})})
    results = {test.unique_id: {"status": test.status, "failures": test.failures, "ran_in": test.ran_in} for test in outcome.tests}
    yield from checks(context, results, {})


def unchanged(context: dg.AssetExecutionContext, lake: Lake, published: Mapping[str, Any], origins: Lineage) -> Iterator[Result]:
    """Same inputs as the published release: nothing is built, and the tests stand as they were found for it."""
    note = f"输入与第 {published['number']} 次发布相同，未重新构建"
    context.log.info(note)
    for key in in_order(context):
        rows = published["tables"].get(".".join(key.path), {}).get("rows")
        counted = {} if rows is None else {"dagster/row_count": rows}
        yield dg.MaterializeResult(asset_key=key, metadata={**counted, "note": note, "as_of": published["as_of"], **origins.get(key, {})})
    results = {test["unique_id"]: {**test, "ran_in": None} for test in kept_tests(lake, published)}
    yield from checks(context, results, {"note": note}, absent="本次未运行，且没有保存该次构建的结果")


def in_order(context: dg.AssetExecutionContext) -> list[dg.AssetKey]:
    """The selected assets, each after those it is built from: Dagster takes them in no other order."""
    wanted = context.selected_asset_keys
    needs = {spec.key: [dep.asset_key for dep in spec.deps if dep.asset_key in wanted] for spec in context.assets_def.specs if spec.key in wanted}
    return list(TopologicalSorter(needs).static_order())


def checks(context: dg.AssetExecutionContext, results: Mapping[str, Mapping[str, Any]], more: dict[str, Any],
           absent: str | None = None) -> Iterator[Result]:
    """A result for each declared check that was run; with `absent`, a warning for each that was not."""
    for spec in context.assets_def.check_specs:
        if spec.key not in context.selected_asset_check_keys:
            continue
        result = results.get(spec.metadata[UNIQUE_ID])
        if result is not None:
            severity = dg.AssetCheckSeverity.WARN if result["status"] == "warn" else dg.AssetCheckSeverity.ERROR
            yield dg.AssetCheckResult(asset_key=spec.asset_key, check_name=spec.name, passed=result["status"] == "pass", severity=severity,
                                      metadata={"failures": result["failures"], **more, **({"note": STANDS} if result.get("ran_in") else {})})
        elif absent is not None:
            yield dg.AssetCheckResult(asset_key=spec.asset_key, check_name=spec.name, passed=False, severity=dg.AssetCheckSeverity.WARN,
                                      metadata={"note": absent})


def kept_tests(lake: Lake, published: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The results of the tests of that release's build, with the run each ran in; none where they were not kept."""
    run = lake.ledger.last_gate_run("dbt", "warehouse")
    return [{"ran_in": run["run"], **test} for test in run["results"]] if run and run["batch"] == published["inputs_hash"] else []


def tests_standing(lake: Lake, published: Mapping[str, Any] | None, outcome: BuildOutcome) -> list[TestRun]:
    """The tests that this build did not run, as they were found for the release that it is built upon."""
    ran = {test.unique_id for test in outcome.tests}
    kept = kept_tests(lake, published) if published else []
    standing = [test for test in kept if test["unique_id"] not in ran]
    return [TestRun(test["unique_id"], test["rule"], test["status"], test["failures"], test["ran_in"]) for test in standing]


def keep_tests(lake: Lake, inputs: str, tests: list[TestRun]) -> None:
    """The proof that the tests ran (E11), and what a later night with the same inputs reports. What was not asked again names the run that asked."""
    results = [{"unique_id": test.unique_id, "rule": test.name, "status": test.status, "failures": test.failures,
                **({"ran_in": test.ran_in} if test.ran_in else {})} for test in tests]
    run = lake.ledger.gate_run("dbt", "warehouse", inputs, "-")
    lake.ledger.gate_result(run, results, sum(test.failures for test in tests))
