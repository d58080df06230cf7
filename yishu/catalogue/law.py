"""The law as data: a profile for each jurisdiction in catalogue/jurisdictions/, each statement with article and words.

Belongs here: the shape of a profile, what the software asks of it, its validity. Not here: working days (calendar.py),
laws between catalogue entries (checking.py). A number the law does not give stands under `local_defaults` and is never
cited as law.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from yishu.catalogue.dimensions import DimensionMap, Dimensions, fault_of
from yishu.catalogue.documents import CatalogueError, Fault, Misplaced, parse, read_document
from yishu.catalogue.statements import Citation, LocalDefault, Parameter, Statement, Text

WorkingDays = Annotated[int, Field(ge=1, le=250)]
GraceDays = Annotated[int, Field(ge=0, le=250)]
SharingClass = Literal["open", "conditional", "none"]


class SharingClassNames(Statement):
    """P01: what this regulation calls the three classes (B06)."""

    open: Text
    conditional: Text
    none: Text


class Validity(Statement):
    """P02: from when to when the regulation applies; None where it does not say (A11)."""

    label: Text | None = None
    issued_on: date
    effective_from: date | None = None
    effective_to: date | None = None


class Scope(Statement):
    """P04: which types of organisation are bound, bound by reference, or not named (A02)."""

    in_scope: tuple[Text, ...]
    by_reference: tuple[Text, ...] = ()
    not_named: tuple[Text, ...] = ()


class BasisRule(Statement):
    """P11: which sharing classes need a legal basis, of which rank, and what follows without one (B07)."""

    classes_needing_basis: frozenset[SharingClass]
    accepted_basis: Text | None = None
    without_basis: SharingClass | None = None
    refusal_needs: Text | None = None


class EntityKeys(Statement):
    """P14: by which item types persons and legal entities are identified (C02)."""

    person: Text
    legal_entity: Text


class CorrectionClock(Statement):
    """P20: the clock of a correction, in working days, and for what it runs (E06). `words` where there is no number."""

    working_days: WorkingDays | None = None
    words: Text
    applies_to: frozenset[Literal["gate", "doubt", "order"]]


class EscalationStep(Statement):
    act: Text
    by: Text


class Escalation(Statement):
    """P22: what follows when a correction is not made in time, in order (E08, I03)."""

    steps: tuple[EscalationStep, ...] = Field(min_length=1)


class ViolationClauses(Statement):
    """P36: what counts as a violation, in the numbered words of the regulation (I04)."""

    clauses: tuple[Citation, ...] = Field(min_length=1)


class Parameters(Statement):
    """All 36 points; those the software acts on have a shape of their own, the others are kept for reports."""

    P01: Parameter[SharingClassNames]
    P02: Parameter[Validity]
    P03: Parameter[dict[str, Any]]
    P04: Parameter[Scope]
    P05: Parameter[dict[str, Any]]
    P06: Parameter[dict[str, Any]]
    P07: Parameter[dict[str, Any]]
    P08: Parameter[dict[str, Any]]
    P09: Parameter[dict[str, Any]]
    P10: Parameter[dict[str, Any]]
    P11: Parameter[BasisRule]
    P12: Parameter[dict[str, Any]]
    P13: Parameter[dict[str, Any]]
    P14: Parameter[EntityKeys]
    P15: Parameter[dict[str, Any]]
    P16: Parameter[dict[str, Any]]
    P17: Parameter[dict[str, Any]]
    P18: Parameter[Dimensions]
    P19: Parameter[dict[str, Any]]
    P20: Parameter[CorrectionClock]
    P21: Parameter[dict[str, Any]]
    P22: Parameter[Escalation]
    P23: Parameter[dict[str, Any]]
    P24: Parameter[dict[str, Any]]
    P25: Parameter[dict[str, Any]]
    P26: Parameter[dict[str, Any]]
    P27: Parameter[dict[str, Any]]
    P28: Parameter[dict[str, Any]]
    P29: Parameter[dict[str, Any]]
    P30: Parameter[dict[str, Any]]
    P31: Parameter[dict[str, Any]]
    P32: Parameter[dict[str, Any]]
    P33: Parameter[dict[str, Any]]
    P34: Parameter[dict[str, Any]]
    P35: Parameter[dict[str, Any]]
    P36: Parameter[ViolationClauses]

    @field_validator("P01", "P02")
    @classmethod
    def _is_never_silent(cls, parameter: Parameter[Any]) -> Parameter[Any]:
        if parameter.value is None:
            raise ValueError("共享类型名称与印发日期是平台运行所必需，不能为空；请补写 value、article、quote")
        return parameter


class Regulation(Statement):
    """Which text the profile quotes."""

    code: Text
    text: Text
    document_no: Text | None = None
    issuer: Text
    jurisdiction: Text


class Terms(Statement):
    """What this regulation calls the things every regulation speaks of (OBLIGATIONS.md, section 1.2); None where it has no word."""

    data: Text
    organisation: Text
    source_side: Text
    user_side: Text
    operator: Text | None
    platform: Text
    pool: Text | None
    correction: Text


class DeliveryGrace(Statement):
    """Working days from the end of a period to its due date, by frequency. An irregular resource has no period."""

    realtime: GraceDays
    daily: GraceDays
    weekly: GraceDays
    monthly: GraceDays
    quarterly: GraceDays
    half_yearly: GraceDays
    yearly: GraceDays


class LocalDefaults(Statement):
    """The numbers the software cannot do without and the law may not give."""

    gate_ticket_working_days: LocalDefault[WorkingDays]
    day_after_is_first: LocalDefault[bool]
    delivery_grace_working_days: LocalDefault[DeliveryGrace]
    quality_dimensions: LocalDefault[DimensionMap]


@dataclass(frozen=True)
class Deadline:
    """So many working days, by law (with its article) or by the bureau's own choice (then without one)."""

    working_days: int
    basis: Literal["law", "local"]
    article: str | None
    day_after_is_first: bool


