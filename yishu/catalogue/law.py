"""The law as data: a profile for each jurisdiction in catalogue/jurisdictions/, each statement with article and words.

Belongs here: what the software asks of a profile, its validity. Not here: the shapes of what a regulation says (parameters.py,
correction.py) and of what the bureau decides (local_defaults.py), how a profile inherits (inheritance.py), working days
(calendar.py), laws between catalogue entries (checking.py). A number the law does not give is never cited as law.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from yishu.catalogue.correction import Deadline, EscalationStep, Fact, ServiceWhileChecking, TicketOrigin, Told
from yishu.catalogue.dimensions import DimensionMap, fault_of
from yishu.catalogue.documents import Misplaced, parse
from yishu.catalogue.inheritance import joined
from yishu.catalogue.local_defaults import LocalDefaults
from yishu.catalogue.parameters import Authority, NodeLevel, Parameters, PortalRight, Regulation, Terms, TermStatements
from yishu.catalogue.statements import Citation, Parameter, Statement, Text

__all__ = ["Deadline", "Fact", "Node", "Parameters", "Profile", "TicketOrigin", "load_profile", "may_follow"]


@dataclass(frozen=True)
class Node:
    """Where this platform stands (P08): its level, the platform it reports to, and its right to an open portal of its own (G04).

    `portal` is None where the regulation is silent.
    """

    level: NodeLevel
    upstream: str | None
    portal: PortalRight | None

    @property
    def may_open_portal(self) -> bool:
        """A county never may (FJ 31); who must open through the upstream portal may not have one of its own."""
        return self.level != "county" and self.portal not in ("none", "upstream")


class Profile(Statement):
    """The law of one jurisdiction as the platform runs under it. `version` changes with any byte of its file or those it extends.

    `lineage`: name -> title of each regulation that it may quote, its own first.
    """

    name: Text
    version: Text
    lineage: dict[Text, Text]
    title: Text
    extends: Text | None = None
    regulation: Regulation
    obligations: frozenset[Annotated[str, Field(pattern=r"^[A-I]\d{2}$")]]
    term_statements: TermStatements = Field(alias="terms")
    parameters: Parameters
    local_defaults: LocalDefaults

    @model_validator(mode="after")
    def _every_dimension_has_its_place(self) -> Self:
        if wrong := fault_of(self.local_defaults.quality_dimensions.value, self.parameters.P18.value):
            problem, field = wrong
            raise Misplaced(problem, "local_defaults", "quality_dimensions", "value", *field)
        return self

    @model_validator(mode="after")
    def _someone_is_told_of_a_doubt(self) -> Self:
        if not self.told_of_doubt:
            raise Misplaced("P19 没有规定、本地也没有指定异议告知谁；请在 local_defaults 补写 told_of_doubt", "local_defaults")
        return self

    @model_validator(mode="after")
    def _quotes_its_own_regulation_or_one_above(self) -> Self:
        for number in Parameters.model_fields:
            for citation in self.parameter(number).citations:
                if citation.regulation not in self.lineage.values():
                    known = "、".join(self.lineage.values())
                    problem = f"引用了《{citation.regulation}》，但它不是本法规，也不是所继承的法规；可选：{known}"
                    raise Misplaced(problem, "parameters", number)
        return self

    def parameter(self, number: str) -> Parameter[Any]:
        """The parameter P01 … P36; KeyError for any other."""
        if number not in Parameters.model_fields:
            raise KeyError(f"没有参数 {number}；法规差异参数为 P01 至 P36")
        found: Parameter[Any] = getattr(self.parameters, number)
        return found

    def binds(self, obligation: str) -> bool:
        """Does the regulation, or one that it extends, make this obligation (A01 … I07)? Only where one of them says it."""
        return obligation in self.obligations

    @property
    def terms(self) -> Terms:
        """What the regulation calls things, for labels; None where it has no word (operator, pool)."""
        said = {name: getattr(self.term_statements, name) for name in TermStatements.model_fields}
        return Terms.model_validate({name: term.word if term else None for name, term in said.items()})

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
    def authority(self) -> Authority:
        """The competent authority (P03, A03)."""
        authority = self.parameters.P03.value
        assert authority is not None, "P03 is never silent"
        return authority

    @property
    def authority_title(self) -> str:
        """What to call the competent authority, short where the regulation shortens it."""
        return self.authority.short_title or self.authority.title

    @property
    def officer_title(self) -> str:
        """What to call whoever answers a department's tickets (P05, A04)."""
        officers = self.parameters.P05.value
        return (officers and officers.data_officer) or self.local_defaults.officer_titles.value.data_officer

    @property
    def head_title(self) -> str:
        """What to call the second step of escalation (A05): the first responsible, in 江门 the 首席数据官."""
        officers = self.parameters.P05.value
        named = officers and (officers.first_responsible or officers.chief_data_officer)
        return named or self.local_defaults.officer_titles.value.head

    @property
    def node(self) -> Node:
        """Where this platform stands, and whether it may open a portal (A10, G04)."""
        rule, opening = self.parameters.P08.value, self.parameters.P31.value
        assert rule is not None, "P08 is never silent"
        rights = (opening and opening.portal) or {}
        return Node(rule.node_level, rule.upstream, rights.get(rule.node_level))

    @property
    def told_of_doubt(self) -> tuple[Told, ...]:
        """Who is told when a user doubts a record (E04): by P19, else by the bureau's choice."""
        route, local = self.parameters.P19.value, self.local_defaults.told_of_doubt
        if route and route.told:
            return route.told
        return local.value if local else ()

    @property
    def serve_while_checking(self) -> ServiceWhileChecking | None:
        """What the counter is told about a record under check (P21, E07); None where no law says it."""
        return self.parameters.P21.value

    @property
    def escalation(self) -> tuple[EscalationStep, ...]:
        """What follows a correction not made in time, in order, each step with its article (P22, I03)."""
        parameter = self.parameters.P22
        steps = parameter.value.steps if parameter.value else ()
        return tuple(step if step.article else step.model_copy(update={"article": parameter.article}) for step in steps)

    def clause_for(self, fact: Fact) -> Citation | None:
        """The numbered clause whose words cover the fact (P36, I04, E09); None where no clause does: then none may be cited.

        The catch-all 其他… is found by "other" only: whether it covers a fact is for the authority to say.
        """
        parameter = self.parameters.P36
        clauses = parameter.value.clauses if parameter.value else ()
        found = next((clause for clause in clauses if fact in clause.fact), None)
        regulation = parameter.regulation
        return Citation(article=found.article, quote=found.quote, regulation=found.regulation or regulation) if found else None

    def deadline_of(self, origin: TicketOrigin) -> Deadline:
        """The clock of a ticket of that origin (E06): by P20 where it gives a number for that origin, else by the bureau's choice.

        A clock that the law gives for users' doubts is not the clock of a gate, and one after an order is nobody's until the order.
        """
        parameter, local = self.parameters.P20, self.local_defaults
        clock, first = parameter.value, local.day_after_is_first.value
        if clock and clock.working_days and origin in clock.applies_to:
            by = (parameter.article, first, clock.covers, parameter.quote, parameter.regulation)
            return Deadline(clock.working_days, "law", *by)
        chosen = (local.doubt_ticket_working_days if origin == "doubt" else None) or local.gate_ticket_working_days
        return Deadline(chosen.value, "local", None, first, reason=chosen.reason)

    @property
    def ticket_deadline(self) -> Deadline:
        """The clock of a ticket raised by a gate."""
        return self.deadline_of("gate")

    @property
    def catalogue_update_deadline(self) -> Deadline | None:
        """How soon the catalogue must follow a change of law or function (P10, B04); None where the law gives no number."""
        parameter, first = self.parameters.P10, self.local_defaults.day_after_is_first.value
        rule = parameter.value
        if rule is None or rule.working_days is None:
            return None
        return Deadline(rule.working_days, "law", parameter.article, first, quote=parameter.quote, regulation=parameter.regulation)

    def in_force(self, on: date) -> bool:
        """Does the regulation apply on that day (A11)? One without a stated first day applies from when it was issued."""
        validity = self.parameters.P02.value
        assert validity is not None, "P02 is never silent"
        start = validity.effective_from or validity.issued_on
        return start <= on and (validity.effective_to is None or on <= validity.effective_to)

    def has_ended(self, on: date) -> bool:
        """Has the regulation's last day passed?"""
        validity = self.parameters.P02.value
        return bool(validity and validity.effective_to and on > validity.effective_to)

    def validity_warning(self, on: date) -> str | None:
        """What to tell the operator when the regulation does not apply on that day, and what follows (A11)."""
        if self.in_force(on):
            return None
        validity = self.parameters.P02.value
        assert validity is not None, "P02 is never silent"
        start, end = validity.effective_from or validity.issued_on, validity.effective_to
        if on < start:
            return f"《{self.title}》自 {start} 起适用，{on} 尚未生效：当日的时限与共享类型不能以它为依据"
        return f"《{self.title}》已于 {end} 失效：此后新开的工单不能以它为依据，此前已开的工单仍按开立时的版本办理；{self._what_applies_instead()}"

    def _what_applies_instead(self) -> str:
        above = list(self.lineage.items())[1:]
        if not above:
            return "没有法规依据的，请换用现行法规的配置"
        name, title = above[0]
        return f"上级《{title}》仍然适用，请换用 --profile {name}"


def may_follow(known: str, profile: str, catalogue_dir: Path, on: date) -> bool:
    """May a data folder begun under `known` go on under `profile`? Only where `known` has ceased to apply and extends it (A11)."""
    law = load_profile(known, catalogue_dir)
    return profile in law.lineage and law.has_ended(on)


def load_profile(name: str, catalogue_dir: Path) -> Profile:
    """The profile catalogue/jurisdictions/<name>.yaml, with what it inherits. Raises CatalogueError with file, line, field and way out."""
    folder = catalogue_dir / "jurisdictions"
    found = joined(name, folder)
    if found.parent:
        load_profile(found.parent, catalogue_dir)  # a mistake in the parent is told with the parent's file and line
    return parse(found.document, Profile, {"name": name, "version": found.version, "lineage": found.lineage})
