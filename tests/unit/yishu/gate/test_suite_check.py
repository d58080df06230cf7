"""Suites held against the catalogue before a night needs them: `yishu catalogue check`."""

import shutil
from pathlib import Path

import pytest

from yishu.catalogue import load_catalogue
from yishu.gate.suite_check import suite_faults
from yishu.settings import settings

FILE = Path("raw/human_resources/pension.yaml")


@pytest.fixture
def suites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = Path(shutil.copytree(settings.suites_dir, tmp_path / "suites"))
    monkeypatch.setattr(settings, "suites", copy)
    return copy


def test_the_suites_that_ship_have_no_fault() -> None:
    assert suite_faults(load_catalogue()) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (FILE, "expect_column_values_to_be_between", "expect_column_kl_divergence_to_be_less_than", ["引擎不支持期望", "分位数"]),
        (FILE, "column: person_no", "column: person_nr", ["person_nr", "name__text"]),
        (FILE, "kwargs: {column: person_no", 'kwargs: {row_condition: \'col("nowhere") == "1"\', column: person_no', ["nowhere"]),
        (Path("base/person.yaml"), "severity: structural", "severity: grave", ["severity", "grave"]),
        (Path("cross/deceased.yaml"), "resource: public_security.death", "resource: public_security.dead", ["public_security.dead"]),
    ],
)
def test_a_broken_suite_of_any_kind_is_told_with_file_line_and_way_out(suites: Path, file: Path, old: str, new: str, words: list[str]) -> None:
    text = (suites / file).read_text("utf-8")
    assert old in text
    (suites / file).write_text(text.replace(old, new, 1), "utf-8")
    (fault,) = suite_faults(load_catalogue())
    assert f"{file}:" in fault
    assert all(word in fault for word in words), fault