class Profile(Statement):
    """The law of one jurisdiction as the platform runs under it. `version` changes with any byte of the file."""

    name: Text
    version: Text
    title: Text
    regulation: Regulation
    terms: Terms
    parameters: Parameters
    local_defaults: LocalDefaults

    @model_validator(mode="after")
    def _every_dimension_has_its_place(self) -> Self:
        if wrong := fault_of(self.local_defaults.quality_dimensions.value, self.parameters.P18.value):
            problem, field = wrong
            raise Misplaced(problem, "local_defaults", "quality_dimensions", "value", *field)
        return self

    def parameter(self, number: str) -> Parameter[Any]:
        """The parameter P01 … P36; KeyError for any other."""
        if number not in Parameters.model_fields:
            raise KeyError(f"没有参数 {number}；法规差异参数为 P01 至 P36")
        found: Parameter[Any] = getattr(self.parameters, number)
        return found

    @property
    def sharing_class_names(self) -> dict[str, str]:
        """Internal class (open, conditional, none) -> the regulation's name (P01)."""
        names = self.parameters.P01.value
        return names.model_dump() if names else {}

    @property
    def classes_needing_basis(self) -> frozenset[str]:
        """The classes that need a legal basis (P11); none where the regulation asks for none."""
        rule = self.parameters.P11.value
        return frozenset(rule.classes_needing_basis) if rule else frozenset()

    @property
    def quality_dimensions(self) -> DimensionMap:
        """This regulation's quality dimension -> those of GB/T 36344 that it collects, in its order (P18, E01)."""
        return self.local_defaults.quality_dimensions.value

    @property
    def ticket_deadline(self) -> Deadline:
        """The clock of a ticket raised by a gate. A clock in law for orders or for users' doubts does not count here (E06)."""
        clock, local = self.parameters.P20, self.local_defaults
        first = local.day_after_is_first.value
        if clock.value and clock.value.working_days and "gate" in clock.value.applies_to:
            return Deadline(clock.value.working_days, "law", clock.article, first)
        return Deadline(local.gate_ticket_working_days.value, "local", None, first)

    def validity_warning(self, on: date) -> str | None:
        """What to tell the operator when the regulation does not apply on that day, and what follows (A11)."""
        validity = self.parameters.P02.value
        if validity is None:
            return None
        start, end = validity.effective_from or validity.issued_on, validity.effective_to
        if on < start:
            return f"《{self.title}》自 {start} 起适用，{on} 尚未生效：当日的时限与共享类型不能以它为依据"
        if end is not None and on > end:
            return f"《{self.title}》已于 {end} 失效：{on} 起新开的工单没有法规依据，请换用现行法规的配置"
        return None


def load_profile(name: str, catalogue_dir: Path) -> Profile:
    """The profile catalogue/jurisdictions/<name>.yaml. Raises CatalogueError with file, line, field and way out."""
    folder = catalogue_dir / "jurisdictions"
    file = folder / f"{name}.yaml"
    if not file.is_file():
        known = "、".join(sorted(path.stem for path in folder.glob("*.yaml"))) or "（无）"
        raise CatalogueError(
            [Fault(file, 1, "（整个文件）", f"没有法规配置 {name}", f"现有：{known}；请改用其中之一，或新增该文件")]
        )
    version = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
    return parse(read_document(file), Profile, {"name": name, "version": version})
