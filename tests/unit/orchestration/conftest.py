"""Settings that a test may change, and a data folder of its own."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from yishu.settings import settings


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "data", tmp_path / "data")
    monkeypatch.setattr(settings, "profile", settings.profile)
    monkeypatch.setattr(settings, "catalogue", settings.catalogue)
    return tmp_path / "data"


@pytest.fixture
def yishu(data: Path):
    """`yishu(…)` as typed on a terminal; `--data` is appended."""
    from orchestration.cli import main

    def run(*arguments: str, placed: bool = True) -> Result:
        return CliRunner().invoke(main, [*arguments, *(["--data", str(data)] if placed else [])])

    return run
