"""What each department gets back for each delivery (B18, E03): received, accepted, held, rejected, and why. DIR/outbox/<department>/.

One JSON and one Excel file a delivery, with file, line, column and way out of every problem, and no value of any row. Derived from ledger,
rejects and violations: written again whenever the delivery's state has moved.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from yishu.catalogue.models import Catalogue, Department, Resource
from yishu.ingest.landing import strays
from yishu.lake import delta, violations
from yishu.lake.delivery import STATES, Delivery
from yishu.lake.ledger import Ledger

STRAYS = "未识别文件"
_SHEET_ROWS = 1_000_000  # a worksheet ends at 1,048,576; the JSON has all of them
_COUNTS = {"records": "记录", "raw_rows": "入湖", "rejects": "拒收（无法读取）", "held_out": "不入池（缺标识）", "collapsed": "重复行合并",
           "set_aside": "未采用（重复标识，或已有更新的报送、更正）", "pool_changed": "入池变化", "pool_rows": "入池后总行数"}  # fmt: skip
_SEVERITIES = {"structural": "未入池", "content": "已入池，标记核实中", "advisory": "已入池，请注意规范"}
_PROBLEM_COLUMNS = {"file": "文件", "line": "行号", "column": "列", "treatment": "处理", "message": "问题和改法"}
_STRAY_COLUMNS = {"file": "文件", "message": "原因和改法"}
_OPTIONS = {"constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}


def write_receipts(data: Path, resource: Resource, catalogue: Catalogue) -> int:
    """Write the receipts of every delivery of the resource that has moved since the last time; return how many."""
    ledger = Ledger(data)
    mark = f"receipts.{resource.id}"
    since = ledger.recall(mark) or ""
    moved = [delivery for delivery in ledger.deliveries(resource.department, resource.name) if delivery.state_at > since]
    told = [delivery for delivery in moved if delivery.state != "superseded" or delivery.pool_rows is None]
    found = _problems(data, resource, [delivery.delivery_id for delivery in told])
    for delivery in told:
        of_this = [problem for problem in found if problem["delivery"] == delivery.delivery_id]
        _write(_folder(data, resource.department) / delivery.delivery_id, _receipt(delivery, resource, catalogue, of_this))
    if moved:  # a crash before this line only writes the same receipts again
        ledger.remember(mark, max(delivery.state_at for delivery in moved))
    return len(told)


def write_stray_receipts(data: Path, catalogue: Catalogue) -> None:
    """Tell each department which files in its landing folder nobody expects; where there are none any more, nothing stays."""
    found = strays(data, catalogue)
    for department in catalogue.departments.values():
        own = [stray for stray in found if stray.path.relative_to(data / "landing").parts[0] == department.name]
        place = _folder(data, department.name) / STRAYS
        if own:
            files = [{"file": str(stray.path.relative_to(data / "landing" / department.name)), "message": stray.why} for stray in own]
            _write(place, {"department": department.title, "state": "未接收", "files": files})
        else:
            for ending in (".json", ".xlsx"):
                place.with_name(place.name + ending).unlink(missing_ok=True)


def _folder(data: Path, department: str) -> Path:
    return data / "outbox" / department


def _receipt(delivery: Delivery, resource: Resource, catalogue: Catalogue, problems: list[dict[str, Any]]) -> dict[str, Any]:
    department: Department = catalogue.departments[resource.department]
    earlier = delivery.layout is not None and delivery.layout != resource.version
    return {
        "department": department.title,
        "resource": resource.title,
        "delivery": delivery.delivery_id,
        "kind": "更正报送" if delivery.is_correction else "报送",
        "file": delivery.file,
        "sha256": delivery.content_hash,
        "as_of": delivery.as_of.isoformat(),
        "received_at": delivery.received_at,
        "state": STATES.get(delivery.state, delivery.state),
        "reason": delivery.reason,
        "approval": delivery.release_approval or delivery.approval,
        "layout": f"按旧版目录（第 {delivery.layout} 版）识别" if earlier else None,
        "counts": {title: getattr(delivery, name) for name, title in _COUNTS.items() if getattr(delivery, name) is not None},
        "faults": [fault["message"] for fault in delivery.faults],
        "unknown_columns": delivery.unknown_columns,
        "unknown_columns_note": "以上列不在目录内，未装入（B13）；需要的请先申请修改目录" if delivery.unknown_columns else None,
        "problems": [{name: text for name, text in problem.items() if name != "delivery"} for problem in problems],
    }


def _problems(data: Path, resource: Resource, deliveries: list[str]) -> list[dict[str, Any]]:
    path = violations.violations_path(data)
    if not deliveries or not delta.exists(path):
        return []
    of_these = (pl.col("gate") == "row") & pl.col("delivery_id").is_in(deliveries)
    rows = delta.read(path, where=of_these).sort("delivery_id", "row_number", "rule").unique(
        ["delivery_id", "row_number", "rule", "column"], keep="first", maintain_order=True)  # fmt: skip
    titles = {item.name: f"{item.title}（{item.column}）" for item in resource.items}
    return [
        {"delivery": row["delivery_id"], "file": row["file"], "line": row["row_number"], "column": titles.get(row["column"], ""),
         "treatment": _SEVERITIES[row["severity"]], "message": row["message"]}
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip


def _write(place: Path, told: dict[str, Any]) -> None:
    """Both files, each whole or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True)
    _replace(place.with_name(place.name + ".xlsx"), lambda draft: _workbook(draft, told))
    text = json.dumps(told, ensure_ascii=False, indent=2)
    _replace(place.with_name(place.name + ".json"), lambda draft: draft.write_text(text, encoding="utf-8"))


def _replace(file: Path, make: Callable[[Path], object]) -> None:
    draft = file.with_name(f".{file.name}")
    make(draft)
    draft.chmod(0o600)
    os.replace(draft, file)


def _workbook(file: Path, told: dict[str, Any]) -> None:
    titles = {"department": "部门", "resource": "信息资源", "delivery": "批次", "kind": "类别", "file": "文件", "sha256": "SHA-256",
              "as_of": "数据日期", "received_at": "接收时间", "state": "结果", "reason": "原因",
              "approval": "批准文号", "layout": "目录版本"}  # fmt: skip
    with xlsxwriter.Workbook(str(file), _OPTIONS) as book:
        bold = book.add_format({"bold": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("回执")
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 90, wrapped)
        lines: list[tuple[str, Any]] = [(title, told[name]) for name, title in titles.items() if told.get(name)]
        lines += list(told.get("counts", {}).items())
        lines += [("须处理", text) for text in told.get("faults", [])]
        if told.get("unknown_columns"):
            lines.append(("目录外的列", f"{'、'.join(told['unknown_columns'])}。{told['unknown_columns_note']}"))
        for number, (title, value) in enumerate(lines):
            sheet.write(number, 0, title, bold)
            sheet.write(number, 1, value)
        _listing(book, "问题行", _PROBLEM_COLUMNS, told.get("problems", []), bold)
        _listing(book, STRAYS, _STRAY_COLUMNS, told.get("files", []), bold)


def _listing(book: Any, name: str, columns: dict[str, str], rows: list[dict[str, Any]], bold: Any) -> None:
    if not rows:
        return
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(columns) - 2, 24)
    sheet.set_column(len(columns) - 1, len(columns) - 1, 90)
    sheet.write_row(0, 0, columns.values(), bold)
    for number, row in enumerate(rows[:_SHEET_ROWS], 1):
        sheet.write_row(number, 0, [row[column] for column in columns])
