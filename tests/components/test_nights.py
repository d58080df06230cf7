"""Nights through Dagster, in the order in which a city lives them: the first, the same again, faults, steps by hand, the next day."""

import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest

from yishu.lake import delta
from yishu.lake.pins import current_pin
from yishu.lake.release import published_release
from yishu.settings import settings

PERSONS_AT_LEAST = 300
IDENTIFIER = re.compile(r"(?<![0-9a-f])\d{17}[\dXx](?![0-9a-f])")


@pytest.fixture(scope="module")
def first(city):
    return city.night()


def checks(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetCheckEvaluation]:
    return {f"{found.asset_key.to_user_string()}:{found.check_name}": found for found in result.get_asset_check_evaluations()}


def failing(*_args, **_named):
    raise ValueError("张三 11010519491231002X 不能读取")


def test_the_first_night_publishes_and_opens_tickets(city, first):
    assert first.outcome.kind == "succeeded" and not city.alerts
    assert published_release(city.data)["number"] == 1
    assert first.told["tickets"]["opened_tickets"] > 0
    assert first.told["pool/public_security/resident"]["dagster/row_count"] > PERSONS_AT_LEAST
    assert all(cost.succeeded and cost.peak_mb for cost in first.costs)


def test_steps_run_in_the_order_build_release_supervision_tickets_report(first):
    assert [cost.step for cost in first.costs][-5:] == ["warehouse", "release", "supervision", "tickets", "night__report"]


def test_the_night_leaves_data_docs_and_links_to_them_through_the_desk(city, first):
    docs = city.data / "published" / "data_docs"
    told = first.told["night/report"]
    assert told["data_docs"] == f"{settings.desk_url}/data-docs/index.html" and Path(told["data_docs_file"]) == docs / "index.html"
    page = first.told["pool/public_security/resident"]["data_docs"].removeprefix(f"{settings.desk_url}/data-docs/")
    assert "户籍人口信息" in (docs / page).read_text("utf-8") and "2026-03-01" in (docs / "index.html").read_text("utf-8")
    assert not [file.name for file in docs.rglob("*.html") if IDENTIFIER.search(file.read_text("utf-8"))]


def test_no_metadata_of_a_run_holds_an_identifier(city, first):
    with dg.DagsterInstance.get() as instance:
        events = instance.all_logs(first.run_id)
    assert len(events) > 100
    assert not [event for event in events if IDENTIFIER.search(str(event.dagster_event))]


def test_the_same_night_again_commits_opens_and_publishes_nothing(city, first):
    from orchestration.register import current_catalogue

    before = current_pin(city.data, current_catalogue()), delta.version(city.data / "violations"), delta.version(city.data / "under_check")
    docs = (city.data / "published" / "data_docs").resolve()
    again = city.night()
    assert again.outcome.kind == "succeeded"
    assert before == (current_pin(city.data, current_catalogue()), delta.version(city.data / "violations"), delta.version(city.data / "under_check"))
    assert published_release(city.data)["number"] == 1
    assert (city.data / "published" / "data_docs").resolve() == docs  # named by what they say
    assert again.told["tickets"]["opened_tickets"] == 0
    assert "未重新构建" in again.told["base_person/person"]["note"]
    assert again.told.keys() == first.told.keys()


def test_a_night_without_deliveries_reports_the_last_gate_run_not_a_pass(city, first):
    result = city.materialize("pool/public_security/resident")
    found = checks(result)["pool/public_security/resident:content"]
    assert not found.passed and found.metadata["unexpected"].value > 0
    assert found.severity == dg.AssetCheckSeverity.WARN
    assert max(record.data["evaluated"] for record in found.metadata["rules"].records) > PERSONS_AT_LEAST


def test_a_theme_by_hand_is_built_on_the_last_release(city, first):
    result = city.materialize("theme_elderly_care/elderly_person")
    assert result.success
    (event,) = [e for e in result.get_asset_materialization_events() if e.asset_key.path[0] == "theme_elderly_care"]
    assert event.step_materialization_data.materialization.metadata["dagster/row_count"].value > 0


