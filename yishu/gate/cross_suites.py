"""The suites of the cross gate, read and held against the catalogue: a fault is named with file and line before anything is asked.

Not here: asking them (cross.py), and what a suite file may say at all (expectations/suite.py).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from expectations.joins import MATCHES, Join
from expectations.suite import Rule, SuiteError, load_rules
from yishu.catalogue.models import Catalogue, Item, Resource
from yishu.gate.typing import IDENTIFIERS, pool_type
from yishu.settings import settings

# What a rule may name beside the catalogue's items; `matches` is a number that every join has.
_COUNTED = Item(name=MATCHES, column=MATCHES, title="匹配行数", type="integer", sensitivity="none")
# Where the point of a row lies (yishu/spatial): columns of every resource that declares coordinates.
LOCATED = "located"
PLACES = {
    f"{LOCATED}_{name}": Item(name=f"{LOCATED}_{name}", column=f"{LOCATED}_{name}", title=title, type="text", sensitivity="none")
    for name, title in (
        ("state", "定位结果"), ("division", "坐标所在县（市、区）"), ("town_name", "坐标所在乡镇（街道）"),
        ("village", "坐标所在社区（村）代码"), ("village_name", "坐标所在社区（村）"),
    )
}  # fmt: skip


@dataclass(frozen=True)
class CrossRule:
    """A rule with the resource it accuses and the version of its suite."""

    rule: Rule
    on: str
    version: str

    def reads(self) -> list[str]:
        """Every resource whose pool the rule looks at, the accused one first; `located` where it asks in what division a point lies."""
        places = [LOCATED] if any(name in PLACES for name in self.rule.names()) else []
        return list(dict.fromkeys([self.on, *(join.resource for join in self.rule.join), *places]))


def load_cross(catalogue: Catalogue) -> list[CrossRule]:
    """All cross rules, in the order of files and lines. Raises SuiteError for the first that the catalogue does not bear."""
    rules = []
    for file in sorted((settings.suites_dir / "cross").glob("*.yaml")):
        version = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
        for rule in load_rules(file):
            rules.append(CrossRule(rule, _checked(rule, catalogue, file), version))
    return rules


def _checked(rule: Rule, catalogue: Catalogue, file: Path) -> str:
    place = f"{file}:{rule.line}: 规则 {rule.rule}"
    if rule.on is None or rule.on not in catalogue.resources:
        raise SuiteError(f"{place} 的 on: {rule.on} 不在目录中")
    if rule.severity == "structural":
        raise SuiteError(f"{place} 是跨部门规则，severity 只能是 content 或 advisory：疑点不得使记录消失")
    known = _items(catalogue.resources[rule.on])
    for join in rule.join:
        other = _other(join, catalogue, f"{place} 的 join {join.name}")
        _check_keys(join, known, other, f"{place} 的 join {join.name}")
        known |= {f"{join.name}.{name}": item for name, item in other.items()} | {f"{join.name}.{MATCHES}": _COUNTED}
    if unknown := [name for name in rule.names() if name not in known]:
        raise SuiteError(f"{place} 用到的列 {'、'.join(unknown)} 不在目录中，也不是 join 带来的列（写作“名称.列”）")
    return rule.on


def _items(resource: Resource) -> dict[str, Item]:
    return {item.name: item for item in resource.items} | (PLACES if resource.coordinates else {})


def _other(join: Join, catalogue: Catalogue, place: str) -> dict[str, Item]:
    if join.resource not in catalogue.resources:
        raise SuiteError(f"{place} 的 resource: {join.resource} 不在目录中")
    items = _items(catalogue.resources[join.resource])
    if unknown := sorted(join.reads() - set(items)):
        raise SuiteError(f"{place}：{join.resource} 没有列 {'、'.join(unknown)}")
    return items


def _check_keys(join: Join, known: Mapping[str, Item], other: Mapping[str, Item], place: str) -> None:
    for here, there in join.by.items():
        if here not in known:
            raise SuiteError(f"{place} 的 by：没有列 {here}")
        a, b = known[here], other[there]
        if pool_type(a) != pool_type(b) or (a.type != b.type and {a.type, b.type} <= set(IDENTIFIERS)):
            raise SuiteError(f"{place} 的 by：{here} 是 {a.type}，{there} 是 {b.type}，两者永远不会相等")
