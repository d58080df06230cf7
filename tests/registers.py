"""Catalogue and suites for tests that run nights: the whole register, or what feeds a base database, which costs half the time of a night."""

import re
import shutil
from pathlib import Path

from yishu.settings import ROOT

READS = re.compile(r"\b(?:on|resource|other): ([a-z_]+\.[a-z_]+)")


def copy_catalogue(target: Path, *, whole: bool) -> None:
    """whole: with the resources that end in their pools. A test of their way through a night takes it whole, others need not."""
    shutil.copytree(ROOT / "catalogue", target)
    for file in [] if whole else sorted((target / "departments").glob("*/*.yaml")):
        own = file.name == "department.yaml" or file.parent.name == "desk"  # without the desk's source no decision reaches the lake
        if not own and "feeds:" not in file.read_text("utf-8"):
            file.unlink()


def copy_suites(target: Path, register: Path) -> None:
    """The suites, without the rules between departments that read a resource which that register leaves out."""
    shutil.copytree(ROOT / "expectations" / "suites", target)
    known = {f"{file.parent.name}.{file.stem}" for file in (register / "departments").glob("*/*.yaml")}
    for file in (target / "cross").glob("*.yaml"):
        head, *rules = re.split(r"^(?=  - rule:)", file.read_text("utf-8"), flags=re.MULTILINE)
        kept = [rule for rule in rules if set(READS.findall(rule)) <= known]
        file.write_text(head + "".join(kept), encoding="utf-8") if kept else file.unlink()
