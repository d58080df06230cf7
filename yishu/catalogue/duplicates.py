"""The same element collected by two departments (C01): what the catalogue lets one suspect, and what a law exempts.

Belongs here: finding pairs of items, reading catalogue/exemptions.yaml. Not here: whether one of the two must stop: this list only
suspects. Items that feed one attribute are the same element; so are items that do not both feed one and agree in title, type and the
identifier of what they describe. Identifiers and the names that go with them are needed to link, and do not count.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path

import polars as pl

from yishu.catalogue.documents import CatalogueError, Document, Fault, parse, read_document
from yishu.catalogue.entry import Entry, Text
from yishu.catalogue.models import Catalogue, Item, Resource

FILE = "exemptions.yaml"
SUSPECTED, EXEMPT = "suspected", "exempt"
# What names the thing beside its identifier: attributes by the type of the entity's key, and titles where nothing is fed.
NAMES = {"citizen_id": "full_name", "credit_code": "name"}
COUNTERPART_NAME = "counterpart_name"
NAME_TITLES = frozenset({"姓名", "名称", "单位名称"})
# Speaks of the record and not of the thing it describes.
OF_THE_RECORD = frozenset({"备注", "更新时间", "数据更新时间", "数据来源单位", "数据来源单位统一社会信用代码"})
IDENTIFIERS = {
    "citizen_id": "公民身份号码", "credit_code": "统一社会信用代码", "organisation_code": "组织机构代码", "registration_no": "注册号",
    "parcel_code": "宗地代码", "real_estate_unit": "不动产单元代码", "certificate_id": "电子证照标识",
}  # fmt: skip


class Exemption(Entry):
    """Why an element may be collected twice: 法律、法规另有规定的除外."""

    basis: Text
    reason: Text


@dataclass(frozen=True)
class Duplicate:
    """Two departments' items that look like one element. `state`: suspected, or exempt with its basis."""

    element: str
    title: str
    department_a: str
    resource_a: str
    item_a: str
    department_b: str
    resource_b: str
    item_b: str
    authority: str | None
    why: str
    state: str = SUSPECTED
    basis: str | None = None


@dataclass(frozen=True)
class _Use:
    """An item where it stands, as this module compares it."""

    resource: Resource
    item: Item
    title: str
    identifiers: frozenset[str]


def duplicates(catalogue: Catalogue, exemptions: dict[str, Exemption]) -> list[Duplicate]:
    """Every pair of departments' items that look like one element, in a stable order."""
    found = [_exempted(pair, exemptions) for pair in _pairs(catalogue)]
    return sorted(found, key=lambda d: (d.element, d.resource_a, d.item_a, d.resource_b, d.item_b))


def table(found: list[Duplicate]) -> pl.DataFrame:
    """The pairs as a table, one row a pair."""
    schema = dict.fromkeys(Duplicate.__dataclass_fields__, pl.String)
    return pl.DataFrame([asdict(pair) for pair in found], schema=schema)


def load_exemptions(catalogue_dir: Path, catalogue: Catalogue) -> dict[str, Exemption]:
    """Element -> exemption, from catalogue/exemptions.yaml, which may be absent. Raises CatalogueError with file and line.

    An element is written as the table writes it (person.phone, citizen_id:联系电话); `administrative_permit.*` is all of an entity.
    """
    file = catalogue_dir / FILE
    if not file.is_file():
        return {}
    document = read_document(file)
    if document.content is None:
        return {}
    if not isinstance(document.content, dict):
        raise CatalogueError([document.fault((), "内容应为「要素: basis 与 reason」的形式", "例如 person.phone: {basis: 法规条文, reason: 理由}")])
    known = _elements(catalogue)
    faults: list[Fault] = []
    exemptions: dict[str, Exemption] = {}
    for name, content in document.content.items():
        if name not in known:
            faults.append(document.fault((name,), f"没有要素 {name}", "请写成 实体.属性、实体.*，或 标识类型:标题，或删去该行"))
        part = Document(file, content, {field[1:]: line for field, line in document.lines.items() if field[:1] == (name,)})
        try:
            exemptions[name] = parse(part, Exemption)
        except CatalogueError as error:
            faults += [Fault(fault.file, fault.line, f"{name}.{fault.field}", fault.problem, fault.way_out) for fault in error.faults]
    if faults:
        raise CatalogueError(faults)
    return exemptions


