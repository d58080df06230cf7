"""What a killed process left: Dagster runs that never ended, nights without an outcome. Called by whoever holds the lock.

The lock is held to the end of a run, so a run that says STARTED while we hold it has no process any more.
"""

from datetime import UTC, datetime, timedelta

import dagster as dg

from yishu.lake.ledger import Ledger

INTERRUPTED = "interrupted"
_STARTING_TAKES_AT_MOST = timedelta(minutes=10)


def close_stale_runs(instance: dg.DagsterInstance, own_run: str | None = None) -> list[str]:
    """Mark runs that no process works on as failed, so that they hold no slot; return their ids."""
    begun = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
    stale = list(instance.get_runs(dg.RunsFilter(statuses=begun)))
    long_ago = datetime.now(UTC) - _STARTING_TAKES_AT_MOST
    stale += instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTING], updated_before=long_ago))
    stale = [run for run in stale if run.run_id != own_run]
    for run in stale:
        instance.report_run_failed(run, message="进程已中断；由下一次运行标记为失败")
    return [run.run_id for run in stale]


def close_interrupted_nights(ledger: Ledger) -> None:
    """Give every night that never ended its outcome."""
    for night in ledger.nights():
        if night["ended_at"] is None:
            ledger.end_night(night["night"], INTERRUPTED, ["进程中断"])
