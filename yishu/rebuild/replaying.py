"""A lake made again beside the real one: DIR/work/rebuild, with links to raw, rejects and archive and a ledger that fills point by point.

The functions are the night's own, in its order. Not replayed: receipts, supervision, proposals of links, tickets; nothing of them enters a
table. The real lake is read only. A build that was never published is not made again: it left nothing behind.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from yishu.catalogue.law import Profile
from yishu.catalogue.models import Catalogue
from yishu.gate.conflicts import settle_conflicts
from yishu.gate.cross import evaluate
from yishu.gate.step import advance
from yishu.gate.under_check import refresh
from yishu.lake.ledger import Ledger
from yishu.lake.pins import business_date, current_pin
from yishu.lake.release import inputs_hash, publish, published_release
from yishu.lake.warehouse import Prepared, prepare_build
from yishu.rebuild.timeline import Decided, Entered, Point, Step
from yishu.redaction import redacted
from yishu.spatial.step import settle

LINKED = ("raw", "rejects", "archive")
ACTOR = "rebuild"
Build = Callable[[Path, Prepared], list[str]]  # (data, how it was prepared) -> what is broken


def rebuild_path(data: Path) -> Path:
    return data / "work" / "rebuild"


@dataclass(frozen=True)
class Replayed:
    """One point done. broken: which steps broke, and why a release that the ledger knows could not be made again."""

    point: Point
    broken: list[str] = field(default_factory=list)


def begin(data: Path) -> Path:
    """An empty lake over the raw of the real one; what a rebuild before has left is removed. Returns its folder."""
    target = rebuild_path(data)
    if target.exists():
        shutil.rmtree(target)  # links are removed, not followed
    target.mkdir(parents=True, mode=0o700)
    for name in LINKED:
        (target / name).symlink_to((data / name).resolve())
    Ledger(target)
    return target


def replay(
    target: Path, points: list[Point], catalogue: Catalogue, profile: Profile, build: Build, dbt_dir: Path | None = None
) -> Iterator[Replayed]:
    """Do what each point did, one after the other; yields when it is done."""
    for point in points:
        for resource_id in _take_effect(target, point.steps, catalogue):
            advance(target, catalogue.resources[resource_id], catalogue)
        broken = _judge(target, catalogue)
        if point.released:
            broken += _release(target, point, catalogue, profile, build, dbt_dir)
        yield Replayed(point, broken)


def _judge(target: Path, catalogue: Catalogue) -> list[str]:
    """What follows the pools. As in a night, a step that breaks leaves what it had settled before, and the others go on."""
    pin, broken = current_pin(target, catalogue), []
    steps: dict[str, Callable[[], object]] = {
        "located": lambda: settle(target, catalogue, pin, actor=ACTOR),
        "cross": lambda: evaluate(target, catalogue, pin),
        "conflict": lambda: settle_conflicts(target, catalogue, pin),
        "under_check": lambda: refresh(target, catalogue, pin),
    }
    for name, step in steps.items():
        try:
            step()
        except Exception as error:  # told with its night; what follows may stand all the same
            broken.append(redacted(f"{name}: {type(error).__name__}: {error}"))
    return broken


def _take_effect(target: Path, steps: tuple[Step, ...], catalogue: Catalogue) -> list[str]:
    """Enter into the ledger what the point knew; returns the resources about which something is to be done, in the register's order."""
    ledger, touched = Ledger(target), set[str]()
    for step in steps:
        resource_id = step.delivery.resource_id
        if resource_id not in catalogue.resources:  # taken out of the register: no table reads it any more
            continue
        touched.add(resource_id)
        if isinstance(step, Entered):
            ledger.enter(step.delivery)
            if step.unchanged:
                ledger.move(step.delivery.delivery_id, "unchanged", actor=ACTOR)
        else:
            _decide(target, ledger, step, catalogue)
    return [id_ for id_ in catalogue.resources if id_ in touched]


def _decide(target: Path, ledger: Ledger, step: Decided, catalogue: Catalogue) -> None:
    id_ = step.delivery.delivery_id
    if ledger.delivery(id_).state == "received":  # a pool made by hand between two nights: people decided on what it said
        advance(target, catalogue.resources[step.delivery.resource_id], catalogue)
    if step.state == "received":
        if ledger.delivery(id_).state != "held":
            return
        ledger.record(id_, release_approval=step.approval)
    ledger.move(id_, step.state, actor=ACTOR, approval=step.approval)


def _release(target: Path, point: Point, catalogue: Catalogue, profile: Profile, build: Build, dbt_dir: Path | None) -> list[str]:
    """As a night does it; with the inputs of the release before, there is nothing to do."""
    pin, as_of = current_pin(target, catalogue), business_date(target) or point.business_date
    inputs = inputs_hash(target, catalogue, pin, as_of, profile=profile, dbt_dir=dbt_dir)
    published = published_release(target)
    if published and published["inputs_hash"] == inputs:
        return []
    prepared = prepare_build(target, catalogue, pin, as_of, seed=False, inputs=inputs, dbt_dir=dbt_dir)
    if broken := build(target, prepared):
        return broken
    outcome = publish(target, catalogue, pin, as_of, profile=profile, inputs_hash=inputs, actor=ACTOR, dbt_dir=dbt_dir)
    return [] if outcome.published else [outcome.reason]
