"""`python -m bench.rebuild DIR`: nights of a small city by the command line, then `yishu rebuild` over them.

Between the nights happens what a rebuild must follow: a correction, a doubt, a merger, a number for somebody known by a document alone, a delivery
held and released, one held and rejected, a withdrawal, an older snapshot that comes late. Nights that DIR has already are not run again, so that a
broken-off month goes on. Ends with the exit code of the rebuild.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import click
import polars as pl

from yishu.catalogue import load_catalogue
from yishu.gate.step import pool_types
from yishu.ingest.desk_source import Annotation, doubt_rule, write_annotations, write_correction
from yishu.lake.identities import merge_rule
from yishu.lake.ledger import Ledger
from yishu.lake.pool import read_pool
from yishu.lake.raw import read_raw
from yishu.settings import ROOT

FIRST_DAY = date(2026, 3, 1)
WHO, HELD, ABROAD = ("public_security", "resident"), ("disabled_federation", "disabled_person"), ("public_security", "travel_document")


@click.command()
@click.argument("data", type=click.Path(file_okay=False, path_type=Path))
@click.option("--persons", default=300, show_default=True)
@click.option("--days", default=30, show_default=True)
@click.option("--seed", default=7, show_default=True)
def main(data: Path, persons: int, days: int, seed: int) -> None:
    """Runs the month, rebuilds it, and tells how long each took."""
    if not (data / "truth").exists():
        yishu(data, "sample", "--persons", str(persons), "--days", str(days), "--seed", str(seed))
    done, began = len(Ledger(data).nights()), time.monotonic()
    for day in range(done + 1, days + 1):
        if happens := BETWEEN.get(day):
            happens(data, on(day))
        yishu(data, "night", "--date", on(day).isoformat())
        click.echo(f"night {day}: {Ledger(data).nights()[-1]['outcome']}, {time.monotonic() - began:.0f} s so far")
    began = time.monotonic()
    code = yishu(data, "rebuild", told=True)
    click.echo(f"rebuild: exit code {code}, {time.monotonic() - began:.0f} s")
    sys.exit(code)


def yishu(data: Path, *arguments: str, told: bool = False) -> int:
    """The command as an operator types it; ends the bench where it was used wrongly."""
    environment = {**os.environ, "YISHU_DATA": str(data.resolve()), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", "from orchestration.cli import main; main()", *arguments]
    done = subprocess.run(command, env=environment, check=False, text=True, stdout=None if told else subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode not in (0, 3):
        raise click.ClickException(f"{' '.join(arguments)}: {done.stdout}")
    return done.returncode


def on(day: int) -> date:
    return FIRST_DAY + timedelta(days=day - 1)


def half_a_file(data: Path, day: date) -> None:
    """The table again with half of its lines: it shrinks beyond its threshold, and is held."""
    first = Ledger(data).deliveries(*HELD)[0]
    lines = (data / "archive" / first.delivery_id / first.file).read_bytes().splitlines(keepends=True)
    half = lines[: len(lines) // 2] if day < on(20) else lines[: len(lines) // 3]
    (data / "landing" / "/".join(HELD) / f"{HELD[1]}_{day:%Y%m%d}.csv").write_bytes(b"".join(half))


def decided(data: Path, word: str, *states: str) -> None:
    """A person's word on the newest delivery in one of these states."""
    newest = Ledger(data).deliveries(*HELD, states)[-1]
    yishu(data, "deliveries", word, newest.delivery_id, "--approval", "数据函〔2026〕8号", "--reason", "核实", "--actor", "bench")


def late(data: Path, day: date) -> None:
    """A snapshot of five days ago with another content, when newer ones have been taken in."""
    old = next(one for one in Ledger(data).deliveries(*WHO) if one.as_of == day - timedelta(days=5))
    lines = (data / "archive" / old.delivery_id / old.file).read_bytes().splitlines(keepends=True)
    (data / "landing" / "/".join(WHO) / old.file).write_bytes(b"".join(lines[:-1]))


def corrected(data: Path, day: date) -> None:
    correct(data, day, WHO, {"citizen_id": sound(data)[0]}, {"full_name": "更正后"})


def numbered(data: Path, day: date) -> None:
    """Somebody of whom only a document was known gets a citizen id, and must stay who they are."""
    resource = load_catalogue().resources[".".join(ABROAD)]
    known = read_pool(data, resource, pool_types(resource)).filter(pl.col("citizen_id").is_null(), pl.col("_invalid").is_null()).sort("document_no")
    correct(data, day, ABROAD, {"document_no": known["document_no"][0]}, {"citizen_id": "110105194912310994"})


def correct(data: Path, day: date, where: tuple[str, str], of: dict[str, str], new: dict[str, str]) -> None:
    """The row of the last delivery that has these values comes again with new ones."""
    resource, last = load_catalogue().resources[".".join(where)], Ledger(data).last_accepted(*where)
    assert last is not None
    said = next(row for row in read_raw(data, last).iter_rows(named=True) if all(row[name] == value for name, value in of.items()))
    row = {item.name: said[item.name] for item in resource.items} | new
    write_correction(data, resource, [row], day, name="bench", actor="bench", approval="数据函〔2026〕9号")


def doubted(data: Path, day: date) -> None:
    one = Annotation("bench-1", "doubt", *WHO, doubt_rule("full_name"), sound(data)[1], "bench", day, item_name="full_name")
    write_annotations(data, [one], day)


def merged(data: Path, day: date) -> None:
    goes, stays = sound(data)[2:4]
    one = Annotation("bench-2", "entities_merged", *WHO, merge_rule("citizen_id"), goes, "bench", day, entity_key=stays)
    write_annotations(data, [one], day)


def sound(data: Path) -> list[str]:
    """Citizen ids of the register that break no rule, in order."""
    resource = load_catalogue().resources[".".join(WHO)]
    pool = read_pool(data, resource, pool_types(resource))
    return pool.filter(pool["_invalid"].is_null())["citizen_id"].drop_nulls().sort().to_list()


BETWEEN: dict[int, Callable[[Path, date], None]] = {
    5: half_a_file,
    8: lambda data, day: decided(data, "release", "held"),
    9: corrected,
    10: doubted,
    11: numbered,
    12: lambda data, day: decided(data, "withdraw", "accepted"),
    15: late,
    18: merged,
    20: half_a_file,
    21: lambda data, day: decided(data, "reject", "held"),
}

if __name__ == "__main__":
    main()
