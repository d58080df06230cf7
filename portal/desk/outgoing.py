"""What the desk sends to the lake: annotations and corrections, as deliveries of its own (DESIGN.md, section 1).

A decision and its annotation are one transaction; the file is written afterwards. What a crash left unwritten is
written by the next flush, under the same name with the same content, so that it arrives once.
"""

import json
import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from portal.desk.actor import Actor
from portal.desk.files import data_folder, stored_path
from portal.desk.models import Annotation, Correction, EntityEvent, TicketItem
from portal.desk.register import current_catalogue
from yishu.ingest import desk_source
from yishu.lake.ledger import Ledger

TAKEN_IN = "(已入湖)"  # written before a crash, and taken in by a night since
FIELDS = [field.name for field in fields(desk_source.Annotation)]


@dataclass(frozen=True)
class EntityWord:
    """What a decision about an entity says of one identifier or source row, as desk_source.Annotation has it."""

    kind: str
    department: str
    resource: str
    rule: str
    subject: str
    entity_key: str


def annotate(
    kind: str, items: Iterable[TicketItem], actor: Actor, text: str, *, item_name: str | None = None, linked: bool = False
) -> list[Annotation]:
    """Keep one annotation an item, within the caller's transaction. linked: it speaks of the entity that the item's proposal names."""
    today = timezone.localdate()
    made = [
        Annotation(
            annotation_id=str(uuid.uuid4()),
            kind=kind,
            department=item.department,
            resource=item.resource,
            rule=item.rule,
            subject=item.subject,
            item_name=item.column if item_name is None else item_name,
            value_hash=item.value_hash,
            note=text,
            entity_key=item.proposal if linked else "",
            ticket=item.ticket.number,
            actor=actor.name,
            decided_on=today,
        )
        for item in items
    ]
    return Annotation.objects.bulk_create(made, batch_size=1000)


def annotate_entity(event: EntityEvent, said: Iterable[EntityWord]) -> None:
    """Keep one annotation a word of the decision, within the caller's transaction."""
    note = "；依据：".join(part for part in (event.reason, event.basis) if part)
    Annotation.objects.bulk_create(
        Annotation(
            annotation_id=str(uuid.uuid4()), **asdict(word), note=note, entity_event=event, actor=event.actor, decided_on=event.on
        )
        for word in said
    )  # fmt: skip


def flush_after_commit() -> None:
    """Send when the decision stands; where this fails, the night sends it."""
    transaction.on_commit(lambda: flush(data_folder()), robust=True)


def flush(data: Path) -> int:
    """Write what waits into landing/desk; returns the number of files. Idempotent."""
    return _flush_annotations(data) + _flush_corrections(data)


def as_of(data: Path) -> date:
    """The date a decision's delivery speaks of: the last night's, whose data people have before them, so that the next night takes it in."""
    nights = Ledger(data).nights()
    return date.fromisoformat(nights[-1]["business_date"]) if nights else timezone.localdate()


def _flush_annotations(data: Path) -> int:
    waiting = list(Annotation.objects.filter(delivered_as="").order_by("id"))
    if not waiting:
        return 0
    plain = [desk_source.Annotation(**{name: getattr(one, name) for name in FIELDS}) for one in waiting]
    file = desk_source.write_annotations(data, plain, as_of(data))
    Annotation.objects.filter(pk__in=[one.pk for one in waiting]).update(delivered_as=file.name if file else TAKEN_IN)
    return 1


def _flush_corrections(data: Path) -> int:
    waiting = list(Correction.objects.select_related("ticket").filter(delivered_as=""))
    for correction in waiting:
        ticket = correction.ticket
        rows = json.loads(stored_path(correction.stored).read_text(encoding="utf-8"))
        resource = current_catalogue().resources[f"{ticket.department}.{ticket.resource}"]
        file = desk_source.write_correction(
            data, resource, rows, correction.filed_on,
            name=f"{ticket.number}_{correction.pk}", actor=correction.actor, approval=ticket.number,
        )  # fmt: skip
        correction.delivered_as = file.name
        correction.save(update_fields=["delivered_as"])
    return len(waiting)
