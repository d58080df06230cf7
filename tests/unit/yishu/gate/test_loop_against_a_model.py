"""Any sequence of deliveries, corrections, refusals, revocations and doubts against a model in plain dictionaries: no subject is lost, doubled
or closed without a reason; a night that is killed anywhere and begun again ends the same.
"""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.unit.yishu.conftest import FIRST_DAY, LI, ZHANG, Lake
from tests.unit.yishu.gate.test_decisions import RULE, Desk
from yishu.ingest.desk_source import write_correction
from yishu.lake import delta, violations
from yishu.settings import settings as yishu_settings

KEYS, SEXES, NAMES = (ZHANG, LI), ("1", "男性", "女性"), ("甲", "乙")
DOUBT = "doubt.full_name"
Row = tuple[str, str]  # sex, full name
row = st.tuples(st.sampled_from(SEXES), st.sampled_from(NAMES))
key = st.sampled_from(KEYS)
acts = st.one_of(
    st.tuples(st.just("deliver"), st.dictionaries(key, row, min_size=1)),
    st.tuples(st.just("correct"), key, row),
    st.tuples(st.sampled_from(("refuse", "refuse", "revoke", "doubt", "withdraw")), key),
)
first = st.fixed_dictionaries(dict.fromkeys(KEYS, row)).map(lambda rows: [("deliver", rows)])
killed = st.one_of(st.none(), st.integers(0, 3))  # after how many commits the process ends
nights = st.tuples(st.tuples(first, killed), *[st.tuples(st.lists(acts, min_size=1, max_size=4), killed)] * 3)
_numbers = itertools.count()


@dataclass
class Model:
    """What should be: the pool, what the department said last, the values refused, and each doubt's value (None: record unknown)."""

    pool: dict[str, Row] = field(default_factory=dict)
    said: dict[str, Row] = field(default_factory=dict)
    corrected: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)
    doubts: dict[str, str | None] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)  # what was broken when the day began: what people at the desk see

    def deliver(self, delivered: dict[str, Row]) -> None:
        stays = {key for key in self.corrected if key in delivered and delivered[key] == self.said.get(key)}
        self.pool = {key: self.pool[key] if key in stays else row for key, row in delivered.items()}
        self.corrected = stays
        self.said |= delivered

    def evaluate_doubts(self) -> None:
        for key, value in list(self.doubts.items()):
            now = self.pool.get(key, (None, None))[1]
            if value is None and now is not None:
                self.doubts[key] = now
            elif value is not None and now != value:
                del self.doubts[key]

    def broken(self) -> dict[str, str]:
        return {key: sex for key, (sex, _) in self.pool.items() if sex not in ("1", "2")}

    def open(self) -> set[tuple[str, str]]:
        failing = {(RULE, key) for key, sex in self.broken().items() if self.refused.get(key) != sex}
        return failing | {(DOUBT, key) for key in self.doubts}


class Killed(BaseException):
    """The process ends here, whatever anybody would catch."""


