"""The closed door: what an analyst's and an engineer's SQL can and cannot do."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from yishu.lake.query import QueryRefused, query, tables

ELDERLY = "theme_elderly_care.elderly_person"

REFUSED = {
    "insert": f"insert into {ELDERLY} select * from {ELDERLY}",
    "update": f"update {ELDERLY} set full_name = ''",
    "delete": f"delete from {ELDERLY}",
    "drop": f"drop table {ELDERLY}",
    "create": "create table x as select 1",
    "create_temporary": "create temp table x as select 1",
    "copy_out": f"copy {ELDERLY} to 'out.csv'",
    "copy_database": "copy from database analyst to analyst",
    "export": "export database 'out'",
    "attach": "attach 'city.duckdb' as city",
    "use": "use memory",
    "set": "set enable_external_access = true",
    "reset": "reset enable_external_access",
    "pragma": "pragma enable_external_access = true",
    "call": "call pragma_version()",
    "install": "install httpfs",
    "load": "load httpfs",
    "explain_analyze": f"explain analyze delete from {ELDERLY}",
    "two_statements": "select 1; select 2",
    "hidden_second_statement": f"select 1; drop table {ELDERLY}; --",
    "prepare": "prepare p as select 1",
    "checkpoint": "checkpoint",
    "nothing": "-- nothing",
    "read_csv": "select * from read_csv('{file}')",
    "read_text": "select * from read_text('{file}')",
    "read_blob": "select * from read_blob('{file}')",
    "read_parquet": "select * from read_parquet('{file}')",
    "sniff": "select * from sniff_csv('{file}')",
    "file_as_table": "select * from '{file}'",
    "glob": "select * from glob('{folder}/*')",
    "getenv": "select getenv('PATH')",
    "python_variable": "select * from frame",
    "other_file": "select * from query('from read_text(''{file}'')')",
    "enable_logging": "select * from enable_logging()",
    "base_table": "select * from base_person.person",
    "not_sql": "selec 1",
}


@pytest.mark.parametrize("role", ["analyst", "engineer"])
@pytest.mark.parametrize("attempt", [name for name in REFUSED if name != "base_table"])
def test_every_way_to_write_to_reach_files_or_to_change_the_door_is_refused(
    served: Any, attempt: str, role: Any
) -> None:
    file = served.data / "private.csv"
    file.write_text("secret\n1\n")
    frame = [1]  # noqa: F841 (a Python variable that SQL must not see)
    folder = (served.data / "published").resolve()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(QueryRefused):
        query(served.data, REFUSED[attempt].replace("{file}", str(file)).replace("{folder}", str(served.data)), role)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_an_analyst_is_told_how_to_reach_base_tables(served: Any) -> None:
    with pytest.raises(QueryRefused, match="--role engineer") as refused:
        query(served.data, REFUSED["base_table"])
    assert ELDERLY in str(refused.value)
    assert query(served.data, "select count(*) as persons from base_person.person", "engineer").to_dicts() == [
        {"persons": 10}
    ]


def test_a_refusal_to_read_files_names_the_tables_there_are(served: Any) -> None:
    with pytest.raises(QueryRefused, match=f"只使用已发布的表.*{ELDERLY}"):
        query(served.data, "select * from read_text('/etc/hostname')")


@pytest.mark.parametrize(
    "sql",
    [
        f"select count(*) as n from {ELDERLY};",
        f"with e as (select * from {ELDERLY}) select count(*) as n from e",
        f"from {ELDERLY} select count(*) as n",
        "values (10)",
    ],
)
def test_one_select_in_any_of_its_forms_is_answered(served: Any, sql: str) -> None:
    assert query(served.data, sql).rows() == [(10,)]


def test_tables_and_columns_can_be_looked_up(served: Any) -> None:
    assert tables(served.data) == {ELDERLY: "老年人"}
    assert set(tables(served.data, "engineer")) == {"base_person.person", ELDERLY}
    assert "full_name" in query(served.data, f"describe {ELDERLY}")["column_name"].to_list()


def test_an_analyst_sees_masked_identifiers(served: Any) -> None:
    assert query(served.data, f"select distinct full_name from {ELDERLY}").rows() == [("王*明",)]
    assert query(served.data, f"select distinct full_name from {ELDERLY}", "engineer").rows() == [("王大明",)]


def test_before_the_first_release_the_way_out_is_named(tmp_path: Path) -> None:
    with pytest.raises(QueryRefused, match="yishu night"):
        query(tmp_path, "select 1")


def test_an_unknown_role_is_refused(served: Any) -> None:
    with pytest.raises(QueryRefused, match="analyst、engineer"):
        query(served.data, "select 1", "admin")  # type: ignore[arg-type]  # what a command line may pass


def test_a_query_that_runs_too_long_is_stopped(served: Any) -> None:
    with pytest.raises(QueryRefused, match="已中止"):
        query(
            served.data,
            "select count(*) from range(1000000000) as a(i), range(1000000) as b(j) where a.i * b.j % 7 = 3",
            seconds=0.3,
        )


def test_a_query_beyond_the_memory_limit_is_refused_and_spills_nowhere(
    served: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yishu.lake import query as door

    monkeypatch.setitem(door._CLOSED, "memory_limit", "64MB")
    with pytest.raises(QueryRefused, match="内存"):
        query(
            served.data,
            "select count(*) from (select i, md5(cast(i as varchar)) as m from range(5000000) as r(i) order by m)",
        )
    assert {path.name for path in (served.data / "published").resolve().iterdir()} == {
        "city.duckdb",
        "analyst.duckdb",
        "release.json",
    }


def test_a_result_larger_than_this_machine_should_hold_is_refused(served: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from yishu.lake import query as door

    monkeypatch.setattr(door, "LARGEST_RESULT_BYTES", 8 << 20)
    assert query(served.data, "select range as n from range(500000)").height == 500_000
    with pytest.raises(QueryRefused, match="结果超过 8 MB"):
        query(served.data, "select range as n from range(100000000)", seconds=60)


def test_a_type_that_no_table_can_show_is_refused_with_the_way_out(served: Any) -> None:
    with pytest.raises(QueryRefused, match="列 waited .*INTERVAL.*cast"):
        query(served.data, "select age(date '2026-03-01', date '1950-01-02') as waited")
    assert query(served.data, "select cast(interval 1 day as varchar) as waited").rows() == [("1 day",)]


def test_columns_that_share_a_name_are_told_apart(served: Any) -> None:
    assert query(served.data, "select 1 as a, 2 as a, 3 as a_1").to_dicts() == [{"a": 1, "a_1": 2, "a_1_1": 3}]


def test_a_process_that_queried_exits_cleanly(served: Any) -> None:
    script = "import sys; from pathlib import Path; from yishu.lake.query import query; print(query(Path(sys.argv[1]), sys.argv[2]).height)"
    done = subprocess.run(
        [sys.executable, "-c", script, str(served.data), f"from {ELDERLY}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "10", "")
