"""Data Docs in a release: replaced whole or not at all, carried into the next release, nothing left over."""

from pathlib import Path
from typing import Any

import pytest

from yishu.lake import release_docs
from yishu.lake.release_docs import carry_over, replace_docs


def writing(text: str, seen: list[Path | None] | None = None) -> Any:
    def write(folder: Path, before: Path | None) -> None:
        if seen is not None:
            seen.append(before)
        (folder / "index.html").write_text(text, encoding="utf-8")

    return write


def breaking(folder: Path, before: Path | None) -> None:
    (folder / "index.html").write_text("half", encoding="utf-8")
    raise RuntimeError("power cut")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "releases" / "1").mkdir(parents=True)
    (tmp_path / "published").symlink_to("releases/1")
    return tmp_path


def shown(data: Path) -> str:
    return (data / "published" / "data_docs" / "index.html").read_text("utf-8")


def names(data: Path, release: int = 1) -> list[str]:
    return sorted(path.name for path in (data / "releases" / str(release)).iterdir())


def test_docs_are_replaced_and_the_old_ones_go(data: Path) -> None:
    seen: list[Path | None] = []
    replace_docs(data, "aa", writing("first", seen))
    assert shown(data) == "first"
    replace_docs(data, "bb", writing("second", seen))
    assert shown(data) == "second" and names(data) == [".data_docs.bb", "data_docs"]
    assert [before and before.name for before in seen] == [None, ".data_docs.aa"]


def test_the_same_docs_again_write_nothing(data: Path) -> None:
    replace_docs(data, "aa", writing("first"))
    replace_docs(data, "aa", breaking)
    assert shown(data) == "first"


def test_without_a_release_there_are_no_docs(tmp_path: Path) -> None:
    assert replace_docs(tmp_path, "aa", breaking) is None


def test_a_crash_while_writing_leaves_the_old_docs_and_the_next_night_sweeps(data: Path) -> None:
    replace_docs(data, "aa", writing("first"))
    with pytest.raises(RuntimeError, match="power cut"):
        replace_docs(data, "bb", breaking)
    assert shown(data) == "first"
    replace_docs(data, "bb", writing("second"))
    assert shown(data) == "second" and names(data) == [".data_docs.bb", "data_docs"]


def test_a_crash_between_the_folder_and_the_swap_leaves_the_old_docs_and_a_rerun_ends_it(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace_docs(data, "aa", writing("first"))
    with monkeypatch.context() as patch:
        patch.setattr(release_docs.os, "replace", _power_cut)
        with pytest.raises(RuntimeError, match="power cut"):
            replace_docs(data, "bb", writing("second"))
    assert shown(data) == "first"
    replace_docs(data, "bb", breaking)  # whole already: not written again
    assert shown(data) == "second" and names(data) == [".data_docs.bb", "data_docs"]


def _power_cut(*_: object) -> None:
    raise RuntimeError("power cut")


def test_the_next_release_begins_with_the_docs_of_the_last_one(released: Any) -> None:
    released.publish()
    replace_docs(released.data, "aa", writing("first"))
    released.prepare(11)
    released.publish("inputs-2")
    assert released.stated()["number"] == 2 and shown(released.data) == "first"
    replace_docs(released.data, "bb", writing("second"))
    assert shown(released.data) == "second"
    assert (released.data / "releases" / "1" / "data_docs" / "index.html").read_text("utf-8") == "first"


def test_a_release_without_docs_hands_none_over(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    carry_over(tmp_path / "absent", tmp_path / "new")
    assert list((tmp_path / "new").iterdir()) == []
