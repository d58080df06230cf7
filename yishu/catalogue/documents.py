"""YAML documents with the line of each value, and the error type that names file, line, field and way out.

Belongs here: reading YAML so that a mistake can be pointed at. Not here: what the documents mean (models.py, law.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

Field = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)

WHOLE = "（整个文件）"
# Pydantic's kinds of error, in the words of the person who mends the file; {…} are filled from the error's context.
WORDS = {
    "string_type": "应为文字（数字和日期请加引号）",
    "string_too_short": "不能为空",
    "too_short": "不能为空",
    "string_pattern_mismatch": "写法不符（{pattern}）",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "list_type": "应为列表",
    "dict_type": "应为「字段: 值」的形式",
    "model_type": "应为「字段: 值」的形式",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "date_type": "应为日期 YYYY-MM-DD",
    "date_parsing": "应为日期 YYYY-MM-DD",
    "date_from_datetime_parsing": "应为日期 YYYY-MM-DD",
}


@dataclass(frozen=True)
class Fault:
    """One mistake in a document: where it stands, what is wrong, and what to do about it."""

    file: Path
    line: int
    field: str
    problem: str
    way_out: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}：{self.problem}。{self.way_out}"


class CatalogueError(Exception):
    """The catalogue cannot be used; `faults` lists every mistake found, not only the first."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class Misplaced(ValueError):
    """A law of a whole entry that is broken in one of its fields: "problem；way out", and the field, seen from the entry."""

    def __init__(self, message: str, *field: str | int) -> None:
        super().__init__(message)
        self.field: Field = field


@dataclass(frozen=True)
class Document:
    """A YAML file: its plain content and the line of each field path, counted from 1."""

    file: Path
    content: Any
    lines: dict[Field, int]

    def line(self, field: Field) -> int:
        """The line of the field, or of the nearest enclosing one that exists (a missing field has no line of its own)."""
        while field and field not in self.lines:
            field = field[:-1]
        return self.lines.get(field, 1)

    def fault(self, field: Field, problem: str, way_out: str) -> Fault:
        return Fault(self.file, self.line(field), ".".join(map(str, field)) or WHOLE, problem, way_out)


def read_document(file: Path) -> Document:
    """Read one YAML file. Raises CatalogueError where it is absent, not YAML or not UTF-8, or where a key stands twice."""
    lines: dict[Field, int] = {}
    repeated: list[Fault] = []
    try:
        text = file.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.CSafeLoader)  # in C: five times as fast
        if node is not None:
            _record_lines(node, (), file, lines, repeated)
        content = yaml.load(text, Loader=yaml.CSafeLoader)
    except FileNotFoundError as error:
        raise CatalogueError([Fault(file, 1, WHOLE, f"缺少文件 {file.name}", "请恢复该文件")]) from error
    except UnicodeDecodeError as error:
        raise CatalogueError([not_utf8(file, error)]) from error
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date such as 2026-02-30
        mark = getattr(error, "problem_mark", None)
        problem = f"不是有效的 YAML：{getattr(error, 'problem', None) or error}"
        way_out = "请修正该行（或上一行）的缩进、引号、冒号或括号"
        raise CatalogueError([Fault(file, mark.line + 1 if mark else 1, WHOLE, problem, way_out)]) from error
    if repeated:
        raise CatalogueError(repeated)
    return Document(file, content, lines)


def not_utf8(file: Path, error: UnicodeDecodeError) -> Fault:
    """The fault of a file in another encoding, at the line of its first strange byte."""
    return Fault(file, error.object[: error.start].count(b"\n") + 1, WHOLE, "不是 UTF-8 编码", "请把文件另存为 UTF-8")


def _record_lines(node: yaml.Node, field: Field, file: Path, lines: dict[Field, int], repeated: list[Fault]) -> None:
    lines.setdefault(field, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*field, str(key.value))
            if inner in lines:
                place = ".".join(map(str, inner))
                repeated.append(Fault(file, key.start_mark.line + 1, place, "同一字段写了两次", f"请删去一处（另一处在第 {lines[inner]} 行）"))
            lines[inner] = key.start_mark.line + 1
            _record_lines(value, inner, file, lines, repeated)
    elif isinstance(node, yaml.SequenceNode):
        for position, value in enumerate(node.value):
            _record_lines(value, (*field, position), file, lines, repeated)


def parse(document: Document, model: type[Model], extra: dict[str, Any] | None = None) -> Model:
    """The document as a model; `extra` adds what the file's place says. Raises CatalogueError with every mistake's line."""
    if not isinstance(document.content, dict):
        raise CatalogueError([document.fault((), "内容应为「字段: 值」的形式", "请参照 CONTRIBUTING.md 的样例编写")])
    placed = extra or {}
    faults = [document.fault((name,), "由文件的位置决定，不写在文件里", "请删去该字段") for name in placed if name in document.content]
    try:
        parsed = model.model_validate({**document.content, **placed})
    except ValidationError as error:
        raise CatalogueError([*faults, *(_fault(document, detail, model) for detail in error.errors())]) from error
    if faults:
        raise CatalogueError(faults)
    return parsed


def _fault(document: Document, detail: Any, model: type[BaseModel]) -> Fault:
    field: Field = tuple(part for part in detail["loc"] if part not in ("function-after", "function-before"))
    if detail["type"] == "value_error":
        field = (*field, *getattr(detail.get("ctx", {}).get("error"), "field", ()))
    return document.fault(field, *said(detail, _description(model, field)))


def said(detail: Any, meant: str | None = None) -> tuple[str, str]:
    """One of pydantic's errors as problem and way out; `meant` is what the field is for."""
    kind, context = detail["type"], detail.get("ctx", {})
    explained = f"：{meant}" if meant else ""
    if kind == "missing":
        return "缺少必填字段", f"请补充该字段{explained}"
    if kind == "extra_forbidden":
        return "没有这个字段", "请检查拼写，或删去该字段"
    if kind in ("literal_error", "enum"):
        return f"不能是 {detail['input']!r}", f"可选值：{context.get('expected', '').replace(' or ', ', ')}"
    if kind == "value_error":
        problem, _, way_out = str(context.get("error", detail["msg"])).partition("；")
        return problem, way_out or "请修正该字段"
    words = WORDS[kind].format(**context) if kind in WORDS else detail["msg"]
    return f"{words}（现为 {detail['input']!r}）", f"请改正该值{explained}"


def _description(model: type[BaseModel], field: Field) -> str | None:
    """What the model says about the field, found along its path; None where it says nothing."""
    found: Any = None
    here: Any = model
    for part in field:
        if isinstance(part, int):
            continue
        if not (isinstance(here, type) and issubclass(here, BaseModel)):
            return None
        fields = {info.alias or name: info for name, info in here.model_fields.items()}
        if part not in fields:
            return None
        found = fields[part]
        here = next((inner for inner in get_args(found.annotation) if isinstance(inner, type)), found.annotation)
    return found.description if found is not None else None
