"""Re-opening what was refused, splitting rows off a ticket, merging one ticket into another."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from portal.desk import bulk
from portal.desk.actions.finding import items_of, ticket_of
from portal.desk.actions.handling import in_work_of, stated
from portal.desk.actions.refusing import revoke
from portal.desk.actor import Actor, DeskError
from portal.desk.concluding import next_serial, note, update
from portal.desk.models import EventKind, ItemState, Ticket, TicketItem, TicketState
from portal.desk.models.tickets import LIVE
from portal.desk.outgoing import flush_after_commit
from portal.desk.terms import number_of

# What a part has in common with the ticket it is split off; all but number, day, state and counts.
COPIED = (
    "opened_by", "department", "department_title", "resource", "resource_title", "data_officer_name", "head_name", "rule",
    "column", "message", "severity", "dimension", "clause", "key_types", "origin", "due_on", "due_provisional",
    "due_working_days", "due_basis", "due_article", "due_from", "due_day_after_is_first", "told", "profile_name",
    "profile_version", "catalogue_version",
)  # fmt: skip


def reopen(actor: Actor, number: str, reason: str) -> Ticket:
    """Work on a closed ticket's refused rows again. Corrected rows need no such thing: where they fail, a night says so."""
    actor.must("reopen")
    reason = stated(reason, "重新办理的理由")
    with transaction.atomic():
        ticket = ticket_of(actor, number, lock=True)
        if ticket.state != TicketState.CLOSED:
            raise DeskError("工单尚未办结，不需要重新办理")
        refused = items_of(ticket, None, states=[ItemState.REFUSED])
        refused = [item for item in refused if not _is_live_elsewhere(item)]
        if not refused:
            raise DeskError("这张工单没有因拒绝而办结的明细；已更正的数据再有问题，夜间检查会另开工单")
        revoke(ticket, refused, actor, reason)
        ticket.reopen()
        # Of its own opening day there may be another open ticket of the rule by now: this one stands beside it.
        ticket.split_from = ticket.split_from or ticket
        ticket.save(update_fields=["state", "closed_on", "split_from"])
        note(ticket, EventKind.REOPENED, actor.name, timezone.localdate(), f"{len(refused)} 条：{reason}").save()
        update([ticket], actor.name, timezone.localdate(), "重新办理")
    flush_after_commit()
    return ticket


def _is_live_elsewhere(item: TicketItem) -> bool:
    same = {name: getattr(item, name) for name in ("department", "resource", "rule", "subject")}
    return bool(TicketItem.objects.filter(**same, state__in=LIVE).exists())


def split(actor: Actor, number: str, items: Collection[int], reason: str) -> Ticket:
    """Move the chosen live items to a ticket of their own, with the same deadline. Raises DeskError for none or all."""
    actor.must("split")
    reason = stated(reason, "拆分理由")
    with transaction.atomic():
        ticket = in_work_of(actor, number)
        chosen = items_of(ticket, items)
        if not chosen or len(chosen) == ticket.open_count:
            raise DeskError("请选择一部分未办结的明细：至少一条，且不能是全部")
        today = timezone.localdate()
        serial = next_serial(today)
        part = Ticket(
            number=number_of(today, serial),
            opened_on=today,
            serial=serial,
            state=ticket.state,
            split_from=ticket,
            **{name: getattr(ticket, name) for name in COPIED},
        )
        bulk.create(Ticket, [part], f"拆分自 {ticket.number}（{actor.name}）")
        for item in chosen:
            item.ticket = part
        bulk.save(chosen, ("ticket",), f"拆分到 {part.number}（{actor.name}）")
        note(ticket, EventKind.SPLIT, actor.name, today, f"{len(chosen)} 条转入 {part.number}：{reason}").save()
        note(part, EventKind.SPLIT, actor.name, today, f"由 {ticket.number} 拆出 {len(chosen)} 条：{reason}").save()
        update([ticket, part], actor.name, today, "拆分")
    return part


def merge(actor: Actor, number: str, into: str, reason: str) -> Ticket:
    """Move a ticket's live items into another of the same department, resource and rule; the emptied one is withdrawn."""
    actor.must("merge")
    reason = stated(reason, "合并理由")
    with transaction.atomic():
        ticket, target = in_work_of(actor, number), in_work_of(actor, into)
        if ticket.pk == target.pk:
            raise DeskError("不能并入自己；请填写另一张工单号")
        if any(getattr(ticket, name) != getattr(target, name) for name in ("department", "resource", "rule")):
            raise DeskError("只能合并同一部门、同一信息资源、同一规则的工单")
        moved = items_of(ticket, None)
        for item in moved:
            item.ticket = target
        bulk.save(moved, ("ticket",), f"并入 {target.number}（{actor.name}）")
        today = timezone.localdate()
        ticket.merged_into = target
        ticket.save(update_fields=["merged_into"])
        if ticket.due_on < target.due_on:  # merging must not gain time
            target.due_on, target.due_provisional = ticket.due_on, ticket.due_provisional
            target.due_from, target.due_working_days = ticket.due_from, ticket.due_working_days
            target.save(update_fields=["due_on", "due_provisional", "due_from", "due_working_days"])
        note(ticket, EventKind.MERGED, actor.name, today, f"并入 {target.number}：{reason}").save()
        note(target, EventKind.MERGED, actor.name, today, f"{ticket.number} 的 {len(moved)} 条并入：{reason}").save()
        update([ticket, target], actor.name, today, "合并")
    return target