@contextmanager
def killed_after(commits: int | None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Dies right after the commit of that number, before anything is noted of it."""
    done, commit = [], violations._commit

    def counted(*args: Any, **named: Any) -> None:
        commit(*args, **named)
        done.append(1)
        if commits is not None and len(done) > commits:
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(violations, "_commit", counted)
        with suppress(Killed):
            yield


def act(desk: Desk, model: Model, day: int, place: int, what: str, *about: Any) -> None:
    """One act of a day, on the lake and on the model. The desk speaks of what it sees: what stands before the night."""
    lake = desk.lake
    if what == "correct":
        key, row = about
        if key in model.pool:
            told = {"citizen_id": key, "full_name": row[1], "sex": row[0], "birth_date": "", "amount_yuan": ""}
            write_correction(lake.data, lake.resource("snapshot"), [told], lake.day(day), name=f"{day}-{place}", actor="li", approval="7")
            model.pool[key], _ = row, model.corrected.add(key)
    elif what == "refuse":
        standing = violations.standing_violations(lake.data).filter(rule=RULE, subject=about[0])
        if standing.height:
            desk.says("refusal_accepted", RULE, about[0], day, hash_=standing["value_hash"][0])
            model.refused[about[0]] = model.before[about[0]]
    elif what == "revoke":
        desk.says("refusal_revoked", RULE, about[0], day)
        model.refused.pop(about[0], None)
    elif what == "doubt" and about[0] not in model.doubts:
        desk.says("doubt", DOUBT, about[0], day, item="full_name")
        model.doubts[about[0]] = None
    elif what == "withdraw":
        desk.says("doubt_withdrawn", DOUBT, about[0], day)
        model.doubts.pop(about[0], None)


def run_day(desk: Desk, model: Model, day: int, todo: list[tuple[Any, ...]]) -> None:
    """A department delivers once a day, before the corrections of that day; the desk's words are taken in the order they were said."""
    model.before = model.broken()
    delivered = next((about[0] for what, *about in todo if what == "deliver"), None)
    if delivered is not None:
        desk.lake.deliver("snapshot", [[key, name, sex, "", ""] for key, (sex, name) in delivered.items()], day)
        model.deliver(delivered)
    corrected = set()
    for place, (what, *about) in enumerate(todo):
        if what == "correct" and about[0] in corrected:
            continue
        corrected |= {about[0]} if what == "correct" else set()
        if what != "deliver":
            act(desk, model, day, place, what, *about)


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(yishu_settings, "suites", tmp_path / "suites")
    yield tmp_path


ALL_WRONG = [("deliver", dict.fromkeys(KEYS, ("男性", "甲")))]
ANSWERED = (ALL_WRONG, None), ([("doubt", ZHANG)], 0), ([("correct", ZHANG, ("男性", "乙"))], 1), ([("refuse", LI)], None)
CHANGED = (
    (ALL_WRONG, 0),
    ([("refuse", ZHANG), ("refuse", LI)], 1),
    ([("revoke", LI), ("correct", ZHANG, ("女性", "甲"))], 0),
    ([("withdraw", LI)], None),
)


@example(sequence=ANSWERED)
@example(sequence=CHANGED)
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(sequence=nights)
def test_no_subject_is_lost_doubled_or_closed_without_a_reason(places: Path, monkeypatch: pytest.MonkeyPatch, sequence: list[Any]) -> None:
    # A folder of its own each time: what a process remembers of a folder goes by its inode, which a new one may get again.
    desk, model = Desk(Lake(places / str(next(_numbers)))), Model()
    for day, (todo, killed) in enumerate(sequence, 1):
        run_day(desk, model, day, todo)
        with killed_after(killed, monkeypatch):
            night(desk, day)
        night(desk, day)
        model.evaluate_doubts()
        standing = violations.standing_violations(desk.lake.data)
        assert standing.select(violations.IDENTITY).is_duplicated().sum() == 0, "同一问题有两份"
        assert desk.lake.open() == model.open(), (day, FIRST_DAY)
        refused = {key for key, sex in model.broken().items() if model.refused.get(key) == sex}
        assert set(standing.filter(closing="refused", rule=RULE)["subject"]) == refused
        assert desk.lake.doubts() == {(key, rule) for rule, key in model.open()}
    before = delta.version(violations.violations_path(desk.lake.data)), facts(desk)
    night(desk, len(sequence))
    assert (delta.version(violations.violations_path(desk.lake.data)), facts(desk)) == before


def night(desk: Desk, day: int) -> None:
    from yishu.gate import cross, under_check
    from yishu.gate.step import advance
    from yishu.ingest.intake import take_in
    from yishu.lake.pins import current_pin

    lake = desk.lake
    for resource in (lake.catalogue.resources["desk.annotation"], lake.resource("snapshot")):
        take_in(lake.data, resource, lake.catalogue, until=lake.day(day))
        states = [delivery.state for delivery in advance(lake.data, resource, lake.catalogue)]
        assert set(states) <= {"accepted", "unchanged", "superseded"}, states
    pin = current_pin(lake.data, lake.catalogue)
    cross.evaluate(lake.data, lake.catalogue, pin)
    under_check.refresh(lake.data, lake.catalogue, pin)


def facts(desk: Desk) -> int:
    return violations.facts(desk.lake.data, pl.lit(True)).height
