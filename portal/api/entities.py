"""Who is who, as JSON: an entity looked up, opened, merged, split, and decisions taken back; for the bureau and auditors signed in on this site."""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Path, Router, Schema, Status

from portal.api.tickets import acting
from portal.desk.actions import identifying, joining
from portal.desk.actions.handling import TEXT_LIMIT
from portal.desk.actions.telling import told_of, told_of_event

router = Router(tags=["主体身份"])
File = Annotated[int, Path(description="主体在工单台的编号", ge=1, lt=2**63)]
Decision = Annotated[int, Path(description="合并或拆分决定的编号", ge=1, lt=2**63)]
REASON = Field(description="理由", max_length=TEXT_LIMIT)
BASIS = Field(description="依据：文号、条文或核对的材料", max_length=TEXT_LIMIT)
IDENTIFIER = Field(description="标识；不写入地址", max_length=identifying.IDENTIFIER_LIMIT)


class LookUp(Schema):
    entity: str = Field(description="主体种类：person、legal_entity、branch", max_length=100)
    identifier: str = IDENTIFIER


class Reasoned(Schema):
    reason: str = REASON
    basis: str = BASIS


class MergeWith(Reasoned):
    identifier: str = IDENTIFIER


class SplitOff(Reasoned):
    rows: list[str] = Field(description="来源行的名称", min_length=1, max_length=100)
    identifier: str = IDENTIFIER


class KnownShape(Schema):
    kind: str = Field(description="标识种类")
    identifier: str = Field(description="标识；未打开时已脱敏")
    since: date | None
    until: date | None
    basis: str = Field(description="依据：信息资源，或 desk:决定编号")


class RowShape(Schema):
    name: str = Field(description="拆分时写的名称")
    department: str
    resource: str
    delivery_id: str
    row_number: int


class EntityEventShape(Schema):
    id: int
    kind: str = Field(description="opened、merged、merge_revoked、split、split_revoked")
    target: str = Field(description="并入的标识或来源行所属的标识（已脱敏）")
    rows: int = Field(description="拆分的来源行数")
    reason: str
    basis: str
    actor: str
    at: datetime
    file: int = Field(description="保留的主体，或来源行原属的主体")
    other: int | None = Field(description="并入的主体，或来源行改属的主体")
    is_standing: bool = Field(description="可以撤销")


class EntityShape(Schema):
    id: int = Field(description="主体在工单台的编号")
    entity: str
    is_published: bool = Field(description="已发布的数据中有没有；没有的可能已并入另一主体")
    known_since: date | None
    identifiers: list[KnownShape]
    rows: list[RowShape]
    events: list[EntityEventShape]


@router.post("/entities", response=EntityShape, summary="按一个标识查询主体（标识已脱敏）")
def look_up(request: HttpRequest, said: LookUp) -> dict[str, Any]:
    file = identifying.look_up(acting(request), said.entity, said.identifier)
    return told_of(file, identifying.published(file))


@router.get("/entities/{file}", response=EntityShape, summary="一个主体（标识已脱敏）")
def show(request: HttpRequest, file: File) -> dict[str, Any]:
    found = identifying.file_of(acting(request), file)
    return told_of(found, identifying.published(found))


@router.post("/entities/{file}/reveal", response=EntityShape, summary="查看主体的完整标识（会被记录）")
def reveal(request: HttpRequest, file: File) -> dict[str, Any]:
    found, published = identifying.open_identifiers(acting(request), file)
    return told_of(found, published, opened=True)


@router.post("/entities/{file}/merge", response={201: EntityEventShape}, summary="与另一个标识的主体合并")
def merge(request: HttpRequest, file: File, said: MergeWith) -> Any:
    return Status(201, told_of_event(joining.merge(acting(request), file, said.identifier, said.reason, said.basis)))


@router.post("/entities/{file}/split", response={201: EntityEventShape}, summary="把来源行拆分到另一个标识")
def split(request: HttpRequest, file: File, said: SplitOff) -> Any:
    return Status(201, told_of_event(joining.split(acting(request), file, said.rows, said.identifier, said.reason, said.basis)))


@router.post("/entities/{file}/decisions/{decision}/revoke", response={201: EntityEventShape}, summary="撤销合并或拆分")
def revoke(request: HttpRequest, file: File, decision: Decision, said: Reasoned) -> Any:
    return Status(201, told_of_event(joining.revoke(acting(request), file, decision, said.reason, said.basis)))
