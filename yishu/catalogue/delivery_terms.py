"""How a department delivers one resource: channel (C03), format, file names, and what one delivery means for the pool.

A table or an interface is pulled into the landing folder as a file of JSON lines; from there every delivery goes one way. Where a
connection leads and with which secret stands in the environment (yishu/settings.py), never here.
"""

import re
from datetime import date
from typing import Literal

from pydantic import Field, field_validator, model_validator

from yishu.catalogue.documents import Misplaced
from yishu.catalogue.entry import Entry, Name, Text

CORRECTION = "更正_"  # begins the name of a file that corrects rows delivered before: only its keys are touched
ARCHIVE = ".zip"
AS_OF, PART = "{as_of}", "{part}"


class TableSource(Entry):
    """A table of the department's exchange database (前置库), pulled by a column that says when a row was last changed."""

    connection: Name = Field(description="连接名；地址和口令由环境变量给出，不写在目录里")
    name: Text = Field(description="表名，可写成 模式.表")
    changed: Text | None = Field(default=None, description="更新时间列（如 cd_time）；不写则每次全取")
    overlap_minutes: int = Field(default=0, ge=0, description="每次多取多少分钟，以防晚提交的事务")


class InterfaceSource(Entry):
    """An HTTP interface that gives JSON page by page."""

    connection: Name = Field(description="连接名；地址和令牌由环境变量给出，不写在目录里")
    path: Text = Field(description="接口路径，如 /v1/vehicles")
    rows: Text = Field(default="data", description="应答中装着记录的字段，可用点号写多层")
    total: Text | None = Field(default="total", description="应答中记录总数的字段；没有则写 null")
    page: Text = Field(default="page", description="页码参数名，从 1 起")
    size: Text = Field(default="size", description="每页条数参数名")
    page_size: int = Field(default=500, ge=1, le=10_000, description="每页条数")
    since: Text | None = Field(default=None, description="增量参数名；不写则每次全取")
    changed: Text | None = Field(default=None, description="记录中的更新时间字段；增量时必填")

    @model_validator(mode="after")
    def _increments_need_a_time(self) -> "InterfaceSource":
        if (self.since is None) != (self.changed is None):
            raise Misplaced("since 和 changed 须同时写或同时不写（增量拉取需要两者）；请补齐或都删去", "changed")
        return self


class DeliveryTerms(Entry):
    """How the department delivers: channel (C03), format, encoding, file name, and what one delivery means for the pool."""

    channel: Literal["file", "table", "interface"]
    format: Literal["csv", "xlsx", "jsonl", "parquet"] = Field(default="jsonl", description="文件格式；库表和接口一律 jsonl，可不写")
    encoding: Literal["gb18030", "utf-8", "utf-8-sig"] = "utf-8"
    sheet: Text | None = Field(default=None, description="工作表名（仅 xlsx）；不写则为第一张")
    pattern: Text = Field(description="文件名样式，至多含一个 {as_of}（数据日期）和一个 {part}（一天多批时的批号）；库表和接口停用时按此名报送文件")
    mode: Literal["snapshot", "upsert", "append"]
    operation: Text | None = None
    table: TableSource | None = None
    interface: InterfaceSource | None = None

    @field_validator("encoding", mode="before")
    @classmethod
    def _known_names_of_encodings(cls, value: object) -> object:
        names = {"gbk": "gb18030", "gb2312": "gb18030", "utf8": "utf-8", "utf-8-bom": "utf-8-sig", "utf_8_sig": "utf-8-sig"}
        return names.get(value.lower(), value.lower()) if isinstance(value, str) else value

    @field_validator("pattern")
    @classmethod
    def _pattern_is_a_file_name(cls, value: str) -> str:
        rest = value.replace(AS_OF, "", 1).replace(PART, "", 1)
        if "/" in value or re.search(r"[{}]", rest):
            raise ValueError("文件名样式只能是文件名，且至多含一个 {as_of} 和一个 {part}；例如 resident_{as_of}.csv")
        if value.startswith((".", CORRECTION)) or value.endswith(ARCHIVE):
            raise ValueError(f"文件名样式不能以点或“{CORRECTION}”开头，也不写 {ARCHIVE}（压缩包自动认得）；请写数据文件的名字")
        return value

    @model_validator(mode="after")
    def _terms_fit_the_channel(self) -> "DeliveryTerms":
        for channel in ("table", "interface"):
            if (self.channel == channel) != (getattr(self, channel) is not None):
                raise Misplaced(f"channel: {channel} 须写 {channel}（从哪里取数），其他通道不写；请补充或删去 {channel}", channel)
        if self.channel != "file" and self.format != "jsonl":
            raise Misplaced(f"channel: {self.channel} 不写 format；请删去", "format")
        source = self.table or self.interface
        if source and self.mode == "snapshot" and source.changed:
            raise Misplaced("全量（snapshot）每次全取，不写更新时间 changed；请删去，或改为 upsert、append", self.channel, "changed")
        return self

    @model_validator(mode="after")
    def _terms_fit_the_format(self) -> "DeliveryTerms":
        if self.format != "csv" and self.encoding != "utf-8":
            raise Misplaced(f"{self.format} 文件不写 encoding（只有 csv 需要）；请删去", "encoding")
        if self.sheet and self.format != "xlsx":
            raise Misplaced("sheet（工作表名）只用于 format: xlsx；请删去", "sheet")
        return self

    @model_validator(mode="after")
    def _operation_goes_with_upsert(self) -> "DeliveryTerms":
        if self.operation and self.mode != "upsert":
            raise ValueError("operation（增改删标志列）只用于 mode: upsert；请删去 operation 或改为 upsert")
        return self

    def as_of(self, file_name: str, received: date) -> date | None:
        """The as-of date a file name states, the day of receipt where the pattern has none, None where the name does not fit.

        A name fits as it is, zipped (`name.zip` or `name.csv.zip`) and as a correction (`更正_name`).
        """
        stem, dot, ending = self.pattern.rpartition(".")
        before, dated, after = self.pattern.partition("{as_of}")
        middle = r"(\d{4})(-?)(\d{2})\2(\d{2})" if dated else ""
        zipped = rf"(?:{re.escape(ARCHIVE)})?"
        endings = _literal(after) + zipped
        if dot and after.endswith(dot + ending):
            endings = _literal(after.removesuffix(dot + ending)) + rf"(?:{re.escape(dot + ending)}{zipped}|{re.escape(ARCHIVE)})"
        elif dot and not dated:
            before, endings = stem, rf"(?:{re.escape(dot + ending)}{zipped}|{re.escape(ARCHIVE)})"
        match = re.fullmatch(_literal(before) + middle + endings, file_name.removeprefix(CORRECTION))
        if match is None:
            return None
        if not dated:
            return received
        try:
            return date(int(match[1]), int(match[3]), int(match[4]))
        except ValueError:
            return None


def _literal(text: str) -> str:
    return re.escape(text).replace(re.escape(PART), "[0-9A-Za-z]+")
