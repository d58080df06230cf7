"""How right a model is, where the right answer is known: of what it proposes, how much is right; of what could be found, how much it finds.

Not here: the synthetic city's truth and public sets (bench/linkage); the trial here asks the city's own records, whose keys are sound, with
their keys hidden: they say less than the records that wait, of whose keys something is left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from yishu.catalogue.models import Catalogue
from yishu.linkage.kinds import Kind
from yishu.linkage.model import Settings
from yishu.linkage.records import ID, Source
from yishu.linkage.scoring import best, score
from yishu.linkage.training import training_frames

TRIED = 2_000


@dataclass(frozen=True)
class Measure:
    """proposed: links above the threshold; right: those to the right entity; findable: records whose entity is among the known."""

    proposed: int
    right: int
    findable: int

    @property
    def precision(self) -> float:
        """1 where nothing was proposed."""
        return self.right / self.proposed if self.proposed else 1.0

    @property
    def recall(self) -> float:
        """1 where nothing could be found."""
        return self.right / self.findable if self.findable else 1.0


def measure(likely: pl.DataFrame, answers: pl.DataFrame, known: pl.DataFrame) -> Measure:
    """likely: ID and entity_key proposed. answers: ID and `answer`, the right key. known: entity_key. Records without an answer count not."""
    told = likely.join(answers, on=ID)
    right = int((told["entity_key"] == told["answer"]).sum())
    findable = answers.filter(pl.col("answer").is_in(known["entity_key"].implode())).height
    return Measure(told.height, right, findable)


def hidden_key_trial(found: Sequence[Source], catalogue: Catalogue, kind: Kind, settings: Settings, work: Path | None = None) -> Measure:
    """The model on records of the city whose entity is known by their key, which it is not shown."""
    records, others = training_frames(found, catalogue, kind)
    tried = records.gather_every(max(1, -(-records.height // TRIED)), offset=records.height // TRIED // 2)
    answers = tried.select(ID, answer="entity_key")
    likely = best(score(tried, others, kind, settings, work=work), kind, settings).filter(pl.col("probability") >= kind.threshold)
    return measure(likely, answers, others)
