"""JSON lines and worksheets: what is written is read verbatim, what is no record is a reject, and every line is accounted for."""

import io
import zipfile
from datetime import date, datetime

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.examples import dear
from yishu.catalogue.models import Resource
from yishu.ingest.parsed import Parsed
from yishu.ingest.reading import read as read_delivery
from yishu.sample.writing import rendered


def read(content: bytes, resource: Resource) -> Parsed:
    return read_delivery(content, resource, "things", date(2026, 3, 1))


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00\x01"), max_size=12)
# A worksheet holds no control characters, and an empty cell is no cell.
CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"]), max_size=12).filter(lambda text: not text.startswith("_x"))
quick = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def resource(form: str, **more: str) -> Resource:
    items = [{"name": name, "column": name.upper(), "title": name, "type": "text"} for name in ("number", "name", "place")]
    return Resource.model_validate(
        {
            "department": "office", "name": "things", "code": "307001/0001", "title": "物", "summary": "物", "duty": "职责",
            "delivery": {"channel": "file", "format": form, "pattern": "things." + form, "mode": "snapshot", **more},
            "frequency": "daily", "key": ["number"], "sharing": {"class": "open"}, "opening": {"class": "open"}, "items": items,
        }
    )  # fmt: skip


def written(form: str, rows: list[tuple[str | None, ...]]) -> bytes:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(("number", "name", "place"), pl.String), orient="row")
    return rendered(frame, resource(form))[0]


def told(form: str, content: bytes) -> tuple[list[tuple[int, str]], dict[str, str]]:
    parsed = read(content, resource(form))
    assert parsed.records == parsed.frame.height + len(parsed.rejects)
    return [(reject.line, reject.reason) for reject in parsed.rejects], parsed.faults


@quick
@given(rows=st.lists(st.tuples(TEXT | st.none(), TEXT, TEXT), min_size=1, max_size=5))
def test_json_lines_are_read_back_verbatim_with_their_lines(rows):
    parsed = read(written("jsonl", rows), resource("jsonl"))
    assert parsed.frame.rows() == [(place, *row) for place, row in enumerate(rows, 1)]
    assert (parsed.rejects, parsed.faults, parsed.physical_lines) == ([], {}, len(rows))


@dear(few=20, many=1_000)
@given(rows=st.lists(st.tuples(CELL.filter(bool), CELL, CELL), min_size=1, max_size=5))
def test_worksheets_are_read_back_verbatim_with_their_rows(rows):
    parsed = read(written("xlsx", rows), resource("xlsx"))
    assert parsed.frame.rows() == [(place, *(text or None for text in row)) for place, row in enumerate(rows, 2)]
    assert (parsed.rejects, parsed.faults, parsed.physical_lines) == ([], {}, len(rows) + 1)


def test_the_same_rows_give_the_same_workbook_byte_for_byte():
    assert written("xlsx", [("1", "甲", "=1+1")]) == written("xlsx", [("1", "甲", "=1+1")])


@settings(max_examples=300, deadline=None)
@given(content=st.binary(max_size=200) | st.text(max_size=80).map(str.encode), form=st.sampled_from(["jsonl", "xlsx"]))
def test_any_bytes_whatever_end_as_rejects_or_faults_and_nothing_is_lost(content, form):
    parsed = read(content, resource(form))
    assert parsed.records == parsed.frame.height + len(parsed.rejects)
    if form == "jsonl":
        lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
        spoken_for = {*parsed.frame["_row_number"], *(reject.line for reject in parsed.rejects)}
        assert all(not line.strip() or place in spoken_for for place, line in enumerate(lines, 1))
    else:
        assert parsed.faults


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"NUMBER": "1", "NAME": "\xe5\xb9"}', "file.encoding"),
        (b'{"NUMBER": "1", "NAME": "\\ud800"}', "file.encoding"),
        (b'{"NUMBER": "1", "NAME": "\\u0000"}', "file.nul"),
        (b'{"NUMBER": "1", "NAME": "a"b"}', "file.json"),
        (b'{"NUMBER": "1", "NUMBER": "2"}', "file.json"),
        (b'{"NUMBER": {"is": "1"}}', "file.json"),
        (b'{"NUMBER": ["1"]}', "file.json"),
        (b'{"NUMBER": NaN}', "file.json"),
        (b'["1"]', "file.json"),
        (b"[" * 5000, "file.json"),
        (b"NUMBER,NAME", "file.json"),
    ],
)
def test_a_line_that_is_no_object_of_plain_values_is_a_reject_with_its_bytes(line, reason):
    whole = b'{"NUMBER": "7", "NAME": "x", "PLACE": "y"}\n'
    content = whole + line + b"\n\n" + whole
    assert told("jsonl", content) == ([(2, reason)], {})
    parsed = read(content, resource("jsonl"))
    assert parsed.rejects[0].content == line and parsed.frame["_row_number"].to_list() == [1, 4]


