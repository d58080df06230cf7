"""Files as they really come: each ends accepted, as rejected lines or as a fault of the delivery, in words that say what to do."""

import io
import os
import random
import stat
import zipfile
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.unit.yishu.ingest.conftest import AS_OF, entry, workbook
from yishu.ingest import confined, parsed
from yishu.ingest.confined import open_confined
from yishu.ingest.landing import being_written, read_sidecar
from yishu.ingest.parsed import Parsed, Unreadable
from yishu.ingest.reading import read

HEADER = ["NUMBER", "NAME", "PLACE"]


def told(form: str, content: bytes, name: str = "things", **more: object) -> Parsed:
    found = read(content, entry(form, **more), name, AS_OF)
    assert found.records == found.frame.height + len(found.rejects)
    for message in [*found.faults.values(), *(reject.message for reject in found.rejects)]:
        assert "请" in message, "every message names the way out"
    return found


def fault(found: Parsed) -> str:
    ((rule, message),) = found.faults.items()
    return f"{rule} {message}"


# CSV -------------------------------------------------------------------------------------------------------------------------

ROW = "1,张三,甲\n"
WHOLE = ",".join(HEADER) + "\n" + ROW


def test_another_encoding_than_agreed_is_named_with_the_one_found() -> None:
    chinese = "编号,姓名,地址\n" + ROW * 3
    assert "UTF-8" in fault(told("csv", WHOLE.encode(), encoding="gb18030"))
    assert "UTF-16" in fault(told("csv", WHOLE.encode("utf-16"), encoding="utf-8"))
    found = told("csv", chinese.encode("gb18030"), encoding="utf-8")
    assert "GB18030" in found.faults["delivery.encoding"] and len(found.rejects) == 3
    assert "GB18030" in told("csv", (WHOLE + ROW * 9).encode("gb18030"), encoding="utf-8").faults["delivery.encoding"]


def test_one_wrong_byte_is_one_line_and_no_other_encoding() -> None:
    found = told("csv", WHOLE.encode() + "2,李".encode() + b"\xff,b\n" + b"3,c,d\n", encoding="utf-8")
    assert [(reject.line, reject.reason) for reject in found.rejects] == [(3, "file.encoding")] and not found.faults
    assert "第 2 列“NAME”" in found.rejects[0].message


@pytest.mark.parametrize("mark", ["\t", ";", "|"])
def test_another_separator_is_named(mark: str) -> None:
    assert "分隔符应为英文逗号" in fault(told("csv", WHOLE.replace(",", mark).encode()))


def test_mixed_line_ends_and_a_byte_order_mark_are_read() -> None:
    content = b"\xef\xbb\xbfNUMBER,NAME,PLACE\r\n1,a,b\n2,c,d\r\n\r\n3,e,f"
    found = told("csv", content, encoding="utf-8-sig")
    assert found.frame.rows() == [(2, "1", "a", "b"), (3, "2", "c", "d"), (5, "3", "e", "f")]
    assert not found.faults and not found.rejects


def test_a_line_end_of_old_macs_between_records_is_a_reject_that_counts_its_fields() -> None:
    found = told("csv", b"NUMBER,NAME,PLACE\n1,a,b\r2,c,d\n3,e,f\n")
    assert [(reject.line, reject.reason) for reject in found.rejects] == [(2, "file.field_count")]


def test_a_header_that_cannot_be_read_holds_the_delivery_and_says_where() -> None:
    found = told("csv", b'\n"NUMBER,NAME,PLACE\n1,a,b\n')
    assert "第 2 行的表头" in found.faults["delivery.header"]


@pytest.mark.parametrize("header", [b"," * 3_000_000, b"x" * (3 << 20)])
def test_a_header_of_endless_columns_holds_the_delivery(header: bytes) -> None:
    found = told("csv", header + b"\n1,a,b\n")
    assert "delivery.header" in found.faults and not found.frame.height


def test_missing_doubled_and_unknown_columns_are_told_apart() -> None:
    found = told("csv", b"NUMBER,NAME,NAME,,MORE,MORE\n1,a,b,c,d,e\n")
    assert "PLACE" in found.faults["delivery.missing_column"] and "NAME" in found.faults["delivery.duplicate_column"]
    assert found.unknown_columns == ["MORE"]
    assert found.frame.columns == ["_row_number", "number", "name", "place"], "what is outside the catalogue is not loaded (B13)"


