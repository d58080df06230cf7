"""Rules between departments about where a point lies: they see what was found for it, and are asked again when that moves."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from expectations.suite import SuiteError
from yishu.gate.cross import evaluate
from yishu.lake import delta
from yishu.lake.pins import current_pin
from yishu.lake.violations import open_violations
from yishu.settings import settings
from yishu.spatial.step import LOCATED, located_path

ZHANG, LI = "11010519491231002X", "410403198503020024"
RULE = {
    "rule": "point_outside_city",
    "on": "office.snapshot",
    "expectation": "expect_column_values_to_not_be_in_set",
    "kwargs": {"column": "located_state", "value_set": ["outside"]},
    "column": "sex",
    "severity": "content",
    "dimension": "准确性",
    "clause": "C06",
    "message": "点位在本市界线以外；请核对",
}


def found(data: Path, states: dict[str, str]) -> None:
    rows = [{"relation": "office__snapshot", "key": key, "state": state} for key, state in states.items()]
    frame = pl.DataFrame(rows, schema=LOCATED)
    delta.replace(located_path(data), frame, key=f"test-{delta.version(located_path(data))}", actor="test")


@pytest.fixture
def placed(lake: Any) -> Any:
    """A lake whose snapshot states points; where they lie is said by the test."""
    lake.change("snapshot", coordinates={"east": "sex", "north": "sex", "system": "EPSG:4490"})
    file = settings.suites_dir / "cross" / "spatial.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump({"rules": [RULE]}, allow_unicode=True), encoding="utf-8")
    lake.deliver("snapshot", [[id_, "张三", "1", "1990-01-01", "1"] for id_ in (ZHANG, LI)])
    lake.night()
    return lake


def accused(lake: Any) -> set[str]:
    evaluate(lake.data, lake.catalogue, current_pin(lake.data, lake.catalogue))
    return set(open_violations(lake.data, pl.col("gate") == "cross")["subject"])


def test_until_points_were_located_the_rule_is_not_asked(placed: Any) -> None:
    assert accused(placed) == set()


def test_a_rule_sees_where_the_row_s_own_point_lies(placed: Any) -> None:
    found(placed.data, {ZHANG: "outside", LI: "located"})
    assert accused(placed) == {ZHANG}


def test_the_rule_is_asked_again_when_the_located_table_moves_and_the_pools_do_not(placed: Any) -> None:
    found(placed.data, {ZHANG: "outside", LI: "located"})
    assert accused(placed) == {ZHANG}
    found(placed.data, {ZHANG: "located", LI: "outside"})
    assert accused(placed) == {LI}


def test_a_column_of_places_is_unknown_where_the_entry_declares_no_coordinates(lake: Any) -> None:
    file = settings.suites_dir / "cross" / "spatial.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump({"rules": [RULE]}, allow_unicode=True), encoding="utf-8")
    with pytest.raises(SuiteError, match="located_state"):
        evaluate(lake.data, lake.catalogue, {})
