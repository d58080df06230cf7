"""The tickets as an asset: violations projected to the desk. Last but one of a night, whatever became of the build."""

import dagster as dg

from orchestration.lake import Lake
from orchestration.register import current_catalogue
from yishu.catalogue import Catalogue
from yishu.settings import settings

TICKETS = dg.AssetKey(["tickets"])
# The in-process executor takes ready steps by priority: after build and release, so that the tickets know what these found,
# and without depending on them, so that a failed build keeps no department waiting.
AFTER_RELEASE = {"dagster/priority": "-10"}


class Desk(dg.Component, dg.Model, dg.Resolvable):
    """tickets; `owner` runs the desk."""

    owner: str

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        return dg.Definitions(assets=[tickets_asset(current_catalogue(), self.owner)])


def tickets_asset(catalogue: Catalogue, owner: str) -> dg.AssetsDefinition:
    """tickets: one reconciliation of the desk with the open violations."""

    @dg.asset(
        key=TICKETS, deps=[dg.AssetKey(["gate", "cross"])], group_name="desk", owners=[owner], kinds={"django"}, tags={"layer": "desk"},
        op_tags=AFTER_RELEASE, description="更正工单：由未结问题派生，按部门、资源、规则开单；数据更正后自动关闭（E03）",
    )
    def tickets(lake: Lake) -> dg.MaterializeResult:
        from portal.desk.service import reconcile
        from yishu.catalogue.calendar import WorkingDayCalendar
        from yishu.catalogue.law import load_profile
        from yishu.lake.violations import closings, open_violations

        with lake.writing("更正工单") as data:
            report = reconcile(
                open_violations(data), closings(data), night=lake.business_date, profile=load_profile(settings.profile, settings.catalogue),
                calendar=WorkingDayCalendar.load(settings.catalogue), actor=settings.actor, data=data, catalogue=catalogue)
        return dg.MaterializeResult(metadata={
            "opened_tickets": report.opened_tickets, "opened_items": report.opened_items, "closed_tickets": report.closed_tickets,
            "updated_items": report.updated_items, "unchanged": report.unchanged, "closed_items": dict(report.closed_items),
            "opened_by_department": dict(report.opened_by_department)})

    return tickets
