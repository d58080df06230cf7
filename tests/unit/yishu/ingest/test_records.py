"""Every physical line of a file is accounted for, whatever is in it, and nothing but the broken line is lost."""

import csv
import io

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yishu.ingest.records import take_apart

HEADER = "编号,姓名,地址"


def file_of(*lines: str, encoding: str = "gb18030", end: str = "\r\n") -> bytes:
    return end.join([HEADER, *lines, ""]).encode(encoding)


def reasons(content: bytes, encoding: str = "gb18030") -> list[tuple[int, str]]:
    return [(reject.line, reject.reason) for reject in take_apart(content, encoding).rejects]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_plain_records_are_read_with_their_physical_lines(encoding: str, end: str) -> None:
    records = take_apart(file_of("1,张三,甲", "2,李四,乙", encoding=encoding, end=end), encoding)
    assert (records.lines.tolist(), records.rejects, records.physical_lines) == ([2, 3], [], 3)


def test_a_quoted_line_break_belongs_to_its_record() -> None:
    records = take_apart(file_of('1,张三,"甲\r\n乙"', "2,李四,丙"), "gb18030")
    assert records.lines.tolist() == [2, 4]
    assert records.covered_lines == 3


def test_a_wrong_byte_costs_its_own_record_and_no_neighbour() -> None:
    content = file_of("1,张三,甲", "2,李四,乙", "3,王五,丙").replace("李四".encode("gb18030"), b"\xc0\xff\xcb")
    records = take_apart(content, "gb18030")
    assert records.lines.tolist() == [2, 4]
    assert [(r.line, r.reason) for r in records.rejects] == [(3, "file.encoding")]
    assert "姓名" in records.rejects[0].message


def test_a_quote_left_open_costs_one_line_and_not_the_rest_of_the_file() -> None:
    assert reasons(file_of('1,"张三,甲', "2,李四,乙", "3,王五,丙")) == [(2, "file.quote")]


def test_two_stray_quotes_never_swallow_the_records_between_them_in_silence() -> None:
    content = file_of('1,"张三,甲', "2,李四,乙", '3,王五",丙', "4,赵六,丁")
    records = take_apart(content, "gb18030")
    assert records.lines.tolist() == [5]
    assert [(r.line, r.lines, r.reason) for r in records.rejects] == [(2, 3, "file.quote")]


def test_rows_of_the_wrong_width_nul_bytes_and_repeated_headers_are_rejected_with_their_line() -> None:
    content = file_of("1,张三", "2,李四,乙,多", "3,王\0五,丙", HEADER, "", "5,赵六,戊")
    assert reasons(content) == [(2, "file.field_count"), (3, "file.field_count"), (4, "file.nul"), (5, "file.header_repeated")]


def test_an_end_in_the_middle_of_a_record_is_noticed_and_an_end_without_a_line_feed_is_not_enough() -> None:
    assert take_apart(file_of("1,张三,甲")[:-5], "gb18030").ends_mid_record
    whole = take_apart(file_of("1,张三,甲")[:-2], "gb18030")
    assert not whole.ends_mid_record and not whole.ends_with_newline and whole.lines.tolist() == [2]


@pytest.mark.parametrize("content", [b"", b"\n\n\n", b"\xff\xff\xff", b'"', b"\0\0\n\0", b'a,b\n"', b"a\n\n1\n"])
def test_no_content_raises(content: bytes) -> None:
    take_apart(content, "utf-8").check()


# No carriage return: before a line feed it is the line's end and not the field's.
cells = st.text(st.sampled_from('ab,"\n一\0 '), max_size=5)


def rows_of(text: bytes) -> list[list[str]]:
    schema = dict.fromkeys("xyz", pl.String)
    return [list(row) for row in pl.read_csv(text, has_header=False, schema=schema, empty_string_is_null=False).rows()] if text else []


@given(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=12))
def test_what_a_csv_writer_wrote_comes_back_or_is_rejected_and_every_line_is_accounted_for(rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["x", "y", "z"])
    writer.writerows(rows)
    records = take_apart(out.getvalue().encode(), "utf-8")
    records.check()
    read = rows_of(records.text)
    assert len(read) == len(records.lines)
    assert all(row in rows for row in read)


pieces = st.sampled_from([b"1,2,3", b",", b'"', b"\n", b"\r\n", b"\xb0\xa1", b"\xff", b"\0", b"x", b'"a\nb"', "张".encode()])


@given(st.lists(pieces, max_size=40), st.sampled_from(["utf-8", "gb18030", "utf-8-sig"]))
@settings(max_examples=300)
def test_any_bytes_are_records_rejects_header_or_blank(parts: list[bytes], encoding: str) -> None:
    content = b"a,b,c\n" + b"".join(parts)
    records = take_apart(content, encoding)
    records.check()
    rejected = sum(reject.lines for reject in records.rejects)
    assert records.header_lines + records.blank_lines + records.covered_lines + rejected == records.physical_lines
    if len(records.lines):
        text = records.text.decode("utf-8" if encoding.startswith("utf") else encoding)
        assert len(rows_of(text.encode())) == len(records.lines)
