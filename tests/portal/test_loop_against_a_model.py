"""The loop against a plain model, over any sequence of deliveries, refusals, rulings, re-openings, splits and merges.

No subject is lost, doubled or closed without evidence: after each night what is live at the desk is what fails in the
lake, each subject once, and what ended did so as the lake says. The lake here is a dictionary that obeys the same words
(annotations) as the real one, read from the files the desk has written.
"""

import contextlib
import json
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from portal.desk.actor import DeskError
from portal.setup import desk
from tests.portal.nights import Desk, failing, settled
from tests.portal.people import BUREAU, POLICE

SUBJECTS = [f"1101051949123100{tail}" for tail in ("2X", "38", "54", "70", "97")]
PICK = st.integers(0, 4)
LIVE = {"open", "refusing", "refusal_accepted"}


@dataclass
class Row:
    value: int = 0
    bad: bool = False
    present: bool = True
    seq: int = 1


@dataclass
class Lake:
    """What the real lake does with deliveries and annotations, said as plainly as possible."""

    rows: dict[str, Row] = field(default_factory=lambda: {subject: Row() for subject in SUBJECTS})
    mutes: dict[str, str] = field(default_factory=dict)
    failing: dict[str, Row] = field(default_factory=dict)
    ended: dict[str, tuple[str, int]] = field(default_factory=dict)
    run: int = 0
    read: set[str] = field(default_factory=set)

    def take_in(self, landing: Path) -> None:
        for file in sorted(landing.rglob("*.jsonl"), key=lambda one: one.stat().st_mtime_ns):
            if file.name in self.read:
                continue
            self.read.add(file.name)
            for line in file.read_text(encoding="utf-8").splitlines():
                said = json.loads(line)
                if said["kind"] == "refusal_accepted":
                    self.mutes[said["subject"]] = said["value_hash"]
                elif said["kind"] == "refusal_revoked":
                    self.mutes.pop(said["subject"], None)

    def check(self) -> None:
        self.run += 1
        for subject, row in self.rows.items():
            muted = self.mutes.get(subject) == str(row.value)
            if row.present and row.bad and not muted:
                self.failing[subject] = row
                self.ended.pop(subject, None)
            elif self.failing.pop(subject, None):
                how = "withdrawn" if not row.present else "refused" if row.bad else "corrected"
                self.ended[subject] = (how, self.run)

    def violations(self) -> list[dict[str, Any]]:
        return [
            failing(subject, delivery_seq=row.seq, gate_run=self.run, value_hash=str(row.value), row_number=SUBJECTS.index(subject) + 2)
            for subject, row in self.failing.items()
        ]

    def closings(self) -> list[dict[str, Any]]:
        return [settled(subject, how, run) for subject, (how, run) in self.ended.items()]


