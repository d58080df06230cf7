"""A night through Dagster: the first, the same again, steps by hand and their faults. Nights that follow: test_later_nights.py."""

import re
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from tests.components.conftest import checks, failing
from yishu.lake import delta
from yishu.lake.pins import current_pin
from yishu.lake.release import published_release
from yishu.settings import settings

DELIVERED = True  # the first night itself is tested here
PERSONS_AT_LEAST = 300
IDENTIFIER = re.compile(r"(?<![0-9a-f])\d{17}[\dXx](?![0-9a-f])")


@pytest.fixture(scope="module")
def first(city):
    return city.night()


def test_the_first_night_publishes_and_opens_tickets(city, first):
    assert first.outcome.kind == "succeeded" and not city.alerts
    assert published_release(city.data)["number"] == 1
    assert first.told["tickets"]["opened_tickets"] > 0
    assert first.told["pool/public_security/resident"]["dagster/row_count"] > PERSONS_AT_LEAST
    assert all(cost.succeeded and cost.peak_mb for cost in first.costs)


def test_steps_run_in_the_order_build_release_supervision_linkage_tickets_report(first):
    assert [cost.step for cost in first.costs][-6:] == ["warehouse", "release", "supervision", "linkage", "tickets", "night__report"]


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
    column_lineage = [told.told["base_person/person"]["dagster/column_lineage"] for told in (first, again)]
    assert column_lineage[0] == column_lineage[1]
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


def test_another_process_that_writes_is_named_and_the_run_stops(city, first):
    program = ("import sys, time; from pathlib import Path; from yishu.lake.lock import writing\n"
               "with writing(Path(sys.argv[1]), '另一次导入'): print('held', flush=True); time.sleep(60)")
    with subprocess.Popen([sys.executable, "-c", program, str(city.data)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "held\n"
        result = city.materialize("raw/civil_affairs/elderly_allowance")
        other.kill()
    assert not result.success
    assert "另一次导入" in result.failure_data_for_node("raw__civil_affairs__elderly_allowance").user_failure_data.description
