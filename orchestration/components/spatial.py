"""The points of all pools, located by the boundaries in force, as an asset."""

import dagster as dg

from orchestration.lake import Lake
from orchestration.register import current_catalogue
from yishu.catalogue import Catalogue
from yishu.settings import settings

LOCATED = dg.AssetKey(["located"])


class Spatial(dg.Component, dg.Model, dg.Resolvable):
    """located; `owner` answers for conversion and assignment."""

    owner: str

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        return dg.Definitions(assets=[located_asset(current_catalogue(), self.owner)])


def located_asset(catalogue: Catalogue, owner: str) -> dg.AssetsDefinition:
    """located: after the pools, before the cross gate, which accuses by it, and the build, which takes it in."""
    sources = [resource for resource in catalogue.resources.values() if resource.coordinates or resource.boundaries]

    @dg.asset(
        key=LOCATED, deps=[dg.AssetKey(["pool", resource.department, resource.name]) for resource in sources],
        group_name="gate", owners=[owner], kinds={"delta", "polars"}, tags={"layer": "gate"},
        description="点位：各部门坐标换算为 CGCS2000，并按现行界线归到县（市、区）、乡镇（街道）、社区（村）",
    )
    def located(context: dg.AssetExecutionContext, lake: Lake) -> dg.MaterializeResult:
        from yishu.lake.pins import current_pin
        from yishu.spatial.step import settle

        settled = None

        def locate() -> None:
            nonlocal settled
            settled = settle(lake.data, catalogue, current_pin(lake.data, catalogue), actor=settings.actor)

        with lake.writing("点位归属"):
            fault = lake.attempt(context, "located", locate)
        if settled is None:
            return dg.MaterializeResult(metadata={"note": f"未能定位，沿用上一次的结果：{fault}"})
        return dg.MaterializeResult(metadata={"dagster/row_count": settled.rows, "located_anew": settled.anew, "written": settled.written})

    return located
