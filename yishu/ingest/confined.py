"""Opening a workbook or a Parquet file in a child process with limits: whatever is in the file, the night goes on.

The child (cells.py) may use MEMORY and SECONDS beyond what an honest file of that size needs; then it is ended, and the delivery held.
"""

import json
import resource as limits
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from yishu.ingest.cells import REFUSED
from yishu.ingest.parsed import Unreadable

MEMORY, SECONDS = 2 << 30, 60
HONEST_MEMORY, HONEST_SECONDS = 40, 6  # for each byte, and for each MiB, of the file
_TOO_MUCH = "解析时超出内存或时间上限（{memory} MiB、{seconds} 秒），内容可能异常；请删去数据以外的内容，或改用 csv 报送"


@dataclass(frozen=True)
class Cells:
    """`header`: column names where the format has them apart from the rows (Parquet); `rows`: c0…, _line, _trouble."""

    header: list[str] | None
    rows: pl.DataFrame


def open_confined(content: bytes, form: str, sheet: str | None = None) -> Cells:
    """The cells of a workbook (`xlsx`) or Parquet file (`parquet`) as text. Raises Unreadable."""
    memory = MEMORY + HONEST_MEMORY * len(content)
    seconds = SECONDS + HONEST_SECONDS * (len(content) >> 20)
    with tempfile.TemporaryDirectory(prefix="yishu-") as folder:
        source, target = Path(folder) / "source", Path(folder) / "cells.arrow"
        source.write_bytes(content)
        command = [sys.executable, "-m", "yishu.ingest.cells", form, str(source), str(target), *([sheet] if sheet else [])]
        try:
            done = subprocess.run(command, capture_output=True, timeout=seconds, check=False, preexec_fn=_limited(memory, seconds))
        except subprocess.TimeoutExpired:
            raise Unreadable(_TOO_MUCH.format(memory=memory >> 20, seconds=seconds)) from None
        said = done.stdout.decode(errors="replace").strip()
        if done.returncode == REFUSED:
            raise Unreadable(said)
        if done.returncode != 0:
            raise Unreadable(_TOO_MUCH.format(memory=memory >> 20, seconds=seconds))
        header = json.loads(said) if said else None
        made = target.read_bytes()  # into memory: the file goes with the folder
        return Cells(header, pl.read_ipc(made) if made else pl.DataFrame())


def _limited(memory: int, seconds: int) -> Callable[[], None]:
    def limit() -> None:
        limits.setrlimit(limits.RLIMIT_AS, (memory, memory))
        limits.setrlimit(limits.RLIMIT_CPU, (seconds, seconds))
        limits.setrlimit(limits.RLIMIT_CORE, (0, 0))

    return limit
