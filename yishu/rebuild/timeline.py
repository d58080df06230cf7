"""What took effect when: the ledger's events as the points at which a city's tables moved.

A point is a night, or a release made by hand between two. A delivery counts from the point at which the gate spoke about it, not from its
receipt: reading or judging may have failed for nights. A person's decision counts for the point that follows it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from yishu.lake.delivery import Delivery
from yishu.lake.ledger import Ledger

VERDICTS = {"accepted", "held", "unchanged", "superseded"}
DECISIONS = {"rejected", "withdrawn"}
_OF_THE_GATE = ("reason", "held_out", "collapsed", "set_aside", "pool_rows", "pool_changed", "release_approval")
_NEVER_BUILT = ("warehouse", "release")  # steps whose fault kept a release back


@dataclass(frozen=True)
class Entered:
    """A delivery as reading left it. unchanged: reading itself found the content of the last one, and put nothing into raw."""

    delivery: Delivery
    unchanged: bool


@dataclass(frozen=True)
class Decided:
    """A person's word on a delivery: received (released although it was held), rejected, withdrawn."""

    delivery: Delivery
    state: str
    approval: str | None


Step = Entered | Decided


@dataclass(frozen=True)
class Point:
    """night: None for a release by hand. ends: as the ledger writes times. released: what was built then became public."""

    night: int | None
    business_date: date
    ends: str
    released: bool
    steps: tuple[Step, ...] = ()


def timeline(ledger: Ledger) -> list[Point]:
    """Every point in order, each with what took effect at it. What came after the last one has moved no table yet."""
    points, steps = _points(ledger), _steps(ledger)
    taken, told = 0, []
    for point in points:
        until = next((place for place, (at, _) in enumerate(steps[taken:], taken) if at > point.ends), len(steps))
        told.append(replace(point, steps=tuple(step for _, step in steps[taken:until])))
        taken = until
    return told


def _points(ledger: Ledger) -> list[Point]:
    nights, releases = ledger.nights(), ledger.releases()
    recorded = {release["night"] for release in releases}
    # Of releases before the ledger kept them only the faults of their nights tell.
    since = min((release["at"] for release in releases), default="9") if not releases or releases[0]["number"] > 1 else ""
    points = []
    for night in nights:
        faults = {fault["step"] for fault in ledger.faults(night["night"])}
        ends = night["ended_at"] or "9"  # a night that runs, or was cut off: all that it has done
        released = night["night"] in recorded or (ends < since and faults.isdisjoint(_NEVER_BUILT))
        points.append(Point(night["night"], date.fromisoformat(night["business_date"]), ends, released))
    points += [Point(None, date.fromisoformat(one["as_of"]), one["at"], True) for one in releases if one["night"] is None]
    return sorted(points, key=lambda point: point.ends)


def _steps(ledger: Ledger) -> list[tuple[str, Step]]:
    """(when, what) in the order of the events. A release of a held delivery counts when the gate has spoken again."""
    deliveries = {delivery.delivery_id: delivery for delivery in ledger.deliveries()}
    waiting: dict[str, Step | None] = {}
    steps: list[tuple[str, Step]] = []
    for event in ledger.events():
        delivery = deliveries[event["delivery_id"]]
        if event["state"] == "received":
            waiting[delivery.delivery_id] = _awaited(delivery, event, delivery.delivery_id in waiting)
        elif event["state"] in VERDICTS and (step := waiting[delivery.delivery_id]) is not None:
            steps.append((event["at"], step))
            waiting[delivery.delivery_id] = None
        elif event["state"] in DECISIONS:
            steps.append((event["at"], Decided(delivery, event["state"], event["approval"])))
    return steps


def _awaited(delivery: Delivery, event: dict[str, Any], again: bool) -> Step:
    if again:
        return Decided(delivery, "received", event["approval"])
    return Entered(as_received(delivery), not delivery.landed)


def as_received(delivery: Delivery) -> Delivery:
    """Without what gate and people said later. Its faults stay: what was held is held again."""
    return replace(delivery, state="received", **dict.fromkeys(_OF_THE_GATE))  # type: ignore[arg-type]  # each of them may be None


def other_catalogues(ledger: Ledger, today: str) -> int:
    """How many deliveries were taken in under another catalogue than today's, by which they are replayed."""
    return sum(delivery.catalogue_version != today for delivery in ledger.deliveries())


def differing_states(before: Sequence[Delivery], after: Sequence[Delivery]) -> list[str]:
    """The deliveries of the replay that ended in another state than they have in the ledger."""
    known = {delivery.delivery_id: delivery.state for delivery in before}
    return [delivery.delivery_id for delivery in after if known[delivery.delivery_id] != delivery.state]
