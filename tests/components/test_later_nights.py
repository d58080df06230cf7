"""Nights after the first through Dagster, in the order in which a city lives them: faults, a killed run, new data by hand, the next day."""

from datetime import timedelta

import dagster as dg
import pytest

from tests.components.conftest import checks, failing
from yishu.gate.step import pool_types
from yishu.ingest.desk_source import write_correction
from yishu.lake.pool import read_pool
from yishu.lake.raw import read_raw
from yishu.lake.release import published_release
from yishu.settings import settings

pytestmark = pytest.mark.city
AFTER_FIRST_NIGHT = True


def test_a_fault_in_one_resource_leaves_the_others_and_degrades_the_night(city, monkeypatch):
    monkeypatch.setattr("yishu.gate.step.advance", failing)
    result = city.night()
    assert result.outcome.kind == "degraded"
    assert {cost.step for cost in result.costs if cost.succeeded} >= {"gate__cross", "release", "tickets", "night__report"}
    (told,) = city.alerts
    assert "户籍人口信息" in told.text and "张三" not in told.text and "11010519491231002X" not in told.text
    assert not [fault for fault in city.ledger.faults() if "11010519491231002X" in fault["message"]]


def test_a_broken_model_keeps_the_last_release_and_still_opens_tickets(city, mended):
    model = settings.dbt / "models/thematic/elderly_care/division_summary.sql"
    mended(model, model.read_text("utf-8") + "\nwhere no_such_column = 1\n")
    result = city.night()
    assert result.outcome.kind == "failed"
    assert published_release(city.data)["number"] == 1
    succeeded = {cost.step for cost in result.costs if cost.succeeded}
    assert {"tickets", "night__report"} <= succeeded and "release" not in succeeded
    assert [alert.outcome for alert in city.alerts] == ["failed"]
    assert city.ledger.nights()[-1]["outcome"] == "failed"


def test_a_run_that_a_killed_process_left_is_closed_by_the_next_night(city):
    with dg.DagsterInstance.get() as instance:
        left = instance.create_run_for_job(job_def=dg.job(name="night")(lambda: None), status=dg.DagsterRunStatus.STARTED)
        city.ledger.begin_night(city.first_day, "killed")
        city.night()
        assert instance.get_run_by_id(left.run_id).status == dg.DagsterRunStatus.FAILURE
    assert [night["outcome"] for night in city.ledger.nights() if night["actor"] == "killed"] == ["interrupted"]


def test_a_table_by_hand_after_new_data_is_built_and_a_release_of_mixed_pins_is_refused(city):
    day = city.first_day + timedelta(days=1)
    assert city.materialize("raw/public_security/resident", "pool/public_security/resident", day=day).success
    assert city.materialize("base_person/person", day=day).success  # its provenance is still that of the last release
    held_back = city.materialize("release", day=day)
    reason = str(checks(held_back)["release:structural"].metadata["fault"].value)
    assert "版本不一致" in reason
    assert "base_person.provenance" in reason
    assert "base_person.person " not in reason
    assert published_release(city.data)["as_of"] == "2026-03-01"


def test_the_second_day_publishes_once_more_and_closes_what_was_corrected(city):
    result = city.night(city.first_day + timedelta(days=1))
    assert result.outcome.kind == "succeeded"
    assert published_release(city.data)["as_of"] == "2026-03-02"
    assert result.told["tickets"]["closed_items"].get("corrected", 0) > 0


def test_a_night_of_one_delivery_leaves_the_databases_standing_that_it_does_not_feed(city):
    from orchestration.register import current_catalogue

    day, resource = city.first_day + timedelta(days=1), current_catalogue().resources["public_security.resident"]
    pool = read_pool(city.data, resource, pool_types(resource))
    sound = pool.filter(pool["_invalid"].is_null())["_key"].sort()[0]
    last = city.ledger.last_accepted("public_security", "resident")
    (row,) = [row for row in read_raw(city.data, last).iter_rows(named=True) if row["citizen_id"] == sound]
    told = {item.name: row[item.name] for item in resource.items} | {"full_name": "更正后"}
    write_correction(city.data, resource, [told], day, name="one", actor="someone", approval="数据函〔2026〕9号")
    before, asked = published_release(city.data), city.ledger.last_gate_run("dbt", "warehouse")

    result = city.night(day)

    assert result.outcome.kind == "succeeded" and published_release(city.data)["number"] == before["number"] + 1
    assert "沿用" in result.told["base_legal_entity/legal_entity"]["note"] and "note" not in result.told["base_person/person"]
    counted = result.told["base_legal_entity/legal_entity"]["dagster/row_count"]
    assert counted == before["tables"]["base_legal_entity.legal_entity"]["rows"] > 0
    ran_in = {test["rule"]: test.get("ran_in") for test in city.ledger.last_gate_run("dbt", "warehouse")["results"]}
    assert ran_in.keys() == {test["rule"] for test in asked["results"]}
    assert ran_in["unique_legal_entity_entity_id"] == asked["run"]
    assert ran_in["unique_person_entity_id"] is None and ran_in["every_source_row_is_linked_or_waits"] is None
