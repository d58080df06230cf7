"""The defect between departments: a death is registered, but another table still counts the person as living, paid
or insured.

Only deaths whose own row is right are chosen, and those rows then stay as they are: else the rule could not find
them.
"""

import numpy as np

from yishu.sample.chance import Ints, some, stream
from yishu.sample.defects.book import STILL_ACTIVE, Book, Defect
from yishu.sample.world import World

_SHARE = {
    "public_security.resident": 0.05,
    "civil_affairs.elderly_allowance": 0.12,
    "human_resources.insured_person": 0.06,
}
_STATUS = {
    "civil_affairs.elderly_allowance": ("status", "在发"),
    "human_resources.insured_person": ("insured_status", "1"),
}
_SHARE_ON_LATER_DAYS = 0.1


def known_deaths(world: World, book: Book) -> Ints:
    """Standing deaths (positions) whose row in the register of deaths is right."""
    return np.setdiff1d(np.flatnonzero(world.deaths.withdrawn == 0), book.subjects())


def choose(world: World, resource: str, deaths: Ints, taken: Ints, seed: int, day: int) -> list[Defect]:
    """New rows of the dead among `deaths`, not of the subjects `taken`."""
    subjects = np.setdiff1d(_subjects(world, resource, world.deaths.person[deaths]), taken)
    if resource not in _SHARE or not len(subjects):
        return []
    rng = stream(seed, day, f"still active in {resource}")
    expected = max(round(len(subjects) * _SHARE[resource]), 1)
    count = expected if day == 1 else int(rng.binomial(expected, _SHARE_ON_LATER_DAYS))
    item, wrong = _STATUS.get(resource, (None, None))
    return [
        Defect(
            int(subject),
            STILL_ACTIVE,
            "cell",
            item,
            "citizen_id",
            wrong,
            (STILL_ACTIVE,),
            structural=False,
            correctable=True,
            since=day,
        )
        for subject in some(rng, subjects, count)
    ]


def _subjects(world: World, resource: str, persons: Ints) -> Ints:
    """The rows of these persons in the resource; in the register of residents a person is their own subject."""
    if resource == "human_resources.insured_person":
        return np.flatnonzero(np.isin(world.insured.person, persons))
    if resource == "civil_affairs.elderly_allowance":
        return np.flatnonzero(np.isin(world.allowances.person, persons))
    return persons


def persons_of(world: World, resource: str, book: Book) -> Ints:
    """The dead whom standing defects of the resource refer to."""
    subjects = np.array(sorted(d.subject for d in book.standing.values() if d.kind == STILL_ACTIVE), dtype=np.int64)
    if resource == "human_resources.insured_person":
        return world.insured.person[subjects]
    if resource == "civil_affairs.elderly_allowance":
        return world.allowances.person[subjects]
    return subjects
