"""The Excel table of the national compilation guide (政务信息资源目录编制指南（试行），发改高技〔2017〕1272号): columns and value codes.

One row an information item, the resource's own metadata repeated on each. Behind the guide's columns stand ours, so that an export read back
gives the same entry; a department that fills the table by hand may leave them out.
"""

from typing import NamedTuple

from yishu.catalogue.models import Item, Resource

SHEET = "政务信息资源目录"


class Format(NamedTuple):
    """信息资源格式: class, its name, and what it may be shared as."""

    number: str
    name: str
    concrete: tuple[str, ...]
    shared_as: tuple[str, ...]


FORMATS = (
    Format("1", "电子文件", ("ofd", "wps", "xml", "txt", "doc", "docx", "html", "pdf", "ppt", "jsonl"), ("文件",)),
    Format("2", "电子表格", ("et", "xls", "xlsx", "csv"), ("文件",)),
    Format("3", "数据库", ("dm", "kingbasees", "access", "dbf", "oracle", "sql server", "db2", "mysql", "postgresql", "sqlite", "parquet"),
           ("数据库", "接口")),
    Format("4", "图形图像", ("jpg", "gif", "bmp", "png"), ("文件",)),
    Format("5", "流媒体", ("swf", "rm", "mpg", "mp4"), ("文件",)),
    Format("6", "自描述格式", (), ("文件",)),
    Format("7", "服务接口", ("http", "webservice", "rest", "json"), ("接口",)),
)  # fmt: skip
CLASSES = {"1": "基础", "2": "主题", "3": "部门"}
SHARING = {"open": "1", "conditional": "2", "none": "3"}
FREQUENCIES = {
    "realtime": "1",
    "daily": "2",
    "weekly": "3",
    "monthly": "4",
    "quarterly": "5",
    "yearly": "6",
    "half_yearly": "每半年",
    "irregular": "不定期",
}
# Letters of the guide for our types; text may also come as M (备注) or G (通用).
LETTERS = {"date": "D", "integer": "I", "decimal": "N"}
TYPES = {
    "C": "text",
    "M": "text",
    "G": "text",
    "N": "decimal",
    "Y": "decimal",
    "B": "decimal",
    "F": "decimal",
    "I": "integer",
    "D": "date",
    "T": "text",
    "L": "text",
}

# title of the column -> does an item (not the resource) fill it?
GUIDE_COLUMNS = {
    "信息资源分类": False, "信息资源名称": False, "信息资源代码": False, "信息资源提供方": False, "信息资源提供方代码": False, "信息资源摘要": False,
    "信息资源格式大类": False, "信息资源格式": False, "信息项名称": True, "数据类型": True, "共享类型": False, "共享条件": False, "共享方式": False,
    "是否向社会开放": False, "开放条件": False, "更新周期": False, "发布日期": False, "关联资源代码": False,
}  # fmt: skip
OWN_COLUMNS = {
    "资源英文名": False,
    "职责依据": False,
    "其他登记": False,
    "英文名": True,
    "列名": True,
    "标识": True,
    "必填": True,
    "项其他登记": True,
}
COLUMNS = {**GUIDE_COLUMNS, **OWN_COLUMNS}


def format_of(resource: Resource) -> tuple[str, str]:
    """格式大类 and concrete format, as the resource is delivered."""
    if resource.delivery.channel == "table":
        return "3", "postgresql"
    if resource.delivery.channel == "interface":
        return "7", "json"
    concrete = resource.delivery.format
    return next(known.number for known in FORMATS if concrete in known.concrete), concrete


def shared_as(resource: Resource) -> str:
    channel = {"table": "数据库", "interface": "接口", "file": "文件"}[resource.delivery.channel]
    way = "数据库" if resource.delivery.format == "parquet" else channel
    return f"共享平台方式/{way}"


def letter_of(item: Item) -> str:
    return LETTERS.get(item.type, "C")
