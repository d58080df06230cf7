"""Messages between nights: the schedule asks for a run only where there is something to send; the run takes no lock of the night."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from orchestration.components.notification import Notification, notify_job
from orchestration.stale_runs import NOTIFY_JOB, close_stale_runs
from portal.notify import sending
from portal.notify.sending import SendingReport
from yishu.lake.lock import writing
from yishu.settings import settings


def report(**counts: int) -> SendingReport:
    from collections import Counter

    return SendingReport.of(Counter({("mail", outcome): count for outcome, count in counts.items()}))


@pytest.fixture
def schedule() -> Any:
    made = dg.build_defs_for_component(Notification(cron="*/15 * * * *", timezone="Asia/Shanghai"))
    return made.resolve_schedule_def(NOTIFY_JOB)


@pytest.fixture
def due(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    return lambda answer: monkeypatch.setattr(sending, "is_anything_due", lambda data, now: answer)


def asked(schedule: Any, instance: dg.DagsterInstance) -> int:
    with dg.build_schedule_context(instance=instance) as context:
        return len(schedule.evaluate_tick(context).run_requests)


def test_a_tick_asks_for_one_run_and_only_where_something_is_due(schedule: Any, due: Callable[[bool], None], tmp_path: Path) -> None:
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        due(False)
        assert asked(schedule, instance) == 0
        due(True)
        assert asked(schedule, instance) == 1
        instance.create_run_for_job(notify_job, status=dg.DagsterRunStatus.STARTED)
        assert asked(schedule, instance) == 0, "a run waits or sends already"


def test_a_run_sends_while_a_night_holds_the_lock_and_fails_only_where_a_person_must_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "data", tmp_path)
    with writing(tmp_path, "夜间任务"), dg.DagsterInstance.ephemeral() as instance:
        for counts, succeeds in (({"sent": 1, "refused": 1, "waiting": 1}, True), ({"unclear": 1}, False), ({"given_up": 1}, False)):
            monkeypatch.setattr(sending, "send_waiting", lambda data, now, counts=counts: report(**counts))
            assert notify_job.execute_in_process(instance=instance, raise_on_error=False).success is succeeds, counts


def test_a_night_that_begins_leaves_the_run_that_sends_alone() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        sends = instance.create_run_for_job(notify_job, status=dg.DagsterRunStatus.STARTED)

        @dg.job
        def killed() -> None: ...

        dead = instance.create_run_for_job(killed, status=dg.DagsterRunStatus.STARTED)
        assert close_stale_runs(instance) == [dead.run_id]
        found = instance.get_run_by_id(sends.run_id)
        assert found is not None and found.status is dg.DagsterRunStatus.STARTED
