"""The figures as a page and as tables on the terminal. Ratios first: seconds are this machine's."""

import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """The typical run of one way: median seconds of wall and CPU, the most memory of any run, and how much of it was held before the clock."""

    share: float
    question: str
    way: str
    wall: float
    cpu: float
    peak: int
    before: int
    keys: int
    runs: int


TODAY = {"write": "overwrite", "find": "difference", "update": "delete + insert"}
# What the others are compared with: for the golden table a rebuild, for the two steps before it what a night does.
BASE = TODAY | {"update": "rebuild", "night": "rebuild"}
KEYS = {"night": "keys made again", "write": "", "find": "keys found", "update": "keys made again"}
TITLES = {"write": "Writing the night into the pools", "find": "Finding what has moved", "update": "Bringing the golden table up to date"}
# A whole night, by the ways that need each other: a feed is one only of a merge, a rebuild need find nothing.
NIGHTS: dict[str, dict[str, str]] = {
    "rebuild": {"write": "overwrite", "update": "rebuild"},
    "difference, delete + insert (today)": TODAY,
    "difference, MERGE": TODAY | {"update": "merge"},
    "feed, delete + insert": {"write": "merge with feed", "find": "feed", "update": "delete + insert"},
    "feed, MERGE": {"write": "merge with feed", "find": "feed", "update": "merge"},
    **{f"{count} buckets": {"write": "overwrite", "find": f"buckets {count}", "update": f"buckets {count}"} for count in (64, 1024, 16384)},
}
HEAD = """# Three ways of touching what has moved

Made by `make bench-incremental` (`python -m bench.incremental`): one entity shaped like person, {keys:,} keys, eight sources with
about three claims a key, twenty attributes, the warehouse's own macros of claims and golden records. A night changes a share of the
keys: most get another row, one in twenty loses one, one in twenty leaves, one in twenty is new. All ways end with the same pools, the
same changed keys and the same golden rows, which is compared after every run. Seconds are medians, the checkpoint counted, imports
and opening not; memory is the most that any run's process held, and what of it was there before the clock started.
Where other work runs beside it, CPU seconds compare better than wall; one run of the slow ways is one run.
"""
WAYS = """
- *overwrite*, *difference*, *delete + insert*: what a night does ([base-databases](base-databases.md)). A pool is written whole; rows that
  one pinned version has and the other has not name the keys; what is said of them leaves the table and is made again.
- *merge with feed*, *feed*: the pools are merged into with `delta.enableChangeDataFeed`, and the feed is read. An overwritten table feeds
  every row twice, so the feed's price is that of merging instead of overwriting.
- *merge* (of the golden table): one MERGE of DuckDB in place of DELETE and INSERT, from a table of the new rows.
- *buckets*: keys lie in buckets by hash. Only buckets whose hash differs from last night's are compared, and every bucket that holds a
  changed key is made again. The hashes of the last night are there already; tonight's are counted.
- *rebuild*: every golden record from every claim; nothing need be found.
"""
CONCLUSION = """
*Keys made again* tells what a way has to do at least: changed keys lie anywhere, so nearly every bucket holds one unless there are many
more buckets than changed keys, and then a bucket is little more than a key of its own. MERGE and delete + insert make the same rows from
the same claims and differ only in how these replace the old ones. A way that finds quicker but writes slower is judged by the whole night.
"""
LIMITS = """Not measured: provenance, conflicts and history, which follow the same keys; changes that cluster (a whole district at once), which
would favour buckets; several writers at a time.
"""


def whole_nights(figures: Sequence[Figure]) -> Iterator[Figure]:
    """The sums of the ways that make a night; memory is that of the step that holds most."""
    known = {(f.share, f.question, f.way): f for f in figures}
    for share in dict.fromkeys(f.share for f in figures):
        for name, ways in NIGHTS.items():
            steps = [known[share, question, way] for question, way in ways.items()]
            heaviest = max(steps, key=lambda step: step.peak)
            wall, cpu = sum(step.wall for step in steps), sum(step.cpu for step in steps)
            runs = min(step.runs for step in steps)
            yield Figure(share, "night", name, wall, cpu, heaviest.peak, heaviest.before, steps[-1].keys, runs)


def sections(figures: Sequence[Figure]) -> Iterator[tuple[str, list[str], list[list[str]]]]:
    """Title, columns and rows of each table: whole nights, then their steps."""
    yield "A whole night", *_table("night", list(whole_nights(figures)))
    for question, title in TITLES.items():
        yield title, *_table(question, [f for f in figures if f.question == question])


def show(figures: Sequence[Figure], console: Console) -> None:
    """The same tables on the terminal."""
    for title, columns, rows in sections(figures):
        table = Table(title=title)
        for column in columns:
            table.add_column(column, justify="left" if column == "way" else "right", no_wrap=column == "way")
        for row in rows:
            table.add_row(*row)
        console.print(table)


def write_report(figures: Sequence[Figure], keys: int, out: Path) -> Path:
    """incremental.md under `out`; returns it."""
    parts = [HEAD.format(keys=keys), WAYS.strip(), ""]
    for title, columns, rows in sections(figures):
        parts += [f"## {title}", "", f"| {' | '.join(columns)} |", "|--:|---" + "|--:" * (len(columns) - 2) + "|"]
        parts += [f"| {' | '.join(row)} |" for row in rows] + [""]
    machine = f"Machine: {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}."
    parts += ["## What follows", CONCLUSION, LIMITS, machine]
    page = out / "incremental.md"
    page.write_text("\n".join(parts) + "\n", encoding="utf-8")
    return page


def _table(question: str, figures: Sequence[Figure]) -> tuple[list[str], list[list[str]]]:
    base, keys = BASE[question], KEYS[question]
    against = {f.share: f.wall for f in figures if f.way == base}
    columns = ["share", "way", "wall, s", f"of {base}", "CPU, s", *([keys] if keys else []), "peak, MiB", "before, MiB", "runs"]
    rows = []
    for f in figures:
        told = [f"{f.keys:,}"] if keys else []
        memory = [f"{held / 2**20:,.0f}" for held in (f.peak, f.before)]
        rows.append([f"{f.share:.1%}", f.way, f"{f.wall:.2f}", f"{f.wall / against[f.share]:.2f}", f"{f.cpu:.2f}", *told, *memory, str(f.runs)])
    return columns, rows
