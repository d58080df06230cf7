"""The words and figures of the pages: levels, parameters of a rule, shares, example rows. Chinese, for the departments."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from expectations.docs.model import Asset
from expectations.joins import Join
from expectations.suite import Example, Rule

SEVERITIES = {"structural": "结构性", "content": "内容", "advisory": "提示"}
SEVERITY_NOTES = {
    "structural": "主键缺失的行不入池，整表不合格的不发布",
    "content": "照常入池，标记为核实中，退回部门更正",
    "advisory": "只计数，供参考",
}
PARAMETERS = {
    "min_value": "不小于", "max_value": "不大于", "strict_min": "不含下限", "strict_max": "不含上限", "value_set": "取值", "regex": "格式",
    "regex_list": "格式（任一）", "like_pattern": "样式", "mostly": "至少占比", "column": "列", "column_A": "列甲", "column_B": "列乙",
    "column_list": "各列", "column_set": "各列", "or_equal": "可以相等", "as_of": "以此日期为准", "date": "不晚于",
    "other": "对照的表", "other_column": "对照的列",
    "value": "应为", "ignore_row_if": "不检查的行", "type_": "类型", "strftime_format": "日期格式", "min_len": "最短", "max_len": "最长",
    "condition": "条件",
}  # fmt: skip
AS_OF = ("as_of", "date")
SHOWN_VALUES = 12
# 15 digits or more begin with somebody's number or could: certificates of disabled persons are a citizen id and two digits.
_PERSONAL = re.compile(r"(\d{6})(\d{8,}[0-9Xx])")
_MOBILE = re.compile(r"(?<![0-9A-Za-z])(1[3-9]\d)\d{8}(?![0-9A-Za-z])")


def number(value: object) -> str:
    """A figure as people read it; a dash for none."""
    if isinstance(value, bool) or value is None:
        return "—"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else "—"


def share(unexpected: int, evaluated: int) -> str:
    """Rounded, but never to nothing what is something, and never to all what is not all."""
    if not evaluated:
        return "—"
    if 0 < unexpected * 20_000 < evaluated:
        return "<0.01%"
    if evaluated > unexpected > evaluated * 0.99995:
        return ">99.99%"
    return f"{unexpected / evaluated:.2%}"


def parameters(rule: Rule, asset: Asset) -> list[str]:
    """The arguments of a rule, long lists cut short. A column that the page names above the rule is not named again."""
    above = "" if rule.on in asset.columns else "column"
    told = [f"{PARAMETERS.get(name, name)}：{_value(name, value, asset)}" for name, value in rule.kwargs.items() if name != above]
    return [*([f"只看 {_conditions(rule.where)} 的行"] if rule.where else []), *(_join(join, asset) for join in rule.join), *told]


def _join(join: Join, asset: Asset) -> str:
    """A table that the rule looks into, in words."""
    by = "，且 ".join(f"{there} = {here}" for here, there in join.by.items())
    only = f"；只看 {_conditions(join.where)} 的行" if join.where else ""
    choice = f"；有几行时取 {join.latest} 最大的" if join.latest else f"；有几行时取 {join.earliest} 最小的" if join.earliest else ""
    return f"{join.name}：{asset.column_title(join.resource)}，{by}{only}{choice}"


def _conditions(where: Mapping[str, Sequence[str]]) -> str:
    return "，且 ".join(f"{name} 为 {'、'.join(values)}" for name, values in where.items())


def examples(rows: tuple[Example, ...], asset: Asset) -> list[str]:
    """Example rows of a suite as text, one a row. They are invented; numbers of persons are masked all the same."""
    return ["，".join(f"{asset.column_title(asset.column(name) or name)} = {_example(value)}" for name, value in row.items()) for row in rows]


def masked(text: str) -> str:
    """The text without anything that could be somebody's number."""
    hidden = _PERSONAL.sub(lambda found: found[1] + "*" * len(found[2]), text)
    return _MOBILE.sub(r"\1********", hidden)


def _example(value: object) -> str:
    return "（空）" if value is None or value == "" else masked(str(value))


def _value(name: str, value: object, asset: Asset) -> str:
    if name in AS_OF and str(value) == asset.as_of:
        return "数据日期"
    if isinstance(value, Mapping):
        return "，".join(f"{inner}：{_value(str(inner), one, asset)}" for inner, one in value.items())
    if isinstance(value, list | tuple):
        shown = [_value(name, one, asset) for one in value[:SHOWN_VALUES]]
        return "、".join(shown) + (f" …（共 {len(value):,} 个）" if len(value) > SHOWN_VALUES else "")
    if name.startswith("column") or name == "other_column":
        return asset.column_title(asset.column(str(value)) or "")
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else masked(str(value))


def attributes(result: Mapping[str, Any]) -> dict[str, str]:
    """What the pages show beside a rule's message, by name."""
    evaluated, unexpected = int(result["evaluated"]), int(result["unexpected"])
    return {
        "severity": SEVERITIES.get(result["severity"], str(result["severity"])),
        "dimension": str(result["dimension"]),
        "clause": str(result["clause"]),
        "evaluated": number(evaluated) if evaluated else "—",
        "unexpected": number(unexpected) if evaluated or unexpected else "—",
        "share": share(unexpected, evaluated),
        "observed": number(result.get("observed")),
    }
