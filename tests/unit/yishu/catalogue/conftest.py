"""A copy of the real catalogue, to be broken."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from yishu.settings import ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the real catalogue, to be broken."""
    return Path(shutil.copytree(ROOT / "catalogue", tmp_path / "catalogue"))


@pytest.fixture
def replace(folder: Path) -> Callable[[str, str, str], None]:
    def replaced(name: str, old: str, new: str) -> None:
        file = folder / name
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{name} no longer holds {old!r}"
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replaced
