"""The defect between departments: a death is registered, but another table still counts the person as living, paid
or insured.

Only deaths whose own row is right are chosen, and those rows then stay as they are: else the rule could not find
them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from yishu.sample.chance import Ints, some, stream
from yishu.sample.defects.book import STILL_ACTIVE, Book, Defect
from yishu.sample.tables import civil_life, healthcare
from yishu.sample.world import World


@dataclass(frozen=True)
class Register:
    """A table that may keep the dead. `share` of the known dead; `item` says `wrong` where they count as living (None:
    by standing there at all); `persons` of all its rows, by subject; None where the person is the subject, then
    `among`: who stands in it (None: anybody). `column` is the item that names the person."""

    share: float
    item: str | None = None
    wrong: str | None = None
    persons: Callable[[World], Ints] | None = None
    among: Callable[[World], Ints] | None = None
    column: str = "citizen_id"


_REGISTERS = {
    "public_security.resident": Register(0.05),
    "civil_affairs.elderly_allowance": Register(0.12, "status", "在发", lambda world: world.allowances.person),
    "human_resources.insured_person": Register(0.06, "insured_status", "1", lambda world: world.insured.person),
    "human_resources.pension": Register(0.08, "payment_status", "1", lambda world: world.insured.person[world.pensions.insured]),
    "medical_insurance.insured_person": Register(0.04, "insured_status", "1", among=healthcare.covered),
    "disabled_federation.disabled_person": Register(0.2, "status", "1", among=civil_life.disabled),
    "disabled_federation.subsidy": Register(0.3, "payment_status", "1", among=civil_life.severely_disabled),
    "civil_affairs.low_income_household": Register(0.3, "status", "1", column="head_citizen_id", among=civil_life.assisted),
}
_SHARE_ON_LATER_DAYS = 0.1


def known_deaths(world: World, book: Book) -> Ints:
    """Standing deaths (positions) whose row in the register of deaths is right."""
    return np.setdiff1d(np.flatnonzero(world.deaths.withdrawn == 0), book.subjects())


def choose(world: World, resource: str, deaths: Ints, taken: Ints, seed: int, day: int) -> list[Defect]:
    """New rows of the dead among `deaths`, not of the subjects `taken`."""
    register = _REGISTERS.get(resource)
    if register is None:
        return []
    dead = world.deaths.person[deaths]
    subjects = dead if register.persons is None else np.flatnonzero(np.isin(register.persons(world), dead))
    subjects = subjects if register.among is None else np.intersect1d(subjects, register.among(world))
    subjects = np.setdiff1d(subjects, taken)
    if not len(subjects):
        return []
    rng = stream(seed, day, f"still active in {resource}")
    expected = max(round(len(subjects) * register.share), 1)
    count = expected if day == 1 else int(rng.binomial(expected, _SHARE_ON_LATER_DAYS))
    return [_defect(subject, register, day) for subject in some(rng, subjects, count).tolist()]


def _defect(subject: int, register: Register, day: int) -> Defect:
    return Defect(
        subject,
        STILL_ACTIVE,
        "cell",
        register.item,
        register.column,
        register.wrong,
        (STILL_ACTIVE,),
        structural=False,
        correctable=True,
        since=day,
    )


def persons_of(world: World, resource: str, book: Book) -> Ints:
    """The dead whom standing defects of the resource refer to."""
    subjects = np.array(sorted(d.subject for d in book.standing.values() if d.kind == STILL_ACTIVE), dtype=np.int64)
    register = _REGISTERS.get(resource)
    return subjects if register is None or register.persons is None else register.persons(world)[subjects]
