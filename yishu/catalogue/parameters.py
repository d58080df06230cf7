"""The 36 points on which the regulations differ (P01 … P36), and the words they use, each in the shape the software asks it in.

Belongs here: what a regulation can say. Not here: what it says on corrections (correction.py), what the bureau decides by itself
(local_defaults.py), what follows for the platform (law.py). A point that no code acts on is kept as it is written, for reports.
"""

from datetime import date
from typing import Any, Literal

from pydantic import Field, field_validator

from yishu.catalogue.correction import (
    CorrectionClock,
    DoubtRoute,
    Escalation,
    Officers,
    ServiceWhileChecking,
    ViolationClauses,
    WorkingDays,
)
from yishu.catalogue.dimensions import Dimensions
from yishu.catalogue.statements import Parameter, Statement, Text

SharingClass = Literal["open", "conditional", "none"]
NodeLevel = Literal["province", "city", "county"]
PortalRight = Literal["own", "on_approval", "upstream", "none"]


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


class Authority(Statement):
    """P03: the competent authority, the body over it, and who it is in a county (A03)."""

    title: Text
    short_title: Text | None = None
    parent: Text | None = None
    county: Text | None = None


class Scope(Statement):
    """P04: which types of organisation are bound, bound by reference, or not named (A02).

    `limited`: of a type that is bound in part only, which data (江门: what utilities gain in public service).
    """

    in_scope: tuple[Text, ...]
    by_reference: tuple[Text, ...] = ()
    not_named: tuple[Text, ...] = ()
    limited: dict[Text, Text] = Field(default_factory=dict)


class NodeRule(Statement):
    """P08: at which level this platform stands, and to which platform it reports (A10)."""

    node_level: NodeLevel
    upstream: Text | None = None


class CatalogueUpdate(Statement):
    """P10: how soon the catalogue follows a change of law or function (B04). `words` where there is no number."""

    working_days: WorkingDays | None = None
    from_: Text | None = Field(default=None, alias="from")
    words: Text | None = None


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


class OpeningRule(Statement):
    """P31: opening to the public: is there a catalogue of it, its classes, and which level may have a portal of its own (G01, G02, G04)."""

    open_catalogue: bool
    classes: dict[SharingClass, Text] | None = None
    portal: dict[NodeLevel, PortalRight] | None = None


class Parameters(Statement):
    """All 36 points; those the software acts on have a shape of their own, the others are kept for reports."""

    P01: Parameter[SharingClassNames]
    P02: Parameter[Validity]
    P03: Parameter[Authority]
    P04: Parameter[Scope]
    P05: Parameter[Officers]
    P06: Parameter[dict[str, Any]]
    P07: Parameter[dict[str, Any]]
    P08: Parameter[NodeRule]
    P09: Parameter[dict[str, Any]]
    P10: Parameter[CatalogueUpdate]
    P11: Parameter[BasisRule]
    P12: Parameter[dict[str, Any]]
    P13: Parameter[dict[str, Any]]
    P14: Parameter[EntityKeys]
    P15: Parameter[dict[str, Any]]
    P16: Parameter[dict[str, Any]]
    P17: Parameter[dict[str, Any]]
    P18: Parameter[Dimensions]
    P19: Parameter[DoubtRoute]
    P20: Parameter[CorrectionClock]
    P21: Parameter[ServiceWhileChecking]
    P22: Parameter[Escalation]
    P23: Parameter[dict[str, Any]]
    P24: Parameter[dict[str, Any]]
    P25: Parameter[dict[str, Any]]
    P26: Parameter[dict[str, Any]]
    P27: Parameter[dict[str, Any]]
    P28: Parameter[dict[str, Any]]
    P29: Parameter[dict[str, Any]]
    P30: Parameter[dict[str, Any]]
    P31: Parameter[OpeningRule]
    P32: Parameter[dict[str, Any]]
    P33: Parameter[dict[str, Any]]
    P34: Parameter[dict[str, Any]]
    P35: Parameter[dict[str, Any]]
    P36: Parameter[ViolationClauses]

    @field_validator("P01", "P02", "P03", "P08")
    @classmethod
    def _is_never_silent(cls, parameter: Parameter[Any]) -> Parameter[Any]:
        if parameter.value is None:
            raise ValueError("共享类型名称、印发日期、主管部门与节点层级是平台运行所必需，不能为空；请补写 value、article、quote")
        return parameter


class Regulation(Statement):
    """Which text the profile quotes."""

    code: Text
    text: Text
    document_no: Text | None = None
    issuer: Text
    jurisdiction: Text


class Term(Statement):
    """A word of the regulation, the article that uses it, and its other names for the same thing. The word is its own quote."""

    word: Text
    article: Text
    also: tuple[Text, ...] = ()
    regulation: Text | None = None


class TermStatements(Statement):
    """What this regulation calls the things every regulation speaks of (OBLIGATIONS.md, section 1.2); None where it has no word."""

    data: Term
    organisation: Term
    source_side: Term
    user_side: Term
    operator: Term | None
    platform: Term
    pool: Term | None
    correction: Term


class Terms(Statement):
    """The words alone, for labels."""

    data: Text
    organisation: Text
    source_side: Text
    user_side: Text
    operator: Text | None
    platform: Text
    pool: Text | None
    correction: Text
