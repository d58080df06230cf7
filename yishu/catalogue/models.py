"""What a catalogue entry is: department, resource, item, sharing, authority list, code list (DESIGN.md, section 4).

Belongs here: the shape of the register and the laws one entry can break by itself. Not here: reading files (loading.py),
laws between entries (checking.py), the profile of a jurisdiction (law.py).
"""

from datetime import date
from typing import Annotated, Literal

import polars as pl
from pydantic import Field, StringConstraints, field_validator, model_validator

from expectations.rules.identifiers import valid_credit_code
from yishu.catalogue.delivery_terms import DeliveryTerms
from yishu.catalogue.documents import Misplaced
from yishu.catalogue.entities import Entity, Identifies
from yishu.catalogue.entry import Entry, Name, Text
from yishu.catalogue.places import Boundaries, Coordinates, strange_items

ItemType = Literal[
    "text", "code", "date", "integer", "decimal", "phone",
    "citizen_id", "credit_code", "organisation_code", "registration_no", "parcel_code", "real_estate_unit", "certificate_id",
]  # fmt: skip
Sensitivity = Literal["none", "quasi", "direct"]
Feed = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
RESERVED_NAMES = frozenset({"entity_id", "under_check"})


class Head(Entry):
    """主要负责人: first responsible, second step of escalation (A05)."""

    name: Text
    position: Text


class DataOfficer(Entry):
    """数据专员: whoever answers the department's tickets (A04)."""

    name: Text
    position: Text = "数据专员"
    phone: Text
    email: Text | None = None


class Department(Entry):
    """A department that delivers data, with its type (A02) and the persons who answer for it (A04, A05)."""

    name: Name
    title: Text
    short_title: Text
    org_type: Literal["government_department", "public_institution", "social_organisation", "public_utility", "court", "other_funded"]
    credit_code: Text
    head: Head = Field(description="主要负责人，写 name 和 position（A05）")
    data_officer: DataOfficer = Field(description="数据专员，没有数据专员的部门不能报送（A04）")
    has_information_system: bool = Field(default=True, description="是否建有信息系统；没有的可以报送文件（C03）")
    agreement: Text | None = Field(default=None, description="法规未列入的单位（如公用企业）据以报送的协议文号（A02）")
    internal: bool = Field(default=False, description="平台自身的来源（更正工单台）：照常入湖，但不计入迟报、覆盖率、得分和重复采集")

    @field_validator("credit_code")
    @classmethod
    def _credit_code_is_valid(cls, value: str) -> str:
        if not valid_credit_code(pl.Series([value])).item():
            raise ValueError("统一社会信用代码的校验码不符（GB 32100）；请核对 18 位代码")
        return value


class GateTerms(Entry):
    """When a whole delivery is held back (shares of 1), and for how many snapshots an absent key stays."""

    max_held_out: float = Field(default=0.01, ge=0, le=1, description="不入池行的最大占比，0 到 1")
    max_shrink: float = Field(default=0.02, ge=0, le=1, description="行数减少的最大占比，0 到 1")
    max_growth: float = Field(default=0.5, ge=0, description="全量报送行数增加的最大占比，0.5 为增加一半；增加不足 100 行的不计")
    max_null_drift: float = Field(default=0.2, ge=0, le=1, description="任一信息项空缺占比比上次升高的最大幅度，0 到 1；表小、差别可能出于偶然的不计")
    absence_grace: int = Field(default=3, ge=0, description="缺失的行再保留几次全量报送")


class Sharing(Entry):
    """共享类型 (B05, B06), with the legal basis (B07) and the conditions (B08) that a restricted class needs where the law says so."""

    class_: Literal["open", "conditional", "none"] = Field(alias="class", description="共享类型 open、conditional 或 none（B05）")
    basis: Text | None = None
    conditions: Text | None = None


class Opening(Entry):
    """开放属性 (G01, G09): a closed item needs its ground."""

    class_: Literal["open", "conditional", "none"] = Field(alias="class", description="开放类型 open、conditional 或 none（G01）")
    ground: Text | None = None

    @model_validator(mode="after")
    def _closed_states_its_ground(self) -> "Opening":
        if self.class_ == "none" and not self.ground:
            raise ValueError("不予开放须写明理由（G09）；请补充 ground")
        return self


