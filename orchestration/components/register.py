"""Every resource of the catalogue as two assets: raw (taken in as it came) and pool (judged, typed, current).

Not here: how rows are read or judged (yishu/ingest, yishu/gate). A new catalogue file is two new assets, without an edit here.
"""

from collections.abc import Iterator

import dagster as dg

from orchestration.data_docs import resource_url
from orchestration.evidence import SEVERITIES, TITLES, owner, plotted, pool_columns, raw_columns, read_check, row_checks
from orchestration.lake import Lake
from orchestration.register import current_catalogue
from yishu.catalogue import Catalogue, Resource


class Register(dg.Component, dg.Model, dg.Resolvable):
    """The register of departments and their resources."""

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        catalogue = current_catalogue()
        assets = [make(resource, catalogue) for resource in catalogue.resources.values() for make in (raw_asset, pool_asset)]
        return dg.Definitions(assets=assets)


def raw_asset(resource: Resource, catalogue: Catalogue) -> dg.AssetsDefinition:
    """raw/<department>/<resource>: takes in every waiting file up to the run's date."""
    department = catalogue.departments[resource.department]
    key = dg.AssetKey(["raw", resource.department, resource.name])

    @dg.asset(
        key=key, group_name=f"raw_{resource.department}", owners=[owner(department)], kinds={"delta", "polars"},
        description=f"{department.title}《{resource.title}》原样入湖：{resource.summary}",
        tags={"layer": "raw", "department": resource.department},
        metadata={"dagster/column_schema": raw_columns(resource), "catalogue_code": resource.code, "frequency": resource.frequency},
        check_specs=[dg.AssetCheckSpec("read", asset=key, description="每批都读完，且记录数 = 入湖 + 拒收")],
    )
    def raw(context: dg.AssetExecutionContext, lake: Lake) -> Iterator[dg.MaterializeResult]:
        from yishu.ingest.intake import collect

        with lake.writing(f"入湖 {resource.id}") as data:
            fault = lake.attempt(context, "raw", lambda: collect(data, resource, catalogue, until=lake.business_date), resource)
            if fault:
                _fail_unread(lake, resource, fault)
        yield dg.MaterializeResult(
            metadata={"channel": _channel(lake, resource), "dagster/row_count": sum(
                d.raw_rows or 0 for d in lake.ledger.deliveries(resource.department, resource.name))},
            check_results=[read_check(key, lake.ledger, resource, fault)],
        )

    return raw


def pool_asset(resource: Resource, catalogue: Catalogue) -> dg.AssetsDefinition:
    """pool/<department>/<resource>: judges and applies every delivery that is pending in the ledger."""
    department = catalogue.departments[resource.department]
    key = dg.AssetKey(["pool", resource.department, resource.name])

    @dg.asset(
        key=key, deps=[dg.AssetKey(["raw", resource.department, resource.name])], group_name=f"pool_{resource.department}",
        owners=[owner(department)], kinds={"delta", "polars", "great_expectations"},
        description=f"{department.title}《{resource.title}》部门数据资源池：{resource.summary}（过门禁，按目录定型，一键一行）",
        tags={"layer": "pool", "department": resource.department},
        metadata={"dagster/column_schema": pool_columns(resource), "key": "、".join(resource.key), "sharing": resource.sharing.class_},
        check_specs=[dg.AssetCheckSpec(severity, asset=key, description=TITLES[severity]) for severity in SEVERITIES],
    )
    def pool(context: dg.AssetExecutionContext, lake: Lake) -> Iterator[dg.MaterializeResult]:
        from yishu.gate.receipts import write_receipts
        from yishu.gate.step import advance

        with lake.writing(f"门禁与入池 {resource.id}") as data:
            fault = lake.attempt(context, "pool", lambda: advance(data, resource, catalogue), resource)
            fault = lake.attempt(context, "pool", lambda: write_receipts(data, resource, catalogue), resource) or fault
        last = lake.ledger.last_accepted(resource.department, resource.name)
        yield dg.MaterializeResult(
            metadata={"dagster/row_count": (last.pool_rows or 0) if last else 0, "delivery": last.delivery_id if last else "尚无已接收的批次",
                      "data_docs": resource_url(resource), **plotted(lake.ledger, last)},
            check_results=row_checks(key, lake.ledger, resource, fault),
        )

    return pool


def _channel(lake: Lake, resource: Resource) -> str:
    """The channel in words, and whether a table or interface is reached or files come in its place (C03)."""
    from yishu.ingest.intake import is_connected
    from yishu.settings import ConnectionUnusable

    title = {"file": "文件", "table": "库表", "interface": "接口"}[resource.delivery.channel]
    if resource.delivery.channel == "file":
        return title
    try:
        return f"{title}（已连接）" if is_connected(lake.data, resource) else f"{title}（未连接，以文件代报）"
    except ConnectionUnusable:
        return f"{title}（连接配置有误）"


def _fail_unread(lake: Lake, resource: Resource, fault: str) -> None:
    """A delivery whose reading broke off is failed until a later night has read it."""
    from yishu.settings import settings

    for delivery in lake.ledger.deliveries(resource.department, resource.name, ["received"]):
        if not delivery.landed:
            lake.ledger.move(delivery.delivery_id, "failed", actor=settings.actor, reason=fault)
