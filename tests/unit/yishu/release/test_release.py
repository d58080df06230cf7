"""Publishing: what is refused, what appears, what a crash leaves, what a reader sees meanwhile."""

import os
import shutil
import stat
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from deltalake import write_deltalake

from yishu.lake import release
from yishu.lake.release import inputs_hash, published_release
from yishu.lake.release_files import write_databases
from yishu.lake.warehouse import pin_digest

ELDERLY = "theme_elderly_care.elderly_person"


def test_a_release_holds_base_and_themes_as_tables_with_their_comments(released: Any) -> None:
    outcome = released.publish()
    assert (outcome.number, outcome.published) == (1, True)
    kinds = released.rows(
        "select table_schema || '.' || table_name, table_type from information_schema.tables order by 1"
    )
    assert kinds == [("base_person.person", "BASE TABLE"), (ELDERLY, "BASE TABLE")]
    assert released.rows("select comment from duckdb_tables() where table_name = 'elderly_person'") == [("老年人",)]
    assert released.rows("select comment from duckdb_columns() where column_name = 'full_name'") == [("姓名",)]


def test_release_json_names_everything_the_release_was_made_from(released: Any) -> None:
    released.publish()
    stated = released.stated()
    assert stated["number"] == 1
    assert stated["pin"] == released.pin and stated["pin_digest"] == pin_digest(released.pin)
    assert stated["as_of"] == "2026-03-01"
    assert stated["catalogue_hash"] == released.catalogue.hash
    assert (stated["profile"], stated["profile_version"]) == (released.profile.name, released.profile.version)
    assert stated["inputs_hash"] == "inputs-1" and len(stated["dbt_project_hash"]) == 64
    assert stated["tables"] == {"base_person.person": {"rows": 10}, ELDERLY: {"rows": 10}}
    assert published_release(released.data) == stated


def test_only_the_owner_can_read_a_release(released: Any) -> None:
    released.publish()
    folder = (released.data / "published").resolve()
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert {file.name for file in folder.iterdir()} == {"city.duckdb", "analyst.duckdb", "release.json"}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_same_inputs_give_no_new_release(released: Any) -> None:
    released.publish()
    again = released.publish()
    assert (again.number, again.published) == (1, False)
    assert "输入与第 1 次发布相同" in again.reason
    assert released.publish("inputs-2").number == 2


def test_mixed_pins_are_refused_by_name(released: Any) -> None:
    released.publish()
    other = pin_digest({"public_security.resident": 3})
    released.spoil(f"update lake.built set pin = '{other}', as_of = date '2026-02-28' where table_name = '{ELDERLY}'")
    outcome = released.publish("inputs-2")
    assert (outcome.number, outcome.published) == (1, False)
    assert f"{ELDERLY} 建于版本 {other}（2026-02-28）" in outcome.reason
    assert "base_person.person 建于" not in outcome.reason


def test_a_table_that_records_no_pin_is_refused(released: Any) -> None:
    released.spoil(f"delete from lake.built where table_name = '{ELDERLY}'")
    outcome = released.publish()
    assert (outcome.number, outcome.published) == (None, False)
    assert f"{ELDERLY} 没有记录所依据的版本" in outcome.reason


def test_a_build_of_the_same_pools_at_another_date_is_refused(released: Any) -> None:
    released.spoil("update lake.built set as_of = date '2026-02-28'")
    assert released.publish().published is False


def test_a_fault_of_a_whole_table_keeps_the_last_release(released: Any) -> None:
    released.publish()
    released.spoil(f"insert into {ELDERLY} select * from {ELDERLY} limit 1")
    outcome = released.publish("inputs-2")
    assert outcome.published is False and "不唯一" in outcome.reason
    assert released.rows(f"select count(*) from {ELDERLY}") == [(10,)]


def test_without_a_build_nothing_is_published(released: Any) -> None:
    released.build.unlink()
    assert "没有构建库" in released.publish().reason