class Temporary(Entry):
    """临时采集 (B14): why a column outside the approved catalogue is collected, and until when."""

    reason: Text
    until: date


class Item(Entry):
    """信息项: one column of the department, under our name, with its type and where it feeds."""

    name: Name
    column: Text
    title: Text
    type: ItemType
    codes: Name | None = None
    required: bool = False
    sensitivity: Sensitivity = "none"
    feeds: Feed | list[Feed] | None = Field(default=None, description="供给的基础库属性 实体.属性；供给几个实体时写成列表")
    future: bool = Field(default=False, description="日期可晚于数据日期（如有效期至）；只用于 type: date")
    absent: Text | None = Field(default=None, description="标准规定的“没有”的写法（如标准地址缺级写“无”）：是值，不算未填")
    english: Text | None = Field(default=None, description="英文说明；不写则取字段名")
    summary: Text | None = None
    temporary: Temporary | None = Field(default=None, description="临时采集的理由和截止日期（B14），只在法规允许处可写")

    @property
    def supplies(self) -> tuple[str, ...]:
        """The attributes that the item feeds, each `entity.attribute`."""
        return () if self.feeds is None else (self.feeds,) if isinstance(self.feeds, str) else tuple(self.feeds)

    @field_validator("name")
    @classmethod
    def _name_is_free(cls, value: str) -> str:
        if value in RESERVED_NAMES or "__" in value:
            raise ValueError(f"{value} 是保留名；请换一个字段名")
        return value

    @model_validator(mode="after")
    def _codes_go_with_code(self) -> "Item":
        if (self.type == "code") != (self.codes is not None):
            raise Misplaced("type: code 须写 codes（代码表名），其他类型不写；请补充或删去 codes", "codes")
        return self

    @model_validator(mode="after")
    def _future_goes_with_date(self) -> "Item":
        if self.future and self.type != "date":
            raise Misplaced("future: true 只用于 type: date；请删去", "future")
        return self


class Layout(Entry):
    """An earlier version of the entry, as files of that time are laid out: what each item's column was called.

    An item that is not named did not exist then. `values`: the words of that time, by item, in those of today.
    """

    version: int = Field(ge=1)
    title: Text
    columns: dict[Name, Text] = Field(min_length=1)
    values: dict[Name, dict[str, str]] = Field(default_factory=dict)
    constants: dict[Name, str] = Field(default_factory=dict, description="当时没有的信息项一律取此值")


