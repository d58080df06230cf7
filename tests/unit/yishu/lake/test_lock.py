"""One writer a data folder: a second process is refused and told who holds it; a dead holder holds nothing."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from yishu.lake.lock import LockHeld, writing
from yishu.settings import ROOT

# Says that it holds the lock, then waits for a line; ends when it gets one, or when its standard input closes.
HOLDER = """
import sys
from pathlib import Path
from yishu.lake.lock import writing
with writing(Path(sys.argv[1]), "a night of another process"):
    print("held", flush=True)
    sys.stdin.readline()
print("freed", flush=True)
sys.stdin.readline()
"""
ASKER = """
import sys
from pathlib import Path
from yishu.lake.lock import LockHeld, writing
try:
    with writing(Path(sys.argv[1]), "second"):
        print("got it")
except LockHeld as error:
    print(error)
"""


@contextmanager
def holder(data: Path) -> Iterator["subprocess.Popen[str]"]:
    """A process that holds the lock by the time this returns."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout and process.stdin
    try:
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def ask(data: Path) -> str:
    """What a process is told that wants to write."""
    return subprocess.run(
        [sys.executable, "-c", ASKER, str(data)], capture_output=True, text=True, cwd=ROOT, check=True
    ).stdout


def test_a_second_process_is_refused_and_told_who_holds_the_lock(tmp_path: Path) -> None:
    with holder(tmp_path) as other, pytest.raises(LockHeld) as refused, writing(tmp_path, "mine"):
        pytest.fail("two writers")
    message = str(refused.value)
    assert "a night of another process" in message and f'"pid": {other.pid}' in message and "再试" in message


def test_the_lock_is_free_again_when_its_holder_is_done(tmp_path: Path) -> None:
    with holder(tmp_path) as other:
        assert other.stdin and other.stdout
        other.stdin.write("\n")
        other.stdin.flush()
        assert other.stdout.readline() == "freed\n"
        with writing(tmp_path, "mine"):
            assert "mine" in ask(tmp_path)


def test_a_killed_holder_leaves_nothing_to_clean_up(tmp_path: Path) -> None:
    with holder(tmp_path) as other:
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
        with writing(tmp_path, "after the crash"):
            note = json.loads((tmp_path / "night.lock").read_text(encoding="utf-8"))
    assert (note["pid"], note["purpose"]) == (os.getpid(), "after the crash")


def test_a_step_may_ask_again_for_the_lock_its_night_holds(tmp_path: Path) -> None:
    with writing(tmp_path, "night"):
        with writing(tmp_path, "step"):
            assert "night" in ask(tmp_path), "the note names who took the lock, not who asked last"
        assert "night" in ask(tmp_path), "the end of a step is not the end of the night"
    assert ask(tmp_path) == "got it\n"


def test_the_same_folder_by_another_path_is_the_same_lock(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "alias").symlink_to(tmp_path / "data")
    with writing(tmp_path / "data", "night"), writing(tmp_path / "alias", "step"):
        assert "night" in ask(tmp_path / "alias")


def test_an_error_while_writing_frees_the_lock(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), writing(tmp_path, "night"), writing(tmp_path, "step"):
        raise RuntimeError
    assert ask(tmp_path) == "got it\n"


def test_two_folders_have_two_locks(tmp_path: Path) -> None:
    with holder(tmp_path / "one"), writing(tmp_path / "two", "mine"):
        assert (tmp_path / "two" / "night.lock").stat().st_mode & 0o777 == 0o600
