"""Choosing new defects: how many of each kind, and which rows, within what the thresholds of the resource bear."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from yishu.catalogue import Resource
from yishu.sample.chance import Bools, Ints, stream
from yishu.sample.defects.book import Book, Defect
from yishu.sample.defects.kind import Kind
from yishu.sample.defects.kinds import KINDS
from yishu.sample.defects.wrong_values import Place

_SHARE_OF_A_KIND = 0.0002
_SHARE_ON_LATER_DAYS = 0.06
_LARGEST_SHARE = 0.1
# Half of what the gate bears: a clean run must never be held back.
_SHARE_OF_THRESHOLD = 0.5
_CANDIDATES = 600


@dataclass
class Planning:
    """The planning of one resource on one day. `rows`: the right texts; `eligible`: rows that may go wrong (positions); `share`: of them that do
    on the first day, all kinds together; without it each kind takes a small share of its own."""

    resource: Resource
    rows: pl.DataFrame
    eligible: Ints
    as_of: date
    day: int
    seed: int
    share: float | None = None

    def choose(self, book: Book) -> list[Defect]:
        """New defects, kind after kind in an order of chance, so that small tables do not always suffer the same."""
        items = {item.name for item in self.resource.items}
        kinds = [kind for kind in KINDS.get(self.resource.id, ()) if kind.item is None or kind.item in items]
        rng = stream(self.seed, self.day, f"defects of {self.resource.id}")
        free = np.zeros(self.rows.height, dtype=np.bool_)
        free[self.eligible] = True
        free &= ~np.isin(self.rows["_subject"].to_numpy(), book.subjects())
        order = rng.permutation(np.flatnonzero(free))
        chosen: list[Defect] = []
        taken: set[str] = {defect.wrong for defect in book.standing.values() if defect.wrong}
        for left, kind in zip(range(len(kinds), 0, -1), (kinds[at] for at in rng.permutation(len(kinds))), strict=True):
            count = min(self._wanted(rng, len(chosen), left), self._room(book, chosen, kind))
            if count > 0:
                chosen += self._of_kind(kind, count, rng, order[free[order]], free, taken)
        return chosen

    def _wanted(self, rng: np.random.Generator, chosen: int, kinds_left: int) -> int:
        """Of the next kind. What the kinds before could not take falls to those left."""
        if self.share is None:
            expected = max(round(len(self.eligible) * _SHARE_OF_A_KIND), 1)
        else:
            expected = max(round((len(self.eligible) * self.share - chosen) / kinds_left), 0)
        return expected if self.day == 1 else int(rng.binomial(expected, _SHARE_ON_LATER_DAYS))

    def _room(self, book: Book, chosen: list[Defect], kind: Kind) -> int:
        """How many more of a kind the table bears: no delivery of a clean run may be held back, today or when they
        are corrected."""
        standing = [*book.standing.values(), *chosen]
        rooms = [int(self.rows.height * _LARGEST_SHARE) - len(standing)]
        if kind.structural:
            bearable = int(self.rows.height * self.resource.gate.max_held_out * _SHARE_OF_THRESHOLD)
            rooms.append(bearable - sum(defect.structural for defect in standing))
        if kind.manner != "cell":  # a second row that goes makes the table shrink
            bearable = int(self.rows.height * self.resource.gate.max_shrink * _SHARE_OF_THRESHOLD)
            rooms.append(bearable - sum(defect.manner != "cell" for defect in standing))
        return min(rooms)

    def _plain(self, rows: pl.DataFrame) -> Bools:
        """Rows that need no quotes: a line with broken bytes or fields must be broken in one way only."""
        texts = [pl.col(item.name).fill_null("").str.contains('[,"\\n\\r]') for item in self.resource.items]
        return np.asarray(~rows.select(pl.any_horizontal(texts)).to_series().to_numpy(), dtype=np.bool_)

    def _of_kind(
        self, kind: Kind, count: int, rng: np.random.Generator, order: Ints, free: Bools, taken: set[str]
    ) -> list[Defect]:
        candidates = np.sort(order[: _CANDIDATES + count * 30])
        rows = self.rows[candidates]
        if kind.structural:
            plain = self._plain(rows)
            candidates, rows = candidates[plain], rows.filter(plain)
        wrong = self._wrong(kind, rows, rng)
        also = [(item, make(rows[item], Place(rows, self.as_of, rng))) for item, make in kind.also]
        fits = np.flatnonzero(wrong.is_not_null().to_numpy()) if kind.make else np.arange(len(candidates))
        defects: list[Defect] = []
        for at in rng.permutation(fits)[: count * 2]:
            text = wrong[int(at)]
            if len(defects) == count or (kind.item in self.resource.key and text and text in taken):
                continue
            position = int(candidates[at])
            if not free[position]:
                continue
            # Neighbours of broken lines stay whole: where one record ends must never depend on another that is broken
            # too.
            free[max(position - kind.structural, 0) : position + 1 + kind.structural] = False
            taken.add(text or "")
            cells = tuple((item, texts[int(at)]) for item, texts in also)
            defects.append(_defect(kind, int(rows["_subject"][int(at)]), text, cells, self.day))
        return defects

    def _wrong(self, kind: Kind, rows: pl.DataFrame, rng: np.random.Generator) -> pl.Series:
        if kind.make is None or kind.item is None:
            return pl.Series([None], dtype=pl.String).new_from_index(0, rows.height)
        right = rows[kind.item]
        wrong = kind.make(right, Place(rows, self.as_of, rng))
        unchanged = (wrong == right).fill_null(False)
        if kind.item in self.resource.key and kind.manner == "cell":
            unchanged |= wrong.is_in(self.rows[kind.item].implode()).fill_null(False) & (wrong != "")
        return wrong.set(unchanged, None)


def _defect(kind: Kind, subject: int, text: str | None, also: tuple[tuple[str, str | None], ...], day: int) -> Defect:
    return Defect(
        subject,
        kind.name,
        kind.manner,
        kind.item,
        kind.item if kind.manner == "cell" else None,
        text,
        kind.rules,
        kind.structural,
        kind.correctable,
        day,
        also,
    )
