"""The `lake` resource: the data folder as a run sees it: its lock, its business date, its ledger.

A run takes the lock once and keeps it to its end, so that no other run comes between two of its steps. Where another process
has it, each writing step stops by itself and names the holder. Not here: what the steps do.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import dagster as dg

from orchestration.stale_runs import close_interrupted_nights, close_stale_runs
from yishu.catalogue.models import Resource
from yishu.lake.ledger import Ledger
from yishu.lake.lock import SHANGHAI, LockHeld, writing
from yishu.redaction import redacted
from yishu.settings import settings

NIGHT_JOB = "night"


def today() -> dt.date:
    """The business date of a run that names none: the day in China."""
    return dt.datetime.now(SHANGHAI).date()


def hold_profile(ledger: Ledger, on: dt.date) -> None:
    """The data folder's profile is the chosen one, or gives way to it. Raises ProfileDiffers."""
    from yishu.catalogue.law import may_follow

    ledger.hold_profile(settings.profile, lambda known: may_follow(known, settings.profile, settings.catalogue, on))


class Lake(dg.ConfigurableResource):
    """Run configuration: `resources: {lake: {config: {date: "2026-03-01"}}}`; without a date, today in Asia/Shanghai."""

    date: str = ""

    @property
    def data(self) -> Path:
        return settings.data

    @property
    def business_date(self) -> dt.date:
        try:
            return dt.date.fromisoformat(self.date) if self.date else today()
        except ValueError:
            raise dg.Failure(f"日期 {self.date} 无效；请写成 2026-03-01 这样的形式") from None

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.data)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Lake"]:
        run = context.run
        with ExitStack() as held:
            try:
                held.enter_context(writing(self.data, f"运行 {run.job_name if run else ''}"))
            except LockHeld:
                pass  # the steps that write ask again, and say so where the operator looks
            else:
                self._begin(context, run.job_name if run else "")
            yield self

    def _begin(self, context: dg.InitResourceContext, job: str) -> None:
        hold_profile(self.ledger, self.business_date)
        if context.instance is not None and context.run is not None:
            close_stale_runs(context.instance, context.run.run_id)
        close_interrupted_nights(self.ledger)
        if job == NIGHT_JOB:
            self.ledger.begin_night(self.business_date, settings.actor)
            self._take_from_desk()

    def _take_from_desk(self) -> None:
        """What people decided at the desk arrives as its deliveries, tonight; what could not be written stays for the next night."""
        from portal.desk.service import flush_desk

        try:
            flush_desk(self.data)
        except Exception as error:  # a night without the desk's decisions is better than none
            self.ledger.fault("desk", redacted(f"{type(error).__name__}: {error}"))

    @contextmanager
    def writing(self, purpose: str) -> Iterator[Path]:
        """The data folder, locked. Ends the step, naming the holder, where another process has it."""
        try:
            with writing(self.data, purpose):
                yield self.data
        except LockHeld as error:
            raise dg.Failure(str(error)) from None

    def attempt(self, context: dg.AssetExecutionContext, step: str, work: Callable[[], object], resource: Resource | None = None) -> str | None:
        """Do one resource's work; a fault is recorded and returned, so that the other resources go on (the night ends degraded)."""
        try:
            work()
        except Exception as error:  # whatever it is: one department's file must not stop the others
            message = redacted(f"{type(error).__name__}: {error}")
            context.log.error(f"{step} {resource.id if resource else ''}: {message}")
            self.ledger.fault(step, message, department=resource.department if resource else None, resource=resource.name if resource else None)
            return message
        return None
