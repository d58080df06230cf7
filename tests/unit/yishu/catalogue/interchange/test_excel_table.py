"""The Excel table of the national guide: export and import are inverse, hand-filled tables work, each frequent filling error is named."""

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
import yaml
from python_calamine import CalamineWorkbook

from yishu.catalogue import Catalogue
from yishu.catalogue.interchange import national
from yishu.catalogue.interchange.excel_export import write_table
from yishu.catalogue.interchange.excel_import import TableRefused, read_table, write_drafts

RESOURCE = {
    "信息资源分类": "部门", "信息资源名称": "城镇公园信息", "信息资源代码": "307002/0901", "信息资源提供方": "平顶山市民政局",
    "信息资源提供方代码": "11410400MB0A10021B",
    "信息资源摘要": "公园，一园一行", "信息资源格式大类": "2", "信息资源格式": "xlsx", "共享类型": "1", "共享条件": "",
    "共享方式": "共享平台方式/文件",
    "是否向社会开放": "1", "开放条件": "", "更新周期": "4", "发布日期": "", "关联资源代码": "",
}  # fmt: skip
ITEMS = [{"信息项名称": "公园编号", "数据类型": "C"}, {"信息项名称": "面积", "数据类型": "N"}, {"信息项名称": "建成日期", "数据类型": "D"}]


def table(file: Path, *resources: dict[str, str], items: list[dict[str, str]] | None = None, merged: bool = False, title: bool = False) -> Path:
    """A table as a department fills it: the guide's columns only."""
    columns = list(national.GUIDE_COLUMNS)
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet("目录")
        line = 0
        if title:
            sheet.merge_range(0, 0, 0, len(columns) - 1, "平顶山市政务信息资源目录")
            line = 1
        sheet.write_row(line, 0, columns)
        for resource in resources:
            for number, item in enumerate(items or ITEMS):
                line += 1
                told = {**({} if merged and number else resource), **item}
                sheet.write_row(line, 0, [told.get(column, "") for column in columns])
    return file


def refused(catalogue: Catalogue, file: Path) -> list[str]:
    with pytest.raises(TableRefused) as caught:
        read_table(file, catalogue.departments)
    return caught.value.faults


def cells(file: Path) -> list[list[Any]]:
    return CalamineWorkbook.from_path(str(file)).get_sheet_by_name(national.SHEET).to_python()


def test_an_export_read_back_gives_every_entry_again(catalogue: Catalogue, tmp_path: Path) -> None:
    file = tmp_path / "table.xlsx"
    assert write_table(catalogue, file) == len(catalogue.resources)
    drafts = read_table(file, catalogue.departments)
    assert {f"{draft.department}.{draft.name}": draft.resource for draft in drafts} == catalogue.resources


def test_export_import_export_is_the_identity(catalogue: Catalogue, tmp_path: Path) -> None:
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    write_table(catalogue, first)
    again = catalogue.model_copy(update={"resources": {f"{d.department}.{d.name}": d.resource for d in read_table(first, catalogue.departments)}})
    write_table(again, second)
    assert cells(first) == cells(second)


def test_the_files_that_an_import_writes_are_the_entries(catalogue: Catalogue, tmp_path: Path) -> None:
    write_table(catalogue, tmp_path / "table.xlsx", "taxation")
    written = write_drafts(read_table(tmp_path / "table.xlsx", catalogue.departments), tmp_path / "into")
    own = {entry.name: entry for entry in catalogue.resources.values() if entry.department == "taxation"}
    assert {file.stem for file in written} == set(own)
    for file in written:
        entry = type(own[file.stem]).model_validate({"department": "taxation", "name": file.stem, **yaml.safe_load(file.read_text("utf-8"))})
        assert entry == own[file.stem]
    with pytest.raises(TableRefused, match="文件已存在"):
        write_drafts(read_table(tmp_path / "table.xlsx", catalogue.departments), tmp_path / "into")


@pytest.mark.parametrize("shape", [{"merged": True}, {"title": True}, {}])
def test_a_table_filled_by_hand_gives_drafts(catalogue: Catalogue, tmp_path: Path, shape: dict[str, bool]) -> None:
    other = {**RESOURCE, "信息资源名称": "殡葬服务机构信息", "信息资源代码": "307002/0902", "更新周期": "6"}
    park, funeral = read_table(table(tmp_path / "hand.xlsx", RESOURCE, other, **shape), catalogue.departments)
    assert (park.department, park.resource.title) == ("civil_affairs", "城镇公园信息")
    assert (park.resource.frequency, park.resource.key) == ("monthly", ["item_1"])
    assert [(item.column, item.type) for item in park.resource.items] == [("公园编号", "text"), ("面积", "decimal"), ("建成日期", "date")]
    assert funeral.resource.frequency == "yearly" and len(funeral.resource.items) == 3


def edited(file: Path, **changes: str) -> None:
    """Change cells of the first resource's rows, as an officer does in an exported table."""
    lines = cells(file)
    header = lines[0]
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet(national.SHEET)
        for number, line in enumerate(lines):
            same = number and line[header.index("信息资源代码")] == lines[1][header.index("信息资源代码")]
            sheet.write_row(number, 0, [changes.get(title, cell) if same else cell for title, cell in zip(header, line, strict=True)])


