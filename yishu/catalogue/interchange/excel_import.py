"""Reading a filled national table: either every mistake with its cell, or entries ready to be written as files.

A table of our own export gives the same entries again; one filled by hand gives drafts: names from the column names, types from the letters.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from python_calamine import CalamineError, CalamineWorkbook

from yishu.catalogue.documents import said
from yishu.catalogue.interchange import national
from yishu.catalogue.interchange.filling_errors import Mistake, Row, mistakes
from yishu.catalogue.models import Department, Resource

_NAME = re.compile(r"[^a-z0-9_]+")


class TableRefused(Exception):
    """The table cannot be taken over; `faults` names every mistake as file:sheet!cell: problem。way out."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True)
class Draft:
    """An entry as it will be written: departments/<department>/<name>.yaml."""

    department: str
    name: str
    content: dict[str, Any]

    @property
    def resource(self) -> Resource:
        return Resource.model_validate({"department": self.department, "name": self.name, **self.content})


def read_table(file: Path, departments: dict[str, Department]) -> list[Draft]:
    """The table's entries. Raises TableRefused with every mistake."""
    header, rows, sheet = _rows(file)
    places = {title: _letters(header.index(title)) for title in header if title in national.COLUMNS}
    missing = [title for title in national.GUIDE_COLUMNS if title not in places]
    if missing:
        raise TableRefused([f"{file.name}:{sheet}!1：缺少列 {'、'.join(missing)}。请使用编制指南的表头"])
    found = mistakes(rows)
    drafts = []
    for group in _groups(rows):
        draft = _draft(group, departments)
        found += [draft] if isinstance(draft, Mistake) else list(_faults(draft, group[0]))
        drafts += [] if isinstance(draft, Mistake) else [draft]
    if found:
        told = dict.fromkeys(f"{file.name}:{sheet}!{places.get(m.column, 'A')}{m.line}：{m.problem}。{m.way_out}" for m in found)
        raise TableRefused(list(told))
    return drafts


def write_drafts(drafts: Sequence[Draft], folder: Path) -> list[Path]:
    """Write each entry as a file below `folder`; nothing that exists is replaced. Raises TableRefused."""
    files = {folder / "departments" / draft.department / f"{draft.name}.yaml": draft for draft in drafts}
    taken = [file for file in files if file.exists()]
    if taken:
        raise TableRefused([f"{file}：文件已存在。请换一个 --into 文件夹，核对后再合并" for file in taken])
    for file, draft in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(yaml.safe_dump(draft.content, allow_unicode=True, sort_keys=False, width=1000), encoding="utf-8")
    return list(files)


