"""The projection of what fails onto tickets, in one transaction. Same input again: nothing changes.

Belongs here: comparing items with failures, opening, following, closing. Not here: frames (evidence.py), what may
follow what (models.py). Imported late, by service.py, once Django is ready. Everything goes in bulk: a bad night has
tens of thousands of items.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import models, transaction
from simple_history.utils import bulk_create_with_history, get_history_manager_for_model

from portal.desk.evidence import Closing, Failure, Subject
from portal.desk.models import ItemState, Ticket, TicketItem, TicketState
from portal.desk.terms import TicketTerms

BATCH = 1000
EVIDENCE_FIELDS = ("file", "row_number", "row_count", "delivery_id", "delivery_seq", "gate_run", "since", "message")
SETTLE: Mapping[str, Callable[[TicketItem, date], None]] = {
    "corrected": TicketItem.correct,
    "withdrawn": TicketItem.withdraw,
    "corrected_or_withdrawn": TicketItem.settle_without_key,
    "rule_changed": TicketItem.lapse,
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


def project(failures: Mapping[Subject, Failure], closings: Mapping[Subject, Closing], terms: TicketTerms) -> Projection:
    """Bring the desk in line with what fails: close what is proved, follow what still fails, open what is new."""
    done = Projection()
    with transaction.atomic():
        items = {
            Subject(i.department, i.resource, i.rule, i.subject): i
            for i in TicketItem.objects.filter(state=ItemState.OPEN)
        }
        settled = {
            subject: closings[subject] for subject in items if _is_settled(subject, items[subject], failures, closings)
        }
        touched = _close_items(items, settled, terms, done)
        followed = [item for subject, item in items.items() if subject in failures and _follow(item, failures[subject])]
        _save(followed, (*EVIDENCE_FIELDS, "tries"), terms)
        done.updated_items = len(followed)
        done.unchanged = len(items) - len(settled) - len(followed)
        _open({subject: failure for subject, failure in failures.items() if subject not in items}, terms, done)
        _close_tickets(touched, terms, done)
    return done


def _is_settled(
    subject: Subject, item: TicketItem, failures: Mapping[Subject, Failure], closings: Mapping[Subject, Closing]
) -> bool:
    """Only proof settles: absence from the failures is none, and a closing older than the last failure is another
    story's.
    """
    proof = closings.get(subject)
    if subject in failures or proof is None:
        return False
    return proof.closed_run is None or proof.closed_run >= item.gate_run


def _close_items(
    items: Mapping[Subject, TicketItem], settled: Mapping[Subject, Closing], terms: TicketTerms, done: Projection
) -> set[int]:
    for subject, proof in settled.items():
        SETTLE[proof.closing](items[subject], terms.night)
        done.closed_items[proof.closing] += 1
    _save([items[subject] for subject in settled], ("state", "closed_on"), terms)
    return {items[subject].ticket_id for subject in settled}


def _follow(item: TicketItem, failure: Failure) -> bool:
    """Note where the subject fails now; True where that differs. A newer delivery that still fails is another try."""
    seen = {name: getattr(failure, name) for name in EVIDENCE_FIELDS}
    if all(getattr(item, name) == value for name, value in seen.items()):
        return False
    if failure.delivery_seq > item.delivery_seq:
        item.tries += 1
    for name, value in seen.items():
        setattr(item, name, value)
    return True


def _open(new: Mapping[Subject, Failure], terms: TicketTerms, done: Projection) -> None:
    groups: defaultdict[tuple[str, str, str], list[Subject]] = defaultdict(list)
    for subject in sorted(new):
        groups[subject[:3]].append(subject)
    of_tonight = {
        (t.department, t.resource, t.rule): t
        for t in Ticket.objects.filter(opened_on=terms.night, state=TicketState.OPEN)
    }
    last = Ticket.objects.filter(opened_on=terms.night).aggregate(last=models.Max("serial"))["last"] or 0
    missing = [group for group in sorted(groups) if group not in of_tonight]
    opened = [
        Ticket(**terms.ticket(group, serial, new[groups[group][0]]))
        for serial, group in enumerate(missing, start=last + 1)
    ]
    _create(Ticket, opened, terms)
    of_tonight |= {(ticket.department, ticket.resource, ticket.rule): ticket for ticket in opened}
    items = [
        _item(of_tonight[group], subject, new[subject], terms.night)
        for group, subjects in groups.items()
        for subject in subjects
    ]
    _create(TicketItem, items, terms)
    done.ticket_numbers = [ticket.number for ticket in opened]
    done.tickets_by_department.update(ticket.department for ticket in opened)
    done.opened_items = len(items)


def _item(ticket: Ticket, subject: Subject, failure: Failure, night: date) -> TicketItem:
    evidence = {name: getattr(failure, name) for name in EVIDENCE_FIELDS}
    return TicketItem(ticket=ticket, opened_on=night, **subject._asdict(), **evidence)


def _close_tickets(touched: set[int], terms: TicketTerms, done: Projection) -> None:
    for some in _batches(sorted(touched)):
        still_open = TicketItem.objects.filter(ticket_id__in=some, state=ItemState.OPEN).values("ticket_id")
        finished = list(Ticket.objects.filter(pk__in=some, state=TicketState.OPEN).exclude(pk__in=still_open))
        for ticket in finished:
            ticket.close(terms.night)
        _save(finished, ("state", "closed_on"), terms)
        done.closed_tickets += len(finished)


def _create(model: type[models.Model], rows: list, terms: TicketTerms) -> None:  # type: ignore[type-arg]  # rows of whichever model
    if rows:
        bulk_create_with_history(rows, model, batch_size=BATCH, default_change_reason=terms.reason)


def _save(rows: Iterable[models.Model], names: tuple[str, ...], terms: TicketTerms) -> None:
    """Write changed fields of existing rows by an upsert on the id: bulk_update's CASE over 5,000 rows took 12 s, this
    0.3 s.
    """
    changed = list(rows)
    if changed:
        manager = type(changed[0])._default_manager
        manager.bulk_create(changed, batch_size=BATCH, update_conflicts=True, unique_fields=["id"], update_fields=names)
        _remember(type(changed[0]), changed, terms)


def _remember(model: type[models.Model], rows: list, terms: TicketTerms) -> None:  # type: ignore[type-arg]  # rows of whichever model
    """History of a bulk change; Django sends no signals for those, so nothing would be written by itself."""
    get_history_manager_for_model(model).bulk_history_create(
        rows, batch_size=BATCH, update=True, default_change_reason=terms.reason
    )


def _batches(rows: list) -> Iterable[list]:  # type: ignore[type-arg]  # of items or of their ids
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))
