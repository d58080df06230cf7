"""The projection of what fails onto tickets, in one transaction. Same input again: nothing changes.

Belongs here: comparing items with failures, opening, following, closing. Not here: frames (evidence.py), what may
follow what (models/), what becomes of the ticket (concluding.py). Imported late, by service.py, once Django is ready.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from portal.desk import bulk
from portal.desk.concluding import COUNTS, in_work, next_serial, note, recount, update
from portal.desk.evidence import Closing, Failure, Proposal, Subject
from portal.desk.models import Event, EventKind, ItemState, Ticket, TicketItem, TicketState
from portal.desk.models.tickets import LIVE
from portal.desk.terms import TicketTerms
from yishu.catalogue.calendar import DueDate

EVIDENCE_FIELDS = (
    "file", "row_number", "row_count", "delivery_id", "delivery_seq", "gate_run", "since", "message", "column",
    "value_hash",
)  # fmt: skip
PROPOSAL_FIELDS = ("proposal", "proposal_item", "proposal_reason")
REFUSAL_FIELDS = ("state", "filed_on", "tries")
SETTLE: Mapping[str, Callable[[TicketItem, date], None]] = {
    "corrected": TicketItem.correct,
    "withdrawn": TicketItem.withdraw,
    "corrected_or_withdrawn": TicketItem.settle_without_key,
    "rule_changed": TicketItem.lapse,
    "refused": TicketItem.end_as_refused,
}


@dataclass
class Projection:
    """What one reconciliation did."""

    ticket_numbers: list[str] = field(default_factory=list)
    tickets_by_department: Counter[str] = field(default_factory=Counter)
    opened_items: int = 0
    closed_items: Counter[str] = field(default_factory=Counter)
    closed_tickets: int = 0
    updated_items: int = 0
    unchanged: int = 0
    settled_deadlines: int = 0


@dataclass(frozen=True)
class Facts:
    """What the lake says: which subjects fail, how others stopped failing, what might be the right value."""

    failures: Mapping[Subject, Failure]
    closings: Mapping[Subject, Closing]
    proposals: Mapping[Subject, Proposal]


def project(facts: Facts, terms: TicketTerms) -> Projection:
    """Bring the desk in line with what fails: close what is proved, follow what still fails, open what is new."""
    done = Projection()
    with transaction.atomic():
        done.settled_deadlines = _settle_deadlines(terms)
        items = {Subject(i.department, i.resource, i.rule, i.subject): i for i in TicketItem.objects.filter(state__in=LIVE)}
        settled = {subject: facts.closings[subject] for subject in items if _is_settled(subject, items[subject], facts)}
        touched = _close_items(items, settled, terms, done)
        still = {subject: item for subject, item in items.items() if subject in facts.failures}
        followed = [item for subject, item in still.items() if _follow(item, subject, facts)]
        bulk.save(followed, (*EVIDENCE_FIELDS, *REFUSAL_FIELDS, *PROPOSAL_FIELDS), terms.reason)
        done.updated_items = len(followed)
        done.unchanged = len(items) - len(settled) - len(followed)
        _open({subject: failure for subject, failure in facts.failures.items() if subject not in items}, facts, terms, done)
        moved = Ticket.objects.filter(pk__in=touched | {item.ticket_id for item in followed})
        waiting = Ticket.objects.filter(state=TicketState.ACCEPTED)
        done.closed_tickets = update({*moved, *waiting}, terms.actor, terms.night, terms.reason)
    return done


def _is_settled(subject: Subject, item: TicketItem, facts: Facts) -> bool:
    """Only proof settles: absence from the failures is none, and a closing older than the last failure is another
    story's.
    """
    proof = facts.closings.get(subject)
    if subject in facts.failures or proof is None:
        return False
    return proof.closed_run is None or proof.closed_run >= item.gate_run


def _close_items(items: Mapping[Subject, TicketItem], settled: Mapping[Subject, Closing], terms: TicketTerms, done: Projection) -> set[int]:
    closed: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for subject, proof in settled.items():
        item = items[subject]
        SETTLE[proof.closing](item, terms.night)
        item.settled_run = proof.closed_run or item.gate_run
        done.closed_items[proof.closing] += 1
        closed[item.ticket_id][item.get_state_display()] += 1
    bulk.save([items[subject] for subject in settled], ("state", "closed_on", "settled_run"), terms.reason)
    Event.objects.bulk_create(
        Event(ticket_id=ticket, kind=EventKind.ITEMS_CLOSED, actor=terms.actor, on=terms.night, text=_counted(states))
        for ticket, states in sorted(closed.items())
    )
    return set(closed)


def _counted(states: Counter[str]) -> str:
    return "、".join(f"{title} {count} 条" for title, count in sorted(states.items()))


def _follow(item: TicketItem, subject: Subject, facts: Facts) -> bool:
    """Note where the subject fails now; True where that differs. A newer delivery that still fails is another try, and
    another value than the refused one is a new question.
    """
    failure = facts.failures[subject]
    seen = {name: getattr(failure, name) for name in EVIDENCE_FIELDS}
    seen |= facts.proposals.get(subject, Proposal())._asdict()
    if all(getattr(item, name) == value for name, value in seen.items()):
        return False
    if failure.delivery_seq > item.delivery_seq > 0:  # a doubt has no delivery until the lake has seen it
        item.tries += 1
        item.filed_on = None
    if item.state != ItemState.OPEN and item.value_hash and failure.value_hash != item.value_hash:
        item.reject_refusal()
    for name, value in seen.items():
        setattr(item, name, value)
    return True


def _open(new: Mapping[Subject, Failure], facts: Facts, terms: TicketTerms, done: Projection) -> None:
    groups: defaultdict[tuple[str, str, str], list[Subject]] = defaultdict(list)
    for subject in sorted(new):
        groups[subject[:3]].append(subject)
    of_tonight = {(t.department, t.resource, t.rule): t for t in Ticket.objects.filter(in_work(), opened_on=terms.night, split_from__isnull=True)}
    missing = [group for group in sorted(groups) if group not in of_tonight]
    opened = [
        Ticket(**terms.ticket(group, serial, new[groups[group][0]]), item_count=len(groups[group]), open_count=len(groups[group]))
        for serial, group in enumerate(missing, start=next_serial(terms.night))
    ]
    bulk.create(Ticket, opened, terms.reason)
    added = list(of_tonight.values())
    of_tonight |= {(ticket.department, ticket.resource, ticket.rule): ticket for ticket in opened}
    items = [
        item_of(of_tonight[group], subject, new[subject], terms.night, facts.proposals.get(subject))
        for group, subjects in groups.items()
        for subject in subjects
    ]
    bulk.create(TicketItem, items, terms.reason)
    Event.objects.bulk_create(note(ticket, EventKind.OPENED, terms.actor, terms.night, ticket.message) for ticket in opened)
    bulk.save(recount(added), COUNTS, terms.reason)
    done.ticket_numbers = [ticket.number for ticket in opened]
    done.tickets_by_department.update(ticket.department for ticket in opened)
    done.opened_items = len(items)


def item_of(ticket: Ticket, subject: Subject, failure: Failure, opened_on: date, proposal: Proposal | None = None) -> TicketItem:
    """A new item, not yet stored."""
    evidence = {name: getattr(failure, name) for name in EVIDENCE_FIELDS}
    return TicketItem(ticket=ticket, opened_on=opened_on, **subject._asdict(), **evidence, **(proposal or Proposal())._asdict())


def _settle_deadlines(terms: TicketTerms) -> int:
    """A deadline counted beyond the known calendar is counted anew, and settled once the calendar has arrived."""
    settled, events = [], []
    for ticket in Ticket.objects.filter(in_work(), due_provisional=True, due_from__isnull=False):
        due = terms.calendar.settled(
            DueDate(ticket.due_on, provisional=True), ticket.due_from, ticket.due_working_days, ticket.due_day_after_is_first
        )
        if not due.provisional:
            events.append(note(ticket, EventKind.DUE_SETTLED, terms.actor, terms.night, f"{ticket.due_on} → {due.date}"))
            ticket.due_on, ticket.due_provisional = due.date, False
            settled.append(ticket)
    bulk.save(settled, ("due_on", "due_provisional"), terms.reason)
    Event.objects.bulk_create(events)
    return len(settled)
