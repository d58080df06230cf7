"""`yishu rebuild` on the terminal: what differs, and the exit code that a timer acts on. The replay itself: tests/unit/yishu/rebuild."""

import importlib
from pathlib import Path

import duckdb
import pytest

from yishu.lake.ledger import Ledger

command = importlib.import_module("orchestration.cli.rebuild")


def publish(folder: Path, names: str) -> Path:
    (folder / "published").mkdir(parents=True)
    with duckdb.connect(str(folder / "published" / "city.duckdb")) as connection:
        connection.execute(f"create schema base_person; create table base_person.person as from (values {names}) as v(full_name)")
    return folder


@pytest.fixture
def served(data, tmp_path, monkeypatch):
    """A data folder with a release of two persons; `served("…")` says what the replay will make of it."""
    Ledger(data)
    publish(data, "('甲'), ('乙')")

    def replayed(names: str) -> None:
        monkeypatch.setattr(command, "_rebuilt", lambda _: publish(tmp_path / "again", names))

    return replayed


def test_equal_tables_end_with_0_and_are_counted(yishu, served):
    served("('乙'), ('甲')")
    said = yishu("rebuild")
    assert said.exit_code == 0 and "1 张表、2 行全部一致" in said.output


def test_a_difference_is_counted_by_table_and_ends_with_3(yishu, served):
    served("('甲'), ('丙'), ('丁')")
    said = yishu("rebuild")
    line = next(line for line in said.output.splitlines() if line.startswith("base_person.person"))
    assert said.exit_code == 3 and line.split()[1:] == ["2", "3", "1", "2"] and "1 张表有差异：base_person.person" in said.output


def test_what_differs_is_not_published_over_other_pools(yishu, served):
    served("('甲')")
    said = yishu("rebuild", "--publish")
    assert said.exit_code == 2 and "重建的资源池与现有的不同" in said.output


def test_before_any_release_there_is_nothing_to_compare(yishu, data):
    Ledger(data)
    said = yishu("rebuild")
    assert said.exit_code == 2 and "还没有发布过" in said.output and not (data / "work").exists()
