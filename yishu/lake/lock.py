"""The one lock of a data folder: every writer holds it, and a second one names the holder and stops.

An operating-system lock (flock), not a marker file: it cannot outlive its process, so a crash needs no clean-up.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_held: dict[Path, int] = {}


class LockHeld(Exception):
    """Another process writes to this data folder."""


@contextmanager
def writing(data: Path, purpose: str) -> Iterator[None]:
    """Hold DIR/night.lock while writing. Re-entrant in one process (a night's steps each ask for it).

    Raises LockHeld, naming the holder, if another process has it.
    """
    data.mkdir(parents=True, exist_ok=True)
    path = (data / "night.lock").resolve()
    if path in _held:
        _held[path] += 1
        try:
            yield
        finally:
            _held[path] -= 1
        return
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(handle, 4096).decode(errors="replace").strip() or "（未知）"
            raise LockHeld(f"另一个进程正在写入 {data}：{holder}。请等它结束后再试") from None
        note = {"pid": os.getpid(), "purpose": purpose, "since": datetime.now(SHANGHAI).isoformat(timespec="seconds")}
        os.truncate(handle, 0)
        os.pwrite(handle, json.dumps(note, ensure_ascii=False).encode(), 0)
        _held[path] = 1
        try:
            yield
        finally:
            del _held[path]
            os.truncate(handle, 0)
    finally:
        os.close(handle)
