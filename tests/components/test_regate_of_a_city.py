"""A night leaves what the gates found as tables; after a rule has changed, one command brings everything in line but raw and pool."""

import json
from typing import Any

import dagster as dg
import polars as pl
import pytest
from click.testing import CliRunner, Result

from portal.desk.service import list_tickets
from yishu.lake.quality import GATE_RUN, KINDS, RULE_RESULT, SCORE, read_quality
from yishu.settings import settings

pytestmark = pytest.mark.city
AFTER_FIRST_NIGHT = True
RESOURCE = "civil_affairs.elderly_allowance"
RULE = {"rule": "full_name.unlike", "expectation": "expect_column_values_to_match_regex", "severity": "content", "dimension": "准确性",
        "clause": "E01", "message": "试验", "kwargs": {"column": "full_name", "regex": "^一$"}}  # fmt: skip


def yishu(*arguments: str) -> Result:
    from orchestration.cli import main

    return CliRunner().invoke(main, [*arguments])


def moved(city: Any) -> dict[str, int]:
    """How many commits every Delta table has."""
    logs = (log for log in city.data.rglob("_delta_log") if log.parent.name)
    return {str(log.parent.relative_to(city.data)): len(list(log.glob("*.json"))) for log in logs}


def test_a_night_leaves_runs_results_and_scores_of_its_day(city: Any) -> None:
    runs = read_quality(city.data, GATE_RUN)
    finished = [run["run"] for run in city.ledger.finished_runs() if run["kind"] in KINDS]
    # Those that ask rules: conflicts, supervision and doubts count nothing assessed, and dbt has its own record.
    assert runs["run"].sort().to_list() == finished and set(runs["kind"]) == set(KINDS) == {"row", "cross", "built"}
    assert read_quality(city.data, RULE_RESULT)["run"].n_unique() == runs.filter(pl.col("rules") > 0).height
    scores = read_quality(city.data, SCORE)
    assert scores["day"].unique().to_list() == [city.first_day] and {"时效性", "规范性"} <= set(scores["dimension"])
    assert set(scores.filter(dimension="规范性")["own_dimension"]) == {"可用性"}


def test_what_a_table_was_checked_for_on_a_day_is_one_command(city: Any) -> None:
    runs = json.loads(yishu("status", "--table", "gate_run", "--resource", RESOURCE, "--json").output)
    (run,) = (run for run in runs if run["kind"] == "row")
    assert run["batch"].startswith(RESOURCE) and run["suite_version"] and run["result"] in ("passed", "failed")
    rules = json.loads(yishu("status", "--table", "rule_result", "--resource", RESOURCE, "--day", run["checked_on"], "--json").output)
    own = [rule for rule in rules if rule["run"] == run["run"]]
    assert len(own) == run["rules"] > 10 and sum(rule["unexpected"] for rule in own) == run["unexpected"]
    assert "整批暂缓" in yishu("status", "--table", "gate_run").output or "有不符" in yishu("status", "--table", "gate_run").output
    assert yishu("status", "--day", "2026-03-01").exit_code == 2


def test_the_numbers_are_plotted_on_pool_and_supervision(city: Any) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        from orchestration.definitions import defs

        done = defs().resolve_implicit_global_asset_job_def().execute_in_process(
            instance=instance, asset_selection=[dg.AssetKey(["pool", *RESOURCE.split(".")]), dg.AssetKey(["supervision"])])  # fmt: skip
    told = {event.asset_key.path[0]: event.step_materialization_data.materialization.metadata for event in done.get_asset_materialization_events()}
    for asset, names in (("pool", ("rules", "unexpected", "score/content", "score/规范性")), ("supervision", ("score/规范性", "score/时效性"))):
        assert all(isinstance(told[asset][name].value, (int, float)) for name in names), asset


def test_a_changed_rule_is_told_judged_again_and_closes_what_it_alone_accused(city: Any, mended: Any) -> None:
    import yaml

    file = settings.suites_dir / "raw" / f"{RESOURCE.replace('.', '/')}.yaml"
    before_text = file.read_text("utf-8") if file.exists() else "rules: []\n"
    rules = yaml.safe_load(before_text)["rules"]
    before = moved(city)
    mended(file, yaml.safe_dump({"rules": [*rules, RULE]}, allow_unicode=True))
    assert "1 个信息资源的规则在上次检查后改过" in yishu("status").output
    done = yishu("regate", "--changed")
    assert done.exit_code == 0, done.output
    tickets = [ticket for ticket in list_tickets(city.data) if ticket["rule"] == RULE["rule"]]
    assert len(tickets) == 1 and tickets[0]["state"] == "raised"
    assert "没有需要重新检查的信息资源" in yishu("regate", "--changed").output
    standing = moved(city)
    assert yishu("regate", RESOURCE).exit_code == 0 and moved(city) == standing, "asked again, nothing changes"
    mended(file, before_text)
    assert yishu("regate", RESOURCE).exit_code == 0
    assert [ticket["state"] for ticket in list_tickets(city.data) if ticket["rule"] == RULE["rule"]] == ["closed"]
    layers = {table for table, commits in moved(city).items() if commits != before.get(table)}
    assert layers <= {"violations", "under_check", "quality/gate_run", "quality/rule_result", "quality/score"}


def test_regate_asks_which_resource_and_names_an_unknown_one(city: Any) -> None:
    assert yishu("regate").exit_code == 2 and yishu("regate", "--all", "--changed").exit_code == 2
    refused = yishu("regate", "a.b")
    assert refused.exit_code == 2 and "目录中没有 a.b" in refused.output
