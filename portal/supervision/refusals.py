"""The list of refusals (E09): who defends which values on what basis, and what became of it. Reads only.

The clause on refusing to correct (P36) stands only where the authority did not accept the refusal and the value is not
corrected yet; whether it applies is for the authority to say. Imported late, once Django is ready.
"""

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Q

from portal.desk.actions.finding import visible_tickets
from portal.desk.actor import Actor
from portal.desk.models import Event, EventKind, ItemState, TicketItem
from portal.desk.register import current_profile
from yishu.catalogue.law import Profile
from yishu.catalogue.statements import Citation

WAITING, ACCEPTED, NOT_ACCEPTED, ENDED = "待认可", "已认可", "未获认可，待更正", "未获认可，已办结"
_NUMBER = re.compile(r"\d{7,}[\dXx]*")  # redacted() would take the quoted words of a law as well
STATUS = {
    ItemState.REFUSING: WAITING,
    ItemState.REFUSAL_ACCEPTED: ACCEPTED,
    ItemState.REFUSED: ACCEPTED,
    ItemState.OPEN: NOT_ACCEPTED,
}


@dataclass(frozen=True)
class Refusal:
    """Rows of one ticket refused on one basis and of one fate. `basis` is rid of long numbers (H11)."""

    number: str
    department: str
    department_title: str
    resource_title: str
    rule: str
    status: str
    row_count: int
    basis: str
    refused_by: str
    refused_on: date | None
    clause: Citation | None


def refusals(actor: Actor, profile: Profile | None = None) -> list[Refusal]:
    """What the actor may see, waiting ones first, then the newest tickets. `profile`: without it, the current one."""
    clause = (profile or current_profile()).clause_for("refused_correction")
    refused = ~Q(refused_by="") | Q(state__in=(ItemState.REFUSING, ItemState.REFUSAL_ACCEPTED, ItemState.REFUSED))
    names = ("ticket__number", "ticket__department", "ticket__department_title", "ticket__resource_title", "ticket__rule")
    groups = (
        TicketItem.objects.filter(refused, ticket__in=visible_tickets(actor))
        .order_by()
        .values(*names, "state", "basis", "refused_by")
        .annotate(rows=Count("id"))
    )
    said = Event.objects.filter(kind=EventKind.REFUSED, ticket__in=visible_tickets(actor)).order_by()
    last = dict(said.values_list("ticket__number").annotate(last=Max("on")))
    found = [
        Refusal(
            **{name.removeprefix("ticket__"): group[name] for name in names},
            status=(status := STATUS.get(group["state"], ENDED)),
            row_count=group["rows"],
            basis=_NUMBER.sub("…", group["basis"]),
            refused_by=group["refused_by"],
            refused_on=last.get(group["ticket__number"]),
            clause=clause if status == NOT_ACCEPTED else None,
        )
        for group in groups
    ]
    newest = sorted(found, key=lambda one: (one.number, one.basis, one.status), reverse=True)
    return sorted(newest, key=lambda one: one.status != WAITING)
