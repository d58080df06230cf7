"""`python -m bench.incremental`: every way over one night of each share, by turns; tables on the terminal, a page into docs/.

Ratios are of one run on one machine; the medians of `--runs`. Ways that do not agree end it with an error.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import click
import duckdb
from rich.console import Console

from bench.incremental import finding, pools, updating
from bench.incremental.contestants import WAYS, Run
from bench.incremental.report import Figure, show, write_report
from bench.incremental.rows import nights

ROOT = Path(__file__).parents[2]
SLOW = {"update": ("rebuild", "buckets 64", "buckets 1024")}


@click.command()
@click.option("--keys", default=1_000_000, show_default=True)
@click.option("--share", "shares", multiple=True, type=float, default=(0.001, 0.01, 0.1), show_default=True, help="of the keys, moved by a night")
@click.option("--runs", default=3, show_default=True, help="of the quick ways, by turns")
@click.option("--slow-runs", default=1, show_default=True, help="of the ways that make most keys again")
@click.option("--seed", default=7, show_default=True)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=ROOT / "docs", show_default="docs/")
def main(keys: int, shares: tuple[float, ...], runs: int, slow_runs: int, seed: int, out: Path) -> None:
    """Rebuild, delete and insert, MERGE, change feed and hash buckets, side by side."""
    console, figures = Console(stderr=True), []
    for share in shares:
        with tempfile.TemporaryDirectory(prefix="yishu-bench-") as folder:
            with console.status(f"a night that moves {share:.1%} of {keys:,} keys"):
                lay_down(Path(folder), keys, share, seed)
            figures += _compared(Path(folder), share, runs, slow_runs, console)
    show(figures, Console())
    console.print(f"written: {write_report(figures, keys, out)}")


def lay_down(folder: Path, keys: int, share: float, seed: int) -> None:
    """Pools of two versions, hashes of the first, golden tables of the first: what every way starts from."""
    pools.lay_down(folder, nights(keys, share, seed))
    with duckdb.connect() as connection:
        for count in finding.BUCKETS:
            finding.keep_hashes(connection, folder, count)
    updating.lay_down(folder)


def agreed(question: str, found: dict[str, list[Run]]) -> None:
    """Raises ClickException where two runs ended with other rows: then the race was no race."""
    answers = {(run.rows, run.digest): way for way, taken in found.items() for run in taken}
    if len(answers) > 1:
        raise click.ClickException(f"{question}: these ways end with other rows than each other: {', '.join(sorted(answers.values()))}")


def _compared(folder: Path, share: float, runs: int, slow_runs: int, console: Console) -> list[Figure]:
    figures = []
    for question, ways in WAYS.items():
        taken: dict[str, list[Run]] = {way: [] for way in ways}
        for turn in range(max(runs, slow_runs)):
            for way in (way for way in ways if turn < (slow_runs if way in SLOW.get(question, ()) else runs)):
                with console.status(f"{share:.1%}, {question}, {way}, run {turn + 1}"):
                    taken[way].append(_run(question, way, folder))
                console.print(f"{share:>6.1%} {question:<8}{way:<18}{taken[way][-1].wall:8.2f} s {taken[way][-1].peak / 2**20:8.0f} MiB")
            agreed(question, taken)
        figures += [_typical(share, question, way, found) for way, found in taken.items()]
    return figures


def _typical(share: float, question: str, way: str, found: list[Run]) -> Figure:
    heaviest = max(found, key=lambda run: run.peak)
    wall, cpu = median(run.wall for run in found), median(run.cpu for run in found)
    return Figure(share, question, way, wall, cpu, heaviest.peak, heaviest.before, found[0].keys, len(found))


def _run(question: str, way: str, folder: Path) -> Run:
    command = [sys.executable, "-m", "bench.incremental.contestants", question, way, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise click.ClickException(f"{question}, {way}: {done.stderr.strip().splitlines()[-1]}")
    return Run(**json.loads(done.stdout.strip().splitlines()[-1]))


if __name__ == "__main__":
    main()
