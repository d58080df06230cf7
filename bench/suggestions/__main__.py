"""`python -m bench.suggestions`: with `--data`, how right the proposals of a city's night are; else how long many of them take."""

import resource
import tempfile
import time
from pathlib import Path

import click
import polars as pl

from bench.suggestions.scale import write_lake
from bench.suggestions.score import by_kind, by_method, judged
from yishu.catalogue import load_catalogue
from yishu.gate.suggestions.suggesting import suggest


@click.command()
@click.option("--data", type=click.Path(path_type=Path, exists=True, file_okay=False), help="a synthetic city after a night")
@click.option("--persons", default=1_000_000, show_default=True)
@click.option("--violations", default=200_000, show_default=True)
def main(data: Path | None, persons: int, violations: int) -> None:
    """Precision and recall by method and kind, or seconds and memory."""
    catalogue = load_catalogue()
    if data is not None:
        judgements = judged(data, catalogue)
        with pl.Config(tbl_rows=-1, fmt_str_lengths=40, tbl_hide_dataframe_shape=True):
            click.echo(f"{by_method(judgements)}\n{by_kind(judgements)}")
        return
    with tempfile.TemporaryDirectory(prefix="yishu-bench-") as folder:
        found = write_lake(Path(folder), catalogue, persons, violations)
        begun = time.perf_counter()
        proposed = suggest(Path(folder), catalogue, found.drop("right"))
        seconds = time.perf_counter() - begun
    right = proposed.join(found.select("subject", "right"), on="subject").filter(pl.col("proposal") == pl.col("right")).height
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    click.echo(f"{persons:,} persons, {violations:,} violations: {seconds:.1f} s, peak {peak:,} MiB, {proposed.height:,} proposals, {right:,} right")


if __name__ == "__main__":
    main()
