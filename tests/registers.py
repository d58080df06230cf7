"""The catalogue for tests that run nights: the whole register, or what feeds a base database, which costs half the time of a night."""

import shutil
from pathlib import Path

from yishu.settings import ROOT


def copy_catalogue(target: Path, *, whole: bool) -> None:
    """whole: with the resources that end in their pools. A test of their way through a night takes it whole, others need not."""
    shutil.copytree(ROOT / "catalogue", target)
    for file in [] if whole else sorted((target / "departments").glob("*/*.yaml")):
        if file.name != "department.yaml" and "feeds:" not in file.read_text("utf-8"):
            file.unlink()
