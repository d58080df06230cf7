"""The rules that follow from the catalogue alone: required, type, key (issue of DESIGN.md section 4: "types imply rules").

What a type cannot say stands in expectations/suites/raw/<department>/<resource>.yaml; both together are the suite of a resource.
"""

from collections.abc import Mapping
from datetime import date

from expectations.suite import Rule, load_rules
from yishu.catalogue.models import CodeList, Item, Resource
from yishu.gate.typing import DECIMAL, FILLERS, INTEGER
from yishu.settings import settings

KEY = "_key"
PHONE = r"^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})$"


def suite_of(resource: Resource, codes: Mapping[str, CodeList], as_of: date) -> list[Rule]:
    """All rules of one delivery of the resource, in the order of its items."""
    rules = [rule for item in resource.items for rule in _of_item(item, resource, codes, as_of)]
    rules += _of_key(resource)
    file = settings.suites_dir / "raw" / resource.department / f"{resource.name}.yaml"
    return rules + (load_rules(file) if file.exists() else [])


def _of_item(item: Item, resource: Resource, codes: Mapping[str, CodeList], as_of: date) -> list[Rule]:
    text, title = f"{item.name}__text", item.title
    rules = []
    if item.required:
        severity = "structural" if item.name in resource.key else "content"
        rules.append(
            _rule(
                item,
                "not_null",
                "expect_column_values_to_not_be_null",
                {"column": text},
                severity,
                "完整性",
                "C02" if severity == "structural" else "E01",
                f"“{title}”不能为空",
            )
        )
    else:
        rules.append(
            _rule(
                item,
                "filler",
                "expect_column_values_to_not_be_in_set",
                {"column": f"{item.name}__stripped", "value_set": list(FILLERS)},
                "advisory",
                "规范性",
                "C07",
                f"“{title}”没有值时请留空，不要填“暂无”“无”等字样",
            )
        )
    return rules + _of_type(item, text, title, codes, as_of)


def _of_type(item: Item, text: str, title: str, codes: Mapping[str, CodeList], as_of: date) -> list[Rule]:
    match item.type:
        case "citizen_id":
            return [
                _rule(
                    item,
                    "citizen_id",
                    "expect_column_values_to_be_valid_citizen_id",
                    {"column": text, "as_of": as_of.isoformat()},
                    "content",
                    "准确性",
                    "C02",
                    f"“{title}”不是有效的公民身份号码（GB 11643：位数、出生日期或校验码不符）",
                ),
                _form(item, text, f"“{title}”请写成 18 位、末位 X 大写、前后无空格"),
            ]
        case "credit_code":
            return [
                _rule(
                    item,
                    "credit_code",
                    "expect_column_values_to_be_valid_credit_code",
                    {"column": text},
                    "content",
                    "准确性",
                    "C02",
                    f"“{title}”不是有效的统一社会信用代码（GB 32100：位数、字符或校验码不符）",
                ),
                _form(item, text, f"“{title}”请写成 18 位大写字母和数字，中间无空格和连字符"),
            ]
        case "code":
            assert item.codes is not None
            listed = codes[item.codes]
            return [
                _rule(
                    item,
                    "code",
                    "expect_column_values_to_be_in_set",
                    {"column": text, "value_set": list(listed.entries)},
                    "content",
                    "规范性",
                    "C07",
                    f"“{title}”不在代码表内（{listed.standard}）",
                )
            ]
        case "date":
            return [
                _rule(
                    item, "date", "expect_column_values_to_be_real_date", {"column": text}, "content", "规范性", "C07", f"“{title}”不是真实存在的日期"
                ),
                _rule(
                    item,
                    "not_future",
                    "expect_column_values_to_not_be_after",
                    {"column": item.name, "date": as_of.isoformat()},
                    "content",
                    "准确性",
                    "E01",
                    f"“{title}”晚于数据日期",
                ),
            ]
        case "integer" | "decimal":
            pattern = INTEGER if item.type == "integer" else DECIMAL
            return [
                _rule(
                    item,
                    "number",
                    "expect_column_values_to_match_regex",
                    {"column": text, "regex": pattern},
                    "content",
                    "规范性",
                    "C07",
                    f"“{title}”不是可读的数字（不要写单位、千分位或全角字符）",
                )
            ]
        case "phone":
            return [
                _rule(
                    item,
                    "phone",
                    "expect_column_values_to_match_regex",
                    {"column": text, "regex": PHONE},
                    "content",
                    "规范性",
                    "C07",
                    f"“{title}”不是有效的电话号码（是否被遮盖或缺位？）",
                )
            ]
        case _:
            return []


def _form(item: Item, text: str, message: str) -> Rule:
    pair = {"column_A": text, "column_B": f"{item.name}__form", "ignore_row_if": "either_value_is_missing"}
    return _rule(item, "form", "expect_column_pair_values_to_be_equal", pair, "advisory", "规范性", "C07", message)


def _of_key(resource: Resource) -> list[Rule]:
    texts = [f"{item.name}__text" for item in resource.items]
    rules = []
    if resource.delivery.operation:
        # In an exchange with I/U/D the same key may come several times on purpose: the last row counts, none contradicts another.
        allowed = {"column": "_operation__text", "value_set": ["I", "U", "D"]}
        rules.append(
            Rule(
                "operation.code",
                "expect_column_values_to_be_in_set",
                allowed,
                "structural",
                "规范性",
                "C07",
                f"操作标志（{resource.delivery.operation}）只能是 I、U、D",
                None,
            )
        )
        return rules
    rules.append(Rule("key.repeated", "expect_rows_not_to_be_repeated", {"column_list": texts}, "advisory", "准确性", "E01", "同一行重复报送", None))
    message = "同一标识有两行以上且内容不一致，请核实保留哪一行"
    rules.append(Rule("key.conflict", "expect_key_not_to_conflict", {"column": KEY, "column_list": texts}, "content", "一致性", "C06", message, None))
    if resource.delivery.mode == "append":
        agrees = {"column": "_agrees", "value_set": ["yes"]}
        rules.append(
            Rule("key.conflict", "expect_column_values_to_be_in_set", agrees, "content", "一致性", "C06", "与已接收的同一标识的记录内容不一致", None)
        )
    return rules


def _rule(item: Item, kind: str, expectation: str, kwargs: Mapping[str, object], severity: str, dimension: str, clause: str, message: str) -> Rule:
    return Rule(f"{item.name}.{kind}", expectation, dict(kwargs), severity, dimension, clause, message, item.name)
