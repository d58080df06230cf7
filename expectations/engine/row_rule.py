"""What a rule is, in polars terms: declarations, and the question they are asked of a frame. Not here: any rule, any
of GX.

A `RowRule` says which rows break it; how many and which ones are both read from that one predicate, so they cannot
differ. A `TableRule` judges a table or column as a whole, by numbers that `Statistic`s declare.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Any, Final

import polars as pl

NONE: Final[Mapping[str, Any]] = MappingProxyType({})


class Required:
    """Marks a value without which a rule means nothing."""

    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED: Final = Required()


class Domain(Enum):
    """What a rule looks at; the value lists the kwargs that name it, as GX spells them. A text: of an empty tuple Python 3.11.2 (Debian 12) makes
    a bare object."""

    TABLE = ""
    COLUMN = "column"
    COLUMN_PAIR = "column_A column_B"
    COLUMN_LIST = "column_list"

    @property
    def roles(self) -> tuple[str, ...]:
        """The kwargs that name what is looked at."""
        return tuple(self.value.split())


# GX's words for when a row is left out of a pair or a list, and what each means in terms of the columns' nulls.
_LEFT_OUT: Final[Mapping[str, Callable[[list[pl.Expr]], pl.Expr]]] = MappingProxyType(
    {
        "both_values_are_missing": pl.all_horizontal,
        "either_value_is_missing": pl.any_horizontal,
        "all_values_are_missing": pl.all_horizontal,
        "any_value_is_missing": pl.any_horizontal,
        "neither": lambda missing: pl.lit(False) & missing[0],
        "never": lambda missing: pl.lit(False) & missing[0],
    }
)
IGNORE_ROW_IF: Final[Mapping[Domain, tuple[str, ...]]] = MappingProxyType(
    {
        Domain.COLUMN_PAIR: ("both_values_are_missing", "either_value_is_missing", "neither"),
        Domain.COLUMN_LIST: ("all_values_are_missing", "any_value_is_missing", "never"),
    }
)


@dataclass(frozen=True)
class Ask:
    """One rule asked of one frame: the rule's kwargs, the frame's schema.

    `among`: the row condition; rows where it is false do not exist for the rule.
    """

    kwargs: Mapping[str, Any]
    schema: pl.Schema
    among: pl.Expr | None = None

    def value(self, name: str) -> Any:
        return self.kwargs[name]

    def name(self, role: str = "column") -> str:
        return str(self.kwargs[role])

    def dtype(self, role: str = "column") -> pl.DataType:
        return self.schema[self.name(role)]

    def column(self, role: str = "column") -> pl.Expr:
        return self._of(self.name(role))

    def columns(self, role: str = "column_list") -> list[pl.Expr]:
        return [self._of(name) for name in self.kwargs[role]]

    def values(self) -> pl.Expr:
        """The column's values that count: not missing, of rows that the row condition lets in. Shorter than the frame."""
        return self.in_place().drop_nulls()

    def in_place(self) -> pl.Expr:
        """The same values each in its row; null elsewhere."""
        return self.column() if self.among is None else pl.when(self.among).then(self.column())

    def _of(self, name: str) -> pl.Expr:
        # NaN is how floats spell "missing" in GX's pandas engine; were it a value here, the two would disagree on
        # every count.
        return pl.col(name).fill_nan(None) if self.schema[name].is_float() else pl.col(name)


def _nothing_wrong(kwargs: Mapping[str, Any]) -> str | None:
    return None


@dataclass(frozen=True, kw_only=True)
class RowRule:
    """An expectation that accuses single rows.

    `values` maps the kwargs beside the domain's to their defaults (`REQUIRED` for none). `broken` gives a Boolean
    expression over one row, true where it breaks the rule; rows whose values are missing are left out by the domain's
    convention and `broken` need not mind them. A rule that cannot judge a row without the others has `whole`: `broken` then
    says what is kept of each row, and `whole` makes the answer of that column. `shipped`: GX has the expectation class
    already, under the metric name given. `conditional`: GX hands the rule its row condition. `wrong` looks at a suite's
    kwargs when it is loaded and answers what is wrong with them, in Chinese, or None.
    """

    expectation: str
    metric: str
    domain: Domain
    broken: Callable[[Ask], pl.Expr]
    values: Mapping[str, Any] = field(default_factory=dict)
    whole: Callable[[pl.Expr, Ask], pl.Expr] | None = None
    ignore_row_if: str | None = None
    skips_missing: bool = True
    shipped: bool = False
    conditional: bool = True
    wrong: Callable[[Mapping[str, Any]], str | None] = _nothing_wrong

    def considered(self, ask: Ask) -> pl.Expr:
        """True where the rule is asked at all; what GX calls the filtered rows."""
        asked = self._asked(ask)
        return asked if ask.among is None else ask.among & asked

    def _asked(self, ask: Ask) -> pl.Expr:
        if self.domain is Domain.COLUMN:
            return ask.column().is_not_null() if self.skips_missing else pl.lit(True) | ask.column().is_null()
        roles = [ask.column(role) for role in self.domain.roles] if self.domain is Domain.COLUMN_PAIR else ask.columns()
        how = ask.kwargs.get("ignore_row_if") or self.ignore_row_if
        return ~_LEFT_OUT[str(how)]([column.is_null() for column in roles])

    def predicate(self, ask: Ask) -> pl.Expr:
        """True for the rows accused, never null."""
        considered = self.considered(ask)
        if self.domain is Domain.COLUMN and self.skips_missing and ask.dtype() == pl.Null:
            return considered  # false everywhere: a column without any value has no type to compare with
        return self.judged(considered, self.kept(ask), ask)

    def kept(self, ask: Ask) -> pl.Expr:
        """What one row alone says: whether it breaks the rule, or what `whole` needs of it; null of a row that is not asked."""
        said = self.broken(ask)
        return said if self.whole is None else pl.when(self.considered(ask)).then(said)

    def judged(self, considered: pl.Expr, kept: pl.Expr, ask: Ask) -> pl.Expr:
        """The predicate from its two halves."""
        return (considered & (kept if self.whole is None else self.whole(kept, ask))).fill_null(False)


@dataclass(frozen=True, kw_only=True)
class TableRule:
    """An expectation of GX's own about a table or a column as a whole: it accuses no row. `values`, `wrong` as in RowRule."""

    expectation: str
    values: Mapping[str, Any] = field(default_factory=dict)
    domain: Domain = Domain.TABLE
    conditional: bool = False
    wrong: Callable[[Mapping[str, Any]], str | None] = _nothing_wrong


@dataclass(frozen=True, kw_only=True)
class Statistic:
    """A figure of a column (GX's aggregate metric of that name): one expression in the pass, and what GX expects of its value.

    `aggregate` gives an expression of one row. `told` turns its value into GX's form, given the kwargs.
    """

    metric: str
    aggregate: Callable[[Ask], pl.Expr]
    values: tuple[str, ...] = ()
    told: Callable[[Any, Mapping[str, Any]], Any] = lambda value, kwargs: value


Declaration = RowRule | TableRule
