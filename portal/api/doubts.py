"""Doubts about other departments' records (E04, E05): raised, followed and withdrawn by those who use the records."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Router, Status

from portal.api.shapes import Doubts, DoubtShape, NewDoubt
from portal.api.tickets import Limit, Offset, acting, paged
from portal.desk.actions.doubting import Question, raise_doubt, withdraw_doubt
from portal.desk.actions.finding import doubts_of
from portal.desk.models import Doubt

router = Router(tags=["异议"])
DoubtId = Annotated[int, Path(description="异议编号", ge=1, lt=2**63)]


@router.get("/doubts", response=Doubts, summary="本部门提出的异议和办理状态")
def list_doubts(request: HttpRequest, limit: Limit = 100, offset: Offset = 0) -> dict[str, Any]:
    total, page = paged(doubts_of(acting(request)), limit, offset)
    return {"total": total, "doubts": page}


@router.post("/doubts", response={201: DoubtShape}, summary="对一条记录提出异议")
def new_doubt(request: HttpRequest, said: NewDoubt) -> Any:
    question = Question(said.department, said.resource, said.key, said.item, said.note)
    return Status(201, raise_doubt(acting(request), question))


@router.post("/doubts/{doubt}/withdraw", response=DoubtShape, summary="撤回异议")
def withdraw(request: HttpRequest, doubt: DoubtId) -> Doubt:
    return withdraw_doubt(acting(request), doubt)
