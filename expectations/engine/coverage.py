"""Which expectations can be run, and with which kwargs. Found by looking, so that a new rule is a new file; no GX
needed.

Not here: the rules themselves (`core_rules`, `expectations.rules`), and what a suite file looks like
(`expectations.suite`).
"""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import expectations.rules
from expectations.engine import core_rules
from expectations.engine.row_rule import IGNORE_ROW_IF, REQUIRED, Declaration, Domain, RowRule


@cache
def declarations() -> Mapping[str, Declaration]:
    """Every expectation the engine runs, by GX's name for it: `RULES` of `core_rules` and of each module in
    `expectations.rules`."""
    found: dict[str, Declaration] = {rule.expectation: rule for rule in core_rules.RULES}
    for module in pkgutil.iter_modules(expectations.rules.__path__):
        declared = getattr(importlib.import_module(f"expectations.rules.{module.name}"), "RULES", ())
        for rule in declared:
            if rule.expectation in found:
                raise ValueError(
                    f"{rule.expectation} is declared twice; one of them stands in expectations/rules/{module.name}.py"
                )
            found[rule.expectation] = rule
    return MappingProxyType(found)


def fault(expectation: str, kwargs: Mapping[str, Any]) -> str | None:
    """Why the engine cannot run this, in Chinese, with the way out; None if it can."""
    declaration = declarations().get(expectation)
    if declaration is None:
        return f"引擎不支持期望 {expectation}；支持的有：{'、'.join(sorted(declarations()))}"
    allowed = {*declaration.domain.value, *declaration.values}
    if isinstance(declaration, RowRule):
        allowed.add("mostly")
        if declaration.domain in IGNORE_ROW_IF:
            allowed.add("ignore_row_if")
    if unknown := sorted(set(kwargs) - allowed):
        return f"{expectation} 不支持参数 {'、'.join(unknown)}；可用参数：{'、'.join(sorted(allowed))}"
    needed = {*declaration.domain.value, *(name for name, default in declaration.values.items() if default is REQUIRED)}
    if absent := sorted(name for name in needed if kwargs.get(name) is None):
        return f"{expectation} 缺少参数 {'、'.join(absent)}"
    return _wrong_domain(declaration.domain, kwargs) or _wrong_mostly(kwargs) or declaration.wrong(kwargs)


def _wrong_domain(domain: Domain, kwargs: Mapping[str, Any]) -> str | None:
    for role in domain.value:
        value = kwargs[role]
        if domain is Domain.COLUMN_LIST:
            if not isinstance(value, list | tuple) or not value or not all(isinstance(name, str) for name in value):
                return f"{role} 应为列名的列表"
        elif not isinstance(value, str):
            return f"{role} 应为列名（文本）"
    how = kwargs.get("ignore_row_if")
    if how is not None and how not in IGNORE_ROW_IF[domain]:
        return f"ignore_row_if 应为 {'、'.join(IGNORE_ROW_IF[domain])} 之一"
    return None


def _wrong_mostly(kwargs: Mapping[str, Any]) -> str | None:
    mostly = kwargs.get("mostly", 1)
    if isinstance(mostly, bool) or not isinstance(mostly, int | float) or not 0 <= mostly <= 1:
        return "mostly 应为 0 到 1 之间的数"
    return None
