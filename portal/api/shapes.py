"""What the interface says and takes, in JSON. Identifiers are masked wherever a list shows them (H11)."""

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema

from portal.desk.actions.handling import TEXT_LIMIT
from portal.desk.models import Ticket, TicketItem
from portal.desk.register import current_catalogue
from yishu.masking import mask_value


class Problem(Schema):
    code: str = Field(description="错误代码")
    message: str = Field(description="问题")
    way_out: str | None = Field(None, description="怎么办")


class Me(Schema):
    name: str = Field(description="办理人，记入办理记录")
    role: str = Field(description="角色：officer、head、bureau、auditor")
    department: str = Field(description="部门代号；数据主管部门和审计为空")
    rights: list[str] = Field(description="可以进行的操作")


class TicketShape(Schema):
    number: str = Field(description="工单号")
    department: str
    department_title: str
    resource: str
    resource_title: str
    rule: str = Field(description="规则")
    column: str = Field(description="信息项")
    message: str = Field(description="问题")
    severity: str
    dimension: str
    clause: str = Field(description="依据编号")
    origin: str = Field(description="来源：gate、conflict、lateness、catalogue、doubt")
    state: str
    state_title: str = Field(description="状态")
    opened_on: date
    due_on: date = Field(description="办理期限")
    due_provisional: bool
    due_basis: str = Field(description="law 法定，local 本地默认")
    due_article: str
    closed_on: date | None
    item_count: int
    open_count: int
    refusing_count: int

    @staticmethod
    def resolve_state_title(ticket: Ticket) -> str:
        return str(ticket.get_state_display())


class ItemShape(Schema):
    id: int = Field(description="明细编号")
    subject: str = Field(description="对象（已脱敏）")
    state: str
    state_title: str
    file: str
    row_number: int | None
    row_count: int
    delivery_id: str
    message: str
    since: date | None
    tries: int = Field(description="报送未改次数")
    filed_on: date | None
    basis: str = Field(description="拒绝依据")
    proposal: str = Field(description="建议值（已脱敏）")
    proposal_item: str
    proposal_reason: str
    closed_on: date | None

    @staticmethod
    def resolve_subject(item: TicketItem) -> str:
        return item.masked_subject

    @staticmethod
    def resolve_state_title(item: TicketItem) -> str:
        return str(item.get_state_display())

    @staticmethod
    def resolve_proposal(item: TicketItem) -> str:
        entry = current_catalogue().resources.get(f"{item.department}.{item.resource}")
        kind = next((one.type for one in entry.items if one.name == item.proposal_item), "text") if entry else "text"
        return mask_value(item.proposal, kind) or ""


class EventShape(Schema):
    kind: str
    kind_title: str
    actor: str
    on: date
    at: datetime
    text: str

    @staticmethod
    def resolve_kind_title(event: Any) -> str:
        return str(event.get_kind_display())


class Tickets(Schema):
    total: int = Field(description="符合条件的总数")
    tickets: list[TicketShape]


class Items(Schema):
    total: int
    items: list[ItemShape]


class Revealed(Schema):
    id: int
    subject: str = Field(description="完整对象；查看已记录")
    stamp: str = Field(description="校验码，提交更正时带回")
    values: dict[str, str] = Field(description="信息项代号 → 部门报送的原值")


class Said(Schema):
    text: str = Field(max_length=TEXT_LIMIT)


class Refusal(Schema):
    items: list[int] | None = Field(None, description="明细编号；不写则为全部待核实的明细")
    basis: str = Field(description="拒绝更正的依据（法律、法规、规章条文或理由）", max_length=TEXT_LIMIT)


class Ruling(Schema):
    items: list[int] | None = Field(None, description="明细编号；不写则为全部等待认可的明细")
    accept: bool = Field(description="认可（true）或驳回（false）")
    reason: str = Field(max_length=TEXT_LIMIT)


class Splitting(Schema):
    items: list[int] = Field(description="转入新工单的明细编号")
    reason: str = Field(max_length=TEXT_LIMIT)


class Merging(Schema):
    into: str = Field(description="并入的工单号", max_length=20)
    reason: str = Field(max_length=TEXT_LIMIT)


class CorrectedRow(Schema):
    item: int = Field(description="明细编号")
    values: dict[str, str | None] = Field(description="信息项代号、列名或名称 → 更正后的值；没有写的信息项不变")
    stamp: str | None = Field(None, description="reveal 给出的校验码；写了则在原值之后又有报送时拒绝")


class CorrectedRows(Schema):
    rows: list[CorrectedRow] = Field(min_length=1, max_length=20_000)


class RefusedRow(Schema):
    line: int = Field(description="第几行，从 1 起")
    item: str
    column: str
    reason: str
    way_out: str


class Check(Schema):
    key: str = Field(description="检查编号，用于提交")
    accepted: int
    unchanged: int
    remaining: int = Field(description="可以提交的行中还有其他规则问题的行数")
    rekeyed: int = Field(description="改了标识、旧记录要等下次全量报送才撤出的行数")
    refused: list[RefusedRow]
    filed: bool = Field(description="是否已经提交")


class Filed(Schema):
    rows: int
    filed_on: date = Field(description="更正所说的数据日期")


class Attached(Schema):
    id: int
    name: str
    size: int
    sha256: str


class NewDoubt(Schema):
    department: str = Field(description="提供部门代号", max_length=100)
    resource: str = Field(description="信息资源代号", max_length=100)
    key: str = Field(description="记录的主键；多项以 | 分隔")
    item: str = Field("", description="有异议的信息项代号；留空表示整条记录")
    note: str = Field(description="异议内容", max_length=TEXT_LIMIT)


class DoubtShape(Schema):
    id: int
    department: str = Field(description="提供部门代号")
    resource: str
    item: str
    subject: str = Field(description="对象（已脱敏）")
    note: str
    state_title: str = Field(description="办理状态")
    raised_on: date
    withdrawn_on: date | None

    @staticmethod
    def resolve_department(doubt: Any) -> str:
        return str(doubt.item.department)

    @staticmethod
    def resolve_resource(doubt: Any) -> str:
        return str(doubt.item.resource)

    @staticmethod
    def resolve_item(doubt: Any) -> str:
        return str(doubt.item.column)

    @staticmethod
    def resolve_subject(doubt: Any) -> str:
        return str(doubt.item.masked_subject)

    @staticmethod
    def resolve_state_title(doubt: Any) -> str:
        return str(doubt.item.get_state_display())


class Doubts(Schema):
    total: int
    doubts: list[DoubtShape]
