"""A user's doubt about a record of another department (E04, E05): a ticket at once, an annotation for the lake.

The doubter names the record by its key and needs not see it. Whether it exists is not told here: the night finds out.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from portal.desk import bulk
from portal.desk.actions.finding import doubts_of
from portal.desk.actions.handling import stated
from portal.desk.actor import Actor, DeskError, NotFound
from portal.desk.concluding import COUNTS, next_serial, note, recount
from portal.desk.evidence import Failure, Subject
from portal.desk.models import AnnotationKind, Doubt, EventKind, Ticket, TicketItem
from portal.desk.models.tickets import LIVE
from portal.desk.outgoing import annotate, flush_after_commit
from portal.desk.register import current_terms
from portal.desk.terms import TicketTerms

WHOLE_RECORD = "record"
KEY_LIMIT = 200


@dataclass(frozen=True)
class Question:
    """What is doubted: the record of a resource by its key (parts joined by "|"), and which of its items; "" for all."""

    department: str
    resource: str
    key: str
    item: str
    note: str


def raise_doubt(actor: Actor, question: Question) -> Doubt:
    """异议提出. A second doubt about the same item of the same record joins the first's ticket. Raises DeskError."""
    actor.must("doubt")
    text, terms = stated(question.note, "异议内容"), current_terms(actor.name)
    entry = terms.catalogue.judged_resources.get(f"{question.department}.{question.resource}") if terms.catalogue else None
    key = question.key.strip()
    if entry is None:
        raise DeskError("目录中没有这个信息资源；请在清单中选择")
    if not key or len(key) > KEY_LIMIT or len(key.split("|")) != len(entry.key):
        raise DeskError(f"请填写记录的主键（{'、'.join(entry.item(name).title for name in entry.key)}；多项以 | 分隔）")
    if question.item and question.item not in {item.name for item in entry.items}:
        raise DeskError("这个信息资源没有所选的信息项；请重新选择，或留空表示整条记录")
    subject = Subject(entry.department, entry.name, f"doubt.{question.item or WHOLE_RECORD}", key)
    title = entry.item(question.item).title if question.item else "整条记录"
    with transaction.atomic():
        item = TicketItem.objects.select_related("ticket").filter(**subject._asdict(), state__in=LIVE).first()
        if item is None:
            item = _open(subject, question.item, f"{terms.profile.terms.user_side}对{title}有异议", terms)
            kind = EventKind.OPENED
        else:
            kind = EventKind.DOUBTED
        note(item.ticket, kind, actor.name, terms.night, text, item).save()
        doubt = Doubt.objects.create(
            item=item,
            raised_by_id=actor.user_id,
            raised_name=actor.name,
            department=actor.department,
            channel=actor.channel,
            note=text,
            raised_on=terms.night,
        )
        annotate(AnnotationKind.DOUBT, [item], actor, text, item_name=question.item)
    flush_after_commit()
    return doubt


def withdraw_doubt(actor: Actor, doubt_id: int) -> Doubt:
    """撤回. The item ends, when the lake has taken note, if nobody else doubts it. Raises NotFound, DeskError."""
    actor.must("doubt")
    with transaction.atomic():
        doubt = doubts_of(actor).filter(pk=doubt_id, department=actor.department).first()
        if doubt is None:
            raise NotFound("没有这条异议，或不是您的部门提出的")
        if doubt.withdrawn_on or doubt.item.state not in LIVE:
            raise DeskError("这条异议已经办结")
        doubt.withdrawn_on = timezone.localdate()
        doubt.save(update_fields=["withdrawn_on"])
        note(doubt.item.ticket, EventKind.DOUBT_WITHDRAWN, actor.name, doubt.withdrawn_on, item=doubt.item).save()
        if not doubt.item.doubts.filter(withdrawn_on__isnull=True).exists():
            annotate(AnnotationKind.DOUBT_WITHDRAWN, [doubt.item], actor, "异议人撤回")
    flush_after_commit()
    return doubt


def _open(subject: Subject, item_name: str, message: str, terms: TicketTerms) -> TicketItem:
    failure = Failure("", None, 1, "", 0, 0, terms.night, item_name, message, "content", "准确性", "E04", "")
    group = (subject.department, subject.resource, subject.rule)
    ticket = Ticket.objects.filter(
        opened_on=terms.night, department=group[0], resource=group[1], rule=group[2], split_from__isnull=True, closed_on__isnull=True
    ).first()
    if ticket is None:
        ticket = Ticket(**terms.ticket(group, next_serial(terms.night), failure))
        bulk.create(Ticket, [ticket], terms.reason)
    # Proof that an earlier doubt about the same thing has ended must not end this one.
    same = TicketItem.objects.filter(**subject._asdict()).aggregate(last=Max("settled_run"))["last"]
    item = TicketItem(
        ticket=ticket, opened_on=terms.night, **subject._asdict(), message=message, column=item_name, since=terms.night,
        gate_run=same + 1 if same else 0,
    )  # fmt: skip
    bulk.create(TicketItem, [item], terms.reason)
    bulk.save(recount([ticket]), COUNTS, terms.reason)
    return item
