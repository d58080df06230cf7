"""What a killed process left: Dagster runs that never ended, nights without an outcome.

The lock is held to the end of a run, so a run that says STARTED while we hold it has no process any more. Sending messages takes no
lock: of such a run only its silence tells.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from yishu.lake.ledger import Ledger
from yishu.lake.lock import LockHeld, writing

INTERRUPTED = "interrupted"
NOTIFY_JOB = "notify"
_BEGUN = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
_STARTING_TAKES_AT_MOST, _SENDING_TAKES_AT_MOST = timedelta(minutes=10), timedelta(hours=1)


def close_stale_runs(instance: dg.DagsterInstance, own_run: str | None = None) -> list[str]:
    """Mark runs that no process works on as failed, so that they hold no slot; return their ids. For whoever holds the lock."""
    stale = [run for run in instance.get_runs(dg.RunsFilter(statuses=_BEGUN)) if run.job_name != NOTIFY_JOB]
    stale += _silent(instance, _STARTING_TAKES_AT_MOST, statuses=[dg.DagsterRunStatus.STARTING])
    return _close(instance, [run for run in stale if run.run_id != own_run]) + close_silent_sending(instance)


def close_killed_runs(data: Path) -> list[str]:
    """The same before the daemon starts, which would wait for the slot of a run that was killed; nothing while another process writes."""
    try:
        with writing(data, "清理中断的运行"), dg.DagsterInstance.get() as instance:
            return close_stale_runs(instance)
    except LockHeld:
        return []


def close_silent_sending(instance: dg.DagsterInstance) -> list[str]:
    """The same for runs that send messages; the lock is not needed."""
    return _close(instance, _silent(instance, _SENDING_TAKES_AT_MOST, statuses=_BEGUN, job_name=NOTIFY_JOB))


def _silent(instance: dg.DagsterInstance, age: timedelta, **which: object) -> list[dg.DagsterRun]:
    return list(instance.get_runs(dg.RunsFilter(updated_before=datetime.now(UTC) - age, **which)))  # type: ignore[arg-type]  # fields of the filter


def _close(instance: dg.DagsterInstance, stale: list[dg.DagsterRun]) -> list[str]:
    for run in stale:
        instance.report_run_failed(run, message="进程已中断；由下一次运行标记为失败")
    return [run.run_id for run in stale]


def close_interrupted_nights(ledger: Ledger) -> None:
    """Give every night that never ended its outcome."""
    for night in ledger.nights():
        if night["ended_at"] is None:
            ledger.end_night(night["night"], INTERRUPTED, ["进程中断"])