def test_an_attachment_in_a_field_costs_its_line_only() -> None:
    content = b"NUMBER,NAME,PLACE\n1,a," + b"x" * (64 << 20) + b"\n2,c,d\n"
    found = told("csv", content)
    assert found.frame.rows() == [(3, "2", "c", "d")]
    assert [(reject.line, reject.reason) for reject in found.rejects] == [(2, "file.too_long")]
    assert "“PLACE”" in found.rejects[0].message


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_an_empty_delivery(content: bytes) -> None:
    assert "delivery.empty" in told("csv", content).faults


@pytest.mark.parametrize(("form", "line"), [("csv", b"1,2\n"), ("jsonl", b"{\n")])
def test_a_file_of_rejects_without_end_is_given_up_as_a_whole(form: str, line: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsed, "MOST_REJECTS", 10)
    assert "第 1" in fault(told(form, b"NUMBER,NAME,PLACE\n" + line * 20))
    monkeypatch.setattr(parsed, "MOST_LINES", 15)
    assert "上限 15 行" in fault(told(form, line * 20))


# Worksheets ------------------------------------------------------------------------------------------------------------------


def test_an_id_stored_as_a_number_has_lost_its_end_and_goes_back() -> None:
    found = told("xlsx", workbook(HEADER, [110105194912310029, "a", "b"], ["110105194912310029", "c", "d"]))
    assert found.frame.rows() == [(3, "110105194912310029", "c", "d")]
    assert [(reject.line, reject.reason) for reject in found.rejects] == [(2, "file.cell")] and "文本" in found.rejects[0].message


def test_merged_cells_errors_and_formulas_without_result_go_back_with_their_column() -> None:
    content = workbook(
        HEADER, ["1", "a", "b"], ["2", "a"], ["3", "a"], ["4", "a", "b"], ["5", "", "b"], ["6", "x", "b"],
        merge=[(2, 2, 3, 2)], formulas=[(4, 2, "=1/0", "#DIV/0!"), (5, 1, '="是"', "是")],
    )  # fmt: skip
    found = told("xlsx", content)
    assert found.frame.rows() == [(2, "1", "a", "b"), (6, "5", "是", "b"), (7, "6", "x", "b")]
    assert [reject.line for reject in found.rejects] == [3, 4, 5]
    assert all("第 3 列“PLACE”" in reject.message for reject in found.rejects)


def test_a_formula_that_was_never_computed_is_not_an_empty_cell() -> None:
    whole = workbook(HEADER, ["1", "a", "b"], formulas=[(1, 2, "=A2", "7")])
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(file, "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b"<f>A2</f><v>7</v>", b"<f>A2</f>"))
    found = told("xlsx", file.getvalue())
    assert "没有计算结果" in found.rejects[0].message and not found.frame.height


def test_a_title_above_the_header_is_no_data() -> None:
    found = told("xlsx", workbook(["平顶山市物品登记表"], [], HEADER, ["1", "a", "b"], merge=[(0, 0, 0, 2)]))
    assert found.frame.rows() == [(4, "1", "a", "b")] and not found.faults and not found.rejects


def test_dates_that_excel_keeps_as_numbers_reach_the_gate_as_they_stand() -> None:
    assert told("xlsx", workbook(HEADER, ["1", 45352, 0.5])).frame.row(0) == (2, "1", "45352", "0.5")


def test_whatever_opens_a_workbook_works_under_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "MEMORY", 64 << 20)
    monkeypatch.setattr(confined, "HONEST_MEMORY", 0)
    assert "delivery.unreadable" in told("xlsx", workbook(HEADER, ["1", "a", "b"])).faults


def test_a_workbook_that_keeps_its_reader_busy_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "SECONDS", 0)
    with pytest.raises(Unreadable, match="时间上限"):
        open_confined(workbook(HEADER, ["1", "a", "b"]), "xlsx")


