"""Every table of the city, put through its own suite before anything is broken in it: right rows break no rule, on any day."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from expectations.engine.run import run_rules
from yishu.catalogue import load_catalogue
from yishu.gate.implied import suite_of
from yishu.gate.preparing import prepare
from yishu.ingest.parsed import OPERATION
from yishu.sample.changes import advance
from yishu.sample.tables import TABLES
from yishu.sample.world import found_world

FIRST = date(2026, 2, 27)
DAYS = 4  # over the end of a month
CATALOGUE = load_catalogue()


@pytest.fixture(scope="module")
def days() -> list[dict[str, pl.DataFrame]]:
    """For each day, every table's rows as written."""
    world = found_world(400, 5, (FIRST - date(1970, 1, 1)).days)
    nobody = np.zeros(0, dtype=np.int64)
    made = []
    for day in range(1, DAYS + 1):
        if day > 1:
            advance(world, 5, day, nobody)
        made.append({name: table.build(world, table.subjects(world)) for name, table in TABLES.items()})
    return made


@pytest.mark.parametrize("name", sorted(TABLES))
def test_right_rows_break_no_rule_on_any_day(days: list[dict[str, pl.DataFrame]], name: str) -> None:
    resource = CATALOGUE.resources[name]
    for number, tables in enumerate(days):
        rows = tables[name]
        assert rows.height and rows["_subject"].is_sorted() and not rows["_subject"].is_duplicated().any()
        raw = rows.with_row_index("_row_number", 1).with_columns(pl.col("_row_number").cast(pl.Int64))
        if resource.delivery.operation:
            raw = raw.with_columns(pl.lit("I").alias(OPERATION))
        broken = failures(prepare(raw, resource, CATALOGUE.codes), resource, FIRST + timedelta(days=number))
        assert not broken, f"{name} on day {number + 1}: {broken}"


def failures(frame: pl.DataFrame, resource: Any, as_of: date) -> dict[str, Any]:
    frame = frame.with_columns(_agrees=pl.lit(None, pl.String))
    outcomes = run_rules(frame, suite_of(resource, CATALOGUE.codes, as_of))
    broken = [outcome for outcome in outcomes if len(outcome.keys)]
    return {outcome.rule.rule: frame.filter(pl.col("_row_number").is_in(outcome.keys.implode())).head(2).to_dicts() for outcome in broken}


def test_what_is_derived_from_a_position_stays_what_it_was(days: list[dict[str, pl.DataFrame]]) -> None:
    """A snapshot in which everything changes every day would prove nothing and cost a night."""
    for name, first in days[0].items():
        if CATALOGUE.resources[name].delivery.mode == "append":
            both = first.join(days[-1][name], on=first.columns, how="inner", nulls_equal=True)
            assert both.height == first.height, f"{name}: what was appended has changed"


