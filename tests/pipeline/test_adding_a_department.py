"""docs/adding-a-department.md, followed literally: its files written, its commands typed, its claims checked."""

import json
import re
import shlex
from typing import Any

import polars as pl
import pytest

from tests.cities import SMALL, City, after_first_night
from yishu.settings import ROOT

pytestmark = pytest.mark.city
GUIDE = (ROOT / "docs/adding-a-department.md").read_text(encoding="utf-8")
# A file: its path in backticks on a line of its own, then its content as a block.
FILE = re.compile(r"^`(?P<path>[^`]+)`(?: \((?P<encoding>\w+)\))?\n\n```\w+\n(?P<content>.*?)^```", re.MULTILINE | re.DOTALL)
STEP = re.compile(FILE.pattern + r"|^```sh\n(?P<commands>.*?)^```", re.MULTILINE | re.DOTALL)
PLACES = {"expectations/suites": "suites"}  # where the copy keeps what the guide calls so


def follow(city: City) -> dict[str, str]:
    """Every step in its order; what each command said, by command."""
    said: dict[str, str] = {}
    for step in STEP.finditer(GUIDE):
        if step["path"]:
            place = step["path"]
            for theirs, ours in PLACES.items():
                place = place.replace(theirs, ours)
            file = city.root / place
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(step["content"], encoding=step["encoding"] or "utf-8")
            continue
        for line in step["commands"].splitlines():
            program, *arguments = shlex.split(line)
            assert program == "yishu"
            done = city.yishu(*arguments)
            assert done.returncode == 0, f"{line}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
            said[line] = done.stdout
    return said


def told_lines(receipt: dict[str, Any]) -> list[int]:
    return [problem["line"] for problem in receipt["problems"]]


def test_a_department_added_by_the_guide_reaches_pool_gate_tickets_receipt_and_status(tmp_path_factory: pytest.TempPathFactory) -> None:
    city = after_first_night(tmp_path_factory.mktemp("city"), SMALL, tmp_path_factory)
    said = follow(city)
    pool = pl.read_delta(str(city.data / "pool/forestry/ancient_tree"))
    assert sorted(pool["tree_no"]) == [f"4104000000{n}" for n in (1, 2, 3, 4, 6)]
    assert dict(pool.select("tree_no", "grade").iter_rows())["41040000002"] == "1", "the name of a code is its code"
    own = {ticket["rule"] for ticket in city.tickets() if ticket["department"] == "forestry"}
    assert own == {"grade.code", "age_years.range", "file.field_count"}
    (receipt,) = (city.data / "outbox/forestry").glob("*.json")
    assert told_lines(json.loads(receipt.read_text("utf-8"))) == [4, 5, 6] and receipt.with_suffix(".xlsx").exists()
    under_check = pl.read_delta(str(city.data / "under_check")).filter(pl.col("department") == "forestry")
    assert under_check["key"].n_unique() == 2
    assert "已入池" in said["yishu deliveries list --department forestry"] and "市林业局" in said["yishu tickets list"]
    assert "平顶山市林业局" in said["yishu status"]
