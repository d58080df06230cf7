"""The rules that follow from the catalogue alone: required, type, key (DESIGN.md, section 4: "types imply rules").

What a type cannot say stands in expectations/suites/raw/<department>/<resource>.yaml; both together are the suite of a resource.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from expectations.suite import Rule, load_rules
from yishu.catalogue.models import CodeList, Item, Resource
from yishu.gate.typing import DECIMAL, IDENTIFIERS, INTEGER, fillers_of
from yishu.settings import settings

KEY = "_key"


class Kind(NamedTuple):
    """A kind of rule that the catalogue implies. `message` is for the department; {title} is the item's, {more} what the kind adds."""

    expectation: str
    severity: str
    dimension: str
    clause: str
    message: str


# What spreadsheets do to identifiers, codes and dates; whoever exported through one sees it at once.
_AS_NUMBER = "；显示为 1.1E+17 的，请把该列设为文本后重新导出"
_NO_ZEROS = "；以 0 开头的代码请检查前导零是否丢失"
_SERIAL_DAY = "；显示为 45352 这样序号的，请把该列设为日期格式后重新导出"
KINDS = {
    "not_null": Kind("expect_column_values_to_not_be_null", "content", "完整性", "E01", "“{title}”不能为空"),
    "filler": Kind("expect_column_values_to_not_be_in_set", "advisory", "规范性", "C07", "“{title}”没有值时请留空，不要填“暂无”“无”等字样"),
    "identifier": Kind("expect_column_values_to_be_valid_{kind}", "content", "准确性", "C02", "“{title}”不是有效的{more}" + _AS_NUMBER),
    # A question of its own: what is valid in itself still links the person, whatever became of the district.
    "district": Kind(
        "expect_column_values_to_have_citizen_id_district_in_force", "content", "准确性", "E01",
        "“{title}”前六位的区划代码不存在，或在赋码之前已撤销，请对照户口簿核实",
    ),  # fmt: skip
    "form": Kind("expect_column_pair_values_to_be_equal", "advisory", "规范性", "C07", "“{title}”请写成 {more}"),
    "code": Kind("expect_column_values_to_be_in_set", "content", "规范性", "C07", "“{title}”不在代码表内（{more}）" + _NO_ZEROS),
    "date": Kind("expect_column_values_to_be_real_date", "content", "规范性", "C07", "“{title}”不是真实存在的日期" + _SERIAL_DAY),
    "not_future": Kind("expect_column_values_to_not_be_after", "content", "准确性", "E01", "“{title}”晚于数据日期"),
    "number": Kind("expect_column_values_to_match_regex", "content", "规范性", "C07", "“{title}”不是可读的数字（不要写单位、千分位或全角字符）"),
    "phone": Kind("expect_column_values_to_be_valid_phone", "content", "规范性", "C07",
                  "“{title}”不是有效的电话号码（是否被遮盖或缺位？手机号段须已分配，固定电话须带区号）"),  # fmt: skip
}


def suite_of(resource: Resource, codes: Mapping[str, CodeList], as_of: date, absent: Collection[str] = ()) -> list[Rule]:
    """All rules of one delivery of the resource, in the order of its items. absent: items that the file could not have; they may be empty."""
    implied = (rule for item in resource.items for rule in _of_item(item, resource, codes, as_of))
    rules = [rule for rule in implied if rule.column not in absent or rule.rule != f"{rule.column}.not_null"]
    rules += _of_key(resource)
    file = settings.suites_dir / "raw" / resource.department / f"{resource.name}.yaml"
    return rules + (load_rules(file) if file.exists() else [])


def _of_item(item: Item, resource: Resource, codes: Mapping[str, CodeList], as_of: date) -> list[Rule]:
    text = f"{item.name}__text"
    if item.name in resource.key:  # required or not: without its key a row is nobody's and cannot enter the pool (C02)
        presence = replace(_rule(item, "not_null", {"column": text}), severity="structural", clause="C02")
    elif item.required:
        presence = _rule(item, "not_null", {"column": text})
    else:
        presence = _rule(item, "filler", {"column": f"{item.name}__stripped", "value_set": list(fillers_of(item))})
    return [presence, *_of_type(item, text, codes, as_of)]


def _of_type(item: Item, text: str, codes: Mapping[str, CodeList], as_of: date) -> list[Rule]:
    column = {"column": text}
    form = {"column_A": text, "column_B": f"{item.name}__form", "ignore_row_if": "either_value_is_missing"}
    if item.type in IDENTIFIERS:
        identifier = IDENTIFIERS[item.type]
        dated = {**column, "as_of": as_of.isoformat()} if item.type == "citizen_id" else column
        district = [_rule(item, "district", dated)] if item.type == "citizen_id" else []
        return [_rule(item, "identifier", dated, identifier.standard, item.type), *district, _rule(item, "form", form, identifier.form)]
    match item.type:
        case "code":
            listed = codes[item.codes or ""]
            return [_rule(item, "code", {**column, "value_set": list(listed.entries)}, listed.standard)]
        case "date":
            real = _rule(item, "date", column)
            return [real] if item.future else [real, _rule(item, "not_future", {"column": item.name, "date": as_of.isoformat()})]
        case "integer":
            return [_rule(item, "number", {**column, "regex": INTEGER})]
        case "decimal":
            return [_rule(item, "number", {**column, "regex": DECIMAL})]
        case "phone":
            return [_rule(item, "phone", column)]
        case _:
            return []


def _rule(item: Item, kind: str, kwargs: Mapping[str, Any], more: str = "", name: str = "") -> Rule:
    """A rule of a kind; `name` where the kind stands for several, and each is called by its own."""
    expectation, severity, dimension, clause, message = KINDS[kind]
    rule, called = f"{item.name}.{name or kind}", expectation.format(kind=name)
    return Rule(rule, called, dict(kwargs), severity, dimension, clause, message.format(title=item.title, more=more), item.name)


def _of_key(resource: Resource) -> list[Rule]:
    texts = [f"{item.name}__text" for item in resource.items]
    if resource.delivery.operation:
        # In an exchange with I/U/D the same key may come several times on purpose: the last row counts, none contradicts another.
        allowed = {"column": "_operation__text", "value_set": ["I", "U", "D"]}
        message = f"操作标志（{resource.delivery.operation}）只能是 I、U、D"
        return [Rule("operation.code", "expect_column_values_to_be_in_set", allowed, "structural", "规范性", "C07", message, None)]
    differing = "同一标识有两行以上且内容不一致，请核实保留哪一行"
    rules = [
        Rule("key.repeated", "expect_rows_not_to_be_repeated", {"column_list": texts}, "advisory", "准确性", "E01", "同一行重复报送", None),
        Rule("key.conflict", "expect_key_not_to_conflict", {"column": KEY, "column_list": texts}, "content", "一致性", "C06", differing, None),
    ]
    if resource.delivery.mode == "append":
        agrees, message = {"column": "_agrees", "value_set": ["yes"]}, "与已接收的同一标识的记录内容不一致"
        rules.append(Rule("key.conflict", "expect_column_values_to_be_in_set", agrees, "content", "一致性", "C06", message, None))
    return rules
