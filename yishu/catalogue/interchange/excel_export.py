"""The catalogue as the Excel table of the national guide."""

import json
from pathlib import Path
from typing import Any

import xlsxwriter

from yishu.catalogue.interchange import national
from yishu.catalogue.models import Catalogue, Item, Resource

_OPTIONS = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
_LISTS = {"信息资源格式大类": [known.number for known in national.FORMATS], "数据类型": sorted(national.TYPES), "共享类型": ["1", "2", "3"],
          "是否向社会开放": ["1", "0"], "更新周期": list(national.FREQUENCIES.values()), "必填": ["1", "0"]}  # fmt: skip
# What has a column of its own; everything else of an entry goes as JSON into 其他登记, 项其他登记.
_TOLD, _ITEM_TOLD = {"department", "name", "code", "title", "summary", "duty", "frequency", "key", "items"}, {"name", "column", "title", "required"}


def write_table(catalogue: Catalogue, file: Path, department: str | None = None) -> int:
    """Write the table, of one department if named; return the number of resources."""
    resources = [entry for entry in catalogue.resources.values() if department in (None, entry.department)]
    with xlsxwriter.Workbook(str(file), _OPTIONS) as book:
        sheet = book.add_worksheet(national.SHEET)
        heading = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#DDEBF7"})
        text = book.add_format({"num_format": "@"})  # codes keep their leading zeros when somebody edits the cell
        sheet.write_row(0, 0, national.COLUMNS, heading)
        sheet.freeze_panes(1, 2)
        sheet.set_column(0, len(national.COLUMNS) - 1, 18, text)
        line = 0
        for resource in resources:
            for item in resource.items:
                line += 1
                told = {**_resource(resource, catalogue), **_item(resource, item)}
                sheet.write_row(line, 0, [told[title] for title in national.COLUMNS], text)
        for title, values in _LISTS.items():
            place = list(national.COLUMNS).index(title)
            sheet.data_validation(1, place, max(line, 1) + 1000, place, {"validate": "list", "source": values})
    return len(resources)


def _resource(resource: Resource, catalogue: Catalogue) -> dict[str, str]:
    department = catalogue.departments[resource.department]
    number, concrete = national.format_of(resource)
    sharing, opening = resource.sharing, resource.opening
    rest = _rest(resource.model_dump(mode="json", by_alias=True, exclude_defaults=True), _TOLD)
    return {
        "信息资源分类": national.CLASSES.get(resource.code[0], ""), "信息资源名称": resource.title, "信息资源代码": resource.code,
        "信息资源提供方": department.title, "信息资源提供方代码": department.credit_code, "信息资源摘要": resource.summary,
        "信息资源格式大类": number, "信息资源格式": concrete, "共享类型": national.SHARING[sharing.class_],
        "共享条件": sharing.conditions or sharing.basis or "", "共享方式": national.shared_as(resource),
        "是否向社会开放": "0" if opening.class_ == "none" else "1", "开放条件": "无" if opening.class_ == "open" else "",
        "更新周期": national.FREQUENCIES[resource.frequency], "发布日期": "", "关联资源代码": "",
        "资源英文名": f"{resource.department}/{resource.name}", "职责依据": resource.duty, "其他登记": rest,
    }  # fmt: skip


def _item(resource: Resource, item: Item) -> dict[str, str]:
    place = resource.key.index(item.name) + 1 if item.name in resource.key else ""
    rest = _rest(item.model_dump(mode="json", by_alias=True, exclude_defaults=True), _ITEM_TOLD)
    return {
        "信息项名称": item.title, "数据类型": national.letter_of(item), "英文名": item.name, "列名": item.column, "标识": str(place),
        "必填": "1" if item.required else "0", "项其他登记": rest,
    }  # fmt: skip


def _rest(content: dict[str, Any], told: set[str]) -> str:
    rest = {name: value for name, value in content.items() if name not in told}
    return json.dumps(rest, ensure_ascii=False, sort_keys=True) if rest else ""
