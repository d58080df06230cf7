"""What a caller says of its suites and runs, as plain data: titles, rules, results. Not here: pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from expectations.suite import Rule


@dataclass(frozen=True)
class Run:
    """The run that counts now. `results`: one mapping a rule with rule, expectation, column, severity, dimension, clause, message, evaluated,
    unexpected, observed (a number or None) and, if known, success. `facts`: label -> value, for people. `warnings`: faults of the batch as a whole.
    """

    results: tuple[Mapping[str, Any], ...]
    facts: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asset:
    """One thing that is checked: a table, or a theme of rules between tables.

    `path`: its place among the pages, without an ending. `columns`: name -> title, in the order to show. `as_of`: the date that implied rules
    were made for, shown as a word. `run`: None where it was never checked. `note`: why its rules cannot be shown.
    """

    path: str
    title: str
    name: str
    group: str
    columns: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    run: Run | None = None
    as_of: str = ""
    note: str = ""

    @property
    def results_path(self) -> str:
        return f"results/{self.path}.html"

    @property
    def suite_path(self) -> str:
        return f"suites/{self.path}.html"

    @property
    def observes(self) -> bool:
        """Whether any rule found a number, such as the rows of a table; else there is no column for it."""
        return any(result.get("observed") is not None for result in (self.run.results if self.run else ()))

    def column(self, name: str | None) -> str | None:
        """The column as shown: prepared forms of a column (`<name>__text`) stand under the column's own name."""
        return None if name is None else name.partition("__")[0] or name

    def column_title(self, name: str) -> str:
        return self.columns.get(name, name)


def is_met(result: Mapping[str, Any]) -> bool:
    """Whether the rule held. A rule about a table accuses no row, so that its count alone does not tell."""
    return bool(result.get("success", not result["unexpected"]))
