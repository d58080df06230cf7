"""The form that goes out and comes back: its columns, and how a value looks in a cell. The writer and the reader agree here.

Not here: opening or writing files (writing.py, reading.py), what is right (checking.py).
"""

import re
from collections.abc import Mapping

from yishu.catalogue.models import Item, Resource

SHEET, NOTES = "更正", "说明"
ITEM, LINE, PROBLEM, PROPOSAL, STAMP = "明细编号", "原文件行号", "问题", "建议", "校验码（请勿修改）"
IDENTIFICATION = (ITEM, LINE, PROBLEM, PROPOSAL, STAMP)
MOST_CHARACTERS = 32_767  # of a cell
_NO_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # XML has none of these
_ESCAPES = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # would be taken for an escaped character by who reads it back


def heading(item: Item) -> str:
    """Title and the department's own column, whichever its officer knows."""
    return item.title if item.title == item.column else f"{item.title}（{item.column}）"


def item_names(resource: Resource) -> dict[str, str]:
    """What may stand above a column -> our name of the item: the heading, the column, our name, a title that is no other's."""
    titles = [item.title for item in resource.items]
    names = {item.title: item.name for item in resource.items if titles.count(item.title) == 1}
    names |= {item.name: item.name for item in resource.items}
    names |= {item.column: item.name for item in resource.items}
    return names | {heading(item): item.name for item in resource.items}


def as_shown(value: str) -> str:
    """The value as a cell can hold it and give it back; what differs from it was typed by somebody."""
    plain = _NO_CHARACTERS.sub("\ufffd", value.replace("\r\n", "\n").replace("\r", "\n"))
    return _ESCAPES.sub("＿", plain)[:MOST_CHARACTERS]


def typed_into(original: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """The row with what was typed: where a cell says what it said when it went out, the value stays verbatim."""
    return {
        name: value if name not in given or as_shown(given[name]) == as_shown(value) else given[name].replace("\r\n", "\n").replace("\r", "\n")
        for name, value in original.items()
    }
