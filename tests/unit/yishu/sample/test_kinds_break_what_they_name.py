"""Each kind of defect, put into right rows: the suite accuses the rules that the kind names, and no other. So the truth is exact by its making.

Not here: kinds that make a line unreadable, and what pairs of rows break (the truth of whole files is held elsewhere).
"""

import re
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

from expectations.engine.run import run_rules
from yishu.catalogue import load_catalogue
from yishu.gate.implied import suite_of
from yishu.gate.preparing import prepare
from yishu.ingest.parsed import OPERATION
from yishu.sample.defects.kind import Kind
from yishu.sample.defects.kinds import KINDS
from yishu.sample.defects.wrong_values import Place
from yishu.sample.tables import TABLES
from yishu.sample.world import found_world
from yishu.settings import ROOT

TODAY = date(2026, 3, 2)
ROWS = 25  # of each kind: enough to meet what depends on the row
CATALOGUE = load_catalogue()


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    world = found_world(3000, 7, (TODAY - date(1970, 1, 1)).days)
    return {name: table.build(world, table.subjects(world)) for name, table in TABLES.items()}


def of_one_row(kind: Kind) -> bool:
    return not any(rule.startswith("file.") for rule in kind.rules) and kind.manner in ("cell", "conflict")


def broken(rows: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    """Up to ROWS rows in which the kind has happened."""
    rng = np.random.default_rng(3)
    place = Place(rows, TODAY, rng)
    assert kind.item is not None and kind.make is not None
    cells = [(kind.item, kind.make), *kind.also]
    wrong = {item: make(rows[item], place) for item, make in cells}
    right = rows[kind.item]
    happened = wrong[kind.item].is_not_null() & (wrong[kind.item] != right.fill_null("")).fill_null(True)
    columns = [pl.Series(item, text).replace("", None) for item, text in wrong.items()]
    found = rows.with_columns(columns).filter(happened)
    return found.sample(min(ROWS, found.height), seed=3, shuffle=True)


def accused(frame: pl.DataFrame, resource: Any) -> dict[int, set[str]]:
    outcomes = run_rules(frame, [rule for rule in suite_of(resource, CATALOGUE.codes, TODAY) if not rule.rule.startswith("key.")])
    found: dict[int, set[str]] = {}
    for outcome in outcomes:
        for line in outcome.keys.to_list():
            found.setdefault(line, set()).add(outcome.rule.rule)
    return found


@pytest.mark.parametrize("name", sorted(KINDS))
def test_a_defect_breaks_the_rules_it_names_and_no_other(tables: dict[str, pl.DataFrame], name: str) -> None:
    resource, kinds = CATALOGUE.resources[name], [kind for kind in KINDS[name] if of_one_row(kind)]
    parts = [broken(tables[name], kind).with_columns(pl.lit(at, pl.Int64).alias("_kind")) for at, kind in enumerate(kinds)]
    raw = pl.concat(parts, how="vertical_relaxed").with_row_index("_row_number", 1).with_columns(pl.col("_row_number").cast(pl.Int64))
    if resource.delivery.operation:
        raw = raw.with_columns(pl.lit("I").alias(OPERATION))
    frame = prepare(raw, resource, CATALOGUE.codes)
    found, wrong = accused(frame, resource), []
    for line, at in raw.select("_row_number", "_kind").iter_rows():
        named = {rule for rule in kinds[at].rules if not rule.startswith("key.")}
        if found.get(line, set()) != named:
            wrong.append((kinds[at].name, kinds[at].item, "breaks", sorted(found.get(line, set())), "names", sorted(named)))
    assert not wrong, "\n".join(sorted({str(each) for each in wrong}))


def test_each_kind_that_its_table_cannot_see_is_documented_with_its_reason() -> None:
    """A kind without a rule is a gap of the gate, unless somebody has said why no rule can exist."""
    section = (ROOT / "docs" / "truth.md").read_text("utf-8").partition("## Kinds that no rule of their own table can see")[2].partition("\n## ")[0]
    documented = set(re.findall("`([a-z_]+)`", "".join(line.split("|")[1] for line in section.splitlines() if line.startswith("| `"))))
    unseen = {kind.name for kinds in KINDS.values() for kind in kinds if not kind.rules}
    assert documented == unseen, "docs/truth.md and the kinds without rules must name the same"