def test_what_an_officer_edits_in_an_exported_table_counts(catalogue: Catalogue, tmp_path: Path) -> None:
    file = tmp_path / "table.xlsx"
    write_table(catalogue, file, "taxation")
    before = read_table(file, catalogue.departments)[0].resource
    edited(file, 共享类型="2", 共享条件="《税收征收管理法》第八条", 是否向社会开放="0", 开放条件="含商业秘密", 数据类型="C")
    after = read_table(file, catalogue.departments)[0].resource
    assert (after.sharing.class_, after.sharing.conditions, after.opening.class_) == ("conditional", "《税收征收管理法》第八条", "none")
    assert {item.type for item in before.items} - {"date", "decimal", "integer"} >= {item.type for item in after.items} - {"text"}


def test_a_table_whose_codes_alone_are_merged_is_read(catalogue: Catalogue, tmp_path: Path) -> None:
    file = table(tmp_path / "hand.xlsx", RESOURCE, merged=True)
    lines = CalamineWorkbook.from_path(str(file)).get_sheet_by_name("目录").to_python()
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet("目录")
        for number, line in enumerate(lines):
            name = lines[0].index("信息资源名称")
            sheet.write_row(number, 0, [*line[:name], line[name] or RESOURCE["信息资源名称"], *line[name + 1 :]])
    (draft,) = read_table(file, catalogue.departments)
    assert len(draft.resource.items) == 3


@pytest.mark.parametrize(
    ("resources", "words"),
    [
        ([{"信息资源名称": "社会救助管理系统"}], "系统名称"),
        ([{"信息资源名称": "养老机构信息1"}, {"信息资源名称": "养老机构信息2", "信息资源代码": "307002/0902"}], "只差数字"),
        ([{"信息资源名称": "养老机构（城区）"}, {"信息资源名称": "养老机构(城区) ", "信息资源代码": "307002/0902"}], "只差标点或空格"),
        ([{}, {"信息资源名称": "养老机构信息", "信息资源代码": "307002/0902", "信息资源提供方代码": "11410400MB0A10013G"}], "另一个代码"),
        ([{"信息资源提供方代码": "1141040"}], "代码只有 7 位"),
        ([{"信息资源提供方代码": "11410400MB0A10021A"}], "校验码不符"),
        ([{"信息资源名称": ""}], "“信息资源名称”为空"),
        ([{"信息资源提供方": ""}], "“信息资源提供方”为空"),
        ([{"信息资源摘要": ""}], "“信息资源摘要”为空"),
        ([{"信息资源格式": "oracle"}], "不是电子表格的格式"),
        ([{"信息资源格式大类": "9"}], "没有格式大类 9"),
        ([{"共享方式": "共享平台方式/接口"}], "不能以“接口”共享"),
        ([{"共享类型": "2"}], "没有写明条件"),
        ([{"共享类型": "3", "共享条件": "涉密"}], "没有引用法律法规"),
        ([{"共享类型": "4"}], "没有共享类型 4"),
        ([{"更新周期": "每天"}], "没有更新周期"),
        ([{"信息资源代码": "XX-1"}], "不符合编制指南"),
        ([{"信息资源提供方": "平顶山市气象局", "信息资源提供方代码": "11410400MB0A90017T"}], "没有登记部门"),
    ],
)  # fmt: skip
def test_each_frequent_filling_error_is_named_with_its_cell(
    catalogue: Catalogue, tmp_path: Path, resources: list[dict[str, str]], words: str
) -> None:
    faults = refused(catalogue, table(tmp_path / "hand.xlsx", *({**RESOURCE, **change} for change in resources)))
    named = [fault for fault in faults if words in fault]
    assert named and all(fault.startswith("hand.xlsx:目录!") and ("请" in fault or "可填" in fault) for fault in named)


def test_units_in_number_columns_and_unknown_letters_are_named(catalogue: Catalogue, tmp_path: Path) -> None:
    assert "没有数据类型 X" in refused(catalogue, table(tmp_path / "a.xlsx", RESOURCE, items=[{**ITEMS[0], "数据类型": "X"}]))[0]
    file = tmp_path / "own.xlsx"
    write_table(catalogue, file, "taxation")
    lines = cells(file)
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet(national.SHEET)
        lines[1][list(national.COLUMNS).index("标识")] = "1 个"
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line)
    assert any("写了单位" in fault for fault in refused(catalogue, file))


def test_every_mistake_of_a_table_is_told_at_once(catalogue: Catalogue, tmp_path: Path) -> None:
    wrong = {**RESOURCE, "信息资源名称": "救助系统", "共享类型": "2", "信息资源提供方代码": "1"}
    assert len(refused(catalogue, table(tmp_path / "hand.xlsx", wrong))) >= 3


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a workbook"])
def test_what_is_no_workbook_is_refused(catalogue: Catalogue, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.xlsx").write_bytes(content)
    assert "不是可读的 xlsx" in refused(catalogue, tmp_path / "x.xlsx")[0]
