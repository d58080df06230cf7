"""Every suite held against the catalogue before a night needs it: what cannot be run is told by file, line and way out.

Not here: what a suite file may say at all (expectations/suite.py), the laws of rules between departments (cross_suites.py).
"""

from pathlib import Path

import polars as pl

from expectations.suite import Rule, SuiteError, load_rules
from yishu.catalogue.models import Catalogue, Resource
from yishu.gate.cross_suites import load_cross
from yishu.gate.preparing import prepare
from yishu.ingest.parsed import OPERATION
from yishu.settings import settings


def suite_faults(catalogue: Catalogue) -> list[str]:
    """The first fault of each suite file that is broken, in Chinese; empty where all can be run."""
    found = []
    for resource in catalogue.resources.values():
        file = settings.suites_dir / "raw" / resource.department / f"{resource.name}.yaml"
        if file.exists():
            found += _faults(file, _columns(resource, catalogue))
    for kind in ("base", "thematic"):
        for file in sorted((settings.suites_dir / kind).glob("*.yaml")):
            found += _faults(file, None)
    try:
        load_cross(catalogue)
    except SuiteError as refused:
        found.append(str(refused))
    return found


def _columns(resource: Resource, catalogue: Catalogue) -> set[str]:
    """What a raw suite sees of the resource (preparing.py), shown by preparing nothing."""
    texts = [OPERATION, *(item.name for item in resource.items)]
    nothing = pl.DataFrame(schema={"_row_number": pl.Int64, **dict.fromkeys(texts, pl.String)})
    return set(prepare(nothing, resource, catalogue.codes).columns)


def _faults(file: Path, columns: set[str] | None) -> list[str]:
    try:
        rules = load_rules(file)
    except SuiteError as refused:
        return [str(refused)]
    strange = ((rule, [name for name in rule.names() if name not in columns]) for rule in rules) if columns is not None else ()
    return [_unknown(file, rule, names) for rule, names in strange if names][:1]


def _unknown(file: Path, rule: Rule, strange: list[str]) -> str:
    way_out = "请改为其信息项的 name（或 name__text、name__verbatim）"
    return f"{file}:{rule.line}: 规则 {rule.rule} 用到的列 {'、'.join(strange)} 不在该信息资源中；{way_out}"
