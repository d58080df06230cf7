"""Sending what waits in the outbox: each message claimed before it leaves, tried again after a refusal, never sent twice.

A sender that dies between sending and noting it leaves its message claimed; once the claim has run out it is unclear
(结果不明), for a person to look at: a message too few can be made good, one too many cannot. Nothing here imports Django
at import.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from portal.notify.channels import ChannelDown, NotAccepted, NotConfigured, Unclear, deliver, ready
from portal.setup import desk

CLAIM = timedelta(minutes=10)  # longer than any attempt takes
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=12)
MOST_TRIES = 8
Transport = Callable[[Any, Path], None]
log = logging.getLogger("yishu.notify")


OUTCOMES = ("sent", "refused", "unclear", "given_up", "waiting")


@dataclass(frozen=True)
class SendingReport:
    """What became of the messages tried now, and how many still wait, for a time or for a configuration.

    `by_channel`: the same five counts for each channel that has any.
    """

    sent: int
    refused: int
    unclear: int
    given_up: int
    waiting: int
    by_channel: Mapping[str, Mapping[str, int]]

    @property
    def is_good(self) -> bool:
        """Whatever was tried has arrived."""
        return not (self.refused or self.unclear or self.given_up)

    @classmethod
    def of(cls, tally: Counter[tuple[str, str]]) -> "SendingReport":
        """tally: (channel, outcome) -> how many."""
        channels = sorted({channel for channel, _ in tally})
        of_channel = {channel: {outcome: tally[channel, outcome] for outcome in OUTCOMES} for channel in channels}
        return cls(**{outcome: sum(counts[outcome] for counts in of_channel.values()) for outcome in OUTCOMES}, by_channel=of_channel)


def send_waiting(data: Path, now: datetime, transport: Transport | None = None) -> SendingReport:
    """Send what is due at `now` (with a time zone). Nothing that a server does ends it."""
    with desk(data):
        from portal.desk.models import Message, MessageState

        began, tally, down = time.monotonic(), Counter[tuple[str, str]](), set[str]()
        for message in _due(now):
            if message.channel in down or (transport is None and ready(message.channel, message.department, data)):
                continue
            at = now + timedelta(seconds=time.monotonic() - began)
            if _claim(message, at):
                outcome, is_down = _attempt(message, data, at, transport or deliver)
                tally[message.channel, outcome] += 1
                if is_down:
                    down.add(message.channel)
        for channel in _claim_run_out(now):
            tally[channel, "unclear"] += 1
        tally.update((channel, "waiting") for channel in Message.objects.filter(state=MessageState.WAITING).values_list("channel", flat=True))
    return SendingReport.of(tally)


def is_anything_due(data: Path, now: datetime) -> bool:
    """Whether `send_waiting` would find something to do: a message that is due and has a way, or a claim that has run out."""
    with desk(data):
        return _run_out(now).exists() or any(ready(message.channel, message.department, data) is None for message in _due(now))


def send_again(data: Path, message_id: int, now: datetime, by: str) -> bool:
    """`by` has looked and wants an unclear or given-up message sent once more, with the next sending; False where it is neither."""
    with desk(data):
        from portal.desk.actor import Actor, Role
        from portal.notify.outbox import ask_again

        return ask_again(Actor(by, Role.BUREAU), message_id, now)


def _due(now: datetime) -> list[Any]:
    from django.db.models import Q

    from portal.desk.models import Message, MessageState

    may = Q(next_try_at__isnull=True) | Q(next_try_at__lte=now)
    return list(Message.objects.filter(may, state=MessageState.WAITING).order_by("id"))


def _claim(message: Any, at: datetime) -> bool:
    """Only one sender's update finds the message as it was read: its tries tell whether another has had it meanwhile."""
    from portal.desk.models import Message, MessageState

    mine = Message.objects.filter(pk=message.pk, state=MessageState.WAITING, tries=message.tries)
    return bool(mine.update(state=MessageState.SENDING, claimed_until=at + CLAIM, tries=message.tries + 1))


def _attempt(message: Any, data: Path, at: datetime, transport: Transport) -> tuple[str, bool]:
    """Send and note what became of it: one of OUTCOMES, and whether its channel is down."""
    from portal.desk.models import MessageState

    tries = message.tries + 1
    try:
        transport(message, data)
    except NotConfigured as error:  # taken away between asking and sending
        _note(message, state=MessageState.WAITING, tries=message.tries, last_error=str(error)[:300])
        return "refused", True
    except NotAccepted as error:
        log.warning("通知 %s（%s）未被接收：%s", message.pk, message.get_channel_display(), error)
        if tries >= MOST_TRIES:
            _note(message, state=MessageState.GIVEN_UP, last_error=str(error)[:300])
            return "given_up", isinstance(error, ChannelDown)
        _note(message, state=MessageState.WAITING, next_try_at=at + pause(tries), last_error=str(error)[:300])
        return "refused", isinstance(error, ChannelDown)
    except Exception as error:  # of an unknown failure nobody can say that nothing was sent
        why = str(error) if isinstance(error, Unclear) else type(error).__name__
        log.warning("通知 %s（%s）结果不明：%s", message.pk, message.get_channel_display(), why)
        _note(message, state=MessageState.UNCLEAR, last_error=why[:300])
        return "unclear", False
    _note(message, state=MessageState.SENT, sent_at=at, last_error="")
    return "sent", False


def pause(tries: int) -> timedelta:
    """How long to wait after that many tries: doubled each time, up to half a day."""
    return min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE)


def _note(message: Any, **fields: Any) -> None:
    from portal.desk.models import Message

    Message.objects.filter(pk=message.pk).update(claimed_until=None, **fields)


def _run_out(now: datetime) -> Any:
    """The messages whose sender died between sending and noting it."""
    from portal.desk.models import Message, MessageState

    return Message.objects.filter(state=MessageState.SENDING, claimed_until__lt=now)


def _claim_run_out(now: datetime) -> list[str]:
    """Make them unclear; their channels."""
    from portal.desk.models import MessageState

    stale = list(_run_out(now).values_list("pk", "channel"))
    for key, _ in stale:
        _run_out(now).filter(pk=key).update(state=MessageState.UNCLEAR, claimed_until=None, last_error="发送过程中断，是否送达不明")
    return [channel for _, channel in stale]
