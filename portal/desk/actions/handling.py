"""Taking up, looking into, commenting, attaching, looking at an identifier: the daily work on a ticket."""

from django.db import transaction
from django.utils import timezone
from django_fsm import can_proceed

from portal.desk.actions.finding import items_of, ticket_of
from portal.desk.actor import Actor, DeskError
from portal.desk.concluding import is_marked, note
from portal.desk.files import store
from portal.desk.models import Attachment, Event, EventKind, ItemState, Ticket, TicketItem

TEXT_LIMIT = 4000
ATTACHMENT_LIMIT = 20 * 1024 * 1024
# What an office sends as a proof. Pages and programs are not among them: they would run in a colleague's browser.
ATTACHABLE = frozenset({"pdf", "doc", "docx", "xls", "xlsx", "csv", "txt", "png", "jpg", "jpeg", "ofd", "wps", "et", "zip"})


def acknowledge(actor: Actor, number: str) -> Ticket:
    """受理. The mark that the lake already serves its records with is noted at once (E07)."""
    actor.must("acknowledge")
    with transaction.atomic():
        ticket = in_work_of(actor, number)
        if not can_proceed(ticket.accept):
            raise DeskError(f"工单已是“{ticket.get_state_display()}”，不需要再次受理")
        ticket.accept()
        events = [note(ticket, EventKind.ACKNOWLEDGED, actor.name, timezone.localdate())]
        if is_marked(ticket):
            ticket.mark()
            events.append(note(ticket, EventKind.MARKED, actor.name, timezone.localdate(), "相关记录照常提供，并注明核查中（E07）"))
        _keep(ticket, actor, events)
    return ticket


def verify(actor: Actor, number: str) -> Ticket:
    """核实 begins. A ticket that nobody has taken up yet is taken up by it."""
    actor.must("verify")
    with transaction.atomic():
        ticket = in_work_of(actor, number)
        begin_verifying(ticket, actor)
    return ticket


def begin_verifying(ticket: Ticket, actor: Actor) -> None:
    """Bring the ticket to 核实 by all the steps before it; nothing where it is there already."""
    events, today = [], timezone.localdate()
    if can_proceed(ticket.accept):
        ticket.accept()
        events.append(note(ticket, EventKind.ACKNOWLEDGED, actor.name, today))
    if can_proceed(ticket.mark) and is_marked(ticket):
        ticket.mark()
        events.append(note(ticket, EventKind.MARKED, actor.name, today, "相关记录照常提供，并注明核查中（E07）"))
    if can_proceed(ticket.verify):
        ticket.verify()
        events.append(note(ticket, EventKind.VERIFYING, actor.name, today))
    if events:
        _keep(ticket, actor, events)


def comment(actor: Actor, number: str, text: str) -> None:
    actor.must("comment")
    with transaction.atomic():
        ticket = ticket_of(actor, number)
        note(ticket, EventKind.COMMENT, actor.name, timezone.localdate(), stated(text, "留言")).save()


def attach(actor: Actor, number: str, name: str, content: bytes) -> Attachment:
    """A file given as proof. Raises DeskError for an unknown kind, an empty or a too large one."""
    actor.must("attach")
    name = name.replace("\\", "/").rsplit("/", 1)[-1].strip()[-200:]
    if "." not in name or name.rsplit(".", 1)[1].lower() not in ATTACHABLE:
        raise DeskError(f"不能上传这种附件；可用：{'、'.join(sorted(ATTACHABLE))}")
    if not content or len(content) > ATTACHMENT_LIMIT:
        raise DeskError(f"附件为空或超过 {ATTACHMENT_LIMIT // 1024 // 1024} MB；请压缩或拆分后重新上传")
    with transaction.atomic():
        ticket = ticket_of(actor, number)
        stored = store(content)
        note(ticket, EventKind.ATTACHED, actor.name, timezone.localdate(), name).save()
        return Attachment.objects.create(ticket=ticket, name=name, stored=stored.name, size=len(content), sha256=stored.sha256, actor=actor.name)


def reveal(actor: Actor, number: str, item_id: int) -> TicketItem:
    """The item with its subject in full, for an officer of its department; that it was looked at is kept (H01, H11)."""
    actor.must("reveal")
    with transaction.atomic():
        ticket = ticket_of(actor, number)
        [item] = items_of(ticket, [item_id], states=list(ItemState.values))
        note(ticket, EventKind.REVEALED, actor.name, timezone.localdate(), item.masked_subject, item).save()
    return item


def stated(text: str, what: str) -> str:
    """The text a person wrote, which must say something. Raises DeskError."""
    text = text.replace("\x00", "").strip()
    if not text or len(text) > TEXT_LIMIT:
        raise DeskError(f"请填写{what}（不超过 {TEXT_LIMIT} 字）")
    return text


def in_work_of(actor: Actor, number: str) -> Ticket:
    ticket = ticket_of(actor, number, lock=True)
    if not ticket.is_in_work:
        raise DeskError(f"工单已办结（{ticket.get_state_display()}）；如有异议请重新提出")
    return ticket


def _keep(ticket: Ticket, actor: Actor, events: list[Event]) -> None:
    ticket._change_reason = f"{'、'.join(event.get_kind_display() for event in events)}（{actor.name}）"
    ticket.save(update_fields=["state"])
    for event in events:
        event.save()
