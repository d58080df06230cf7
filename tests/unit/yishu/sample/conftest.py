"""One small city over two days, made once, and readers of its files that share nothing with the code under test."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from yishu.catalogue import Catalogue, load_catalogue
from yishu.sample import SampleReport, generate

CITY_SIZE, DAYS, SEED = 20_000, 2, 7


@dataclass
class City:
    """The city on disk: `truth` as written, and what each file holds by a plain csv reader."""

    data: Path
    report: SampleReport
    catalogue: Catalogue
    truth: pl.DataFrame

    def file(self, resource: str, day: int) -> Path:
        entry = self.catalogue.resources[resource]
        name = entry.delivery.pattern.format(as_of=f"2026030{day}")
        return self.data / "landing" / entry.department / entry.name / name

    def lines(self, resource: str, day: int) -> list[bytes]:
        """Physical lines, the header first, without line ends."""
        content = self.file(resource, day).read_bytes().removeprefix(b"\xef\xbb\xbf")
        return [line.removesuffix(b"\r") for line in content.split(b"\n")[:-1]]

    def truth_of(self, resource: str, day: int) -> pl.DataFrame:
        return self.truth.filter(pl.col("file") == self.file(resource, day).name)

    def clean(self, resource: str, day: int) -> pl.DataFrame:
        """The rows that the truth says nothing about, under the catalogue's names, with `_line`."""
        entry = self.catalogue.resources[resource]
        codec = "gb18030" if entry.delivery.encoding == "gb18030" else "utf-8"
        accused = set(self.truth_of(resource, day)["line"])
        left_open = set(self.truth_of(resource, day).filter(pl.col("rule") == "file.quote")["line"])
        text = [line.decode(codec, "replace") for line in self.lines(resource, day)]
        names = {item.column: item.name for item in entry.items}
        header = [names.get(column, column) for column in text[0].split(",")]
        rows = [
            dict(zip([*header, "_line"], [*fields, line], strict=True))
            for line, fields in _records(text, accused, left_open)
        ]
        return pl.DataFrame(
            rows, schema={name: pl.Int64 if name == "_line" else pl.String for name in [*header, "_line"]}
        )


def _records(text: list[str], accused: set[int], left_open: set[int]) -> Iterator[tuple[int, list[str]]]:
    at = 1
    while at < len(text):
        record, first = text[at], at + 1
        while first not in left_open and record.count('"') % 2:
            at += 1
            record += "\n" + text[at]
        if first not in accused:
            (fields,) = csv.reader(io.StringIO(record, newline=""), strict=True)
            yield first, fields
        at += 1


@pytest.fixture(scope="session")
def make_city() -> Callable[..., City]:
    def make(data: Path, *, persons: int = CITY_SIZE, days: int = DAYS, seed: int = SEED) -> City:
        report = generate(persons, days, seed, data)
        return City(data, report, load_catalogue(), pl.read_parquet(data / "truth" / "defects.parquet"))

    return make


@pytest.fixture(scope="session")
def city(make_city: Callable[..., City], tmp_path_factory: pytest.TempPathFactory) -> City:
    return make_city(tmp_path_factory.mktemp("city"))
