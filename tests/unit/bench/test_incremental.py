"""The bench of what a night touches: its race is one only if all ways end with the same rows, and it says so where they do not."""

from collections.abc import Callable
from pathlib import Path

import click
import duckdb
import polars as pl
import pytest
from deltalake import DeltaTable

from bench.incremental import contestants, finding, pools, updating
from bench.incremental.__main__ import agreed, lay_down
from bench.incremental.report import NIGHTS, Figure, write_report
from bench.incremental.rows import SOURCES, Night, nights

KEYS, SEED = 300, 3


@pytest.fixture(scope="module", params=[0.05, 1.0], ids=["few keys move", "all keys move"])
def laid(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Night]]:
    folder = tmp_path_factory.mktemp("night")
    lay_down(folder, KEYS, request.param, SEED)
    return folder, nights(KEYS, request.param, SEED)


@pytest.mark.parametrize("question", contestants.WAYS)
def test_all_ways_of_a_step_end_with_the_same_rows(question: str, laid: tuple[Path, dict[str, Night]]) -> None:
    taken = {way: [contestants.measured(question, way, laid[0])] for way in contestants.WAYS[question]}
    agreed(question, taken)
    assert all(run.rows and run.wall > 0 and run.peak > 0 for (run,) in taken.values())


def without_differing_buckets(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    finding.difference(connection, folder)
    connection.execute("delete from changed where hash(entity_key) % 7 = 0")


def inserted_only() -> list[str]:
    return [statement for statement in updating.delete_insert() if not statement.startswith("delete")]


def never_deleting() -> list[str]:
    return [statement.replace("fresh.entity_id is null then delete", "false then delete") for statement in updating.merge()]


def one_bucket_late() -> list[str]:
    return [statement.replace("in (select bucket from touched)", "in (select bucket + 1 from touched)") for statement in updating.buckets(64)]


def forgetting_who_left(folder: Path, found: dict[str, Night]) -> None:
    pools.merge(folder, {source: Night(n.before, n.after, n.arriving, n.leaving.clear()) for source, n in found.items()})


@pytest.mark.parametrize(
    ("question", "way", "broken"),
    [
        ("find", "buckets 64", without_differing_buckets),
        ("update", "delete + insert", inserted_only),
        ("update", "merge", never_deleting),
        ("update", "buckets 64", one_bucket_late),
        ("write", "merge", forgetting_who_left),
    ],
)
def test_a_way_that_ends_with_other_rows_ends_the_bench(
    question: str, way: str, broken: Callable[..., object], laid: tuple[Path, dict[str, Night]], monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = {"find": finding.WAYS, "update": updating.WAYS, "write": pools.WAYS}[question]
    right = contestants.measured(question, contestants.WAYS[question][0], laid[0])
    monkeypatch.setitem(ways, way, broken)
    with pytest.raises(click.ClickException, match="end with other rows"):
        agreed(question, {"right": [right], way: [contestants.measured(question, way, laid[0])]})


def test_the_keys_found_are_those_whose_valid_rows_the_night_moved(laid: tuple[Path, dict[str, Night]]) -> None:
    folder, found = laid
    moved = pl.concat(
        [pl.concat([n.before.join(n.after, on=n.before.columns, how="anti", nulls_equal=True), n.after.join(n.before, on=n.before.columns, how="anti",
         nulls_equal=True)]).select("citizen_id", "_invalid") for n in found.values()]
    )  # fmt: skip
    with duckdb.connect(str(folder / "golden.duckdb"), read_only=True) as connection:
        keys = {key for (key,) in connection.execute("select entity_key from changed").fetchall()}
    assert keys == set(moved.filter(pl.col("_invalid").is_null())["citizen_id"])


def test_a_night_changes_takes_and_brings_rows_and_some_keys_vanish(laid: tuple[Path, dict[str, Night]]) -> None:
    found = laid[1]
    before, after = (pl.concat([side(n).select("_key") for n in found.values()])["_key"].unique() for side in (lambda n: n.before, lambda n: n.after))
    assert any(n.leaving.height for n in found.values())
    assert any(n.arriving.join(n.before, on="_key", how="semi").height for n in found.values())
    assert set(after) - set(before)
    assert set(before) - set(after)


def test_the_rebuilt_table_takes_each_name_from_the_first_source_that_says_one(laid: tuple[Path, dict[str, Night]], tmp_path: Path) -> None:
    folder, found = laid
    valid = [found[source].after.filter(pl.col("_invalid").is_null(), pl.col("full_name").is_not_null()) for source in SOURCES]
    first = pl.concat([frame.select("citizen_id", "full_name") for frame in valid]).unique("citizen_id", keep="first", maintain_order=True)
    (tmp_path / "rebuilt").write_bytes((folder / "golden.duckdb").read_bytes())
    with duckdb.connect(str(tmp_path / "rebuilt")) as connection:
        for statement in updating.rebuild():
            connection.execute(statement)
        rows = connection.execute("select citizen_id, full_name from golden where full_name is not null").fetchall()
    assert dict(rows) == dict(first.iter_rows())


def test_an_overwritten_table_feeds_every_row_twice(laid: tuple[Path, dict[str, Night]], tmp_path: Path) -> None:
    """Why the feed has the price of a merge: beside an overwrite it names all keys."""
    night = laid[1]["resident"]
    pools.write_deltalake(str(tmp_path / "resident"), pools._plain(night.before), configuration=pools.FEED)
    pools.overwrite(tmp_path, {"resident": night})
    feed = DeltaTable(str(tmp_path / "resident")).load_cdf(starting_version=1, ending_version=1, columns=["_key"])
    assert pl.DataFrame(feed.read_all()).height == night.before.height + night.after.height


def test_the_page_tells_a_night_as_the_sum_of_its_steps_and_as_part_of_a_rebuild(tmp_path: Path) -> None:
    figures = [Figure(0.01, question, way, wall, wall / 2, 2**20 * 7, 2**20, 5, 1)
               for question, wall in (("write", 1.0), ("find", 2.0), ("update", 4.0)) for way in contestants.WAYS[question]]  # fmt: skip
    page = write_report(figures, 100, tmp_path).read_text("utf-8")
    assert "| 1.0% | rebuild | 5.00 | 1.00 | 2.50 | 5 | 7 | 1 | 1 |" in page
    assert "| 1.0% | difference, delete + insert (today) | 7.00 | 1.40 | 3.50 | 5 | 7 | 1 | 1 |" in page
    assert all(f"| {name} |" in page for name in NIGHTS)
