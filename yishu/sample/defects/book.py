"""The book of standing defects: what is wrong with which subject, since when, until it is corrected.

A defect lasts: the same subject is wrong in the same way day after day, until the department corrects it. Choosing
new ones is in planning.py, putting them into a table in applying.py.
"""

from dataclasses import dataclass, field

import numpy as np

from yishu.sample.chance import Ints

STILL_ACTIVE = "deceased_still_active"


@dataclass(frozen=True)
class Defect:
    """One wrong row. `wrong` is the text that stands in `item`, `also` what stands in further ones; `column` is what the truth names, `rules` who can
    see it."""

    subject: int
    kind: str
    manner: str
    item: str | None
    column: str | None
    wrong: str | None
    rules: tuple[str, ...]
    structural: bool
    correctable: bool
    since: int
    also: tuple[tuple[str, str | None], ...] = ()


@dataclass
class Book:
    """The standing defects of one resource, by subject: one subject has at most one."""

    standing: dict[int, Defect] = field(default_factory=dict)

    def subjects(self) -> Ints:
        return np.fromiter(sorted(self.standing), dtype=np.int64, count=len(self.standing))

    def add(self, defects: list[Defect]) -> None:
        for defect in defects:
            self.standing[defect.subject] = defect

    def correct(self, rng: np.random.Generator, share: float) -> list[Defect]:
        """Take about a share of the correctable defects out; which ones were."""
        candidates = [defect for _, defect in sorted(self.standing.items()) if defect.correctable]
        if not candidates:
            return []
        count = max(round(len(candidates) * share), 1)
        chosen = [candidates[at] for at in np.sort(rng.choice(len(candidates), size=count, replace=False))]
        for defect in chosen:
            del self.standing[defect.subject]
        return chosen
