"""A ticket's workbook: what goes out comes back as it was, only what was typed is filed, and what is wrong is said row by row."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.desk.actor import DeskError, NotAllowed, NotFound
from tests.portal.nights import Desk
from tests.portal.people import BUREAU, CIVIL, POLICE
from tests.portal.rows import IDS, NUMBER, desk_with_rows, items_of, resident
from yishu.ingest.confined import open_confined

ODD = {"registered_address": "=HYPERLINK(\"http://x\")\n第二行", "former_name": "+1", "household_relation": "@02"}


@pytest.fixture
def busy(empty_desk: Desk) -> Iterator[Desk]:
    with desk_with_rows(empty_desk, [resident(IDS[0], **ODD), *(resident(one) for one in IDS[1:])]) as place:
        yield place


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


def corrections() -> list[Any]:
    from portal.desk.models import Correction

    return list(Correction.objects.all())


def test_a_form_that_comes_back_as_it_went_files_nothing(busy: Desk) -> None:
    draft = uploaded(downloaded())
    assert (draft.accepted, draft.unchanged, draft.refused) == (0, 4, [])


def test_a_corrected_row_is_filed_whole_and_as_text(busy: Desk) -> None:
    from portal.exchange import steps

    draft = uploaded(changed("性别", "2"))
    assert (draft.accepted, draft.unchanged, draft.refused) == (1, 3, [])
    made = steps.confirm(POLICE, NUMBER, draft.key)
    assert made.rows == 1
    [row] = filed(busy)
    assert row["XB"] == "2" and row["GMSFHM"] == IDS[0] and row["HJXZ"] == ODD["registered_address"]
