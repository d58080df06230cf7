"""A commit is made once per key: whatever a crash left, the rerun adds nothing twice."""

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from yishu.lake import delta

ROWS = pl.DataFrame({"id": ["1", "2"], "value": [10, 20]})
MORE = pl.DataFrame({"id": ["3"], "value": [30]})


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "pool" / "police" / "resident"


def rows(table: Path, at: int | None = None) -> dict[str, int]:
    return dict(delta.read(table, at).select("id", "value").sort("id").iter_rows())


def test_a_table_that_is_not_there_has_no_version_and_no_commits(table: Path) -> None:
    assert not delta.exists(table) and delta.version(table) is None and not delta.committed(table, "a")


def test_appending_again_under_one_key_adds_nothing(table: Path) -> None:
    for _ in range(3):
        delta.append(table, ROWS, key="delivery 1", actor="night")
    assert rows(table) == {"1": 10, "2": 20} and delta.read(table).height == 2 and delta.version(table) == 0


def test_another_key_appends_even_the_same_rows(table: Path) -> None:
    delta.append(table, ROWS, key="delivery 1", actor="night")
    delta.append(table, ROWS, key="delivery 2", actor="night")
    assert delta.read(table).height == 4


def test_a_rerun_after_a_later_commit_still_adds_nothing(table: Path) -> None:
    """The crash may have been long ago: the key is looked for among all commits, not only the last."""
    delta.append(table, ROWS, key="delivery 1", actor="night")
    delta.append(table, MORE, key="delivery 2", actor="night")
    delta.append(table, ROWS, key="delivery 1", actor="night")
    assert delta.read(table).height == 3


def test_an_appended_table_takes_a_new_column(table: Path) -> None:
    delta.append(table, ROWS, key="1", actor="night")
    delta.append(table, MORE.with_columns(new=pl.lit("x")), key="2", actor="night")
    assert sorted(delta.read(table)["new"].to_list(), key=str) == [None, None, "x"]


def test_replacing_leaves_the_new_rows_only_and_happens_once(table: Path) -> None:
    delta.replace(table, ROWS, key="delivery 1", actor="night")
    delta.replace(table, MORE, key="delivery 2", actor="night")
    delta.replace(table, ROWS, key="delivery 1", actor="night")
    assert rows(table) == {"3": 30} and delta.version(table) == 1


def test_an_older_version_stays_readable(table: Path) -> None:
    delta.replace(table, ROWS, key="delivery 1", actor="night")
    delta.replace(table, MORE, key="delivery 2", actor="night")
    assert rows(table, at=0) == {"1": 10, "2": 20}


def test_replacing_may_change_the_columns(table: Path) -> None:
    delta.replace(table, ROWS, key="1", actor="night")
    delta.replace(table, MORE.drop("value"), key="2", actor="night")
    assert delta.read(table).columns == ["id"]


def test_a_table_may_become_empty_and_keeps_its_types(table: Path) -> None:
    delta.replace(table, ROWS, key="1", actor="night")
    delta.replace(table, ROWS.clear(), key="2", actor="night")
    assert_frame_equal(delta.read(table), ROWS.clear())


def upsert(table: Path, frame: pl.DataFrame, key: str) -> None:
    delta.upsert(table, frame, "id", "closed_run is null", ["closed_run"], key=key, actor="night")


def facts(**closed: int | None) -> pl.DataFrame:
    schema = {"id": pl.String, "value": pl.Int64, "closed_run": pl.Int64}
    return pl.DataFrame([(id_, 1, run) for id_, run in closed.items()], schema=schema, orient="row")


def closed_runs(table: Path) -> dict[str, int | None]:
    return dict(delta.read(table).select("id", "closed_run").sort("id").iter_rows())


def test_upserting_updates_what_is_known_and_inserts_the_rest_in_one_commit(table: Path) -> None:
    upsert(table, facts(a=None, b=None), "run 1")
    upsert(table, facts(a=2, c=None), "run 2")
    assert closed_runs(table) == {"a": 2, "b": None, "c": None} and delta.version(table) == 1


def test_upserting_again_under_one_key_changes_nothing(table: Path) -> None:
    upsert(table, facts(a=None), "run 1")
    upsert(table, facts(a=2, b=None), "run 2")
    before = delta.read(table).sort("id")
    upsert(table, facts(a=2, b=None), "run 2")
    upsert(table, facts(a=None), "run 1")
    assert_frame_equal(delta.read(table).sort("id"), before)
    assert delta.version(table) == 1


def test_upserting_changes_the_named_columns_only(table: Path) -> None:
    upsert(table, facts(a=None), "run 1")
    upsert(table, facts(a=2).with_columns(value=pl.lit(99, pl.Int64)), "run 2")
    assert delta.read(table).to_dicts() == [{"id": "a", "value": 1, "closed_run": 2}]


def test_a_commit_tells_its_note_by_its_key(table: Path) -> None:
    delta.replace(table, ROWS, key="delivery 1", actor="night", note={"held_out": 3, "原因": "缺"})
    delta.replace(table, MORE, key="delivery 2", actor="night")
    assert delta.commit_note(table, "delivery 1") == {"held_out": 3, "原因": "缺"}
    assert delta.commit_note(table, "delivery 2") == {}
    with pytest.raises(KeyError):
        delta.commit_note(table, "delivery 3")


def test_reading_keeps_the_rows_asked_for(table: Path) -> None:
    delta.append(table, ROWS, key="1", actor="night")
    assert delta.read(table, where=pl.col("value") > 10)["id"].to_list() == ["2"]


def test_a_folder_with_chinese_in_its_name_is_read_back(tmp_path: Path) -> None:
    table = tmp_path / "数据 目录" / "池"
    delta.append(table, ROWS, key="1", actor="night")
    assert rows(table) == {"1": 10, "2": 20}
