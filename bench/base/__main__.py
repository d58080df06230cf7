"""`python -m bench.base LAKE`: bringing the base databases up to date after a share of the pools' rows moved, against making them anew.

LAKE is a data folder with a published release (`yishu sample`, `yishu night`); it is copied, not changed. Both ways start from the same pools
and end with the same rows, which is compared. Seconds are of one machine: the ratio is the figure.
"""

import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import click
import duckdb

from bench.base.moving import fed_resources, move
from orchestration.dbt_build import run_dbt
from yishu.catalogue import Catalogue, load_catalogue
from yishu.catalogue.dbt_export import write_dbt_inputs
from yishu.lake.pins import current_pin, digest
from yishu.lake.warehouse import build_path, prepare_build
from yishu.settings import settings

BASE = ("path:models/base",)


@click.command()
@click.argument("lake", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--share", default=0.01, show_default=True, help="of the rows of every pool")
@click.option("--only", multiple=True, help="of these resources only, named as department.resource or by the way they come (upsert, append)")
@click.option("--nights", default=1, show_default=True)
@click.option("--seed", default=7, show_default=True)
def main(lake: Path, share: float, only: tuple[str, ...], nights: int, seed: int) -> None:
    """Times both ways, night after night, and compares every base table."""
    catalogue = load_catalogue()
    fed = fed_resources(catalogue)
    if unknown := set(only) - {name for one in fed for name in (one.id, one.delivery.mode)} - {"snapshot", "upsert", "append"}:
        raise click.BadParameter(f"feeds no base table: {', '.join(sorted(unknown))}", param_hint="--only")
    write_dbt_inputs(catalogue, settings.dbt)
    with tempfile.TemporaryDirectory(prefix="yishu-bench-", dir=lake.resolve().parent) as folder:
        kept, anew = Path(folder) / "kept", Path(folder) / "anew"
        copied(lake, kept)
        moving = [one for one in fed if not only or {one.id, one.delivery.mode} & set(only)]
        as_of = date.fromisoformat(json.loads((kept / "published" / "release.json").read_text("utf-8"))["as_of"])
        click.echo(f"{'made anew first':<24}{built(kept, catalogue, as_of, anew=True):8.1f} s")
        released(kept, catalogue, as_of)
        for night in range(1, nights + 1):
            as_of += timedelta(days=1)
            moved = move(kept, moving, share, night, seed)
            shutil.rmtree(anew, ignore_errors=True)
            copied(kept, anew)
            step, whole = built(kept, catalogue, as_of, anew=False), built(anew, catalogue, as_of, anew=True)
            different = differing(kept, anew)
            ratio = f"up to date {step:.1f} s, anew {whole:.1f} s, ratio {step / whole:.1%}"
            click.echo(f"night {night}: {moved:,} rows moved, {again(kept):,} entities made again; {ratio}; different: {different}")
            released(kept, catalogue, as_of)


def copied(source: Path, target: Path) -> None:
    """The parts of a lake that a build reads; its release by reference."""
    target.mkdir()
    for name in ("pool", "under_check", "located", "releases", "published", "work"):
        if (source / name).exists():
            shutil.copytree(source / name, target / name, symlinks=True)


def built(data: Path, catalogue: Catalogue, as_of: date, *, anew: bool) -> float:
    """Seconds of preparing and building the base databases."""
    pin = current_pin(data, catalogue)
    if anew:
        build_path(data).unlink(missing_ok=True)
    started = time.perf_counter()
    prepared = prepare_build(data, catalogue, pin, as_of, seed=False)
    assert prepared.anew == anew, "the last build could not be built upon"
    outcome = run_dbt(data, BASE, anew=prepared.anew, standing=prepared.standing)
    if outcome.broken:
        raise click.ClickException("；".join(outcome.broken)[:2000])
    return time.perf_counter() - started


def released(data: Path, catalogue: Catalogue, as_of: date) -> None:
    """As if what was built had been published: the next night may build upon it."""
    stated = json.loads((data / "published" / "release.json").read_text("utf-8"))
    pin = current_pin(data, catalogue)
    with connected(data) as connection:
        tables = {row[0]: {} for row in connection.execute("select table_name from lake.built").fetchall()}
    stated |= {"pin": pin, "pin_digest": digest(pin), "as_of": as_of.isoformat(), "tables": tables, "inputs_hash": ""}
    (data / "published" / "release.json").write_text(json.dumps(stated), encoding="utf-8")
    city = (data / "published").resolve() / "city.duckdb"
    city.unlink()
    with duckdb.connect(str(city)) as connection:
        connection.execute(f"attach '{build_path(data)}' as build_database (read_only)")
        for table in tables:
            connection.execute(f"create schema if not exists {table.partition('.')[0]}; create table {table} as from build_database.{table}")


def again(data: Path) -> int:
    """How many entities the build that went on from the last one made again."""
    with connected(data) as connection:
        counted = connection.execute("select count(*) from lake.changed").fetchone()
    return int(counted[0]) if counted else 0


@contextmanager
def connected(data: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(build_path(data)), read_only=True) as connection:
        yield connection


def differing(one: Path, other: Path) -> list[str]:
    """Base tables whose rows differ between two builds, with how many."""
    found = []
    with duckdb.connect() as connection:
        for name, data in (("one", one), ("other", other)):
            connection.execute(f"attach '{build_path(data)}' as {name} (read_only)")
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'one' and schema_name like 'base\\_%' escape '\\'"
        ).fetchall()
        for (table,) in sorted(tables):
            sides = (("one", "other"), ("other", "one"))
            query = " union all ".join(f"(select * from {a}.{table} except all select * from {b}.{table})" for a, b in sides)
            rows = connection.execute(f"select count(*) from ({query})").fetchone()
            if rows is None or rows[0]:
                found.append(f"{table} ({rows})")
    return found


if __name__ == "__main__":
    main()
