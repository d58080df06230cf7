"""`python -m bench.linkage`: with `--data`, how right the links of a city are; with `--febrl`, of public sets; else how long many take."""

import resource
import tempfile
import time
from pathlib import Path

import click
import polars as pl

from bench.linkage import city, febrl, scale
from yishu.catalogue import load_catalogue
from yishu.lake.pins import current_pin
from yishu.linkage.every import KINDS
from yishu.linkage.measuring import Measure
from yishu.linkage.proposing import likely_path, propose


@click.command()
@click.option("--data", type=click.Path(path_type=Path, exists=True, file_okay=False), help="a synthetic city after a night")
@click.option("--febrl", "folder", type=click.Path(path_type=Path, exists=True, file_okay=False), help="folder with dataset1.csv to dataset4b.csv")
@click.option("--persons", default=1_000_000, show_default=True)
@click.option("--share", default=0.02, show_default=True, help="of the other table's rows, those without a sound key")
def main(data: Path | None, folder: Path | None, persons: int, share: float) -> None:
    """Precision and recall, or seconds and memory."""
    if data is not None:
        for kind in KINDS:
            found, rows = city.measured(data, load_catalogue(), kind)
            click.echo(told(kind.entity, found))
            with pl.Config(tbl_rows=-1, tbl_hide_dataframe_shape=True):
                click.echo(str(_by_source(rows)))
        return
    if folder is not None:
        for number in febrl.SETS:
            for with_number in (True, False):
                begun = time.perf_counter()
                found = febrl.measured(folder, number, with_number=with_number)
                name = f"FEBRL {number} {'with' if with_number else 'without'} social security number"
                click.echo(f"{told(name, found)}, {time.perf_counter() - begun:.1f} s")
        return
    _scale(persons, share)


def _scale(persons: int, share: float) -> None:
    catalogue = load_catalogue()
    with tempfile.TemporaryDirectory(prefix="yishu-bench-") as place:
        data = Path(place)
        answers = scale.write_pools(data, catalogue, persons, share)
        pin = current_pin(data, catalogue)
        begun, spent = time.perf_counter(), time.process_time()
        run = propose(data, catalogue, pin, actor="bench")[0]
        spent, seconds, begun = time.process_time() - spent, time.perf_counter() - begun, time.perf_counter()
        propose(data, catalogue, pin, actor="bench")
        again = time.perf_counter() - begun
        likely = pl.read_delta(str(likely_path(data))).join(answers, left_on="source_key", right_on="_key")
    right = int((likely["entity_key"] == likely["right"]).sum())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    click.echo(
        f"{persons:,} persons, {run.waiting:,} records without a key: {seconds:.1f} s ({spent:.1f} s of CPU), unchanged again {again:.1f} s, "
        f"peak {peak:,} MiB, {run.pairs:,} pairs, {told('links', Measure(likely.height, right, answers.height))}"
    )


def told(name: str, found: Measure) -> str:
    figures = f"precision {found.precision:.4f}, recall {found.recall:.4f}"
    return f"{name}: {found.proposed:,} proposed, {found.right:,} right of {found.findable:,}, {figures}"


def _by_source(rows: pl.DataFrame) -> pl.DataFrame:
    right = pl.col("entity_key") == pl.col("answer")
    counted = rows.group_by("source", "defect").agg(
        records=pl.len(), findable=pl.col("findable").sum(), proposed=pl.col("entity_key").is_not_null().sum(), right=right.sum())  # fmt: skip
    return counted.sort("source", "defect")


if __name__ == "__main__":
    main()
