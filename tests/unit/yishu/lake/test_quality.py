"""Results as tables: written once, whole, and the same again changes nothing."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from yishu.lake import delta
from yishu.lake.ledger import Ledger
from yishu.lake.quality import GATE_RUN, RULE_RESULT, SCORE, project_runs, project_scores, quality_path, read_quality

RULE = {"rule": "sex.code", "expectation": "expect_column_values_to_be_in_set", "column": "sex", "severity": "content", "dimension": "规范性",
        "clause": "C07", "message": "", "evaluated": 10, "unexpected": 0, "observed": None, "success": True}  # fmt: skip
DAY = date(2026, 3, 1)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path)


def ran(ledger: Ledger, batch: str, *unexpected: int, kind: str = "row", scope: str = "office.snapshot") -> int:
    run = ledger.gate_run(kind, scope, batch, "v1")
    results = [{**RULE, "rule": f"rule.{place}", "unexpected": count, "success": not count} for place, count in enumerate(unexpected)]
    ledger.gate_result(run, results, sum(unexpected))
    return run


def results(data: Path) -> dict[str, str]:
    return dict(read_quality(data, GATE_RUN).select("batch", "result").iter_rows())


def versions(data: Path) -> list[int | None]:
    return [delta.version(quality_path(data, name)) for name in (GATE_RUN, RULE_RESULT, SCORE)]


def test_a_run_says_what_was_checked_when_by_which_suite_and_how_it_ended(tmp_path: Path, ledger: Ledger) -> None:
    run = ran(ledger, "d1", 0, 3)
    ran(ledger, "d2", 0)
    ran(ledger, "pin", 1, kind="cross", scope="deceased@office.snapshot")
    ran(ledger, "pin", 0, kind="built", scope="base_person.person")
    assert project_runs(tmp_path, ledger, "t") == 4
    table = read_quality(tmp_path, GATE_RUN)
    first = table.row(0, named=True)
    told = [first[name] for name in ("run", "department", "resource", "suite_version", "result")]
    assert told == [run, "office", "snapshot", "v1", "failed"]
    assert (first["rules"], first["evaluated"], first["unexpected"]) == (2, 20, 3)
    assert first["at"].endswith("+08:00") and str(first["checked_on"]) == first["at"][:10]
    assert table["result"].to_list() == ["failed", "passed", "failed", "passed"]
    assert table.select("department", "resource").rows()[2:] == [("office", "snapshot"), (None, None)]
    rules = read_quality(tmp_path, RULE_RESULT).filter(run=run).select("rule", "unexpected", "success")
    assert rules.rows() == [("rule.0", 0, True), ("rule.1", 3, False)]


def test_projecting_twice_changes_nothing_and_what_is_new_is_added(tmp_path: Path, ledger: Ledger) -> None:
    ran(ledger, "d1", 1)
    project_runs(tmp_path, ledger, "t")
    before = versions(tmp_path)
    assert project_runs(tmp_path, ledger, "t") == 0 and versions(tmp_path) == before
    ran(ledger, "d2", 1)
    assert project_runs(tmp_path, ledger, "t") == 1
    assert read_quality(tmp_path, GATE_RUN).height == read_quality(tmp_path, RULE_RESULT).height == 2


def test_a_run_without_a_result_is_none_and_is_added_once_it_has_finished(tmp_path: Path, ledger: Ledger) -> None:
    ledger.gate_run("row", "office.snapshot", "d1", "v1")
    ran(ledger, "d2", 0)
    project_runs(tmp_path, ledger, "t")
    assert results(tmp_path) == {"d2": "passed"}
    ran(ledger, "d1", 0)
    project_runs(tmp_path, ledger, "t")
    assert results(tmp_path) == {"d1": "passed", "d2": "passed"}


def test_a_delivery_that_was_held_says_so_until_a_person_releases_it(tmp_path: Path, ledger: Ledger) -> None:
    received = {"department": "office", "resource": "snapshot", "as_of": DAY, "file": "f", "size": 1, "actor": "t", "catalogue_version": "1"}
    deliveries = [ledger.receive(**received, content_hash=name * 12, profile="p").delivery_id for name in "ab"]
    for delivery in deliveries:
        ledger.move(delivery, "held", actor="t")
        ran(ledger, delivery, 1)
    project_runs(tmp_path, ledger, "t")
    ledger.move(deliveries[0], "received", actor="bureau")
    ledger.move(deliveries[0], "accepted", actor="t")
    ledger.move(deliveries[1], "superseded", actor="t")
    project_runs(tmp_path, ledger, "t")
    assert results(tmp_path) == {deliveries[0]: "failed", deliveries[1]: "held"}
    assert read_quality(tmp_path, RULE_RESULT).height == 2


def test_a_crash_between_the_tables_doubles_nothing(tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    ran(ledger, "d1", 1, 2)

    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(delta, "upsert", killed)
        project_runs(tmp_path, ledger, "t")
    ran(ledger, "d2", 1)
    project_runs(tmp_path, ledger, "t")
    assert read_quality(tmp_path, RULE_RESULT)["run"].sort().to_list() == [1, 1, 2] and read_quality(tmp_path, GATE_RUN).height == 2


def score(evaluated: int, unexpected: int, resource: str = "snapshot") -> dict[str, Any]:
    return {"department": "office", "resource": resource, "dimension": "规范性", "own_dimension": "可用性", "evaluated": evaluated,
            "unexpected": unexpected, "score": 1 - unexpected / evaluated}  # fmt: skip


def test_a_days_scores_are_replaced_as_a_whole_and_other_days_stay(tmp_path: Path) -> None:
    assert project_scores(tmp_path, DAY, [score(10, 1), score(10, 2, "gone")], "t")
    assert project_scores(tmp_path, date(2026, 3, 2), [score(10, 3)], "t")
    version = versions(tmp_path)
    assert not project_scores(tmp_path, DAY, [score(10, 2, "gone"), score(10, 1)], "t") and versions(tmp_path) == version
    assert project_scores(tmp_path, DAY, [score(10, 5)], "t")
    table = read_quality(tmp_path, SCORE).sort("day")
    assert table.select("day", "unexpected").rows() == [(DAY, 5), (date(2026, 3, 2), 3)]
    assert project_scores(tmp_path, DAY, [score(10, 1), score(10, 2, "gone")], "t"), "what stood before may come back"
    assert read_quality(tmp_path, SCORE).filter(pl.col("day") == DAY).height == 2
