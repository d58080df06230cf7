"""The digests of a night into the outbox: one message a receiver and channel, or none where nothing is new.

A message once written is never changed: a night run again finds it. What a killed night did not write is written by the
next one, for each message begins where the receiver's last one ended. Nothing here imports Django at import.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portal.notify.news import KINDS, Digest, Section, Told, compose, sections_for_bureau, sections_for_department
from portal.setup import desk
from yishu.settings import settings

if TYPE_CHECKING:
    from portal.notify.receivers import Receiver
    from yishu.catalogue.law import Profile
    from yishu.catalogue.models import Catalogue


@dataclass(frozen=True)
class DigestReport:
    """`messages`: written now. `unreachable`: who had news but has no address."""

    messages: int
    receivers: tuple[str, ...]
    unreachable: tuple[str, ...]


def write_digests(data: Path, night: date, profile: "Profile", catalogue: "Catalogue") -> DigestReport:
    """Write what each department and the bureau are to be told, in one transaction. Idempotent for a night."""
    with desk(data):
        from django.db import transaction

        from portal.desk.models import Message
        from portal.notify.receivers import receivers

        with transaction.atomic():
            news = _News(night, profile)
            written: list[Any] = []
            names: list[str] = []
            unreachable: list[str] = []
            for receiver in receivers(data, catalogue, profile.authority_title):
                digest = news.digest_for(receiver)
                if digest is None:
                    continue
                kinds = {section["kind"] for section in digest.payload["sections"]}
                addresses = list(receiver.addresses(with_heads=bool(kinds & {"head_told", "noticed"})))
                written += [_message(receiver.name, channel, address, night, digest) for channel, address in addresses]
                (names if addresses else unreachable).append(receiver.name)
            Message.objects.bulk_create(written)
    return DigestReport(len(written), tuple(names), tuple(unreachable))


def _message(receiver: str, channel: str, address: str, night: date, digest: Digest) -> Any:
    from portal.desk.models import Message

    return Message(
        department=receiver,
        channel=channel,
        address=address,
        night=night,
        subject=digest.subject,
        body=digest.body,
        payload=digest.payload,
    )


class _News:
    """The events not yet told, read once for all receivers."""

    def __init__(self, night: date, profile: "Profile") -> None:
        from portal.desk.models import Message
        from portal.notify.receivers import BUREAU

        self.night, self.profile = night, profile
        self.served = set(Message.objects.filter(night=night).values_list("department", flat=True))
        last = Message.objects.order_by("-id").first()
        of_last = Message.objects.filter(night=last.night) if last else ()
        self.own = {message.department: int(message.payload["through_event"]) for message in of_last}
        bureau = Message.objects.filter(department=BUREAU).order_by("-id").first()
        self.standing_told = bureau.payload.get("standing", []) if bureau else []
        self.events = _events(min(self.own.values(), default=0))
        self.through = self.events[-1].event if self.events else max(self.own.values(), default=0)
        self.fates = _fates_of_doubts(self.events)

    def digest_for(self, receiver: "Receiver") -> Digest | None:
        """None where the receiver has its message of the night already, or nothing is new."""
        from portal.notify.receivers import BUREAU

        if receiver.name in self.served:
            return None
        # Who got no message in the last night that wrote any had no news up to the last event read then.
        since = self.own.get(receiver.name, max(self.own.values(), default=0))
        new = [one for one in self.events if one.event > since]
        if receiver.name == BUREAU:
            return self._for_bureau(receiver, sections_for_bureau(new))
        sections = sections_for_department(one for one in new if one.department == receiver.name)
        notes = [text for event, text in self.fates.get(receiver.name, ()) if event > since]
        return self._composed(receiver, sections, notes) if sections or notes else None

    def _for_bureau(self, receiver: "Receiver", sections: list[Section]) -> Digest | None:
        """Standing warnings come with other news, and by themselves only when they have changed."""
        standing = _standing(self.night, self.profile)
        if not sections and standing == self.standing_told:
            return None
        digest = self._composed(receiver, sections, standing)
        return replace(digest, payload={**digest.payload, "standing": standing}) if sections or standing else None

    def _composed(self, receiver: "Receiver", sections: list[Section], notes: list[str]) -> Digest:
        return compose(receiver.name, receiver.title, self.night, sections, notes, self.through, settings.desk_url.rstrip("/"))


def _events(after: int) -> list[Told]:
    """All that a digest may tell and that not everybody has been told, in order."""
    from portal.desk.models import Event

    names = ("ticket__number", "ticket__department", "ticket__resource_title", "ticket__due_on", "ticket__origin", "ticket__told")
    rows = Event.objects.filter(kind__in=KINDS, id__gt=after).order_by("id").values_list("id", "kind", "on", "ticket_id", *names)
    return [Told(*(*row[:-1], "authority" in (row[-1] or ()))) for row in rows.iterator()]


def _fates_of_doubts(events: Iterable[Told]) -> dict[str, list[tuple[int, str]]]:
    """What became of doubts, for the departments that raised them: without the number of another's ticket."""
    from portal.desk.models import Doubt

    ended = {(one.ticket_id, one.on): one.event for one in events if one.kind == "items_closed"}
    found: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    doubts = Doubt.objects.filter(item__closed_on__isnull=False).exclude(department="").select_related("item", "item__ticket").order_by("id")
    for doubt in doubts if ended else ():
        event = ended.get((doubt.item.ticket_id, doubt.item.closed_on))
        if event and doubt.department != doubt.item.department:
            fate = f"贵单位 {doubt.raised_on} 对《{doubt.item.ticket.resource_title}》提出的异议（编号 {doubt.pk}）：{doubt.item.get_state_display()}"
            found[doubt.department].append((event, fate))
    return found


def _standing(night: date, profile: "Profile") -> list[str]:
    """What is so every night until somebody mends it."""
    from portal.desk.concluding import in_work
    from portal.desk.models import Ticket

    warning = profile.validity_warning(night)
    provisional = Ticket.objects.filter(in_work(), due_provisional=True).count()
    calendar = f"{provisional} 张工单的期限暂定：请在 catalogue/calendar 补充下一年度的工作日日历" if provisional else None
    return [line for line in (warning, calendar) if line]