def _rows(file: Path) -> tuple[list[str], list[Row], str]:
    """The header, the rows below it, and the name of the worksheet."""
    try:
        book = CalamineWorkbook.from_path(str(file))
        name = national.SHEET if national.SHEET in book.sheet_names else book.sheet_names[0]
        lines = [[_text(cell) for cell in line] for line in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
    except (CalamineError, OSError, ValueError, IndexError):
        raise TableRefused([f"{file}：不是可读的 xlsx 工作簿。请用 Excel 另存为 xlsx 后再导入"]) from None
    place = next((at for at, line in enumerate(lines) if "信息资源名称" in line), None)
    if place is None:
        raise TableRefused([f"{file.name}：没有找到“信息资源名称”所在的表头。请使用编制指南的表头"])
    header = lines[place]
    rows, above = [], dict.fromkeys(national.COLUMNS, "")
    for number, line in enumerate(lines[place + 1 :], place + 2):
        cells = {title: text for title, text in zip(header, line, strict=False) if title in national.COLUMNS}
        if any(cells.values()):
            above = _carried_down(cells, above)
            rows.append(Row(number, above))
    return header, rows, name


def _carried_down(cells: dict[str, str], above: dict[str, str]) -> dict[str, str]:
    """Merged over its items, a resource's cell is empty below the first row. Another name or another code begins a resource."""
    begins = any(cells.get(title) and cells[title] != above[title] for title in ("信息资源名称", "信息资源代码"))
    return {title: cells.get(title, "") or ("" if begins or of_item else above[title]) for title, of_item in national.COLUMNS.items()}


def _groups(rows: Sequence[Row]) -> Iterator[list[Row]]:
    group: list[Row] = []
    for row in rows:
        if group and (row["信息资源代码"], row["信息资源名称"]) != (group[0]["信息资源代码"], group[0]["信息资源名称"]):
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _draft(rows: Sequence[Row], departments: dict[str, Department]) -> Draft | Mistake:
    first = rows[0]
    own = next((name for name, known in departments.items() if known.title == first["信息资源提供方"]), "")
    department, _, name = (first["资源英文名"] or f"{own}/{_from_code(first['信息资源代码'])}").partition("/")
    if not department:
        return Mistake(first.line, "信息资源提供方", f"没有登记部门 {first['信息资源提供方']}", "请先登记 department.yaml，或改成登记的全称")
    try:
        items = [_item(row, place) for place, row in enumerate(rows, 1)]
        rest = _as_edited(json.loads(first["其他登记"]), first) if first["其他登记"] else _by_hand(first, name)
    except ValueError:
        return Mistake(first.line, "其他登记", "不是有效的 JSON", "请恢复导出时的内容，或整列删空")
    content: dict[str, Any] = {
        "code": first["信息资源代码"], "title": first["信息资源名称"], "summary": first["信息资源摘要"],
        "duty": first["职责依据"] or "（请补充职责依据，B17）",
        "frequency": {shown: ours for ours, shown in national.FREQUENCIES.items()}.get(first["更新周期"], "irregular"),
        "key": _key(rows, items), **rest, "items": items,
    }  # fmt: skip
    return Draft(department, name, content)


def _as_edited(rest: dict[str, Any], row: Row) -> dict[str, Any]:
    """What our export carried, under what the guide's own columns say now: who edits the table edits those."""
    sharing = {shown: ours for ours, shown in national.SHARING.items()}.get(row["共享类型"])
    if sharing and rest.get("sharing", {}).get("class") != sharing:
        said = {"conditions": row["共享条件"], "basis": row["共享条件"]} if sharing != "open" and row["共享条件"] else {}
        rest["sharing"] = {**said, "class": sharing}
    opened = row["是否向社会开放"] == "1"
    if row["是否向社会开放"] and opened == (rest.get("opening", {}).get("class") == "none"):
        rest["opening"] = {"class": "open"} if opened else {"class": "none", "ground": row["开放条件"] or "（请补充不予开放的理由，G09）"}
    return rest


def _by_hand(row: Row, name: str) -> dict[str, Any]:
    """What a hand-filled table says of delivery, sharing and opening; a file is assumed where it says no more."""
    concrete = row["信息资源格式"].lower()
    form = concrete if concrete in ("csv", "xlsx", "jsonl", "parquet") else "xlsx"
    sharing: dict[str, Any] = {"class": {shown: ours for ours, shown in national.SHARING.items()}.get(row["共享类型"], "open")}
    if sharing["class"] != "open":
        sharing |= {"basis": row["共享条件"], "conditions": row["共享条件"]}
    opening = {"class": "open"} if row["是否向社会开放"] == "1" else {"class": "none", "ground": row["开放条件"] or "（请补充不予开放的理由，G09）"}
    delivery = {"channel": "file", "format": form, "pattern": f"{name}_{{as_of}}.{form}", "mode": "snapshot"}
    return {"delivery": delivery, "sharing": sharing, "opening": opening}


def _item(row: Row, place: int) -> dict[str, Any]:
    column = row["列名"] or row["信息项名称"]
    ascii_name = _NAME.sub("_", column.lower()).strip("_") if column.isascii() else ""
    name = row["英文名"] or (ascii_name if ascii_name[:1].isalpha() else f"item_{place}")
    plain = {"type": national.TYPES.get(row["数据类型"], "text")}
    rest = json.loads(row["项其他登记"]) if row["项其他登记"] else plain
    if row["数据类型"] and national.LETTERS.get(rest.get("type", "text"), "C") != row["数据类型"] and plain["type"] != rest.get("type"):
        rest = {**{part: value for part, value in rest.items() if part not in ("codes", "future")}, **plain}
    required = {"required": True} if row["必填"] == "1" else {}
    return {"name": name, "column": column, "title": row["信息项名称"], **rest, **required}


def _key(rows: Sequence[Row], items: Sequence[dict[str, Any]]) -> list[str]:
    """By the numbers of 标识; where nobody numbered, the first item."""
    numbered = sorted((int(row["标识"]), item["name"]) for row, item in zip(rows, items, strict=True) if row["标识"].isdigit())
    return [name for _, name in numbered] or [items[0]["name"]]


def _faults(draft: Draft, row: Row) -> Iterator[Mistake]:
    try:
        _ = draft.resource
    except ValidationError as error:
        for detail in error.errors():
            place = ".".join(map(str, detail["loc"]))
            problem, way_out = said(detail)
            yield Mistake(row.line, "信息资源名称", f"《{row['信息资源名称']}》{place}：{problem}", way_out)


def _from_code(code: str) -> str:
    return "resource_" + _NAME.sub("_", code.lower()).strip("_")


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _letters(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, left = divmod(place - 1, 26)
        letters = chr(ord("A") + left) + letters
    return letters
