"""Suites: the YAML files of rules, read into `Rule`s. A fault is named with file, line, field and the way out.

Not here: running them (`expectations.engine.run`), and the rules that a catalogue's types imply (made elsewhere as
`Rule`s).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from expectations.engine.conditions import parsed
from expectations.engine.coverage import declarations, fault
from expectations.joins import Join

SEVERITIES: Final = ("structural", "content", "advisory")
DIMENSIONS: Final = ("规范性", "完整性", "准确性", "一致性", "时效性", "可访问性")  # GB/T 36344-2018
_TEXTS: Final = ("rule", "expectation", "severity", "dimension", "clause", "message")
_EXAMPLES: Final = ("breaks", "passes")
_FIELDS: Final = (*_TEXTS, "kwargs", "column", "on", "where", "join", *_EXAMPLES)
_ORDERS: Final = ("latest", "earliest")
Example = Mapping[str, Any]


class SuiteError(ValueError):
    """A suite that cannot be run as written; the text says where and what to do."""


@dataclass(frozen=True)
class Rule:
    """One rule of a suite. `on`, `where` and `join` are for rules about another resource's rows, chosen by the values of
    its columns, with the columns of other resources beside them. `breaks` and `passes`: example rows, column -> value,
    that a test runs the rule on; they say to people what the message means."""

    rule: str
    expectation: str
    kwargs: dict[str, Any]
    severity: str
    dimension: str
    clause: str
    message: str
    column: str | None = None
    on: str | None = None
    where: dict[str, list[str]] | None = None
    breaks: tuple[Example, ...] = ()
    passes: tuple[Example, ...] = ()
    join: tuple[Join, ...] = ()
    line: int = field(default=0, compare=False)

    def names(self) -> list[str]:
        """Every column that the rule itself names, joined ones as `<join>.<column>`; not what joins need."""
        single = [self.kwargs.get(role) for role in ("column", "column_A", "column_B")]
        named = [name for name in [*single, *self.kwargs.get("column_list", [])] if isinstance(name, str)]
        return list(dict.fromkeys([*named, *self.condition_columns(), *(self.where or {})]))

    def condition_columns(self) -> list[str]:
        """The column of the row condition, where the rule has one as text."""
        condition = self.kwargs.get("row_condition")
        return [parsed(condition).column] if isinstance(condition, str) else []

    def accused_column(self) -> str | None:
        """The accused table's own column: what a rule names of another table, its officer does not have."""
        if self.column is None or "." not in self.column:
            return self.column
        join = next(join for join in self.join if join.name == self.column.partition(".")[0])
        here = next(iter(join.by))
        return here if "." not in here else next(iter(self.join[0].by))


def load_rules(path: Path) -> list[Rule]:
    """The rules of one suite file, in its order. Raises SuiteError for the first fault."""
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=yaml.CSafeLoader)  # in C: eight times as fast
    except (yaml.MarkedYAMLError, UnicodeDecodeError) as broken:
        mark = getattr(broken, "problem_mark", None)
        raise SuiteError(
            f"{path}:{mark.line + 1 if mark else 1}: 不是 UTF-8 编码的 YAML；请检查缩进、引号与冒号"
        ) from broken
    fields = _fields(path, root, "文件") if root is not None else {}
    if set(fields) != {"rules"} or not isinstance(fields["rules"][1], yaml.SequenceNode):
        raise SuiteError(f"{path}:1: 文件应只有一个字段 rules，其下为规则的列表")
    rules: list[Rule] = []
    seen: dict[tuple[str, str | None], int] = {}
    for node in fields["rules"][1].value:
        rule, line = _rule(path, node), node.start_mark.line + 1
        first = seen.setdefault((rule.rule, rule.on), line)
        if first != line:
            raise SuiteError(f"{path}:{line}: rule {rule.rule} 已在第 {first} 行写过；请改名或删去一条")
        rules.append(rule)
    return rules


def _fields(path: Path, node: yaml.Node, what: str) -> dict[str, tuple[int, yaml.Node]]:
    """Name -> (line, value) of a mapping. Names are taken as written: YAML 1.1 would read `on` as the Boolean true."""
    if not isinstance(node, yaml.MappingNode):
        raise SuiteError(f"{path}:{node.start_mark.line + 1}: {what}应写成“字段: 值”的形式")
    fields: dict[str, tuple[int, yaml.Node]] = {}
    for name, value in node.value:
        line = name.start_mark.line + 1
        if name.value in fields:
            raise SuiteError(f"{path}:{line}: 字段 {name.value} 写了两次；请删去一处")
        fields[name.value] = (line, value)
    return fields


