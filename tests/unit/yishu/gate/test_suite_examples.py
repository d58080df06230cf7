"""Every rule of every suite on its own example rows: those it `breaks` are accused, those it `passes` are not.

Guards the words in the suites: a message and its examples say to people what a rule means, and would lie unseen. Not here: whether
right rows of a whole table pass (tests/unit/yishu/sample).
"""

import datetime as dt
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from expectations.engine.coverage import declarations
from expectations.engine.row_rule import TableRule
from expectations.engine.run import run_rules
from expectations.suite import Rule, load_rules
from yishu.catalogue import load_catalogue
from yishu.gate.typing import pool_type
from yishu.settings import settings

CATALOGUE = load_catalogue()
SUITES = sorted(settings.suites_dir.rglob("*.yaml"))
OF_VALUES = {str: pl.String, bool: pl.Boolean, int: pl.Int64, float: pl.Float64, dt.date: pl.Date, dt.datetime: pl.Datetime("us")}


@cache
def rules_of(file: Path) -> list[Rule]:
    return load_rules(file)


def types_of(file: Path, rule: Rule) -> dict[str, Any]:
    """Column -> polars type: of a resource as its entry says, of other tables as the values of all examples do."""
    found = {}
    for row in (*rule.breaks, *rule.passes):
        for column, value in row.items():
            if value is not None:
                found[column] = OF_VALUES[type(value)]
    if file.parent.parent.name == "raw":
        items = CATALOGUE.resources[f"{file.parent.name}.{file.stem}"].items
        found |= {item.name: pool_type(item) for item in items}
    return found


def accused(file: Path, rule: Rule, rows: Sequence[Any]) -> int:
    """How many of the rows the rule accuses; 1 where it is the table as a whole."""
    types, columns = types_of(file, rule), {name: None for row in (*rule.breaks, *rule.passes) for name in row}
    schema = {name: types.get(name, pl.String) for name in columns}
    frame = pl.DataFrame([{**columns, **row} for row in rows], schema=schema).with_row_index("_row_number")
    (outcome,) = run_rules(frame, [rule])
    return max(outcome.unexpected, int(not outcome.success))


@pytest.mark.parametrize("file", SUITES, ids=lambda file: str(file.relative_to(settings.suites_dir)))
def test_each_rule_accuses_what_breaks_it_and_nothing_that_passes_it(file: Path) -> None:
    wrong = []
    for rule in rules_of(file):
        of_the_table = isinstance(declarations()[rule.expectation], TableRule)
        # That a table is empty, no row can show.
        if not rule.passes or not (rule.breaks or of_the_table):
            wrong.append(f"{rule.rule}（{rule.on}）: write example rows, breaks: {{column: value}} and passes: {{column: value}}")
            continue
        if rule.breaks and not accused(file, rule, rule.breaks):
            wrong.append(f"{rule.rule}（{rule.on}）: `breaks` passes: {rule.breaks}")
        if count := accused(file, rule, rule.passes):
            wrong.append(f"{rule.rule}（{rule.on}）: {count} rows of `passes` are accused: {rule.passes}")
    assert not wrong, "\n".join(wrong)


def test_every_resource_has_a_suite_of_its_own() -> None:
    """A resource without rules beyond its types is one that nobody has thought about."""
    have = {f"{file.parent.name}.{file.stem}" for file in SUITES if file.parent.parent.name == "raw"}
    assert have == set(CATALOGUE.resources)


def test_timeliness_is_measured_by_clocks_alone() -> None:
    """Beside millions of elements of rules, one late resource of fifty-five would not move the score."""
    assert [rule.rule for file in SUITES for rule in rules_of(file) if rule.dimension == "时效性"] == []
