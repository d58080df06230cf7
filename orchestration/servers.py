"""Starts several programs together and stops them together, however the one who asked for them ends.

`running(commands, environment)` starts a keeper process, which starts the programs, each in a group of its own, and holds the
reading end of a pipe. When the pipe closes, because the parent stopped, crashed or was killed with -9, the keeper ends every
group. Nothing else can stop the grandchildren that Dagster's servers start: they outlive a SIGTERM to their parent.
"""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

PATIENCE_SECONDS = 6.0
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36


@contextmanager
def running(commands: Sequence[Sequence[str]], environment: Mapping[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """The keeper of the started programs; it ends when one of them does. On leaving, all of them are stopped."""
    keeper = subprocess.Popen([sys.executable, "-m", "orchestration.servers"], stdin=subprocess.PIPE, env=dict(environment), start_new_session=True)
    assert keeper.stdin is not None
    try:
        keeper.stdin.write(json.dumps(list(map(list, commands))).encode() + b"\n")
        keeper.stdin.flush()
        yield keeper
    finally:
        with contextlib.suppress(BrokenPipeError):
            keeper.stdin.close()
        keeper.wait()


def keep(commands: Sequence[Sequence[str]]) -> int:
    """Start the programs, wait until standard input closes or one of them ends, then end all. Returns the exit code of the one that ended."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)  # orphans of the programs become ours, so that they can be waited for
    children = [subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=_end_with_the_keeper) for command in commands]
    closed = threading.Event()
    threading.Thread(target=_wait_for_the_end, args=(closed,), daemon=True).start()
    try:
        while not closed.wait(0.2) and all(child.poll() is None for child in children):
            pass
    finally:
        ended = next((child.returncode for child in children if child.returncode is not None), 0)
        stop([child.pid for child in children])
    return ended


def stop(groups: Sequence[int], patience: float = PATIENCE_SECONDS) -> None:
    """Ask every process of the groups to end, and end those that do not."""
    _signal(groups, signal.SIGTERM)
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and any(map(_lives, groups)):
        _reap()
        time.sleep(0.1)
    _signal(groups, signal.SIGKILL)
    _reap()


def _signal(groups: Sequence[int], number: signal.Signals) -> None:
    for group in groups:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, number)


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _reap() -> None:
    """Collect what has ended: a zombie still counts as a member of its group."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _wait_for_the_end(closed: threading.Event) -> None:
    while os.read(0, 4096):
        pass
    closed.set()


def _end_with_the_keeper() -> None:
    # Only where the keeper itself is killed with -9: then the programs at least get the signal.
    _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _prctl(option: int, value: int) -> None:
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def _first_line() -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(0, 1)
        if not byte:
            return b"[]"
        line += byte
    return line


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    sys.exit(keep(json.loads(_first_line())))


if __name__ == "__main__":
    main()