STEPS: dict[str, tuple[object, str]] = {
    "writing_the_databases": (release, "write_databases"),
    "flushing": (os, "fsync"),
    "naming_the_folder": (os, "rename"),
    "moving_the_link": (os, "replace"),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("first", [True, False], ids=["first_release", "later_release"])
def test_a_crash_between_steps_leaves_the_old_release(
    released: Any, monkeypatch: pytest.MonkeyPatch, step: str, first: bool
) -> None:
    if not first:
        released.publish()
    released.prepare(persons=12)

    def crash(*_: object, **__: object) -> None:
        raise OSError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr(*STEPS[step], crash)
        with pytest.raises(OSError, match="power cut"):
            released.publish("inputs-2")
    if first:
        assert not (released.data / "published").exists()
    else:
        assert released.rows("select count(*) from base_person.person") == [(10,)]
    assert released.publish("inputs-2").published is True
    assert released.rows("select count(*) from base_person.person") == [(12,)]
    assert not list(released.data.rglob("*.tmp-*")), "leftovers of the crash are swept"


def test_a_crash_in_the_middle_of_a_file_leaves_the_old_release(released: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    released.publish()

    def half(data: Path, build: Path, folder: Path, contracts: Any, catalogue: Any) -> Any:
        write_databases(data, build, folder, contracts, catalogue)
        (folder / "city.duckdb").write_bytes(b"half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(release, "write_databases", half)
        with pytest.raises(KeyboardInterrupt):
            released.publish("inputs-2")
    assert released.rows("select count(*) from base_person.person") == [(10,)]


def test_readers_during_the_swap_see_one_whole_release(released: Any) -> None:
    """Persons and elderly persons are equal in number in each release; a reader must never see two halves, or nothing."""
    released.publish("inputs-0")
    seen: set[int] = set()
    faults: list[str] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                (row,) = released.rows(
                    f"select (select count(*) from base_person.person), (select count(*) from {ELDERLY})"
                )
                seen.add(row[0])
                if row[0] != row[1]:
                    faults.append(str(row))
            except duckdb.Error as error:
                faults.append(str(error))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for turn in range(1, 7):
        released.prepare(persons=10 + turn)
        assert released.publish(f"inputs-{turn}").published is True
    done.set()
    for reader in readers:
        reader.join()
    assert not faults
    assert len(seen) >= 2 and max(seen) <= 16


def test_an_open_reader_keeps_the_release_it_opened(released: Any) -> None:
    released.publish()
    with duckdb.connect(str((released.data / "published").resolve() / "city.duckdb"), read_only=True) as reader:
        released.prepare(persons=11)
        released.publish("inputs-2")
        assert reader.execute("select count(*) from base_person.person").fetchall() == [(10,)]


def test_the_last_five_older_releases_stay(released: Any) -> None:
    for turn in range(1, 9):
        released.publish(f"inputs-{turn}")
    kept = sorted(int(folder.name) for folder in (released.data / "releases").iterdir())
    assert kept == [3, 4, 5, 6, 7, 8]


def test_the_published_release_is_never_retired(released: Any) -> None:
    for turn in range(1, 4):
        released.publish(f"inputs-{turn}")
    published = released.data / "published"
    published.unlink()
    published.symlink_to("releases/1")  # an operator went back
    for number in range(4, 12):
        shutil.copytree(released.data / "releases" / "3", released.data / "releases" / str(number))
    release._retire(released.data)
    kept = sorted(int(folder.name) for folder in (released.data / "releases").iterdir())
    assert kept == [1, 7, 8, 9, 10, 11]
    assert released.publish("inputs-9").number == 12


def test_the_inputs_of_a_release_are_all_that_decides_its_content(released: Any) -> None:
    def named(**changed: Any) -> str:
        stated = {"pin": released.pin, "as_of": date(2026, 3, 1)} | changed
        return inputs_hash(
            released.data,
            released.catalogue,
            stated["pin"],
            stated["as_of"],
            profile=released.profile,
            dbt_dir=released.dbt_dir,
        )

    same = named()
    assert named() == same
    changes: list[Callable[[], str]] = [
        lambda: named(pin={"public_security.resident": 5}),
        lambda: named(as_of=date(2026, 3, 2)),
        lambda: (released.dbt_dir / "models" / "new.sql").write_text("select 1") and named() or "",
    ]
    assert same not in [change() for change in changes]
    before = named()
    doubts = pl.DataFrame({"department": ["d", "d"], "resource": ["r", "r"], "key": ["1", "2"], "rule": ["x", "x"]})
    write_deltalake(str(released.data / "under_check"), doubts.to_arrow(compat_level=pl.CompatLevel.oldest()))
    marked = named()
    assert marked != before
    turned = doubts.reverse().to_arrow(compat_level=pl.CompatLevel.oldest())
    write_deltalake(str(released.data / "under_check"), turned, mode="overwrite")
    assert named() == marked, "a rewrite of the same rows is no new input"
