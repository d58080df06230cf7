"""YAML documents with the line of each value, and the error type that names file, line, field and way out.

Belongs here: reading YAML so that a mistake can be pointed at. Not here: what the documents mean (models.py, law.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError


Field = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


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
        return Fault(self.file, self.line(field), ".".join(map(str, field)) or "（整个文件）", problem, way_out)


def read_document(file: Path) -> Document:
    """Read one YAML file. Raises CatalogueError where it is not YAML or not UTF-8, or where a key stands twice."""
    try:
        text = file.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = f"不是有效的 UTF-8 YAML：{getattr(error, 'problem', None) or error}"
        raise CatalogueError([Fault(file, mark.line + 1 if mark else 1, "（整个文件）", problem, "请修正该行的缩进、引号或冒号")]) from error
    lines: dict[Field, int] = {}
    repeated: list[Fault] = []
    if node is not None:
        _record_lines(node, (), file, lines, repeated)
    if repeated:
        raise CatalogueError(repeated)
    return Document(file, yaml.safe_load(text), lines)


def _record_lines(node: yaml.Node, field: Field, file: Path, lines: dict[Field, int], repeated: list[Fault]) -> None:
    lines.setdefault(field, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*field, key.value)
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
    try:
        return model.model_validate({**document.content, **(extra or {})})
    except ValidationError as error:
        raise CatalogueError([_fault(document, detail) for detail in error.errors()]) from error


def _fault(document: Document, detail: Any) -> Fault:
    field: Field = tuple(part for part in detail["loc"] if part not in ("function-after", "function-before"))
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "missing":
        return document.fault(field, "缺少必填字段", "请补充该字段")
    if kind == "extra_forbidden":
        return document.fault(field, "没有这个字段", "请检查拼写，或删去该字段")
    if kind in ("literal_error", "enum"):
        return document.fault(field, f"不能是 {detail['input']!r}", f"可选值：{context.get('expected', '')}")
    if kind == "value_error":
        problem, _, way_out = str(context.get("error", detail["msg"])).partition("；")
        return document.fault(field, problem, way_out or "请修正该字段")
    return document.fault(field, f"{detail['msg']}（现为 {detail['input']!r}）", "请按字段类型填写")
