"""Each rule between departments on tables of a row or two, made from its own examples: it accuses what it says it breaks, and
passes what it says it passes, through its joins and conditions and with the catalogue's types."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
import pytest

from expectations.engine.run import run_rules
from expectations.joins import MATCHES, chosen, joined
from yishu.catalogue import load_catalogue
from yishu.gate.cross_suites import PLACES, CrossRule, load_cross
from yishu.gate.step import pool_types

CATALOGUE = load_catalogue()
RULES = load_cross(CATALOGUE)


def name_of(asked: CrossRule) -> str:
    return f"{asked.rule.rule}@{asked.on}"


def dummy(resource: str, column: str) -> Any:
    return {pl.Date: date(2020, 1, 1), pl.Int64: 1, pl.Float64: 1.0}.get(pool_types(CATALOGUE.resources[resource])[column], "x")


class Tables:
    """The tables that would make the joined rows of an example: one row a match, none where the example says none."""

    def __init__(self, asked: CrossRule) -> None:
        self.asked, self.resources = asked, {join.name: join.resource for join in asked.rule.join}
        self.rows: dict[str, list[dict[str, Any]]] = {asked.on: [], **{resource: [] for resource in self.resources.values()}}

    def add(self, example: Mapping[str, Any]) -> None:
        values = dict(example)
        for join in reversed(self.asked.rule.join):
            for here, there in join.by.items():
                known = values.get(f"{join.name}.{there}")
                values.setdefault(here, known if known is not None else dummy(join.resource, there))
        left = {name: value for name, value in values.items() if "." not in name}
        left |= {column: allowed[0] for column, allowed in (self.asked.rule.where or {}).items() if "." not in column and column not in left}
        self.rows[self.asked.on].append(left)
        for join in self.asked.rule.join:
            told = {name.partition(".")[2]: value for name, value in values.items() if name.startswith(f"{join.name}.")}
            matches = told.pop(MATCHES, 0 if told and all(value is None for value in told.values()) else 1)
            itself = join.resource == self.asked.on and not told  # the accused row is one of its own matches
            told |= {there: values[here] for here, there in join.by.items()}
            told |= {column: allowed[0] for column, allowed in (join.where or {}).items()}
            self.rows[join.resource] += [told] * (matches - itself)

    def frames(self) -> dict[str, pl.DataFrame]:
        return {resource: self._frame(resource, rows) for resource, rows in self.rows.items()}

    @staticmethod
    def _frame(resource: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
        types = pool_types(CATALOGUE.resources[resource]) | dict.fromkeys(PLACES, pl.String)
        columns = {name: pl.Series(name, [row.get(name) for row in rows], types[name]) for name in types}
        return pl.DataFrame(columns).with_columns(_key=pl.int_range(pl.len()).cast(pl.String)).with_row_index("_index")


def accused(asked: CrossRule, examples: tuple[Mapping[str, Any], ...]) -> int:
    tables = Tables(asked)
    for example in examples:
        tables.add(example)
    frames = tables.frames()
    left = frames[asked.on].head(len(examples))
    frame = chosen(joined(left, asked.rule.join, frames), asked.rule.where)
    assert frame.height == len(examples), "the example is not one of the rows the rule is asked of"
    (result,) = run_rules(frame, [asked.rule], key="_index")
    return result.unexpected


@pytest.mark.parametrize("asked", RULES, ids=name_of)
def test_a_rule_accuses_the_rows_it_breaks_and_no_row_it_passes(asked: CrossRule) -> None:
    assert asked.rule.breaks and asked.rule.passes
    assert accused(asked, asked.rule.breaks) == len(asked.rule.breaks)
    assert accused(asked, asked.rule.passes) == 0


@pytest.mark.parametrize("asked", RULES, ids=name_of)
def test_a_rule_tells_the_officer_of_a_column_that_he_has_and_what_to_do(asked: CrossRule) -> None:
    column = asked.rule.accused_column()
    assert column is None or column in {item.name for item in CATALOGUE.resources[asked.on].items}
    assert "；" in asked.rule.message and "请" in asked.rule.message


def test_there_are_rules_for_what_the_law_asks_to_compare() -> None:
    assert len({asked.rule.rule for asked in RULES}) >= 40
    assert len({asked.on for asked in RULES}) >= 40
