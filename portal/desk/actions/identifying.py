"""An entity looked up by one of its identifiers, and shown: for the bureau, which decides who is who, and for auditors (C02, D04).

The identifier is typed and goes nowhere; what stays is the desk's own number of the entity. Not here: what is decided (joining.py).
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from portal.desk.actor import Actor, DeskError, NotFound
from portal.desk.files import data_folder
from portal.desk.models import Annotation, AnnotationKind, EntityEvent, EntityEventKind, EntityFile
from portal.desk.register import current_catalogue
from yishu.lake.identities import Merger, entity_id, firsts, merge_rule, subjects
from yishu.lake.published_entity import NothingPublished, PublishedEntity, find_entities, published_pin, read_entity

IDENTIFIER_LIMIT = 200
NOTHING = "还没有发布过数据；第一次夜间任务之后才能查询主体"


@dataclass(frozen=True)
class Subject:
    """An entity as published, with its first identifier by what has been decided until now, though no night may have seen it yet."""

    published: PublishedEntity
    kind: str
    first: str


def look_up(actor: Actor, entity: str, identifier: str) -> EntityFile:
    """The entity that goes by the identifier. Raises DeskError where none does, in words that say which other kind does."""
    actor.must("look_up")
    if entity not in subjects(current_catalogue()):
        raise DeskError("没有这种主体；请在清单中选择")
    return file_for(entity, _found(entity, identifier)[1])


def file_of(actor: Actor, number: int, *, lock: bool = False) -> EntityFile:
    """Raises NotAllowed for a department, NotFound for a number that the desk has not given."""
    actor.must("look_up")
    found = (EntityFile.objects.select_for_update() if lock else EntityFile.objects).filter(pk=number).first()
    if found is None or found.entity not in subjects(current_catalogue()):
        raise NotFound("没有这个主体；请重新查询")
    return found


def file_for(entity: str, id_: str) -> EntityFile:
    return EntityFile.objects.get_or_create(entity=entity, entity_id=id_)[0]


def published(file: EntityFile) -> PublishedEntity | None:
    """None where it has become part of another entity, or is gone."""
    try:
        return read_entity(data_folder(), current_catalogue(), file.entity, file.entity_id)
    except NothingPublished:
        return None


def open_identifiers(actor: Actor, number: int) -> tuple[EntityFile, PublishedEntity]:
    """The entity for whoever wants to see its identifiers and rows in full; that it was looked at is kept (H01, H11)."""
    actor.must("open_entity")
    with transaction.atomic():
        file = file_of(actor, number)
        shown = published(file)
        if shown is None:
            raise DeskError("已发布的数据中没有这个主体，可能已并入另一主体；请按标识重新查询")
        EntityEvent.objects.create(file=file, kind=EntityEventKind.OPENED, actor=actor.name, on=timezone.localdate())
    return file, shown


def subject_of(file: EntityFile) -> Subject:
    """Raises DeskError where it is not published (any more)."""
    found = published(file)
    if found is None:
        raise DeskError("已发布的数据中没有这个主体，可能已并入另一主体；请按标识重新查询")
    kind = subjects(current_catalogue())[file.entity][0]
    first = next((one.identifier for one in found.known if one.kind == kind and entity_id(one.identifier) == file.entity_id), None)
    if first is None:
        raise DeskError("这个主体的首个标识已不在已发布的数据中；请在下一次夜间任务后重试")
    return Subject(found, kind, first_now(kind, first))


def subject_by(entity: str, identifier: str) -> Subject:
    """The entity that the typed identifier names today. Raises DeskError."""
    typed, id_ = _found(entity, identifier)
    named = subject_of(EntityFile(entity=entity, entity_id=id_))
    is_key = any(one.kind == named.kind and one.identifier == typed for one in named.published.known)
    return Subject(named.published, named.kind, first_now(named.kind, typed)) if is_key else named


def first_now(kind: str, identifier: str) -> str:
    """The first identifier of whom the identifier names, by every decision of the desk that stands."""
    return firsts(data_folder(), current_catalogue(), published_pin(data_folder()), kind, _standing(kind)).get(identifier, identifier)


def canonical(identifier: str) -> str:
    """As the pools have it. Raises DeskError for nothing at all."""
    typed = identifier.replace("\x00", "").strip().upper()
    if not typed or len(typed) > IDENTIFIER_LIMIT:
        raise DeskError("请填写标识")
    return typed


def _standing(kind: str) -> list[Merger]:
    said = Annotation.objects.filter(kind=AnnotationKind.ENTITIES_MERGED, rule=merge_rule(kind), entity_event__revoked_by__isnull=True)
    return [Merger(one.subject, one.entity_key, one.decided_on) for one in said.order_by("id")]


def _found(entity: str, identifier: str) -> tuple[str, str]:
    """The identifier in its canonical form, and the id of the entity of that kind."""
    typed, catalogue = canonical(identifier), current_catalogue()
    try:
        found = find_entities(data_folder(), catalogue, typed, subjects(catalogue))
    except NothingPublished:
        raise DeskError(NOTHING) from None
    mine = [id_ for name, id_ in found if name == entity]
    title = catalogue.authority[entity].title
    if found and not mine:
        others = "、".join(dict.fromkeys(catalogue.authority[name].title for name, _ in found))
        raise DeskError(f"这个标识属于{others}，不属于{title}；查询请改选种类，不同种类的主体不能合并")
    if len(mine) != 1:
        raise DeskError(f"已发布的数据中没有{title}使用这个标识；请核对标识，新报送的数据在夜间任务之后才能查到")
    return typed, mine[0]