def _pairs(catalogue: Catalogue) -> Iterator[Duplicate]:
    uses = list(_uses(catalogue))
    fed: dict[str, list[_Use]] = {}
    titled: dict[tuple[str, str], list[_Use]] = {}
    for use in uses:
        for element in use.item.supplies:
            fed.setdefault(element, []).append(use)
        titled.setdefault((use.title, use.item.type), []).append(use)
    for element, group in fed.items():
        entity, _, attribute = element.partition(".")
        title = f"{catalogue.authority[entity].title}·{group[0].item.title}"
        for a, b in _of_two_departments(group):
            yield _pair(catalogue, element, title, a, b, f"都供给 {title}（{element}）")
    for group in titled.values():
        for a, b in _of_two_departments(group):
            common = sorted(a.identifiers & b.identifiers)
            if common and not (a.item.feeds and b.item.feeds):
                element = next(iter((*a.item.supplies, *b.item.supplies)), None) or _titled(common[0], a.title)
                why = f"标题和类型相同（{a.item.title}），都以{IDENTIFIERS[common[0]]}为标识"
                yield _pair(catalogue, element, a.item.title, a, b, why)


def _of_two_departments(group: list[_Use]) -> Iterator[tuple[_Use, _Use]]:
    ordered = sorted(group, key=lambda use: (use.resource.id, use.item.name))
    return ((a, b) for a, b in combinations(ordered, 2) if a.resource.department != b.resource.department)


def _pair(catalogue: Catalogue, element: str, title: str, a: _Use, b: _Use, why: str) -> Duplicate:
    entity, _, attribute = element.partition(".")
    sources = catalogue.authority[entity].attributes.get(attribute, []) if entity in catalogue.authority else []
    placed = [part for use in (a, b) for part in (use.resource.department, use.resource.id, use.item.name)]
    return Duplicate(
        element, title, placed[0], placed[1], placed[2], placed[3], placed[4], placed[5], sources[0] if sources else None, why
    )


def _exempted(pair: Duplicate, exemptions: dict[str, Exemption]) -> Duplicate:
    found = exemptions.get(pair.element) or exemptions.get(pair.element.partition(".")[0] + ".*")
    return pair if found is None else Duplicate(**{**asdict(pair), "state": EXEMPT, "basis": f"{found.basis}：{found.reason}"})


def _uses(catalogue: Catalogue) -> Iterator[_Use]:
    """The items that count, with the identifiers by which their resource is linked."""
    keys = {f"{name}.{key}" for name, entity in catalogue.authority.items() for key in entity.keys}
    names = _names(catalogue)
    for resource in catalogue.judged_resources.values():
        linking = [item for item in resource.items if item.name in resource.key or keys & set(item.supplies)]
        identifiers = frozenset(item.type for item in linking if item.type in IDENTIFIERS)
        for item in resource.items:
            title = _normal(item.title)
            named = bool(names & set(item.supplies)) or (item.feeds is None and title in NAME_TITLES)
            identifying = item in linking or item.type in NAMES  # by these two the law links data (C02, P14)
            if not (named or identifying or title in OF_THE_RECORD):
                yield _Use(resource, item, title, identifiers)


def _names(catalogue: Catalogue) -> set[str]:
    """The attributes that are the name beside an identifier: full_name, name, counterpart_name."""
    named = {f"{name}.{NAMES[key]}" for name, entity in catalogue.authority.items() for key in entity.keys if key in NAMES}
    return named | {f"{name}.{COUNTERPART_NAME}" for name in catalogue.authority}


def _elements(catalogue: Catalogue) -> set[str]:
    """Every element an exemption may name."""
    attributes = {f"{name}.{attribute}" for name, entity in catalogue.authority.items() for attribute in entity.attributes}
    titled = {_titled(type_, use.title) for use in _uses(catalogue) for type_ in use.identifiers}
    return attributes | titled | {f"{name}.*" for name in catalogue.authority}


def _titled(identifier: str, title: str) -> str:
    return f"{identifier}:{title}"


def _normal(title: str) -> str:
    """A title without spaces, punctuation and differences of width or case."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", title).casefold() if letter.isalnum())
