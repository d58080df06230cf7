"""One small city over two days, made once, and readers of its files that share nothing with the code under test."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl
import pytest

from yishu.catalogue import Catalogue, Resource, load_catalogue
from yishu.sample import SampleReport, generate
from yishu.sample.truth import CONFLICT

CITY_SIZE, DAYS, SEED = 20_000, 2, 7


@dataclass
class City:
    """The city on disk: `truth` as written but for the conflicts, these by themselves, and what each file holds by plain readers."""

    data: Path
    report: SampleReport
    catalogue: Catalogue
    truth: pl.DataFrame
    conflicts: pl.DataFrame

    def file(self, resource: str, day: int) -> Path:
        entry = self.catalogue.resources[resource]
        name = entry.delivery.pattern.format(as_of=f"2026030{day}")
        return self.data / "landing" / entry.department / entry.name / name

    def lines(self, resource: str, day: int) -> list[bytes]:
        """Physical lines (the header of a csv file first), without line ends."""
        return _read(_lines, self.file(resource, day))

    def delivered(self, resource: str, day: int) -> bool:
        """Weekly and rarer tables come at the beginning of their periods only."""
        return self.file(resource, day).exists()

    def rows(self, resource: str, day: int) -> list[list[str]]:
        """The rows of a worksheet, the header first."""
        return _read(_worksheet, self.file(resource, day))

    def truth_of(self, resource: str, day: int) -> pl.DataFrame:
        entry = self.catalogue.resources[resource]
        file = self.file(resource, day).name
        return self.truth.filter((pl.col("file") == file) & (pl.col("department") == entry.department))

    def fields(self, resource: str, day: int, line: int) -> dict[str, str]:
        """What stands on a line that can be read, under the catalogue's names; nothing is an empty text."""
        entry = self.catalogue.resources[resource]
        names = _names(entry)
        if entry.delivery.format == "parquet":
            row = _read(pl.read_parquet, self.file(resource, day)).row(line - 1, named=True)
            return {names[column]: text or "" for column, text in row.items()}
        if entry.delivery.format == "jsonl":
            return {names[column]: text or "" for column, text in json.loads(self.lines(resource, day)[line - 1]).items()}
        if entry.delivery.format == "xlsx":
            header, row = self.rows(resource, day)[0], self.rows(resource, day)[line - 1]
            return dict(zip([names[column] for column in header], row, strict=True))
        text = self.lines(resource, day)[line - 1].decode(_codec(entry), "replace")
        header = self.lines(resource, day)[0].decode(_codec(entry)).split(",")
        return dict(zip([names[column] for column in header], text.split(","), strict=False))

    def clean(self, resource: str, day: int) -> pl.DataFrame:
        """The rows that the truth says nothing about, under the catalogue's names, with `_line`."""
        entry = self.catalogue.resources[resource]
        accused = set(self.truth_of(resource, day)["line"])
        names = [*_names(entry).values(), "_line"]
        found = [{**fields, "_line": line} for line, fields in self._right(resource, day, accused)]
        return pl.DataFrame(found, schema={name: pl.Int64 if name == "_line" else pl.String for name in names})

    def _right(self, resource: str, day: int, accused: set[int]) -> Iterator[tuple[int, dict[str, str]]]:
        entry = self.catalogue.resources[resource]
        if entry.delivery.format == "csv":
            text = [line.decode(_codec(entry), "replace") for line in self.lines(resource, day)]
            left_open = set(self.truth_of(resource, day).filter(pl.col("rule") == "file.quote")["line"])
            header = [_names(entry)[column] for column in text[0].split(",")]
            for line, fields in _records(text, accused, left_open):
                yield line, dict(zip(header, fields, strict=True))
            return
        if entry.delivery.format == "xlsx":
            rows = self.rows(resource, day)
            header = [_names(entry)[column] for column in rows[0]]
            yield from ((at, dict(zip(header, row, strict=True))) for at, row in enumerate(rows[1:], 2) if at not in accused)
            return
        count = pl.read_parquet(self.file(resource, day)).height if entry.delivery.format == "parquet" else len(self.lines(resource, day))
        yield from ((at, self.fields(resource, day, at)) for at in range(1, count + 1) if at not in accused)


def _read(read: Callable[[bytes], Any], file: Path) -> Any:
    """The file as read, kept until it changes: tests look up line by line."""
    return _read_once(read, file, file.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _read_once(read: Callable[[bytes], Any], file: Path, changed: int) -> Any:
    return read(file.read_bytes())


def _lines(content: bytes) -> list[bytes]:
    return [line.removesuffix(b"\r") for line in content.removeprefix(b"\xef\xbb\xbf").split(b"\n")[:-1]]


def _codec(entry: Resource) -> str:
    return "gb18030" if entry.delivery.encoding == "gb18030" else "utf-8"


def _names(entry: Resource) -> dict[str, str]:
    """The department's column -> the catalogue's name; the column of operations keeps its own."""
    return {column: column for column in entry.columns} | {item.column: item.name for item in entry.items}


def _worksheet(content: bytes) -> list[list[str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        shared: list[str] = []
        if "xl/sharedStrings.xml" in book.namelist():
            shared = ["".join(part.itertext()) for part in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    rows: list[list[str]] = []
    width = 0
    for row in sheet.findall(".//{*}row"):
        cells: dict[int, str] = {}
        for cell in row.findall("{*}c"):
            text = "".join(cell.itertext())
            cells[_column(cell.attrib["r"])] = shared[int(text)] if cell.attrib.get("t") == "s" else text
        width = width or len(cells)
        rows.append([cells.get(at, "") for at in range(max(width, max(cells, default=0) + 1))])
    return rows


def _column(reference: str) -> int:
    at = 0
    for letter in re.sub(r"\d", "", reference):
        at = at * 26 + ord(letter) - 64
    return at - 1


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
    def make(data: Path, *, persons: int = CITY_SIZE, days: int = DAYS, seed: int = SEED, defects: float | None = None) -> City:
        report = generate(persons, days, seed, data, defects=defects)
        truth = pl.read_parquet(data / "truth" / "defects.parquet")
        tells_a_conflict = pl.col("rule").str.starts_with(CONFLICT).fill_null(False)
        return City(data, report, load_catalogue(), truth.filter(~tells_a_conflict), truth.filter(tells_a_conflict))

    return make


@pytest.fixture(scope="session")
def city(make_city: Callable[..., City], tmp_path_factory: pytest.TempPathFactory) -> City:
    return make_city(tmp_path_factory.mktemp("city"))
