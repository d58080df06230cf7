"""The night as the command line runs it: the same job as the schedule's, in this process, as a real Dagster run.

Not here: what is printed (cli/), what the steps do (components/, yishu/).
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import dagster as dg

from orchestration.components.night import dated, tell
from orchestration.environment import dagster_home
from orchestration.lake import NIGHT_JOB
from orchestration.outcome import FAILED, NightOutcome
from orchestration.step_watch import StepCost, StepWatch
from yishu.lake.ledger import Ledger

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class NightRun:
    """One night that has run: its number in the ledger, its outcome, what each step cost, what each asset told."""

    night: int | None
    run_id: str
    outcome: NightOutcome
    costs: list[StepCost]
    told: dict[str, dict[str, Any]] = field(default_factory=dict)


def run_night(data: Path, day: date, watch: StepWatch) -> NightRun:
    """Execute job `night` for the date. Raises what loading the definitions raises (CatalogueError and others)."""
    dagster_home(data)
    from orchestration.definitions import defs

    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    job = defs().resolve_job_def(NIGHT_JOB)
    run_id = str(uuid4())
    with dg.DagsterInstance.get() as instance:
        instance.add_event_listener(run_id, watch.listen)
        began = max((night["night"] for night in Ledger(data).nights()), default=0)
        result = job.execute_in_process(run_config={**dated(day.isoformat()), **QUIET}, instance=instance, raise_on_error=False, run_id=run_id)
        told = {event.asset_key.to_user_string(): _plain(event.step_materialization_data.materialization.metadata)
                for event in result.get_asset_materialization_events() if event.asset_key is not None}
        night = _closed_night(data, day, run_id, began)
    outcome = NightOutcome(night["outcome"], tuple(json.loads(night["faults"] or "[]"))) if night else _never_begun(day, run_id)
    return NightRun(night["night"] if night else None, run_id, outcome, watch.costs, told)


def _closed_night(data: Path, day: date, run_id: str, before: int) -> dict[str, Any] | None:
    """The night of this run, ended here where its own report could not; None where the run broke off before it began."""
    ledger = Ledger(data)
    nights = [night for night in ledger.nights() if night["night"] > before]
    if nights and nights[-1]["ended_at"] is None:
        outcome = NightOutcome(FAILED, ("夜间报告未能生成",))
        ledger.end_night(nights[-1]["night"], outcome.kind, outcome.faults)
        tell(outcome, day.isoformat(), run_id)
        nights = ledger.nights()
    return nights[-1] if nights else None


def _never_begun(day: date, run_id: str) -> NightOutcome:
    outcome = NightOutcome(FAILED, ("夜间任务未能开始",))
    tell(outcome, day.isoformat(), run_id)
    return outcome


def _plain(metadata: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.value for name, value in metadata.items()}
