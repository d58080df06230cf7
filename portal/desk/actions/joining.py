"""Two entities that are one, and rows that are another's: the bureau says so, with reason and basis, and may take it back (C02, D04).

The lake learns of it by annotations, and the next night builds it. One person decides, as with every word of the bureau at the desk; who,
when, why and on what basis stays in the entity's record. Not here: looking up and showing (identifying.py).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.desk.actions.handling import stated
from portal.desk.actions.identifying import Subject, canonical, file_for, file_of, first_now, subject_by, subject_of
from portal.desk.actor import Actor, DeskError, NotFound
from portal.desk.files import data_folder
from portal.desk.models import Annotation, AnnotationKind, EntityEvent, EntityEventKind, EntityFile
from portal.desk.outgoing import EntityWord, annotate_entity, flush_after_commit
from portal.desk.register import current_catalogue
from yishu.gate.trial import has_check_digits
from yishu.lake.identities import entity_id, merge_rule
from yishu.lake.links import link_rule
from yishu.lake.lookup import key_of_line
from yishu.lake.published_entity import SourceRow, published_pin
from yishu.masking import mask_value

WORDS = [field.name for field in fields(EntityWord)]
DESK = ("desk", "annotation")  # a merger is about no department's record
REVOKED = {
    EntityEventKind.MERGED: (EntityEventKind.MERGE_REVOKED, AnnotationKind.MERGE_REVOKED),
    EntityEventKind.SPLIT: (EntityEventKind.SPLIT_REVOKED, AnnotationKind.SPLIT_REVOKED),
}


def merge(actor: Actor, number: int, identifier: str, reason: str, basis: str) -> EntityEvent:
    """合并 with the entity that goes by the identifier. The one known earlier stays with its id; of two known since one day, this one.

    Raises DeskError for an unknown identifier, one of another kind of entity, and one of an entity that is this one already.
    """
    with _deciding(actor, reason, basis) as event:
        file = file_of(actor, number, lock=True)
        mine, other = subject_of(file), subject_by(file.entity, identifier)
        if mine.first == other.first:
            raise DeskError("这个标识已经是本主体的，或已有合并决定，不需要再次合并")
        stays, goes = (other, mine) if other.published.known_since < mine.published.known_since else (mine, other)
        event.kind, event.target = EntityEventKind.MERGED, mask_value(goes.first, goes.kind) or ""
        event.file, event.other = (file_for(file.entity, entity_id(one.first)) for one in (stays, goes))
        event.save()
        annotate_entity(event, [EntityWord(AnnotationKind.ENTITIES_MERGED, *DESK, merge_rule(mine.kind), goes.first, stays.first)])
    return event


def split(actor: Actor, number: int, rows: Sequence[str], identifier: str, reason: str, basis: str) -> EntityEvent:
    """拆分: these source rows (`row_name`) belong to the typed identifier, which need not be known yet.

    Raises DeskError where its check digits do not confirm it, where it is this entity's own, and for rows that have been split off already.
    """
    with _deciding(actor, reason, basis) as event:
        file = file_of(actor, number, lock=True)
        mine, target = subject_of(file), canonical(identifier)
        if not has_check_digits(target, mine.kind):
            raise DeskError("所填标识的校验位不对；请核对后重新填写")
        first = first_now(mine.kind, target)
        if first == mine.first:
            raise DeskError("所填标识就是本主体的标识；请填写这些来源行真正所属的标识")
        words = [word for row in _chosen(mine, rows) for word in _words_about(row, mine, target)]
        event.file, event.other = file, file_for(file.entity, entity_id(first))
        event.kind, event.target, event.rows = EntityEventKind.SPLIT, mask_value(target, mine.kind) or "", len(set(rows))
        event.save()
        annotate_entity(event, words)
    return event


def revoke(actor: Actor, number: int, decision: int, reason: str, basis: str) -> EntityEvent:
    """撤销 a merger or split of this entity. Raises NotFound for another entity's, DeskError for one that has been revoked."""
    with _deciding(actor, reason, basis) as event:
        file = file_of(actor, number, lock=True)
        said = decisions_of(file).select_for_update().filter(pk=decision).first()
        if said is None:
            raise NotFound("本主体没有这项合并或拆分决定；请刷新后重新选择")
        if EntityEvent.objects.filter(revokes=said).exists():
            raise DeskError("这项决定已经撤销，不需要再次撤销")
        event.kind, kind = REVOKED[EntityEventKind(said.kind)]
        event.file, event.other, event.target, event.rows, event.revokes = said.file, said.other, said.target, said.rows, said
        event.save()
        annotate_entity(event, [replace(word, kind=kind) for word in _words_of(said)])
    return event


def decisions_of(file: EntityFile) -> "QuerySet[EntityEvent]":
    """The mergers and splits that concern the entity, revoked ones too."""
    return EntityEvent.objects.filter(kind__in=REVOKED).filter(Q(file=file) | Q(other=file))


def row_name(row: SourceRow) -> str:
    """What a form calls a source row: a place, no value."""
    return f"{row.delivery_id}:{row.row_number}"


@contextmanager
def _deciding(actor: Actor, reason: str, basis: str) -> Iterator[EntityEvent]:
    """The decision to be filled in; all of it or nothing stays, and then the lake is told."""
    actor.must("identify")
    event = EntityEvent(
        actor=actor.name, on=timezone.localdate(), reason=stated(reason, "理由"), basis=stated(basis, "依据（文号、条文或核对的材料）")
    )
    with transaction.atomic():
        yield event
    flush_after_commit()


def _chosen(mine: Subject, names: Sequence[str]) -> list[SourceRow]:
    known = {row_name(row): row for row in mine.published.rows}
    if not names:
        raise DeskError("请先勾选要拆分的来源行")
    if any(name not in known for name in names):
        raise NotFound("所选来源行不属于本主体，或已有新的发布；请刷新后重新选择")
    return [known[name] for name in dict.fromkeys(names)]


def _words_about(row: SourceRow, mine: Subject, target: str) -> Iterator[EntityWord]:
    """One a kind of entity that the row is about by this identifier: a death goes with the person who died."""
    catalogue = current_catalogue()
    entry = catalogue.resources.get(f"{row.department}.{row.resource}")
    key = key_of_line(data_folder(), entry, published_pin(data_folder())[entry.id], row.delivery_id, row.row_number) if entry else None
    if entry is None or key is None:
        raise DeskError("所选来源行已不在资源池中；请在下一次夜间任务后重试")
    item = entry.feeding(f"{mine.published.entity}.{mine.kind}")
    for name, entity in catalogue.authority.items():
        if item is not None and entity.key == mine.kind and entry.feeding(f"{name}.{mine.kind}") == item:
            rule = link_rule(name)
            if _is_split(row, rule, key):
                raise DeskError("所选来源行已有拆分决定；如要改变，请先撤销原来的拆分")
            yield EntityWord(AnnotationKind.ROW_SPLIT, row.department, row.resource, rule, key, target)


def _is_split(row: SourceRow, rule: str, key: str) -> bool:
    said = Annotation.objects.filter(kind=AnnotationKind.ROW_SPLIT, department=row.department, resource=row.resource, rule=rule, subject=key)
    return said.filter(entity_event__revoked_by__isnull=True).exists()


def _words_of(said: EntityEvent) -> list[EntityWord]:
    return [EntityWord(**{name: getattr(one, name) for name in WORDS}) for one in said.annotations.order_by("id")]
