"""A profile as its file and those it extends say it: what a file leaves out is its parent's, what it states is its own.

Belongs here: reading the chain of files, and joining them so that every statement says which regulation it is of. Not here: what the
statements mean (law.py). The version covers every byte of the chain: a change of the parent is a change of the child.
"""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from yishu.catalogue.documents import CatalogueError, Document, Fault, read_document

INHERITED = ("terms", "parameters", "local_defaults")
CITING = ("terms", "parameters")


@dataclass(frozen=True)
class Joined:
    """One document of law, its version, and the regulations that it may quote, its own first: profile name -> title."""

    document: Document
    version: str
    lineage: dict[str, str]

    @property
    def parent(self) -> str | None:
        """The name of the profile that it extends."""
        return next(iter(list(self.lineage)[1:]), None)


def joined(name: str, folder: Path) -> Joined:
    """The profile <folder>/<name>.yaml with all that it inherits. Raises CatalogueError for a missing parent, a circle, or a parent
    silenced by its child.
    """
    chain = _chain(name, folder)
    digest = hashlib.sha256()
    content: dict[str, Any] = {}
    for file, document in reversed(chain):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
        if silenced := _silenced(content, document):
            raise CatalogueError(silenced)
        content = _over(content, _cited(document))
    lineage = {file.stem: str(document.content.get("title")) for file, document in chain}
    return Joined(replace(chain[0][1], content=content), digest.hexdigest()[:16], lineage)


def _chain(name: str, folder: Path) -> list[tuple[Path, Document]]:
    """The file and those above it, the file itself first."""
    file = folder / f"{name}.yaml"
    if not file.is_file():
        problem, way_out = f"没有法规配置 {name}", f"现有：{_known(folder)}；请改用其中之一，或新增该文件"
        raise CatalogueError([Fault(file, 1, "（整个文件）", problem, way_out)])
    chain = [(file, _mapping(read_document(file)))]
    while (parent := chain[-1][1].content.get("extends")) is not None:
        document = chain[-1][1]
        above = folder / f"{parent}.yaml"
        if not isinstance(parent, str) or not above.is_file():
            raise CatalogueError([document.fault(("extends",), f"没有上级法规配置 {parent}", f"现有：{_known(folder)}；请改正名称")])
        if above in [seen for seen, _ in chain]:
            names = " → ".join([*(seen.stem for seen, _ in chain), parent])
            raise CatalogueError([document.fault(("extends",), f"上下级互相继承：{names}", "请删去其中一处 extends；上级法规不能继承下级")])
        chain.append((above, _mapping(read_document(above))))
    return chain


def _known(folder: Path) -> str:
    return "、".join(sorted(path.stem for path in folder.glob("*.yaml"))) or "（无）"


def _mapping(document: Document) -> Document:
    if not isinstance(document.content, dict):
        raise CatalogueError([document.fault((), "内容应为「字段: 值」的形式", "请参照 docs/law.md 编写")])
    return document


def _cited(document: Document) -> dict[str, Any]:
    """The content, each statement marked with the title of the regulation that makes it."""
    content = dict(document.content)
    for part in CITING:
        if isinstance(content.get(part), dict):
            content[part] = {key: _marked(value, content.get("title")) for key, value in content[part].items()}
    return content


def _marked(statement: Any, title: Any) -> Any:
    return {"regulation": title, **statement} if isinstance(statement, dict) else statement


def _silenced(above: dict[str, Any], document: Document) -> list[Fault]:
    """A regulation below cannot undo what the one above says by saying nothing: its silence means that the one above applies."""
    own, higher = _part(document.content, "parameters"), _part(above, "parameters")
    return [
        document.fault(("parameters", number), "上级法规对此有规定，不能写成 value: null", "本法规没有规定的，请删去该参数，从上级规定")
        for number, statement in own.items()
        if isinstance(statement, dict) and statement.get("value") is None and _part(higher, number).get("value") is not None
    ]


def _part(content: dict[str, Any], name: str) -> dict[str, Any]:
    found = content.get(name)
    return found if isinstance(found, dict) else {}


def _over(above: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """The child's content over its parent's, statement by statement; title and regulation are always the child's own."""
    joint = {part: {**_part(above, part), **_part(own, part)} for part in INHERITED if part in own or part in above}
    stated = {part: own[part] if part in own and not isinstance(own[part], dict) else joint[part] for part in joint}
    return {**own, **stated, **_obligations(above, own)}


def _obligations(above: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """What the regulation above makes binds below as well; what is no list is left for the shape of the profile to refuse."""
    both = [content["obligations"] for content in (above, own) if "obligations" in content]
    return {"obligations": [one for part in both for one in part]} if all(isinstance(part, list) for part in both) and both else {}
