"""The outbox as people meet it: who may look into it, and who may ask for a message once more. Sends nothing itself (sending.py).

Imported late, once Django is ready.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from portal.desk.actor import Actor
from portal.desk.models import Message, MessageState, Resending
from portal.desk.models.leaving import ENDED_UNSENT


def visible_messages(actor: Actor) -> "QuerySet[Message]":
    """Every message, newest night first. Raises NotAllowed for whoever belongs to a department."""
    actor.must("outbox")
    return Message.objects.order_by("-night", "department", "channel").prefetch_related("resendings")


@transaction.atomic
def ask_again(actor: Actor, message_id: int, now: datetime) -> bool:
    """Have an unclear or given-up message sent once more with the next sending, and keep who asked; False where it is neither.

    Raises NotAllowed.
    """
    actor.must("resend")
    ended = Message.objects.filter(pk=message_id, state__in=ENDED_UNSENT)
    before = ended.first()
    if before is None or not ended.update(state=MessageState.WAITING, tries=0, next_try_at=now, claimed_until=None):
        return False
    Resending.objects.create(message=before, actor=actor.name, at=now, state=before.state, tries=before.tries, last_error=before.last_error)
    return True
