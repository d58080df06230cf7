"""Which expectations can be run, and with which kwargs. Found by looking, so that a new rule is a new file; no GX
needed.

Not here: the rules themselves (`core`, `expectations.rules`), and what a suite file looks like (`expectations.suite`).
"""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType, ModuleType
from typing import Any

import expectations.engine.core
import expectations.rules
from expectations.engine.conditions import PARSERS, ConditionError, parsed
from expectations.engine.core.unsupported import UNSUPPORTED
from expectations.engine.row_rule import IGNORE_ROW_IF, REQUIRED, Declaration, Domain, RowRule, Statistic


def _modules() -> Iterator[ModuleType]:
    for package in (expectations.engine.core, expectations.rules):
        for module in pkgutil.iter_modules(package.__path__):
            yield importlib.import_module(f"{package.__name__}.{module.name}")


@cache
def declarations() -> Mapping[str, Declaration]:
    """Every expectation the engine runs, by GX's name for it: `RULES` of each module in `core` and `expectations.rules`."""
    found: dict[str, Declaration] = {}
    for module in _modules():
        for rule in getattr(module, "RULES", ()):
            if rule.expectation in found:
                raise ValueError(f"{rule.expectation} is declared twice; one of them stands in {module.__name__}")
            found[rule.expectation] = rule
    return MappingProxyType(found)


@cache
def statistics() -> tuple[Statistic, ...]:
    """Every figure of a column that an expectation may need."""
    return tuple(statistic for module in _modules() for statistic in getattr(module, "STATISTICS", ()))


def fault(expectation: str, kwargs: Mapping[str, Any]) -> str | None:
    """Why the engine cannot run this, in Chinese, with the way out; None if it can."""
    declaration = declarations().get(expectation)
    if declaration is None:
        if expectation in UNSUPPORTED:
            return f"引擎不支持期望 {expectation}：{UNSUPPORTED[expectation]}"
        return f"引擎不支持期望 {expectation}；支持的有：{'、'.join(sorted(declarations()))}"
    allowed = {*declaration.domain.roles, *declaration.values}
    if isinstance(declaration, RowRule):
        allowed.add("mostly")
        if declaration.domain in IGNORE_ROW_IF:
            allowed.add("ignore_row_if")
    if declaration.conditional:
        allowed |= {"row_condition", "condition_parser"}
    if unknown := sorted(set(kwargs) - allowed):
        return f"{expectation} 不支持参数 {'、'.join(unknown)}；可用参数：{'、'.join(sorted(allowed))}"
    needed = {*declaration.domain.roles, *(name for name, default in declaration.values.items() if default is REQUIRED)}
    if absent := sorted(name for name in needed if kwargs.get(name) is None):
        return f"{expectation} 缺少参数 {'、'.join(absent)}"
    return _wrong_domain(declaration.domain, kwargs) or _wrong_mostly(kwargs) or _wrong_condition(kwargs) or declaration.wrong(kwargs)


def _wrong_domain(domain: Domain, kwargs: Mapping[str, Any]) -> str | None:
    for role in domain.roles:
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


def _wrong_condition(kwargs: Mapping[str, Any]) -> str | None:
    """Of conditions as text; GX's own condition objects are checked by GX."""
    condition = kwargs.get("row_condition")
    if not isinstance(condition, str):
        return None
    if kwargs.get("condition_parser", PARSERS[0]) not in PARSERS:
        return f'condition_parser 应为 {PARSERS[0]}，条件写作 col("列") == "值"'
    try:
        parsed(condition)
    except (ConditionError, ValueError) as wrong:
        return str(wrong)
    return None
