"""Random sequences of nights, played on the desk and on a plain model of what tickets mean. They must never differ.

Guards against the three losses that examples miss: a subject lost, a subject in two open items, a subject closed
without proof.
"""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.examples import dear
from tests.portal.nights import Desk, failing, settled

START = date(2026, 3, 1)
GROUPS = [
    ("public_security", "resident", "sex.code"),
    ("public_security", "resident", "phone.phone"),
    ("civil_affairs", "elderly_allowance", "sex.code"),
]
SUBJECTS = [(*group, f"subject-{n}") for group in GROUPS for n in range(3)]
Subject = tuple[str, str, str, str]

# What a night tells about one subject.
FAILS, FAILS_TWICE, ADVISORY, UNSEEN = "fails", "fails in two rows", "advisory", "unseen"
CLOSINGS = ("corrected", "withdrawn", "corrected_or_withdrawn")
STALE = "a closing older than the failure"
tellings = st.sampled_from([FAILS, FAILS, FAILS_TWICE, ADVISORY, UNSEEN, *CLOSINGS, STALE])
nights = st.lists(
    st.tuples(st.integers(0, 1), st.lists(tellings, min_size=len(SUBJECTS), max_size=len(SUBJECTS))),
    min_size=1,
    max_size=7,
)


@dataclass
class Item:
    night: date
    ticket: int
    state: str = "open"
    tries: int = 1
    last_run: int = 0


@dataclass
class Model:
    """Tickets as lists and dictionaries, written from the design's sentences and not from the code."""

    items: dict[Subject, list[Item]] = field(default_factory=dict)
    tickets: list[dict[str, Any]] = field(default_factory=list)

    def open_item(self, subject: Subject) -> Item | None:
        return next((item for item in self.items.get(subject, []) if item.state == "open"), None)

    def play(self, night: date, run: int, told: Mapping[Subject, str]) -> None:
        for subject, telling in told.items():
            item = self.open_item(subject)
            if item and telling in CLOSINGS:
                item.state = telling
            elif item and telling in (FAILS, FAILS_TWICE):
                item.tries, item.last_run = item.tries + (run > item.last_run), run
        for subject in sorted(told):
            if told[subject] in (FAILS, FAILS_TWICE) and self.open_item(subject) is None:
                self.items.setdefault(subject, []).append(Item(night, self._ticket(night, subject[:3]), last_run=run))
        for ticket_index, ticket in enumerate(self.tickets):
            mine = [item for items in self.items.values() for item in items if item.ticket == ticket_index]
            ticket["open"] = any(item.state == "open" for item in mine)

    def _ticket(self, night: date, group: tuple[str, str, str]) -> int:
        for index, ticket in enumerate(self.tickets):
            if ticket["open"] and (ticket["night"], ticket["group"]) == (night, group):
                return index
        serial = 1 + sum(ticket["night"] == night for ticket in self.tickets)
        self.tickets.append({"night": night, "group": group, "open": True, "number": f"T{night:%Y%m%d}-{serial:04d}"})
        return len(self.tickets) - 1

    def items_as_stored(self) -> Counter[tuple[Any, ...]]:
        """Counted, not a set: a subject that fails and is settled twice in one night has two items that look alike."""
        return Counter(
            (*subject, item.state, item.tries, item.night, self.tickets[item.ticket]["number"])
            for subject, items in self.items.items()
            for item in items
        )


def frames(told: Mapping[Subject, str], run: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows by which the lake would tell this."""
    violations, closings = [], []
    for position, (subject, telling) in enumerate(told.items()):
        names = dict(zip(("department", "resource", "rule", "subject"), subject, strict=True))
        if telling in (FAILS, FAILS_TWICE, ADVISORY):
            severity = "advisory" if telling == ADVISORY else "content"
            rows = (20 + position, 50 + position) if telling == FAILS_TWICE else (20 + position,)
            violations += [
                failing(**names, severity=severity, row_number=row, delivery_seq=run, gate_run=run) for row in rows
            ]
        elif telling in CLOSINGS:
            closings.append(settled(**names, closing=telling, closed_run=run))
        elif telling == STALE:
            closings.append(settled(**names, closing="corrected", closed_run=-1))
    return violations, closings


@dear(few=20, many=200)
@given(sequence=nights, seed=st.integers(0, 2**16))
def test_no_sequence_of_nights_loses_doubles_or_closes_a_subject_without_proof(
    empty_desk: Desk, sequence: list[Any], seed: int
) -> None:
    empty_desk.empty()
    model, night, shuffled = Model(), START, random.Random(seed)
    for run, (days_later, tellings_of_night) in enumerate(sequence, start=1):
        night += timedelta(days=days_later)
        told = dict(zip(SUBJECTS, tellings_of_night, strict=True))
        violations, closings = frames(told, run)
        empty_desk.night(violations, closings, on=night)
        model.play(night, run, told)
        assert _stored(empty_desk) == model.items_as_stored()
        assert {(t["number"], t["closed_on"] is None) for t in empty_desk.tickets()} == {
            (t["number"], t["open"]) for t in model.tickets
        }
        shuffled.shuffle(violations)
        assert not empty_desk.night(violations, closings, on=night).changed


def _stored(desk: Desk) -> Counter[tuple[Any, ...]]:
    names = ("department", "resource", "rule", "subject", "state", "tries", "opened_on", "ticket__number")
    return Counter(tuple(item[name] for name in names) for item in desk.items())
