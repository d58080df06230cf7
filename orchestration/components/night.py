"""The nightly job, its schedule and its last step: the report, which ends the night in the ledger and alerts the operator."""

import logging
from pathlib import Path

import dagster as dg

from orchestration import alert
from orchestration.data_docs import docs_metadata, leave_docs
from orchestration.lake import NIGHT_JOB, Lake
from orchestration.outcome import NightOutcome, judge_night
from orchestration.register import current_catalogue
from yishu.catalogue import Catalogue

REPORT = dg.AssetKey(["night", "report"])
LAST = {"dagster/priority": "-20"}
_alerted: set[str] = set()


class Night(dg.Component, dg.Model, dg.Resolvable):
    """Job `night` over all assets, scheduled; night/report closes it."""

    owner: str
    cron: str
    timezone: str

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        catalogue = current_catalogue()
        job = dg.define_asset_job(NIGHT_JOB, selection=dg.AssetSelection.all(), hooks={alert_on_failure}, executor_def=dg.in_process_executor,
                                  description="夜间任务：入湖、门禁、入池、构建、发布、工单、报告")
        return dg.Definitions(
            assets=[report_asset(catalogue, self.owner)], jobs=[job], schedules=[self._schedule()], resources={"lake": Lake()},
            loggers={"console": console},
            executor=dg.in_process_executor)

    def _schedule(self) -> dg.ScheduleDefinition:
        @dg.schedule(name=NIGHT_JOB, job_name=NIGHT_JOB, cron_schedule=self.cron, execution_timezone=self.timezone,
                     default_status=dg.DefaultScheduleStatus.RUNNING, description="每晚运行；数据日期为当天")
        def night(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
            day = context.scheduled_execution_time.date().isoformat()
            return dg.RunRequest(run_key=day, run_config=dated(day))

        return night


def dated(day: str) -> dict[str, dict[str, dict[str, dict[str, str]]]]:
    """The run configuration of a night of that business date."""
    return {"resources": {"lake": {"config": {"date": day}}}}


def report_asset(catalogue: Catalogue, owner: str) -> dg.AssetsDefinition:
    """night/report: how the night stands. Needs nothing of build, release or tickets, so that it also tells of their failure."""

    @dg.asset(
        key=REPORT, deps=[dg.AssetKey(["gate", "cross"])], group_name="desk", owners=[owner], tags={"layer": "night"}, op_tags=LAST,
        description="夜间报告：这一夜的结果和故障；不正常时告警",
        check_specs=[dg.AssetCheckSpec("outcome", asset=REPORT, description="这一夜没有故障")],
    )
    def report(context: dg.AssetExecutionContext, lake: Lake) -> dg.MaterializeResult:
        from yishu.gate.receipts import write_stray_receipts
        from yishu.ingest.landing import strays

        nights = lake.ledger.nights()
        night = nights[-1]["night"] if nights else None
        leave_docs(context, lake, catalogue)
        failed = [step.step_key for step in context.instance.get_run_step_stats(context.run.run_id) if step.status is not None
                  and step.status.value == "FAILURE"]
        outcome = judge_night(lake.ledger.faults(night) if night is not None else [], failed, catalogue)
        if nights and nights[-1]["ended_at"] is None:
            lake.ledger.end_night(nights[-1]["night"], outcome.kind, outcome.faults)
            if not outcome.is_good:
                tell(outcome, lake.business_date.isoformat(), context.run.run_id)
        page = _status_page(lake)
        with lake.writing("回执") as data:
            write_stray_receipts(data, catalogue)
        return dg.MaterializeResult(
            metadata={"outcome": outcome.title, "status_page": dg.MetadataValue.path(str(page)) if page else "尚未发布",
                      **docs_metadata(lake),
                      "faults": dg.MetadataValue.md("\n".join(f"- {fault}" for fault in outcome.faults) or "无"),
                      "strays": [f"{stray.path.relative_to(lake.data)}：{stray.why}" for stray in strays(lake.data, catalogue)]},
            check_results=[dg.AssetCheckResult(asset_key=REPORT, check_name="outcome", passed=outcome.is_good)])

    return report


def _status_page(lake: Lake) -> Path | None:
    """The page beside the published database, as the night leaves the platform. """
    from orchestration.standing import standing
    from orchestration.status_page import write_page
    from yishu.lake.release import published_release

    tables = (published_release(lake.data) or {}).get("tables", {})
    with lake.writing("平台状况页"):
        return write_page(lake.data, standing(lake.data), {name: table["rows"] for name, table in tables.items()})


def tell(outcome: NightOutcome, day: str, run_id: str) -> None:
    """Alert once a run."""
    if run_id in _alerted:
        return
    _alerted.add(run_id)
    text = "\n".join([*outcome.faults, "详情见 yishu status 和 Dagster 界面"])
    alert.send(alert.Alert(f"{day} 夜间任务{outcome.title}", text, outcome.kind, day, run_id))


@dg.logger({"log_level": dg.Field(str, default_value="ERROR", is_required=False, description="终端上显示的最低级别")})
def console(context: dg.InitLoggerContext) -> logging.Logger:
    """Faults only on the terminal: the whole log of a run stands in Dagster."""
    log = logging.Logger("yishu.run", level=context.logger_config["log_level"])
    log.addHandler(logging.StreamHandler())
    return log


@dg.failure_hook(required_resource_keys={"lake"})
def alert_on_failure(context: dg.HookContext) -> None:
    """A step without which there is no report has failed: tell the operator at once."""
    if context.step_key.startswith(("raw__", "pool__", "gate__", "night__")):
        outcome = NightOutcome("failed", (f"步骤 {context.step_key} 失败，夜间报告未能生成",))
        tell(outcome, context.resources.lake.business_date.isoformat(), context.run_id)
