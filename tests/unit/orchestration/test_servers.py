"""Programs started together end together: when left, when one of them ends, when their parent is killed with -9."""

import os
import signal
import subprocess
import sys
import time

import pytest

from orchestration.servers import running

# A program that ignores SIGTERM and has a child of its own that does, too: the worst that a web server's code server could be.
STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    pass
with open(sys.argv[1], "a") as file:
    file.write(f"{os.getpid()}\\n")
time.sleep(120)
"""
PARENT = """
import os, sys, time
from orchestration.servers import running
with running([[sys.executable, sys.argv[1], sys.argv[2]]], os.environ):
    time.sleep(120)
"""


@pytest.fixture
def program(tmp_path):
    file = tmp_path / "stubborn.py"
    file.write_text(STUBBORN)
    return file


@pytest.fixture(autouse=True)
def found_from_anywhere(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.getcwd())


def started(file, count: int = 2) -> list[int]:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if file.exists() and len(found := file.read_text().split()) == count:
            return [int(pid) for pid in found]
        time.sleep(0.05)
    raise AssertionError("the programs did not start")


def all_gone(pids: list[int], seconds: float = 25) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not any(alive(pid) for pid in pids):
            return True
        time.sleep(0.1)
    return False


def alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_leaving_stops_programs_and_their_children_even_those_that_ignore_it(program, tmp_path):
    with running([[sys.executable, str(program), str(tmp_path / "pids")]], os.environ):
        pids = started(tmp_path / "pids")
        assert all(map(alive, pids))
    assert not any(map(alive, pids))


def test_when_one_program_ends_the_others_are_stopped(program, tmp_path):
    wait = f"import time, pathlib\nwhile not pathlib.Path({str(tmp_path / 'go')!r}).exists(): time.sleep(0.05)\n"
    ending = [sys.executable, "-c", wait + "raise SystemExit(7)"]
    with running([[sys.executable, str(program), str(tmp_path / "pids")], ending], os.environ) as keeper:
        pids = started(tmp_path / "pids")
        (tmp_path / "go").touch()
        assert keeper.wait(timeout=30) == 7
    assert all_gone(pids)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_when_the_parent_is_killed_nothing_stays(program, tmp_path, number):
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(program), str(tmp_path / "pids")], stderr=subprocess.DEVNULL, start_new_session=True)
    pids = started(tmp_path / "pids")
    os.kill(parent.pid, number)
    parent.wait(timeout=30)
    assert all_gone(pids)
