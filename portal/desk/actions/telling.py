"""An entity in plain values, for programs: the interface and the command line. Identifiers are masked unless they were opened (H11)."""

from typing import Any

from portal.desk.actions.joining import REVOKED, row_name
from portal.desk.models import EntityEvent, EntityFile
from yishu.lake.published_entity import PublishedEntity
from yishu.masking import mask_subject


def told_of(file: EntityFile, published: PublishedEntity | None, *, opened: bool = False) -> dict[str, Any]:
    """As portal/api/entities.EntityShape; dates and times as they are."""
    known, rows = (published.known, published.rows) if published else ([], [])
    return {
        "id": file.pk,
        "entity": file.entity,
        "is_published": published is not None,
        "known_since": published.known_since if published else None,
        "identifiers": [
            {"kind": one.kind, "identifier": one.identifier if opened else mask_subject(one.identifier, [one.kind]), "since": one.since,
             "until": one.until, "basis": one.basis}
            for one in known
        ],
        "rows": [
            {"name": row_name(one), "department": one.department, "resource": one.resource, "delivery_id": one.delivery_id,
             "row_number": one.row_number}
            for one in rows
        ],
        "events": [told_of_event(one) for one in events_of(file)],
    }  # fmt: skip


def events_of(file: EntityFile) -> list[EntityEvent]:
    """What was done about the entity, the latest first."""
    found = EntityEvent.objects.filter(file=file) | EntityEvent.objects.filter(other=file)
    return list(found.select_related("file", "other", "revoked_by").order_by("-id"))


def told_of_event(event: EntityEvent) -> dict[str, Any]:
    names = ("kind", "target", "rows", "reason", "basis", "actor", "at")
    place = {"id": event.pk, "file": event.file_id, "other": event.other_id, "is_standing": is_standing(event)}
    return place | {name: getattr(event, name) for name in names}


def is_standing(event: EntityEvent) -> bool:
    """A merger or split that nobody has revoked."""
    return event.kind in REVOKED and not hasattr(event, "revoked_by")
