"""What the graph shows: read from the catalogue and dbt, without running anything."""

import os
import subprocess
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
import yaml

from orchestration.components import Register
from orchestration.components.warehouse import lineage
from orchestration.definitions import defs
from orchestration.lake import Lake
from orchestration.register import current_catalogue
from yishu.settings import settings


@pytest.fixture(scope="module")
def graph(city):
    return defs()


@pytest.fixture(scope="module")
def specs(graph):
    return {spec.key.to_user_string(): spec for spec in graph.resolve_all_asset_specs()}


def test_every_resource_of_the_catalogue_is_a_raw_and_a_pool_asset(specs):
    for resource in current_catalogue().resources.values():
        raw, pool = (specs[f"{layer}/{resource.department}/{resource.name}"] for layer in ("raw", "pool"))
        assert (raw.group_name, pool.group_name) == (f"raw_{resource.department}", f"pool_{resource.department}")
        assert resource.title in raw.description and resource.title in pool.description
        assert pool.owners and {"delta", "polars"} <= pool.kinds
        assert {item.name for item in resource.items} < {column.name for column in pool.metadata["dagster/column_schema"].columns}


def test_every_asset_has_a_group_an_owner_and_a_chinese_description(specs):
    for name, spec in specs.items():
        assert spec.owners and spec.group_name != "default", name
        assert any("\u4e00" <= letter <= "\u9fff" for letter in spec.description or ""), name


def test_the_built_tables_stand_in_the_group_of_their_schema(specs):
    assert specs["base_person/person"].group_name == "base_person"
    assert specs["theme_elderly_care/elderly_person"].group_name == "theme_elderly_care"
    upstream = {name: {dep.asset_key.to_user_string() for dep in specs[name].deps} for name in ("base_person/person", "claim/person")}
    assert "claim/person" in upstream["base_person/person"] and "pool/public_security/resident" in upstream["claim/person"]


def columns(spec):
    return {column.name for column in spec.metadata["dagster/column_schema"].columns}


def test_every_golden_column_leads_to_the_columns_of_the_pools_that_feed_it(graph, specs):
    assets = graph.resolve_asset_graph()
    for key, metadata in lineage(current_catalogue()).items():
        above = {one.to_user_string() for one in assets.upstream_key_iterator(key)}
        told = metadata["dagster/column_lineage"].deps_by_column
        assert columns(specs[key.to_user_string()]) - told.keys() == {"known_since", "under_check"}, key
        for column, deps in told.items():
            assert deps and column in columns(specs[key.to_user_string()]), (key, column)
            for dep in deps:
                assert dep.asset_key.to_user_string() in above, (key, dep)
                assert dep.column_name in columns(specs[dep.asset_key.to_user_string()]), (key, dep)


def test_a_value_leads_to_every_source_that_may_win_under_its_own_name_and_a_code_s_name_to_its_code():
    person = lineage(current_catalogue())[dg.AssetKey(["base_person", "person"])]["dagster/column_lineage"].deps_by_column
    insured = person["pension_insured_status"]
    assert [(dep.asset_key.path[1:], dep.column_name) for dep in insured] == [(["human_resources", "insured_person"], "insured_status")]
    sources = current_catalogue().authority["person"].attributes["sex"]
    assert {".".join(dep.asset_key.path[1:]) for dep in person["sex"]} == set(sources)
    assert person["sex_name"] == person["sex"] and person["entity_id"] == person["citizen_id"]


def test_checks_are_few_by_severity_and_never_blocking(graph):
    specs = [spec for definition in graph.resolve_asset_graph().assets_defs for spec in definition.check_specs]
    assert not [spec for spec in specs if spec.blocking]
    of_pool = {spec.name for spec in specs if spec.asset_key == dg.AssetKey(["pool", "public_security", "resident"])}
    assert of_pool == {"structural", "content", "advisory"}


def test_tickets_and_report_need_neither_build_nor_release_and_come_after_them(graph, specs):
    for name, priority in (("tickets", "-10"), ("night/report", "-20")):
        assert {dep.asset_key.to_user_string() for dep in specs[name].deps} == {"gate/cross"}
        definition = graph.resolve_assets_def(specs[name].key)
        assert definition.op.tags["dagster/priority"] == priority


def test_the_night_is_scheduled_at_half_past_one_in_china_for_its_own_day(graph):
    schedule = graph.resolve_schedule_def("night")
    assert (schedule.cron_schedule, schedule.execution_timezone, schedule.job_name) == ("30 1 * * *", "Asia/Shanghai", "night")
    moment = datetime(2026, 3, 2, 1, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    with dg.build_schedule_context(scheduled_execution_time=moment) as context:
        (request,) = schedule.evaluate_tick(context).run_requests
    assert request.run_config["resources"]["lake"]["config"]["date"] == "2026-03-02"


def test_messages_are_sent_every_quarter_of_an_hour(graph):
    schedule = graph.resolve_schedule_def("notify")
    assert (schedule.cron_schedule, schedule.execution_timezone, schedule.job_name) == ("*/15 * * * *", "Asia/Shanghai", "notify")


def test_a_new_catalogue_file_appears_as_assets_without_an_edit(city, mended):
    entry = yaml.safe_load((settings.catalogue / "departments/civil_affairs/elderly_allowance.yaml").read_text("utf-8"))
    for item in entry["items"]:
        item.pop("feeds", None)
    mended(settings.catalogue / "departments/civil_affairs/divorce.yaml", yaml.safe_dump({**entry, "code": "307002/0099", "title": "离婚登记信息"}))
    alone = dg.Definitions.merge(dg.build_defs_for_component(Register()), dg.Definitions(resources={"lake": Lake()}))
    found = {spec.key.to_user_string() for spec in alone.resolve_all_asset_specs()}
    assert {"raw/civil_affairs/divorce", "pool/civil_affairs/divorce"} < found


def test_loading_the_definitions_imports_none_of_the_heavy_libraries(city, graph):
    heavy = ("great_expectations", "pandas", "django", "dbt.cli.main", "duckdb")
    program = (f"import sys; from orchestration.definitions import defs; defs().resolve_job_def('night'); "
               f"print([name for name in {heavy!r} if name in sys.modules])")
    chosen = {f"YISHU_{name.upper()}": str(getattr(settings, name)) for name in ("data", "catalogue", "suites", "dbt")}
    done = subprocess.run([sys.executable, "-c", program], env={**os.environ, **chosen}, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
