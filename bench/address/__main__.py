"""`python -m bench.address`: accuracy level by level on a city's standard addresses, clean and dirtied; seconds for a million."""

import time
from collections.abc import Callable

import click
import polars as pl
from rich.console import Console
from rich.table import Table

from bench.address.city import standard_addresses
from bench.address.dirt import dirtied
from bench.address.libraries import LIBRARIES, MISSING
from bench.address.nation import divisions
from bench.address.score import accuracy, split_register, truth_of
from yishu.catalogue import load_catalogue
from yishu.catalogue.variants import variant_characters
from yishu.normalise import LEVELS, gazetteer, parse_addresses

_UPPER = ("province", "city", "division_code")


@click.command()
@click.option("--persons", default=20_000, show_default=True)
@click.option("--seed", default=7, show_default=True)
@click.option("--rows", default=1_000_000, show_default=True, help="addresses for the speed; 0 leaves it out")
@click.option("--against", is_flag=True, help="also the libraries cpca and jionlp, where they are installed")
def main(persons: int, seed: int, rows: int, against: bool) -> None:
    """How right, how fast."""
    console = Console()
    catalogue = load_catalogue()
    variants = variant_characters(catalogue)
    register, asked = split_register(standard_addresses(persons, seed))
    known, truth = gazetteer(catalogue, register), truth_of(asked)
    forms = dirtied(asked)
    scores = {name: accuracy(parse_addresses(texts, known, variants), truth) for name, texts in forms.items()}
    console.print(_table(f"{asked.height:,} addresses, none of them among the {register.height:,} known", LEVELS, scores))
    whole = gazetteer(catalogue, pl.concat([register, asked]))
    scores = {name: accuracy(parse_addresses(texts, whole, variants), truth) for name, texts in forms.items()}
    console.print(_table("the same, all of them known", LEVELS, scores))
    if against:
        _compare(console, asked, forms, truth, lambda texts: parse_addresses(texts, known, variants))
    contestants = {"Yishu": lambda texts: parse_addresses(texts, known, variants)}
    if against and "cpca" in LIBRARIES:
        contestants["cpca"] = LIBRARIES["cpca"]
    country, codes = divisions(known)
    for form, texts in country.items():
        right = {name: (read(texts)["division_code"] == codes).fill_null(False).mean() for name, read in contestants.items()}
        console.print(f"{len(codes):,} county-level divisions of the country, {form}: {right}")
    if rows:
        texts = pl.concat([*forms.values()] * (rows // (asked.height * len(forms)) + 1)).head(rows)
        begun = time.perf_counter()
        parse_addresses(texts, known, variants)
        console.print(f"{rows:,} addresses of all forms: {time.perf_counter() - begun:.1f} s")


def _table(title: str, levels: tuple[str, ...], scores: dict[str, dict[str, float]]) -> Table:
    table = Table("form", *levels, title=title)
    for name, score in scores.items():
        table.add_row(name, *(f"{score[level]:.4f}" for level in levels))
    return table


def _compare(
    console: Console, asked: pl.DataFrame, forms: dict[str, pl.Series], truth: pl.DataFrame, ours: Callable[[pl.Series], pl.DataFrame]
) -> None:
    """The levels that the libraries split at all, over at most 300 addresses: jionlp takes 10 ms for one."""
    some = min(asked.height, 300)
    for name, library in {"Yishu": ours, **LIBRARIES}.items():
        begun = time.perf_counter()
        scores = {form: accuracy(library(texts.head(some)), truth.head(some)) for form, texts in forms.items()}
        console.print(_table(f"{name}: {some * len(forms) / (time.perf_counter() - begun):,.0f} a second", _UPPER, scores))
    for name in MISSING:
        console.print(f"{name} is not installed")


if __name__ == "__main__":
    main()
