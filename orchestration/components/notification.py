"""Sending the desk's messages between nights: a job that takes no lock of the night, and its schedule.

A server that refuses is asked again after five, ten, twenty minutes; with the nights alone that would be days. Belongs here: when to
send. Not here: what is sent and what becomes of it (portal/notify), the night's own sending (desk.py).
"""

from datetime import datetime

import dagster as dg

from orchestration.stale_runs import NOTIFY_JOB, close_silent_sending
from yishu.lake.lock import SHANGHAI
from yishu.settings import settings

UNENDED = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED]


class Notification(dg.Component, dg.Model, dg.Resolvable):
    """Job `notify`, scheduled by `cron`. Running from the beginning: where nothing is due, or no way is configured, a tick does nothing."""

    cron: str
    timezone: str

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        return dg.Definitions(jobs=[notify_job], schedules=[self._schedule()])

    def _schedule(self) -> dg.ScheduleDefinition:
        @dg.schedule(name=NOTIFY_JOB, job=notify_job, cron_schedule=self.cron, execution_timezone=self.timezone,
                     default_status=dg.DefaultScheduleStatus.RUNNING, description="发送待发的通知，失败的到时重试；没有到时的通知则不运行")
        def notify(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
            from portal.notify.sending import is_anything_due

            close_silent_sending(context.instance)
            # One run waits behind a long night, not one a quarter of an hour.
            if context.instance.get_runs_count(dg.RunsFilter(job_name=NOTIFY_JOB, statuses=UNENDED)):
                return dg.SkipReason("上一次发送尚未结束")
            if not is_anything_due(settings.data, datetime.now(SHANGHAI)):
                return dg.SkipReason("没有到时的通知")
            return dg.RunRequest()

        return notify


@dg.op(description="发送到时的通知；结果不明或多次失败的，须由人在工单台“通知发送”页处理")
def send_messages(context: dg.OpExecutionContext) -> None:
    """Fails where a person must look: what was refused is tried again by itself."""
    from portal.notify.sending import send_waiting

    report = send_waiting(settings.data, datetime.now(SHANGHAI))
    context.add_output_metadata({f"{channel}_{outcome}": count for channel, counts in report.by_channel.items() for outcome, count in counts.items()})
    if report.unclear or report.given_up:
        raise dg.Failure(f"{report.unclear} 条通知结果不明，{report.given_up} 条多次失败已停止；请在工单台“通知发送”页核对后再发")


@dg.job(name=NOTIFY_JOB, description="通知：把工单台待发的通知发给各部门；不占用夜间任务的锁", executor_def=dg.in_process_executor)
def notify_job() -> None:
    send_messages()