class Resource(Entry):
    """信息资源: one table of one department. Ingest, pool, gate, lateness and the ticket's addressee follow from it."""

    department: Name
    name: Name
    code: Annotated[str, StringConstraints(pattern=r"^[1-3]\d{5,}/\d+$")]
    title: Text
    summary: Text
    duty: Text = Field(description="采集所依据的职责（B17）")
    version: int = Field(default=1, ge=1, description="目录项的版本；改变列名或列时加一，旧版写入 earlier")
    earlier: list[Layout] = Field(default_factory=list, description="仍会收到的旧版文件的列名（B12、B13）")
    delivery: DeliveryTerms
    frequency: Literal["realtime", "daily", "weekly", "monthly", "quarterly", "half_yearly", "yearly", "irregular"]
    due_working_days: int | None = Field(default=None, ge=0, description="周期结束后几个工作日内报送；不写则按法规配置的本地默认（B09、C04）")
    key: list[Name] = Field(min_length=1)
    gate: GateTerms = GateTerms()
    secrecy: Literal["none", "work_secret"] = "none"
    sharing: Sharing = Field(description="共享类型，每个信息资源都须注明（B05）")
    opening: Opening = Field(description="开放类型（G01）")
    coordinates: Coordinates | None = Field(default=None, description="每行的点位在哪些信息项、用什么坐标系")
    boundaries: Boundaries | None = Field(default=None, description="本表是区划界线：点位据此归到县级、乡级、村级")
    identifies: list[Identifies] = Field(default_factory=list, description="本表每行说明哪些标识属于同一实体（C02、D04）")
    items: list[Item] = Field(min_length=1)

    @field_validator("secrecy", mode="before")
    @classmethod
    def _state_secrets_never_land(cls, value: object) -> object:
        if value in ("state_secret", "secret", "confidential", "top_secret"):
            raise ValueError("涉及国家秘密的数据不得进入本平台（A01）；请撤回该目录项，按保密规定办理")
        return value

    @model_validator(mode="after")
    def _names_agree(self) -> "Resource":
        for what in ("name", "column"):
            values = [getattr(item, what) for item in self.items]
            for position, value in enumerate(values):
                if value in values[:position]:
                    raise Misplaced(f"信息项的 {what} 重复：{value}；每项的 {what} 须不同，请改其中一项", "items", position, what)
        missing = [name for name in self.key if name not in {item.name for item in self.items}]
        if missing:
            raise Misplaced(f"key 中的 {'、'.join(missing)} 不是本表的信息项；请改为 items 中的 name", "key")
        if self.delivery.operation and self.delivery.operation in {item.column for item in self.items}:
            problem = f"operation 列 {self.delivery.operation} 不能同时是信息项；请从 items 中删去"
            raise Misplaced(problem, "delivery", "operation")
        return self

    @model_validator(mode="after")
    def _places_are_our_items(self) -> "Resource":
        for part, field, name in strange_items({item.name for item in self.items}, self.coordinates, self.boundaries):
            raise Misplaced(f"{part} 的 {field}: {name} 不是本表的信息项；请改为 items 中的 name", part, field)
        return self

    @model_validator(mode="after")
    def _earlier_layouts_speak_of_our_items(self) -> "Resource":
        names = {item.name for item in self.items}
        for position, layout in enumerate(self.earlier):
            for part in ("columns", "values", "constants"):
                strange = [name for name in getattr(layout, part) if name not in names]
                if strange:
                    raise Misplaced(f"旧版的 {'、'.join(strange)} 不是本表的信息项；请改为 items 中的 name", "earlier", position, part)
            lacking = [name for name in self.key if name not in layout.columns]
            if lacking:
                raise Misplaced(f"旧版没有标识 {'、'.join(lacking)} 的列；没有标识的文件不能入池，请补充", "earlier", position, "columns")
            if layout.version in (self.version, *(other.version for other in self.earlier[:position])):
                raise Misplaced(f"版本 {layout.version} 写了两次；每个版本一个号，现行版本写在 version", "earlier", position, "version")
        return self

    @property
    def id(self) -> str:
        return f"{self.department}.{self.name}"

    def item(self, name: str) -> Item:
        return next(item for item in self.items if item.name == name)

    def feeding(self, attribute: str) -> Item | None:
        """The item that feeds `entity.attribute`, if one does."""
        return next((item for item in self.items if attribute in item.supplies), None)

    @property
    def columns(self) -> list[str]:
        """The department's own column names that a file must have, the operation column included."""
        operation = [self.delivery.operation] if self.delivery.operation else []
        return [*operation, *(item.column for item in self.items)]


class CodeList(Entry):
    """A code list with its standard and edition: code -> name, in the list's order."""

    name: Name
    title: str
    standard: str
    edition: str
    entries: dict[str, str]


class Catalogue(Entry):
    """The whole register. `hash` changes when any byte of the catalogue folder's documents does."""

    departments: dict[str, Department]
    resources: dict[str, Resource]
    authority: dict[str, Entity]
    codes: dict[str, CodeList]
    hash: str

    @property
    def judged_departments(self) -> dict[str, Department]:
        """Those that clocks, coverage and scores speak of: all but the platform's own sources."""
        return {name: department for name, department in self.departments.items() if not department.internal}

    @property
    def judged_resources(self) -> dict[str, Resource]:
        """The resources of `judged_departments`."""
        internal = {name for name, department in self.departments.items() if department.internal}
        return {id_: resource for id_, resource in self.resources.items() if resource.department not in internal}
