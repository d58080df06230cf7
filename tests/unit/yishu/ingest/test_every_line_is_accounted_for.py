"""The law of reading, over files nobody thought of: records = rows + rejects, and each physical line is spoken for once. Fuzzed by `make fuzz`."""

import io
import zipfile

import polars as pl
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.examples import dear
from tests.unit.yishu.ingest.conftest import AS_OF, entry, workbook
from yishu.catalogue.models import Resource
from yishu.ingest.parsed import Parsed
from yishu.ingest.reading import read
from yishu.sample.writing import rendered

HAZARDS = ['"', '""', ",", "\r", "\r\n", "\n", "\0", "\ufeff", "无", "1.1E+17", "=1+1", "007", "NUMBER,NAME,PLACE", "\x1a", "\u2028", "😀", "\t", ";"]
CELL = st.lists(st.sampled_from(HAZARDS) | st.text(max_size=4), max_size=3).map("".join)
LINES = st.lists(st.lists(CELL, min_size=0, max_size=5).map(",".join), max_size=8)
ENCODINGS = st.sampled_from(["gb18030", "utf-8", "utf-8-sig"])
EDIT = st.tuples(st.sampled_from(["put", "cut", "set", "twice"]), st.integers(0, 10_000), st.binary(min_size=1, max_size=6))
EDITS = st.lists(EDIT, max_size=6)
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def edited(content: bytes, edits: list[tuple[str, int, bytes]]) -> bytes:
    """A good file after some accidents."""
    for kind, place, data in edits:
        at = place % (len(content) + 1)
        middle = {"put": data, "cut": b"", "set": data, "twice": content[max(at - 9, 0) : at]}[kind]
        skipped = {"put": 0, "cut": len(data) * 3, "set": len(data), "twice": 0}[kind]
        content = content[:at] + middle + content[at + skipped :]
    return content


def spoken_for(parsed: Parsed) -> list[tuple[int, int]]:
    """(first line, last line) of every reject and (line, line) of every row's beginning, in order; they must not overlap."""
    rejects = [(reject.line, reject.line + reject.lines - 1) for reject in parsed.rejects]
    return sorted([*rejects, *((line, line) for line in parsed.frame["_row_number"].to_list())])


def check(parsed: Parsed, content: bytes, resource: Resource) -> None:
    assert parsed.records == parsed.frame.height + len(parsed.rejects)
    places = spoken_for(parsed)
    assert all(before[1] < after[0] for before, after in zip(places, places[1:], strict=False)), "a line twice"
    assert all(1 <= first <= last <= parsed.physical_lines for first, last in places), "a line that is not there"
    assert parsed.frame.columns == ["_row_number", *(item.name for item in resource.items)]
    if resource.delivery.format in ("csv", "jsonl"):
        body = content.removeprefix(b"\xef\xbb\xbf")
        assert parsed.physical_lines == body.count(b"\n") + (not body.endswith(b"\n") and bool(body)) or not body
        nothing_lost(parsed, body.split(b"\n"), header=resource.delivery.format == "csv")


def nothing_lost(parsed: Parsed, lines: list[bytes], *, header: bool) -> None:
    """Lines that nobody speaks for are blank, the header, or the inside of a quoted record that began above."""
    begun = {line for first, last in spoken_for(parsed) for line in range(first, last + 1)}
    first = next((number for number, line in enumerate(lines, 1) if line.removesuffix(b"\r")), 0) if header else 0
    quoted = False
    for number, line in enumerate(lines, 1):
        if number in begun:
            quoted = b'"' in line
        elif number != first and line.strip(b"\r"):
            assert header and quoted, f"line {number} is lost"


@unhurried
@given(lines=LINES, encoding=ENCODINGS, end=st.sampled_from(["\n", "\r\n", "\n\r\n"]), edits=EDITS, mark=st.booleans())
@example(lines=["\ufeff"], encoding="gb18030", end="\n", edits=[("cut", 0, bytes(4))], mark=False)
@example(lines=["\ufeff1,2,3"], encoding="gb18030", end="\n", edits=[], mark=False)
def test_csv_files_of_any_make(lines, encoding, end, edits, mark):
    text = end.join(["NUMBER,NAME,PLACE", *lines, ""]).encode("utf-8" if encoding == "utf-8-sig" else encoding, "surrogatepass")
    content = edited((b"\xef\xbb\xbf" if mark else b"") + text, edits)
    resource = entry("csv", encoding=encoding)
    check(read(content, resource, "things.csv", AS_OF), content, resource)


@unhurried
@given(rows=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=6), edits=EDITS)
def test_json_lines_of_any_make(rows, edits):
    resource = entry("jsonl")
    content = edited(rendered(frame(rows), resource)[0], edits)
    check(read(content, resource, "things.jsonl", AS_OF), content, resource)


@unhurried
@given(rows=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=6), edits=EDITS, form=st.sampled_from(["csv", "jsonl"]))
def test_archives_of_any_make(rows, edits, form):
    file = io.BytesIO()
    resource = entry(form)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("things", rendered(frame(rows), resource)[0])
    parsed = read(edited(file.getvalue(), edits), resource, "things.zip", AS_OF)
    assert parsed.records == parsed.frame.height + len(parsed.rejects)
    assert parsed.faults or parsed.records


@dear(few=25, many=5_000)
@given(edits=EDITS.filter(bool), form=st.sampled_from(["xlsx", "parquet"]))
def test_workbooks_and_parquet_files_of_any_make(edits, form):
    resource = entry(form)
    whole = workbook(["NUMBER", "NAME", "PLACE"], ["1", "a", "b"]) if form == "xlsx" else rendered(frame([("1", "a", "b")]), resource)[0]
    content = edited(whole, edits)
    parsed = read(content, resource, "things", AS_OF)
    assert parsed.records == parsed.frame.height + len(parsed.rejects)
    assert parsed.faults or parsed.records == 1


def frame(rows: list[tuple[str, str, str]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(("number", "name", "place"), pl.String), orient="row")
