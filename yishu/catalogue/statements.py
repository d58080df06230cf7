"""The parts of a profile of law: a statement with its article and words, or the bureau's own choice with its reason.

Belongs here: what every statement must have. Not here: which statements there are (law.py).
"""

from typing import Annotated, Generic, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Value = TypeVar("Value")


class Statement(BaseModel):
    """Base of all parts of a profile: unknown fields are mistakes, and nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Citation(Statement):
    """The words of the regulation, and the article that holds them."""

    article: Text
    quote: Text


class Parameter(Statement, Generic[Value]):
    """What the regulation says on one of the points on which regulations differ (P01 … P36); without a value it is silent."""

    value: Value | None
    article: Text | None = None
    quote: Text | None = None
    further: tuple[Citation, ...] = ()

    @model_validator(mode="after")
    def _is_cited_or_silent(self) -> Self:
        if self.value is None and (self.article or self.quote or self.further):
            raise ValueError("value 为空表示法规没有规定，不能又引条文；请补写 value，或删去 article、quote、further")
        if self.value is not None and not (self.article and self.quote):
            raise ValueError("法规的规定须写明条文和原文；请补写 article 与 quote，本地自定的数值请写在 local_defaults")
        return self

    @property
    def citations(self) -> tuple[Citation, ...]:
        own = (Citation(article=self.article, quote=self.quote),) if self.article and self.quote else ()
        return own + self.further


class LocalDefault(Statement, Generic[Value]):
    """What the bureau decided by itself where the law gives nothing. It has a reason and can have no article."""

    value: Value
    local: Literal[True]
    reason: Text