def _rule(path: Path, node: yaml.Node) -> Rule:
    fields = _fields(path, node, "规则")
    for name, (line, _) in fields.items():
        if name not in _FIELDS:
            raise SuiteError(f"{path}:{line}: 不认识字段 {name}；可用字段：{'、'.join(_FIELDS)}")
    line = node.start_mark.line + 1
    for name in (*_TEXTS, "kwargs"):
        if name not in fields:
            raise SuiteError(f"{path}:{line}: 规则缺少字段 {name}；请补上")
    texts: dict[str, Any] = {name: _text(path, name, *fields[name]) for name in (*_TEXTS, "column", "on") if name in fields}
    for name, allowed in (("severity", SEVERITIES), ("dimension", DIMENSIONS)):
        if texts[name] not in allowed:
            raise SuiteError(f"{path}:{fields[name][0]}: {name} 是 {texts[name]}，应为 {'、'.join(allowed)} 之一")
    kwargs = _values(path, "kwargs", *fields["kwargs"])
    if wrong := fault(texts["expectation"], kwargs):
        at = fields["kwargs" if texts["expectation"] in declarations() else "expectation"][0]
        raise SuiteError(f"{path}:{at}: 规则 {texts['rule']}：{wrong}")
    column = texts.pop("column", None) or kwargs.get("column") or kwargs.get("column_A")
    examples: dict[str, Any] = {name: _examples(path, name, *fields[name]) for name in _EXAMPLES if name in fields}
    join = _joins(path, *fields["join"]) if "join" in fields else ()
    return Rule(**texts, kwargs=kwargs, column=column, where=_where(path, fields), join=join, line=line, **examples)


def _text(path: Path, name: str, line: int, node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
        raise SuiteError(f"{path}:{line}: 字段 {name} 应为一行文本")
    return str(node.value)


def _values(path: Path, name: str, line: int, node: yaml.Node) -> dict[str, Any]:
    _fields(path, node, f"字段 {name} ")
    try:
        loader = yaml.SafeLoader("")
        return dict(loader.construct_document(node))
    except (yaml.YAMLError, ValueError) as broken:
        raise SuiteError(f"{path}:{line}: 字段 {name} 的值无法读取；请检查日期与数字的写法") from broken


def _examples(path: Path, name: str, line: int, node: yaml.Node) -> tuple[Example, ...]:
    """One row, or a list of rows where it takes several to break a rule."""
    rows = node.value if isinstance(node, yaml.SequenceNode) else [node]
    if not rows:
        raise SuiteError(f"{path}:{line}: {name} 没有一行示例；请写“列: 值”，或删去 {name}")
    return tuple(_values(path, name, row.start_mark.line + 1, row) for row in rows)


def _where(path: Path, fields: Mapping[str, tuple[int, yaml.Node]]) -> dict[str, list[str]] | None:
    if "where" not in fields:
        return None
    line, node = fields["where"]
    where = _values(path, "where", line, node)
    for column, values in where.items():
        if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
            raise SuiteError(f'{path}:{line}: where 的 {column} 应为文本的列表，例如 {column}: ["1"]')
    return where


def _joins(path: Path, line: int, node: yaml.Node) -> tuple[Join, ...]:
    """`name: {resource: …, by: {column here: column there}, where: …, latest: …}`, in the order written."""
    joins = _fields(path, node, "字段 join ")
    if not joins:
        raise SuiteError(f"{path}:{line}: join 没有写一张表；请写“名称: {{resource: …, by: {{本表列: 对方列}}}}”，或删去 join")
    return tuple(_join(path, name, *described) for name, described in joins.items())


def _join(path: Path, name: str, line: int, node: yaml.Node) -> Join:
    fields = _fields(path, node, f"join 的 {name} ")
    allowed = ("resource", "by", "where", *_ORDERS)
    if unknown := [part for part in fields if part not in allowed]:
        raise SuiteError(f"{path}:{line}: join 的 {name} 不认识 {'、'.join(unknown)}；可用：{'、'.join(allowed)}")
    if absent := [part for part in ("resource", "by") if part not in fields]:
        raise SuiteError(f"{path}:{line}: join 的 {name} 缺少 {'、'.join(absent)}")
    if "." in name or set(_ORDERS) <= set(fields):
        raise SuiteError(f"{path}:{line}: join 的 {name}：名称不能含点，latest 与 earliest 只能写一个")
    by = _values(path, "by", *fields["by"])
    if not by or not all(isinstance(column, str) for column in by.values()):
        raise SuiteError(f"{path}:{line}: join 的 {name} 的 by 应为“本表列: 对方列”，至少一对")
    texts = {part: _text(path, part, *fields[part]) for part in ("resource", *_ORDERS) if part in fields}
    return Join(name=name, by=by, where=_where(path, fields), **texts)
