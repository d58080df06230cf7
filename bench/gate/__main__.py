"""`python -m bench.gate`: all contestants by turns over files of each size; table and chart into docs/.

Ratios are of one run on one machine; the medians of `--runs`. A contestant that is slow is run fewer times on the largest file
(`--slow-runs`). Needs the packages of the `dev` extra (a PostgreSQL of its own on loopback, stopped at the end).
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import click
from rich.console import Console

from bench.gate.contestants import CONTESTANTS
from bench.gate.report import write_report
from bench.gate.rows import write_rows

QUICK = ("bare", "engine")
ROOT = Path(__file__).parents[2]


@click.command()
@click.option("--rows", multiple=True, type=int, default=(1_000_000, 10_000_000), show_default=True)
@click.option("--runs", default=5, show_default=True, help="runs of the quick contestants, by turns")
@click.option("--slow-runs", default=1, show_default=True, help="runs of GX with pandas and SQL")
@click.option("--only", multiple=True, type=click.Choice(list(CONTESTANTS)), default=tuple(CONTESTANTS), help="default: all")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=ROOT / "docs", show_default="docs/")
def main(rows: tuple[int, ...], runs: int, slow_runs: int, only: tuple[str, ...], out: Path) -> None:
    """The gate's speed, side by side."""
    console = Console(stderr=True)
    figures: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="yishu-bench-") as folder:
        for count in rows:
            file = Path(folder) / f"{count}.parquet"
            with console.status(f"writing {count:,} rows"):
                write_rows(file, count)
            figures += _compared(file, count, runs, slow_runs, only, console)
            file.unlink()
    kernels = [json.loads(_child("bench.gate.kernel", str(max(rows)), str(threads))) for threads in (1, 2)]
    for page in write_report(figures, kernels, out):
        console.print(f"written: {page}")


def _compared(file: Path, count: int, runs: int, slow_runs: int, only: tuple[str, ...], console: Console) -> list[dict[str, Any]]:
    taken: dict[str, list[dict[str, Any]]] = {name: [] for name in only}
    with _loaded(file, "sql" in only, console) as database:
        for turn in range(max(runs, slow_runs)):
            for name in only:
                if turn < (runs if name in QUICK else slow_runs):
                    source = database if name == "sql" else str(file)
                    with console.status(f"{count:,} rows, {name}, run {turn + 1}"):
                        taken[name].append(json.loads(_child("bench.gate.contestants", name, source)))
                    console.print(f"{count:>12,} {name:<15} {taken[name][-1]['wall']:8.2f} s  {taken[name][-1]['peak'] / 2**20:8.0f} MiB")
    _agree(taken)
    return [_typical(name, count, found) for name, found in taken.items() if found]


def _typical(name: str, count: int, found: list[dict[str, Any]]) -> dict[str, Any]:
    return {"contestant": name, "rows": count, "runs": len(found), "rules": found[0]["rules"], "keys": found[0]["keys"],
            **{figure: median(run[figure] for run in found) for figure in ("wall", "cpu", "peak", "before")}}  # fmt: skip


def _agree(taken: dict[str, list[dict[str, Any]]]) -> None:
    """Whoever is asked the twelve rules must find the same; else the race was no race."""
    answers = {(run["unexpected"], run["keys"]) for name, found in taken.items() if name != "sql" for run in found}
    if len(answers) > 1:
        raise click.ClickException(f"the contestants disagree: {answers}")


def _child(*words: str) -> str:
    done = subprocess.run([sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise click.ClickException(f"{' '.join(words[:2])}: {done.stderr.strip().splitlines()[-1]}")
    return done.stdout.strip().splitlines()[-1]


@contextmanager
def _loaded(file: Path, wanted: bool, console: Console) -> Iterator[str]:
    """The address of a PostgreSQL of its own that holds the rows; loading is not measured: there the data lies already."""
    if not wanted:
        yield ""
        return
    import polars as pl
    import psycopg

    from tests.unit.yishu.ingest.postgres import Postgres

    kinds = {pl.String: "text", pl.Int64: "bigint", pl.Float64: "double precision", pl.Date: "date"}
    server = Postgres()
    try:
        frame = pl.scan_parquet(file)
        columns = ", ".join(f'"{name}" {kinds[dtype.base_type()]}' for name, dtype in frame.collect_schema().items())
        with console.status("loading PostgreSQL"), psycopg.connect(server.url().replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f"create unlogged table rows ({columns})")
            with connection.cursor().copy("copy rows from stdin (format csv)") as copy:
                for start in range(0, frame.select(pl.len()).collect().item(), 500_000):
                    copy.write(frame.slice(start, 500_000).collect().write_csv(include_header=False).encode())
            connection.execute("analyze rows")
        yield server.url()
    finally:
        server.stop()


if __name__ == "__main__":
    main()
