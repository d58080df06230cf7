"""A killed process's run must not keep the only slot: the daemon would wait for it for ever."""

import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from orchestration.environment import dagster_home
from orchestration.stale_runs import close_killed_runs
from yishu.settings import settings

HOLDS_THE_LOCK = """
import sys
from pathlib import Path
from yishu.lake.lock import writing
with writing(Path(sys.argv[1]), "夜间任务"):
    print("held", flush=True)
    sys.stdin.read()
"""


@dg.job
def night() -> None: ...


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(settings, "data", tmp_path)
    monkeypatch.setenv("DAGSTER_HOME", "")
    dagster_home(tmp_path)
    with dg.DagsterInstance.get() as instance:
        yield instance


def test_a_run_whose_process_was_killed_is_failed_before_the_daemon_starts(instance: dg.DagsterInstance, tmp_path: Path) -> None:
    killed = instance.create_run_for_job(night, status=dg.DagsterRunStatus.STARTED)
    waiting = instance.create_run_for_job(night, status=dg.DagsterRunStatus.NOT_STARTED)
    assert close_killed_runs(tmp_path) == [killed.run_id]
    assert status(instance, killed) is dg.DagsterRunStatus.FAILURE
    assert status(instance, waiting) is dg.DagsterRunStatus.NOT_STARTED
    assert close_killed_runs(tmp_path) == []


def test_a_run_whose_process_still_writes_is_left_alone(instance: dg.DagsterInstance, tmp_path: Path) -> None:
    running = instance.create_run_for_job(night, status=dg.DagsterRunStatus.STARTED)
    holder = subprocess.Popen([sys.executable, "-c", HOLDS_THE_LOCK, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        assert close_killed_runs(tmp_path) == []
        assert status(instance, running) is dg.DagsterRunStatus.STARTED
        holder.communicate()


def status(instance: dg.DagsterInstance, run: dg.DagsterRun) -> dg.DagsterRunStatus:
    found = instance.get_run_by_id(run.run_id)
    assert found is not None
    return found.status