def test_a_fault_in_one_resource_leaves_the_others_and_degrades_the_night(city, first, monkeypatch):
    monkeypatch.setattr("yishu.gate.step.advance", failing)
    result = city.night()
    assert result.outcome.kind == "degraded"
    assert {cost.step for cost in result.costs if cost.succeeded} >= {"gate__cross", "release", "tickets", "night__report"}
    (told,) = city.alerts
    assert "户籍人口信息" in told.text and "张三" not in told.text and "11010519491231002X" not in told.text
    assert not [fault for fault in city.ledger.faults() if "11010519491231002X" in fault["message"]]


def test_a_fault_in_the_docs_is_recorded_and_the_report_and_the_last_docs_stay(city, first, monkeypatch):
    docs = (city.data / "published" / "data_docs").resolve()
    monkeypatch.setattr("yishu.gate.data_docs.replace_docs", failing)
    result = city.materialize("night/report")
    assert result.success and (city.data / "published" / "data_docs").resolve() == docs
    fault = city.ledger.faults()[-1]
    assert fault["step"] == "data_docs" and "11010519491231002X" not in fault["message"]


def test_a_fault_is_an_error_of_the_resource_s_check(city, first, monkeypatch):
    monkeypatch.setattr("yishu.ingest.intake.take_in", failing)
    found = checks(city.materialize("raw/public_security/resident"))["raw/public_security/resident:read"]
    assert not found.passed and found.severity == dg.AssetCheckSeverity.ERROR


def test_a_broken_model_keeps_the_last_release_and_still_opens_tickets(city, first, mended):
    model = settings.dbt / "models/thematic/elderly_care/division_summary.sql"
    mended(model, model.read_text("utf-8") + "\nwhere no_such_column = 1\n")
    result = city.night()
    assert result.outcome.kind == "failed"
    assert published_release(city.data)["number"] == 1
    succeeded = {cost.step for cost in result.costs if cost.succeeded}
    assert {"tickets", "night__report"} <= succeeded and "release" not in succeeded
    assert [alert.outcome for alert in city.alerts] == ["failed"]
    assert city.ledger.nights()[-1]["outcome"] == "failed"


def test_another_process_that_writes_is_named_and_the_run_stops(city, first):
    program = ("import sys, time; from pathlib import Path; from yishu.lake.lock import writing\n"
               "with writing(Path(sys.argv[1]), '另一次导入'): print('held', flush=True); time.sleep(60)")
    with subprocess.Popen([sys.executable, "-c", program, str(city.data)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        result = city.materialize("raw/civil_affairs/elderly_allowance")
        other.kill()
    assert not result.success
    assert "另一次导入" in result.failure_data_for_node("raw__civil_affairs__elderly_allowance").user_failure_data.description


def test_a_run_that_a_killed_process_left_is_closed_by_the_next_night(city, first):
    with dg.DagsterInstance.get() as instance:
        left = instance.create_run_for_job(job_def=dg.job(name="night")(lambda: None), status=dg.DagsterRunStatus.STARTED)
        city.ledger.begin_night(city.first_day, "killed")
        city.night()
        assert instance.get_run_by_id(left.run_id).status == dg.DagsterRunStatus.FAILURE
    assert [night["outcome"] for night in city.ledger.nights() if night["actor"] == "killed"] == ["interrupted"]


def test_a_table_by_hand_after_new_data_is_built_and_a_release_of_mixed_pins_is_refused(city, first):
    day = city.first_day + timedelta(days=1)
    assert city.materialize("raw/public_security/resident", "pool/public_security/resident", day=day).success
    assert city.materialize("base_person/person", day=day).success  # its provenance is still that of the last release
    held_back = city.materialize("release", day=day)
    reason = str(checks(held_back)["release:structural"].metadata["fault"].value)
    assert "版本不一致" in reason
    assert "base_person.provenance" in reason
    assert "base_person.person " not in reason
    assert published_release(city.data)["as_of"] == "2026-03-01"


def test_the_second_day_publishes_once_more_and_closes_what_was_corrected(city, first):
    result = city.night(city.first_day + timedelta(days=1))
    assert result.outcome.kind == "succeeded"
    assert published_release(city.data)["as_of"] == "2026-03-02"
    assert result.told["tickets"]["closed_items"].get("corrected", 0) > 0