def test_a_sheet_that_claims_a_million_empty_columns_is_refused_or_read_never_fatal() -> None:
    whole = workbook(HEADER, ["1", "a", "b"])
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(file, "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b'r="C2"', b'r="XFD1048576"').replace(b'<row r="2"', b'<row r="1048576"'))
    assert "delivery.unreadable" in told("xlsx", file.getvalue()).faults


# Parquet ---------------------------------------------------------------------------------------------------------------------


def parquet(**columns: object) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


def test_parquet_of_any_types_becomes_text_and_what_cannot_is_a_reject() -> None:
    from datetime import date, datetime
    from decimal import Decimal

    content = parquet(
        NUMBER=pa.array([410402199001010019, 2, 3]),
        NAME=pa.array([1.5, 2.0, None]),
        PLACE=pa.array([["a"], None, ["b"]]),
        MORE=pa.array([b"\xff"] * 3),
    )
    found = told("parquet", content)
    assert found.frame.rows() == [(2, "2", "2", None)] and found.unknown_columns == ["MORE"]
    assert [(reject.line, reject.reason) for reject in found.rejects] == [(1, "file.cell"), (3, "file.cell")]
    typed = parquet(NUMBER=pa.array([Decimal("1.10")]), NAME=pa.array([date(2026, 3, 1)]), PLACE=pa.array([datetime(2026, 3, 1, 8, 30)]))
    assert told("parquet", typed).frame.row(0) == (1, "1.10", "2026-03-01", "2026-03-01 08:30:00")


@pytest.mark.parametrize("cut", [0, 5, 100, -10])
def test_a_truncated_parquet_file_is_held(cut: int) -> None:
    content = parquet(NUMBER=["1"], NAME=["a"], PLACE=["b"])
    assert "delivery.unreadable" in told("parquet", content[:cut]).faults


def test_a_parquet_file_with_damaged_bytes_is_held_or_read_never_fatal() -> None:
    content = bytearray(parquet(NUMBER=[str(n) for n in range(500)], NAME=["a"] * 500, PLACE=["b"] * 500))
    rng = random.Random(7)
    for _ in range(12):
        spoilt = bytearray(content)
        for _ in range(20):
            spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
        found = told("parquet", bytes(spoilt))
        assert found.faults or found.records == 500


# Archives --------------------------------------------------------------------------------------------------------------------


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries:
            packed.writestr(name, content)
    return file.getvalue()


def link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("things.csv")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


@pytest.mark.parametrize("form", ["csv", "jsonl", "xlsx", "parquet"])
def test_every_format_may_come_zipped(form: str) -> None:
    from yishu.sample.writing import rendered

    frame = pl.DataFrame({"number": ["1"], "name": ["甲"], "place": ["乙"]})
    content = rendered(frame, entry(form))[0]
    found = told(form, zipped((f"文件夹/things.{form}", content), ("__MACOSX/._things", b"x")), "things.zip")
    assert found.frame.select("number", "name", "place").rows() == [("1", "甲", "乙")] and not found.faults


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (zipped(("../things.csv", b"x")), "别处"),
        (zipped(("/etc/things.csv", b"x")), "别处"),
        (zipped(("..\\things.csv", b"x")), "别处"),
        (zipped((link(), b"/etc/passwd")), "链接"),
        (zipped(("a.csv", b"x"), ("b.csv", b"x")), "2 个文件"),
        (zipped(), "0 个文件"),
        (zipped(("inner.zip", zipped(("a.csv", b"x")))), "还是压缩包"),
        (zipped(("things.csv", b"0" * (65 << 20))), "不相称"),
        (zipped(("things.csv", WHOLE.encode()))[:-30], "不是完整"),
        (b"PK\x03\x04 and nothing more", "不是完整"),
        (b"", "不是完整"),
    ],
    ids=["up", "root", "backslash", "link", "two", "none", "nested", "bomb", "cut", "torn", "empty"],
)
def test_an_archive_that_is_not_one_plain_file_is_held_and_told_why(content: bytes, why: str) -> None:
    assert why in fault(told("csv", content, "things.zip"))


def test_an_archive_with_a_wrong_checksum_or_a_password_is_held() -> None:
    whole = zipped(("things.csv", WHOLE.encode()))
    spoilt = bytearray(whole)
    spoilt[45] ^= 0xFF
    assert "delivery.unreadable" in told("csv", bytes(spoilt), "things.zip").faults
    locked = bytearray(whole)
    locked[whole.index(b"PK\x01\x02") + 8] |= 1
    assert "密码" in fault(told("csv", bytes(locked), "things.zip"))


# Landing ---------------------------------------------------------------------------------------------------------------------


def test_a_file_that_somebody_is_writing_waits(tmp_path: Path) -> None:
    file = tmp_path / "things.csv"
    with file.open("wb") as writer:
        writer.write(b"NUMBER")
        assert being_written(file)
    assert not being_written(file)
    os.unlink(file)
    assert being_written(file), "gone meanwhile: not ours to take"


@pytest.mark.parametrize("text", ["{", "[]", '{"records": "7"}', '{"records": true}', "\ufeff{"])
def test_a_sidecar_that_is_none_is_a_fault_and_not_ignored(tmp_path: Path, text: str) -> None:
    file = tmp_path / "things.csv"
    (tmp_path / "things.csv.meta.json").write_text(text, encoding="utf-8")
    assert "请修正" in str(read_sidecar(file).fault)
