"""What the law says on correcting data, in shapes that the desk acts on: who answers, who is told, by when, what follows.

Belongs here: P05, P19, P20, P21, P22 and P36, and the deadline of a ticket. Not here: working days (calendar.py), tickets (portal/desk).
A regulation that is silent stays silent: nothing here makes a number or a clause up.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from yishu.catalogue.statements import Citation, Statement, Text

WorkingDays = Annotated[int, Field(ge=1, le=250)]
Told = Literal["source_side", "authority"]
TicketOrigin = Literal["gate", "conflict", "lateness", "catalogue", "doubt", "linkage"]
Trigger = Literal["order_to_correct", "report", "circulate", "sanction"]
Fact = Literal[
    "refused_correction", "late_delivery", "late_correction", "nonstandard", "duplicate_collection", "catalogue_not_updated",
    "out_of_catalogue", "altered_data", "other",
]  # fmt: skip


class Officers(Statement):
    """P05: what the regulation calls those who answer for a department's data (A04, A05); None where it has no word."""

    data_officer: Text | None = None
    first_responsible: Text | None = None
    chief_data_officer: Text | None = None
    supervising_head: Text | None = None


class DoubtRoute(Statement):
    """P19: who is told when a user doubts a record, in the regulation's order (E04).

    `words` where it wants such a channel but does not say who is told (晋江's 问题反馈整改机制).
    """

    told: tuple[Told, ...] = ()
    words: Text | None = None


class CorrectionClock(Statement):
    """P20: the clock of a correction, in working days, and for what it runs (E06). `words` where there is no number.

    `covers`: what must be finished when it ends. 丽水's two working days are for 校核 (verification) alone, not for 更正.
    """

    working_days: WorkingDays | None = None
    words: Text
    applies_to: frozenset[TicketOrigin | Literal["order"]]
    covers: Literal["verification", "correction"] = "correction"


class ServiceWhileChecking(Statement):
    """P21: business goes on while a record is under check (E07), with the note that the counter reads."""

    note: Text
    for_whom: tuple[Text, ...] = ()
    condition: Text | None = None


class EscalationStep(Statement):
    """One step of P22. `trigger`: order_to_correct (通知、责令改正), report (上报督查督办), circulate (通报批评), sanction (处分)."""

    act: Text
    by: Text
    trigger: Trigger
    article: Text | None = None


class Escalation(Statement):
    """P22: what follows when a correction is not made in time, in order (E08, I03)."""

    steps: tuple[EscalationStep, ...] = Field(min_length=1)


class ViolationClause(Citation):
    """One numbered clause, and the facts the platform can detect that fall under its words (I04); none where it detects none."""

    fact: tuple[Fact, ...] = ()


class ViolationClauses(Statement):
    """P36: what counts as a violation, in the numbered words of the regulation (I04)."""

    clauses: tuple[ViolationClause, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Deadline:
    """So many working days, by law (with its article and words) or by the bureau's own choice (then without, but with its reason)."""

    working_days: int
    basis: Literal["law", "local"]
    article: str | None
    day_after_is_first: bool
    covers: Literal["verification", "correction"] = "correction"
    quote: str | None = None
    regulation: str | None = None
    reason: str | None = None

    @property
    def reference(self) -> str:
        """《…》第…条 by law; of a local choice, that it is one."""
        if self.basis == "local":
            return "本地自定"
        return f"《{self.regulation}》{self.article}" if self.regulation else str(self.article)
