"""A ticket's workbook in a test's hands: taken, changed, brought back, and what of it lies in the landing folder."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from tests.portal.nights import Desk
from tests.portal.people import POLICE
from tests.portal.rows import NUMBER
from yishu.ingest.confined import open_confined


def downloaded() -> list[list[str]]:
    """The workbook's main sheet as text, header first."""
    from portal.exchange import steps

    content = steps.download(POLICE, NUMBER).read()
    return [[text or "" for text in row] for row in open_confined(content, "xlsx", "更正").rows.select(pl.exclude("_line", "_trouble")).rows()]


def workbook(table: Sequence[Sequence[str]], formulas: Mapping[tuple[int, int], str] | None = None) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("更正")
        for line, row in enumerate(table):
            for place, text in enumerate(row):
                sheet.write_string(line, place, text)
        for (line, place), formula in (formulas or {}).items():
            sheet.write_formula(line, place, formula, None, 1)
    return out.getvalue()


def place_of(table: Sequence[Sequence[str]], title: str) -> int:
    return next(place for place, text in enumerate(table[0]) if text.startswith(title))


def changed(title: str, value: str, lines: Sequence[int] = (1,)) -> list[list[str]]:
    table = downloaded()
    for line in lines:
        table[line][place_of(table, title)] = value
    return table


def uploaded(table: Sequence[Sequence[str]], **more: Any) -> Any:
    from portal.exchange import steps

    return steps.check_file(POLICE, NUMBER, "更正.xlsx", workbook(table, **more))


def filed(place: Desk) -> list[dict[str, str]]:
    """The correction as it lies in the department's landing folder."""
    [file] = (place.data / "landing" / "desk").rglob("*.csv") if (place.data / "landing" / "desk").exists() else []
    return list(csv.DictReader(io.StringIO(file.read_bytes().decode("gb18030"), newline="")))