class Loop(RuleBasedStateMachine):
    empty: Path
    given: Desk

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        shutil.copytree(self.empty, self.folder / "data")
        self.desk = Desk(self.folder / "data", self.given.profile, self.given.calendar)
        self.lake, self.day, self.checked = Lake(), date(2026, 3, 1), False

    def teardown(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    @rule(bad=st.lists(st.sampled_from(["same", "right", "wrong", "wrong"]), min_size=5, max_size=5))
    def deliver(self, bad: list[str]) -> None:
        for row, how in zip(self.lake.rows.values(), bad, strict=True):
            row.seq += 1
            if how != "same":
                row.value, row.bad, row.present = row.value + 1, how == "wrong", True
        self.checked = False

    @rule(which=PICK)
    def leave(self, which: int) -> None:
        self.lake.rows[SUBJECTS[which]].present = False
        self.checked = False

    @rule(days=st.integers(0, 2))
    def night(self, days: int) -> None:
        self.day += timedelta(days=days)
        self.lake.take_in(self.desk.data / "landing")
        self.lake.check()
        facts = self.lake.violations(), self.lake.closings()
        self.desk.night(*facts, on=self.day)
        before = self.desk.contents()
        assert not self.desk.night(*facts, on=self.day).changed and self.desk.contents() == before, "the same night twice"
        self.checked = True

    @precondition(lambda self: self.lake.failing)
    @rule(which=PICK, accept=st.booleans(), all_of_it=st.booleans())
    def refuse_and_rule(self, which: int, accept: bool, all_of_it: bool) -> None:
        from portal.desk.actions import refusing

        with self.a_ticket(which) as (number, item):
            refusing.refuse(POLICE, number, None if all_of_it else [item], "依据")
            refusing.rule(BUREAU, number, None, accept=accept, reason="裁定")
            self.checked = False

    @precondition(lambda self: len(self.lake.failing) > 1)
    @rule(which=PICK)
    def split(self, which: int) -> None:
        from portal.desk.actions import arranging

        with self.a_ticket(which) as (number, item):
            arranging.split(POLICE, number, [item], "分开")

    @precondition(lambda self: len(self.lake.failing) > 1)
    @rule(which=PICK, other=PICK)
    def merge(self, which: int, other: int) -> None:
        from portal.desk.actions import arranging

        with self.a_ticket(which) as (number, _), self.a_ticket(other) as (into, _):
            arranging.merge(POLICE, number, into, "合并")

    @precondition(lambda self: "refused" in {how for how, _ in self.lake.ended.values()})
    @rule(which=PICK)
    def reopen(self, which: int) -> None:
        from portal.desk.actions import arranging

        with self.a_ticket(which, ended=True) as (number, _):
            arranging.reopen(BUREAU, number, "再议")
            self.checked = False

    @contextlib.contextmanager
    def a_ticket(self, which: int, ended: bool = False) -> Any:
        """The newest ticket with one of the failing (or refused) subjects; what the desk refuses to do there is no fault."""
        refused = [subject for subject, (how, _) in self.lake.ended.items() if how == "refused"] if ended else []
        among = sorted(refused or self.lake.failing)
        with desk(self.desk.data), contextlib.suppress(DeskError):
            from portal.desk.models import TicketItem

            subject = among[which % len(among)]
            item = TicketItem.objects.select_related("ticket").filter(subject=subject).order_by("-id").first()
            yield (item.ticket.number, item.pk) if item else ("T0", 0)

    @invariant()
    def every_subject_is_in_at_most_one_live_item(self) -> None:
        if hasattr(self, "desk"):
            live = Counter(item["subject"] for item in self.desk.items() if item["state"] in LIVE)
            assert not live or max(live.values()) == 1

    @precondition(lambda self: self.checked)
    @invariant()
    def what_is_live_is_what_fails_and_the_rest_ended_as_the_lake_says(self) -> None:
        items = self.desk.items()
        live = {item["subject"] for item in items if item["state"] in LIVE}
        assert live == set(self.lake.failing)
        last = {item["subject"]: item["state"] for item in items}
        assert {subject: last.get(subject) for subject in self.lake.ended} == {s: how for s, (how, _) in self.lake.ended.items()}
        counts = {ticket["number"]: (ticket["open_count"], ticket["closed_on"] is None) for ticket in self.desk.tickets()}
        of_items = Counter(item["ticket__number"] for item in items if item["state"] in LIVE)
        assert {number: count for number, (count, _) in counts.items()} == {number: of_items[number] for number in counts}
        assert all(is_open == (count > 0) for count, is_open in counts.values())


def test_no_sequence_loses_doubles_or_closes_a_subject_without_evidence(empty_desk: Desk, migrated_folder: Path) -> None:
    Loop.empty, Loop.given = migrated_folder, empty_desk
    run_state_machine_as_test(
        Loop,
        settings=settings(max_examples=25, stateful_step_count=16, deadline=None, suppress_health_check=list(HealthCheck)),
    )


def test_the_model_itself_mutes_one_value_only() -> None:
    lake = Lake()
    row = lake.rows[SUBJECTS[0]]
    row.bad = True
    lake.mutes[SUBJECTS[0]] = "0"
    lake.check()
    assert not lake.failing
    row.value = 1
    lake.check()
    assert set(lake.failing) == {SUBJECTS[0]}
