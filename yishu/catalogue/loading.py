"""From the catalogue folder to one Catalogue: reads every file, collects every mistake, and refuses the whole if there is one.

A new department, resource or code list is a new file: nothing here lists them.
"""

import csv
import hashlib
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

from yishu.catalogue.checking import check_relations
from yishu.catalogue.documents import CatalogueError, Document, Fault, not_utf8, parse, read_document
from yishu.catalogue.duplicates import load_exemptions
from yishu.catalogue.entities import Entity
from yishu.catalogue.law import load_profile
from yishu.catalogue.models import Catalogue, CodeList, Department, Resource
from yishu.settings import settings


def load_catalogue(folder: Path | None = None, profile: str | None = None) -> Catalogue:
    """Load and check the catalogue.

    Raises CatalogueError, whose faults name file, line, field and way out of everything that is wrong.
    """
    folder = folder or settings.catalogue_dir
    faults: list[Fault] = []
    departments: dict[str, Department] = {}
    resources: dict[str, Resource] = {}
    documents: dict[str, Document] = {}

    for file in sorted((folder / "departments").glob("*/*.yaml")):
        try:
            document = read_document(file)
            name = file.parent.name
            if file.name == "department.yaml":
                departments[name] = parse(document, Department, {"name": name})
                documents[name] = document
            else:
                resource = parse(document, Resource, {"department": name, "name": file.stem})
                resources[resource.id] = resource
                documents[resource.id] = document
        except CatalogueError as error:
            faults += error.faults

    codes = _load_codes(folder / "codes", faults)
    authority = _load_authority(folder / "authority", documents, faults)
    try:
        law = load_profile(profile or settings.profile, folder)
    except CatalogueError as error:
        faults += error.faults
    if faults:
        raise CatalogueError(faults)
    catalogue = Catalogue(departments=departments, resources=resources, authority=authority, codes=codes, hash=_hash(folder))
    faults = [*check_relations(catalogue, law, documents), *_exemption_faults(folder, catalogue)]
    if faults:
        raise CatalogueError(faults)
    return catalogue


def _exemption_faults(folder: Path, catalogue: Catalogue) -> list[Fault]:
    try:
        load_exemptions(folder, catalogue)
    except CatalogueError as error:
        return error.faults
    return []


def _load_authority(folder: Path, documents: dict[str, Document], faults: list[Fault]) -> dict[str, Entity]:
    """The entities of all files; the document of each under its name."""
    entities: dict[str, Entity] = {}
    for file in sorted(folder.glob("*.yaml")):
        try:
            document = read_document(file)
            if not isinstance(document.content, dict | None):
                raise CatalogueError([document.fault((), "内容应为「实体: 属性」的形式", "请参照原有的基础数据库编写")])
        except CatalogueError as error:
            faults += error.faults
            continue
        for name, content in (document.content or {}).items():
            part = Document(file, content, {field[1:]: line for field, line in document.lines.items() if field[:1] == (name,)})
            try:
                if name in documents:
                    raise CatalogueError([part.fault((), f"实体 {name} 已在 {documents[name].file.name} 写过", "请合为一处")])
                entities[name] = parse(part, Entity)
            except CatalogueError as error:
                faults += [replace(fault, field=f"{name}.{fault.field}") for fault in error.faults]
            documents[name] = document
    return entities


def _load_codes(folder: Path, faults: list[Fault]) -> dict[str, CodeList]:
    lists: dict[str, CodeList] = {}
    for file in sorted(folder.glob("*.csv")):
        try:
            text = file.read_text(encoding="utf-8-sig")  # spreadsheets write a mark before the first column's name
        except UnicodeDecodeError as error:
            faults.append(not_utf8(file, error))
            continue
        rows: list[dict[str, Any]] = list(csv.DictReader(io.StringIO(text, newline="")))
        entries: dict[str, str] = {}
        for line, row in enumerate(rows, start=2):
            if not row.get("code") or not row.get("name"):
                faults.append(Fault(file, line, "code,name", "代码或名称为空", "请补全，或删去该行"))
            elif row["code"] in entries:
                faults.append(Fault(file, line, "code", f"代码 {row['code']} 重复", "请删去一行"))
            else:
                entries[row["code"]] = row["name"]
        first = rows[0] if rows else {}
        described = {part: first.get(part) or "" for part in ("title", "standard", "edition")}
        if not described["standard"]:
            faults.append(Fault(file, 2, "standard", "没有写明所依据的标准", "请填写标准号；地方代码写“地方代码”"))
        lists[file.stem] = CodeList(name=file.stem, entries=entries, **described)
    return lists


def _hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.suffix in (".yaml", ".csv")):
        digest.update(str(file.relative_to(folder)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()