def test_numbers_keep_every_digit_they_were_written_with():
    parsed = read(b'{"NUMBER": 410402199001011234, "NAME": 1.10, "PLACE": true}\n', resource("jsonl"))
    assert parsed.frame.row(0) == (1, "410402199001011234", "1.10", "true")


def test_a_field_that_no_record_has_is_a_missing_column_and_others_are_named():
    parsed = read(b'{"NUMBER": 1, "NAME": "x", "MORE": {"a": 1}}\n', resource("jsonl"))
    assert list(parsed.faults) == ["delivery.missing_column"] and "PLACE" in parsed.faults["delivery.missing_column"]
    assert parsed.unknown_columns == ["MORE"]


def test_a_json_file_that_breaks_off_is_cut_off():
    assert told("jsonl", b'{"NUMBER": 1, "NAME": "x", "PLACE": "y"}\n{"NUMBER": 2, "NA') == (
        [(2, "file.json")], {"delivery.cut_off": "文件在第 2 行中断，可能没有传完；请重新报送完整文件"})  # fmt: skip


def workbook(*rows: list[object]) -> bytes:
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("数据")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return file.getvalue()


def test_typed_cells_become_plain_text():
    content = workbook(["NUMBER", "NAME", "PLACE"], [7.0, 2.5, datetime(2026, 3, 1)], [True, "", datetime(2026, 3, 1, 8, 30)])
    assert read(content, resource("xlsx")).frame.rows() == [(2, "7", "2.5", "2026-03-01"), (3, "TRUE", None, "2026-03-01 08:30:00")]


def test_rows_are_numbered_as_in_the_worksheet_whatever_is_empty_before_and_between():
    content = workbook([], ["NUMBER", "NAME", "PLACE", ""], [], ["1", "a", "b"], ["NUMBER", "NAME", "PLACE"], ["2", "a", "b", "", "beyond"], [])
    parsed = read(content, resource("xlsx"))
    assert parsed.frame.rows() == [(4, "1", "a", "b")]
    assert [(reject.line, reject.reason) for reject in parsed.rejects] == [(5, "file.header_repeated"), (6, "file.field_count")]


@pytest.mark.parametrize(
    "spoil", [lambda book: b"", lambda book: book[:-100], lambda book: b"NUMBER,NAME\n1,2\n", lambda book: b"\xd0\xcf\x11\xe0" * 200]
)
def test_what_is_no_whole_workbook_is_a_fault_of_the_delivery(spoil):
    rejects, faults = told("xlsx", spoil(workbook(["NUMBER", "NAME", "PLACE"], ["1", "a", "b"])))
    assert rejects == [] and list(faults) == ["delivery.unreadable"]


def test_a_workbook_that_unpacks_to_too_much_is_not_opened():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("xl/worksheets/sheet1.xml", "w") as entry:
        for _ in range(513):
            entry.write(b" " * (1 << 20))
    _, faults = told("xlsx", file.getvalue())
    assert "513 MiB" in faults["delivery.unreadable"]


def test_a_missing_worksheet_is_named_with_those_there_are():
    parsed = read(workbook(["NUMBER"]), resource("xlsx", sheet="正表"))
    assert "正表" in parsed.faults["delivery.unreadable"] and "数据" in parsed.faults["delivery.unreadable"]


@pytest.mark.parametrize("form", ["jsonl", "xlsx"])
def test_nothing_but_a_header_or_less_is_an_empty_delivery(form):
    _, faults = told(form, b"\n" if form == "jsonl" else workbook([]))
    assert list(faults) == ["delivery.empty"]
