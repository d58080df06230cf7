"""Each way in a process of its own: `python -m bench.incremental.contestants QUESTION WAY FOLDER` prints one line of JSON.

The clock starts when copies are made, files opened and libraries loaded; it stops when the result is on disk. Then the result is asked
for its digest, so that whoever runs two ways can see whether they agree. Not here: who is measured when (`__main__`).
"""

import json
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from bench.gate.contestants import _peak
from bench.incremental import finding, pools, updating
from bench.incremental.rows import SOURCES


@dataclass(frozen=True)
class Run:
    """One run: seconds of wall and CPU, bytes of memory held at most and before the clock, rows and digest of the result.

    keys: how many were found, or made again.
    """

    wall: float
    cpu: float
    peak: int
    before: int
    rows: int
    digest: str
    keys: int


def written(way: str, folder: Path) -> Run:
    """The night written into the pools; the result is the state of every pool after it."""
    run = pools.writing(way, folder)
    spent = _timed(run)
    rows = " union all ".join(f"select {', '.join(finding.STATE)} from read_parquet({pools.files(folder / 'scratch' / s)})" for s in SOURCES)
    with duckdb.connect() as connection:
        return Run(*spent, *_digest(connection, rows), keys=0)


def found(way: str, folder: Path) -> Run:
    """The keys that the night has moved; the result is the table `changed`."""
    with duckdb.connect(str(folder / "scratch")) as connection:
        connection.execute(updating.SETTINGS)
        spent = _timed(lambda: finding.WAYS[way](connection, folder))
        rows, digest = _digest(connection, "from changed")
        return Run(*spent, rows, digest, keys=rows)


def updated(way: str, folder: Path) -> Run:
    """The golden table brought up to date; the result is all its rows."""
    scratch = str(folder / "scratch")
    shutil.copyfile(folder / updating.DATABASES.get(way, "golden.duckdb"), scratch)
    connection, statements = duckdb.connect(scratch), updating.WAYS[way]()
    connection.execute(updating.SETTINGS)

    def run() -> None:
        for statement in ("begin", *statements, "commit"):
            connection.execute(statement)
        connection.close()  # writes what is in the log into the file

    spent = _timed(run)
    with duckdb.connect(scratch) as connection:
        keys = connection.execute("select count(distinct entity_key) from claim_person").fetchone()
        stored = connection.execute("select column_name from duckdb_columns() where table_name = 'golden' and schema_name = 'main'").fetchall()
        columns = ", ".join(sorted(name for (name,) in stored if name != "_bucket"))
        return Run(*spent, *_digest(connection, f"select {columns} from golden"), keys=keys[0] if keys else 0)


QUESTIONS: dict[str, Callable[[str, Path], Run]] = {"write": written, "find": found, "update": updated}
WAYS: dict[str, tuple[str, ...]] = {"write": tuple(pools.WAYS), "find": tuple(finding.WAYS), "update": tuple(updating.WAYS)}


def measured(question: str, way: str, folder: Path) -> Run:
    """One run of a way over what stands in `folder`, which it leaves as it was."""
    scratch = folder / "scratch"
    try:
        return QUESTIONS[question](way, folder)
    finally:
        shutil.rmtree(scratch) if scratch.is_dir() else scratch.unlink(missing_ok=True)


def _timed(run: Callable[[], None]) -> tuple[float, float, int, int]:
    """Seconds of wall and CPU, bytes of memory held at most after the run and before it."""
    before, wall, cpu = _peak(), time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - wall, time.process_time() - cpu, _peak(), before


def _digest(connection: duckdb.DuckDBPyConnection, rows: str) -> tuple[int, str]:
    """How many rows, and the sum of their hashes: the same for the same rows in any order."""
    counted = connection.execute(f"select count(*), cast(sum(cast(hash(r) as hugeint)) as string) from ({rows}) as r").fetchone()
    assert counted is not None
    return int(counted[0]), str(counted[1])


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        print(json.dumps(asdict(measured(sys.argv[1], sys.argv[2], Path(sys.argv[3])))))
