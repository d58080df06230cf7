"""The door to who is who for the command line. Nothing here imports Django at import; identifiers come in by value and go out masked.

Whoever may run commands on this machine acts for the bureau, by the name they give.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portal.setup import desk

if TYPE_CHECKING:
    from portal.desk.actor import Actor


class EntityError(ValueError):
    """What cannot be done, in one line with the way out."""


def show_entity(data: Path, actor: str, entity: str, identifier: str) -> dict[str, Any]:
    """The entity, its source rows and decisions, identifiers masked; JSON-ready but for dates. Raises EntityError."""
    from portal.desk.actor import DeskError

    with desk(data):
        from portal.desk.actions import identifying
        from portal.desk.actions.telling import told_of

        try:
            file = identifying.look_up(_bureau(actor), entity, identifier)
            return told_of(file, identifying.published(file))
        except DeskError as error:
            raise EntityError(str(error)) from None


def merge_entities(data: Path, actor: str, entity: str, identifier: str, other: str, reason: str, basis: str) -> dict[str, Any]:
    """The decision, as in `show_entity`. Raises EntityError."""
    return _decided(data, actor, (entity, identifier), "merge", other, reason, basis)


def split_entity(
    data: Path, actor: str, entity: str, identifier: str, rows: Sequence[str], target: str, reason: str, basis: str
) -> dict[str, Any]:
    """rows: names as `show_entity` gives them. The decision. Raises EntityError."""
    return _decided(data, actor, (entity, identifier), "split", list(rows), target, reason, basis)


def revoke_decision(data: Path, actor: str, decision: int, reason: str, basis: str) -> dict[str, Any]:
    """The revocation of a merger or split. Raises EntityError."""
    return _decided(data, actor, decision, "revoke", decision, reason, basis)


def _decided(data: Path, actor: str, about: tuple[str, str] | int, action: str, *said: Any) -> dict[str, Any]:
    """about: the kind and an identifier of the entity, or the number of a decision about it."""
    from portal.desk.actor import DeskError, NotFound

    with desk(data):
        from portal.desk.actions import identifying, joining
        from portal.desk.actions.telling import told_of_event
        from portal.desk.models import EntityEvent

        by = _bureau(actor)
        try:
            if isinstance(about, int):
                event = EntityEvent.objects.filter(pk=about, kind__in=joining.REVOKED).first()
                if event is None:
                    raise NotFound(f"没有合并或拆分决定 {about}；可用 yishu desk entity show 查看主体的决定")
                file = event.file_id
            else:
                file = identifying.look_up(by, *about).pk
            return told_of_event(getattr(joining, action)(by, file, *said))
        except DeskError as error:
            raise EntityError(str(error)) from None


def _bureau(name: str) -> "Actor":
    from portal.desk.actor import Actor, Role

    return Actor(name, Role.BUREAU, channel="form")
