"""The gate between departments and the table of what is under check, as assets."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import dagster as dg

from orchestration.components.spatial import LOCATED
from orchestration.evidence import TITLES, failed_check, severity_check
from orchestration.lake import Lake
from orchestration.register import current_catalogue
from yishu.catalogue import Catalogue

CROSS = dg.AssetKey(["gate", "cross"])
UNDER_CHECK = dg.AssetKey(["under_check"])
CROSS_SEVERITIES = ("content", "advisory")


class Gate(dg.Component, dg.Model, dg.Resolvable):
    """gate/cross and under_check; `owner` answers for the rules between departments."""

    owner: str

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        catalogue = current_catalogue()
        return dg.Definitions(assets=[cross_asset(catalogue, self.owner), under_check_asset(catalogue, self.owner)])


def cross_asset(catalogue: Catalogue, owner: str) -> dg.AssetsDefinition:
    """gate/cross: the rules between departments, what the desk has decided, and conflicts between sources, over one pin of all pools."""

    @dg.asset(
        key=CROSS, deps=[LOCATED, *(dg.AssetKey(["pool", resource.department, resource.name]) for resource in catalogue.resources.values())],
        group_name="gate", owners=[owner], kinds={"polars", "great_expectations"}, tags={"layer": "gate"},
        description="跨部门门禁：在同一版本的全部资源池上核对部门之间的矛盾（例如已登记死亡而他处仍在册）",
        check_specs=[dg.AssetCheckSpec(severity, asset=CROSS, description=TITLES[severity]) for severity in CROSS_SEVERITIES],
    )
    def cross(context: dg.AssetExecutionContext, lake: Lake) -> Iterator[dg.MaterializeResult]:
        from yishu.gate.conflicts import settle_conflicts
        from yishu.gate.cross import evaluate
        from yishu.lake.pins import current_pin, digest

        found: list[dict[str, Any]] = []
        with lake.writing("跨部门门禁") as data:
            pin = current_pin(data, catalogue)
            fault = lake.attempt(context, "gate", lambda: found.extend(asdict(outcome) for outcome in evaluate(data, catalogue, pin)))
            lake.attempt(context, "gate", lambda: settle_conflicts(data, catalogue, pin))
        yield dg.MaterializeResult(
            metadata={"pin": digest(pin), "rules": len(found), "evaluated_anew": sum(rule["evaluated_anew"] for rule in found)},
            check_results=[failed_check(CROSS, severity, fault) if fault else severity_check(CROSS, severity, _named(found), digest(pin))
                           for severity in CROSS_SEVERITIES],
        )

    return cross


def under_check_asset(catalogue: Catalogue, owner: str) -> dg.AssetsDefinition:
    """under_check: the keys in doubt, derived from open violations."""

    @dg.asset(
        key=UNDER_CHECK, deps=[CROSS], group_name="gate", owners=[owner], kinds={"delta", "polars"}, tags={"layer": "gate"},
        description="核实中的记录：由未结疑点派生；记录照常使用，旁注“核实中”（E07）",
    )
    def under_check(lake: Lake) -> dg.MaterializeResult:
        from yishu.gate.under_check import refresh
        from yishu.lake.pins import current_pin

        with lake.writing("核实中的记录") as data:
            rows = refresh(data, catalogue, current_pin(data, catalogue))
        return dg.MaterializeResult(metadata={"dagster/row_count": rows})

    return under_check


def _named(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rule's resource beside the rule: the same rule may watch several."""
    return [{**rule, "column": rule["on"]} for rule in found]
