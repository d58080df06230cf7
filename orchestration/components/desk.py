"""The tickets as an asset: violations projected to the desk, what is overdue escalated, departments told. Late in a night,
whatever became of the build.
"""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg

from orchestration.lake import Lake
from orchestration.register import current_catalogue
from yishu.catalogue import Catalogue
from yishu.lake.lock import SHANGHAI
from yishu.settings import settings

if TYPE_CHECKING:
    from yishu.catalogue.law import Profile

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
    """tickets: one reconciliation of the desk with the open violations, one escalation, one digest a receiver."""

    @dg.asset(
        key=TICKETS, deps=[dg.AssetKey(["gate", "cross"])], group_name="desk", owners=[owner], kinds={"django"}, tags={"layer": "desk"},
        op_tags=AFTER_RELEASE,
        description="更正工单：由未结问题派生，按部门、资源、规则开单；数据更正后自动关闭（E03）；逾期逐级督办（E08），每夜通知各部门一次",
    )
    def tickets(context: dg.AssetExecutionContext, lake: Lake) -> dg.MaterializeResult:
        import polars as pl

        from portal.desk.service import reconcile
        from portal.supervision.escalation import escalate
        from yishu.catalogue.calendar import WorkingDayCalendar
        from yishu.catalogue.law import load_profile
        from yishu.gate.suggestions.suggesting import suggest
        from yishu.lake.violations import closings, open_violations
        from yishu.linkage.settling import suggested_links

        night, profile, calendar = lake.business_date, load_profile(settings.profile, settings.catalogue), WorkingDayCalendar.load(settings.catalogue)
        with lake.writing("更正工单") as data:
            still = open_violations(data)
            offered = suggest(data, catalogue, still)
            proposals = pl.concat([offered, suggested_links(data, catalogue)], how="diagonal")
            report = reconcile(
                still, closings(data), suggestions=proposals, night=night, profile=profile, calendar=calendar, actor=settings.actor,
                data=data, catalogue=catalogue)
            escalated = escalate(data, night, profile, calendar, catalogue, settings.actor)
            told = notify(context, data, night, profile, catalogue)
        return dg.MaterializeResult(metadata={
            "opened_tickets": report.opened_tickets, "opened_items": report.opened_items, "closed_tickets": report.closed_tickets,
            "updated_items": report.updated_items, "unchanged": report.unchanged, "closed_items": dict(report.closed_items),
            "proposals": proposals.height, "opened_by_department": dict(report.opened_by_department),
            "escalated": dict(escalated.steps), "overdue": escalated.overdue, "notices": len(escalated.notices),
            "waiting_for_ruling": len(escalated.waiting_for_ruling), "notices_waiting_for_calendar": escalated.not_yet_certain, **told})

    return tickets


def notify(context: dg.AssetExecutionContext, data: Path, night: date, profile: "Profile", catalogue: Catalogue) -> dict[str, Any]:
    """Write the night's digests and send what waits; counts for the metadata. No server's fault fails the night."""
    from portal.notify.digest import write_digests
    from portal.notify.sending import send_waiting

    written = write_digests(data, night, profile, catalogue)
    told: dict[str, Any] = {"messages": written.messages, "without_address": len(written.unreachable)}
    try:
        sent = send_waiting(data, datetime.now(SHANGHAI))
    except Exception as error:  # the messages wait in the outbox, for the next night or `yishu desk`
        context.log.error(f"通知未能发送：{type(error).__name__}")
        return told | {"sending_failed": type(error).__name__}
    return told | {"messages_sent": sent.sent, "messages_refused": sent.refused, "messages_unclear": sent.unclear,
                   "messages_given_up": sent.given_up, "messages_waiting": sent.waiting}
