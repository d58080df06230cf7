"""The parts of a profile of law: a statement with its article and words, or the bureau's own choice with its reason.

Belongs here: what every statement must have. Not here: which statements there are (parameters.py, correction.py).
"""

from typing import Annotated, Generic, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Value = TypeVar("Value")


class Statement(BaseModel):
    """Base of all parts of a profile: unknown fields are mistakes, and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Citation(Statement):
    """The words of a regulation, the article that holds them, and the regulation's title (a profile may inherit another's words)."""

    article: Text
    quote: Text
    regulation: Text | None = None

    @property
    def reference(self) -> str:
        """《…》第…条, as a document cites it."""
        return f"《{self.regulation}》{self.article}" if self.regulation else self.article


class Parameter(Statement, Generic[Value]):
    """What the regulation says on one of the points on which regulations differ (P01 … P36); without a value it is silent.

    `regulation`: the title of the regulation that says it, set on loading (inheritance.py); of an inherited one, the parent's.
    """

    value: Value | None
    article: Text | None = None
    quote: Text | None = None
    further: tuple[Citation, ...] = ()
    regulation: Text | None = None

    @model_validator(mode="after")
    def _is_cited_or_silent(self) -> Self:
        if self.value is None and (self.article or self.quote or self.further):
            raise ValueError("value 为空表示法规没有规定，不能又引条文；请补写 value，或删去 article、quote、further")
        if self.value is not None and not (self.article and self.quote):
            raise ValueError("法规的规定须写明条文和原文；请补写 article 与 quote，本地自定的数值请写在 local_defaults")
        return self

    @property
    def citation(self) -> Citation | None:
        """The main citation; None where the regulation is silent."""
        return Citation(article=self.article, quote=self.quote, regulation=self.regulation) if self.article and self.quote else None

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The main citation and the further ones, each with the regulation that it is of."""
        own = (self.citation,) if self.citation else ()
        return own + tuple(one if one.regulation else one.model_copy(update={"regulation": self.regulation}) for one in self.further)

    @property
    def reference(self) -> str:
        """《…》第…条, as a message names it; empty where the regulation is silent."""
        return self.citation.reference if self.citation else ""


class LocalDefault(Statement, Generic[Value]):
    """What the bureau decided by itself where the law gives nothing. It has a reason and can have no article."""

    value: Value
    local: Literal[True]
    reason: Text
