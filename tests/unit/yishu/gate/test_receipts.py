"""Each department reads in its outbox what became of each delivery, where the problem stands, and what to do; never a value of a row."""

import json
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from yishu.gate import receipts
from yishu.gate.receipts import write_receipts, write_stray_receipts

ZHANG, LI = "11010519491231002X", "410403198503020024"


def row(id_: str, name: str = "张三", sex: str = "1") -> list[str]:
    return [id_, name, sex, "1990-01-01", "1.5"]


def written(lake: Any, name: str = "snapshot") -> int:
    return write_receipts(lake.data, lake.resource(name), lake.catalogue)


def receipt(lake: Any, delivery_id: str) -> dict[str, Any]:
    return dict(json.loads((lake.data / "outbox/office" / f"{delivery_id}.json").read_text("utf-8")))


def cells(file: Path, sheet: str) -> list[list[Any]]:
    return CalamineWorkbook.from_path(str(file)).get_sheet_by_name(sheet).to_python()


def test_a_receipt_tells_counts_problems_and_unknown_columns(lake: Any) -> None:
    header = ["SFZH", "XM", "XB", "CSRQ", "JE", "备用"]
    lake.deliver("snapshot", [[*row(ZHANG, sex="7"), "x"], [*row(LI), "y"], ["坏行"]], header=header)
    (done,) = lake.night(1)
    assert written(lake) == 1
    told = receipt(lake, done.delivery_id)
    assert (told["state"], told["file"]) == ("已入池", "snapshot_20260301.csv")
    assert (told["counts"]["记录"], told["counts"]["入湖"], told["counts"]["拒收（无法读取）"]) == (3, 2, 1)
    assert told["unknown_columns"] == ["备用"] and "B13" in told["unknown_columns_note"]
    assert [(problem["line"], problem["column"], problem["treatment"]) for problem in told["problems"]] == [
        (2, "性别（XB）", "已入池，标记核实中"),
        (4, "", "未入池"),
    ]
    assert "请" in told["problems"][1]["message"]


def test_the_workbook_says_the_same_as_the_json(lake: Any) -> None:
    lake.deliver("snapshot", [row(ZHANG, sex="7"), ["坏行"]])
    (done,) = lake.night(1)
    written(lake)
    file = lake.data / "outbox/office" / f"{done.delivery_id}.xlsx"
    told = receipt(lake, done.delivery_id)
    listed = cells(file, "问题行")
    assert listed[0] == ["文件", "行号", "列", "处理", "问题和改法"]
    assert [[str(cell) for cell in line] for line in listed[1:]] == [
        [p["file"], str(float(p["line"])), p["column"], p["treatment"], p["message"]] for p in told["problems"]
    ]
    assert ["结果", told["state"]] in [line[:2] for line in cells(file, "回执")]


def test_no_value_of_any_row_stands_in_a_receipt(lake: Any) -> None:
    lake.deliver("snapshot", [row(ZHANG[:-1] + "0", "王小明"), row("", "李小红"), [LI, "只有两格"]])
    (done,) = lake.night(1)
    written(lake)
    text = (lake.data / "outbox/office" / f"{done.delivery_id}.json").read_text("utf-8")
    assert not [secret for secret in (ZHANG[:-1], LI, "王小明", "李小红", "只有两格") if secret in text]


def test_a_held_delivery_is_told_why_and_what_to_do_and_a_released_one_that_it_is_in(lake: Any) -> None:
    lake.deliver("snapshot", [["张三"]], header=["XM"])
    (held,) = lake.night(1)
    written(lake)
    told = receipt(lake, held.delivery_id)
    assert told["state"] == "暂缓" and "缺少列" in told["faults"][0] and "请按目录补齐" in told["faults"][0]
    lake.ledger.move(held.delivery_id, "rejected", actor="bureau", approval="1", reason="请补全")
    assert written(lake) == 1 and receipt(lake, held.delivery_id)["state"] == "已退回"
    assert written(lake) == 0, "nothing has moved since"


def test_a_crash_before_the_receipts_are_done_writes_them_the_next_time(lake: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lake.deliver("snapshot", [row(ZHANG)])
    (done,) = lake.night(1)

    def broken(*_: Any) -> None:
        raise OSError("disk")

    with monkeypatch.context() as patched, pytest.raises(OSError):
        patched.setattr(receipts, "_workbook", broken)
        written(lake)
    assert not (lake.data / "outbox/office" / f"{done.delivery_id}.json").exists()
    assert written(lake) == 1 and receipt(lake, done.delivery_id)["state"] == "已入池"


def test_files_that_nobody_expects_are_told_until_they_are_gone(lake: Any) -> None:
    folder = lake.put("snapshot", b"x").parent
    (folder / "登记表.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    (folder / "snapshot_20260301.csv.part").write_bytes(b"half")
    (folder / "link.csv").symlink_to("/etc/hostname")
    write_stray_receipts(lake.data, lake.catalogue)
    told = json.loads((lake.data / "outbox/office/未识别文件.json").read_text("utf-8"))
    assert {entry["file"] for entry in told["files"]} == {"snapshot/登记表.doc", "snapshot/link.csv"}
    assert all("请" in entry["message"] for entry in told["files"])
    (folder / "登记表.doc").unlink()
    (folder / "link.csv").unlink()
    write_stray_receipts(lake.data, lake.catalogue)
    assert not list((lake.data / "outbox/office").glob("未识别文件*"))


def test_receipts_are_for_their_owner_only(lake: Any) -> None:
    lake.deliver("snapshot", [row(ZHANG)])
    lake.night(1)
    written(lake)
    assert {file.stat().st_mode & 0o777 for file in (lake.data / "outbox/office").iterdir()} == {0o600}
