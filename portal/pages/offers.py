"""Which actions the page of a ticket offers, by right and state. The actions check both again; this only spares people a refusal."""

from django_fsm import can_proceed

from portal.desk.actions.refusing import NOT_REFUSABLE
from portal.desk.actor import Actor
from portal.desk.models import Origin, Ticket, TicketState


def offers(actor: Actor, ticket: Ticket) -> frozenset[str]:
    """The names of the actions (actor.RIGHTS) that can be taken now."""
    work = ticket.is_in_work
    possible = {
        "acknowledge": work and can_proceed(ticket.accept),
        "verify": work and ticket.state != TicketState.VERIFYING,
        "refuse": work and ticket.origin not in NOT_REFUSABLE,
        "rule": work and ticket.refusing_count > 0,
        "link": work and ticket.origin == Origin.LINKAGE,
        "split": work and ticket.open_count > 1,
        "merge": work,
        "correct": work,
        "reopen": ticket.state == TicketState.CLOSED,
        "comment": True,
        "attach": True,
        "download": True,
    }
    return frozenset(name for name, can in possible.items() if can and actor.may(name))
