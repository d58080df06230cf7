"""Refusals: the owner says that its value is right, on what basis; the authority accepts or not (E09, P11, P29).

An accepted refusal reaches the lake as an annotation; the item ends when the lake has taken note of it, not before.
"""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from portal.desk import bulk
from portal.desk.actions.finding import items_of
from portal.desk.actions.handling import begin_verifying, in_work_of, stated
from portal.desk.actor import Actor, DeskError
from portal.desk.concluding import note, update
from portal.desk.models import AnnotationKind, EventKind, ItemState, Origin, Ticket, TicketItem
from portal.desk.outgoing import annotate, flush_after_commit

NOT_REFUSABLE = (Origin.LATENESS, Origin.CATALOGUE, Origin.LINKAGE)


def refuse(actor: Actor, number: str, items: Collection[int] | None, basis: str) -> Ticket:
    """Refuse the named items, or all that are open. Raises DeskError without a basis, or where there is no value to defend."""
    actor.must("refuse")
    basis = stated(basis, "拒绝更正的依据（法律、法规、规章条文或理由）")
    with transaction.atomic():
        ticket = in_work_of(actor, number)
        if ticket.origin in NOT_REFUSABLE:
            raise DeskError("未按期报送、目录问题和待确认的关联没有可以维持的数据值，不能拒绝；请报送数据、更新目录，或否认关联")
        chosen = items_of(ticket, items, states=[ItemState.OPEN, ItemState.REFUSING])
        if not chosen:
            raise DeskError("没有可以拒绝的明细：都已办结，或拒绝已获认可")
        begin_verifying(ticket, actor)
        for item in chosen:
            item.refuse(basis, actor.name)
        reason = f"提出拒绝更正（{actor.name}）"
        bulk.save(chosen, ("state", "basis", "refused_by"), reason)
        note(ticket, EventKind.REFUSED, actor.name, timezone.localdate(), f"{len(chosen)} 条：{basis}").save()
        update([ticket], actor.name, timezone.localdate(), reason)
    return ticket


def rule(actor: Actor, number: str, items: Collection[int] | None, *, accept: bool, reason: str) -> Ticket:
    """The authority's ruling on refusals that wait for one. Raises DeskError where none does."""
    actor.must("rule")
    reason = stated(reason, "裁定理由")
    with transaction.atomic():
        ticket = in_work_of(actor, number)
        waiting = items_of(ticket, items, states=[ItemState.REFUSING])
        if not waiting:
            raise DeskError("没有等待认可的拒绝")
        for item in waiting:
            item.accept_refusal() if accept else item.reject_refusal()
        kind = EventKind.REFUSAL_ACCEPTED if accept else EventKind.REFUSAL_REJECTED
        said = note(ticket, kind, actor.name, timezone.localdate(), f"{len(waiting)} 条：{reason}")
        said.save()
        bulk.save(waiting, ("state",), f"{said.get_kind_display()}（{actor.name}）")
        if accept:
            annotate(AnnotationKind.REFUSAL_ACCEPTED, waiting, actor, reason)
        update([ticket], actor.name, timezone.localdate(), said.get_kind_display())
    if accept:
        flush_after_commit()
    return ticket


def revoke(ticket: Ticket, refused: Collection[TicketItem], actor: Actor, reason: str) -> None:
    """Take back accepted refusals, within the caller's transaction: the lake opens the questions anew."""
    for item in refused:
        item.reopen()
    bulk.save(list(refused), ("state", "closed_on", "gate_run"), f"重新办理（{actor.name}）")
    annotate(AnnotationKind.REFUSAL_REVOKED, refused, actor, reason)
