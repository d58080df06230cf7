"""The laws between catalogue entries: code lists exist, one authority per attribute, restricted sharing has its basis.

What one entry can break by itself is in models.py.
"""

from collections.abc import Iterator

from yishu.catalogue.authority import name_column, sources_of, sql_type
from yishu.catalogue.documents import Document, Fault
from yishu.catalogue.entities import Entity
from yishu.catalogue.law import Profile
from yishu.catalogue.models import Catalogue, Item, Resource

Documents = dict[str, Document]


def check_relations(catalogue: Catalogue, profile: Profile, documents: Documents) -> list[Fault]:
    """Every broken law between entries, each with its file and line."""
    return [
        *_departments(catalogue, documents),
        *_scope(catalogue, profile, documents),
        *_channels(catalogue, profile, documents),
        *_references(catalogue, documents),
        *_identifiers(catalogue, documents),
        *_temporary(catalogue, profile, documents),
        *_sharing(catalogue, profile, documents),
        *_authority(catalogue, documents),
    ]


def _departments(catalogue: Catalogue, documents: Documents) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for id_, resource in catalogue.resources.items():
        if resource.department not in catalogue.departments:
            yield documents[id_].fault(
                (), f"部门 {resource.department} 没有 department.yaml", "请补充部门登记：类型、信用代码、负责人、数据专员（A02、A04）"
            )
        if resource.code in seen:
            yield documents[id_].fault(("code",), f"信息资源代码与 {seen[resource.code]} 相同", "请使用未占用的顺序码")
        seen.setdefault(resource.code, id_)


def _scope(catalogue: Catalogue, profile: Profile, documents: Documents) -> Iterator[Fault]:
    """Whom the regulation does not bind, directly or by reference, delivers by agreement or not at all (A02)."""
    parameter = profile.parameter("P04")
    if parameter.value is None:
        return
    bound = [*parameter.value.in_scope, *parameter.value.by_reference]
    for name, department in catalogue.departments.items():
        if department.org_type not in bound and not department.agreement:
            problem = f"{department.org_type} 不在{parameter.reference}的适用范围（A02、P04）"
            way_out = f"请核对 org_type（适用：{'、'.join(bound)}）；依协议报送的，请写 agreement（协议文号）；都不是的，请撤回该部门的目录"
            yield documents[name].fault(("org_type",), problem, way_out)


def _channels(catalogue: Catalogue, profile: Profile, documents: Documents) -> Iterator[Fault]:
    """Which channel a department may use follows the regulation (C03, P15); where it is silent, any.

    A file from who could connect a system is a breach (breaches.py), no fault: the register is usable as it is.
    """
    parameter = profile.parameter("P15")
    if parameter.value is None:
        return
    modes = parameter.value.get("modes", [])
    named = f"{parameter.reference}（C03、P15）"
    for id_, resource in catalogue.resources.items():
        channel = resource.delivery.channel
        if channel not in modes:
            yield documents[id_].fault(("delivery", "channel"), f"{named}没有 {channel} 这种报送通道", f"可选：{'、'.join(modes)}")


def _references(catalogue: Catalogue, documents: Documents) -> Iterator[Fault]:
    for id_, resource in catalogue.resources.items():
        fed: set[str] = set()
        for position, item in enumerate(resource.items):
            where = documents[id_].fault
            if item.codes and item.codes not in catalogue.codes:
                yield where(
                    ("items", position, "codes"), f"没有代码表 {item.codes}", f"请在 catalogue/codes/ 增加 {item.codes}.csv，或改用已有代码表"
                )
            for feed in item.supplies:
                yield from _feed(catalogue, documents[id_], position, feed, fed)
        for base in sorted({feed.partition(".")[0] for feed in fed} & set(catalogue.authority)):
            for key in catalogue.authority[base].keys:
                if f"{base}.{key}" not in fed:
                    yield documents[id_].fault(
                        ("items",), f"向 {base} 供数，却没有供给其标识 {base}.{key}", f"请为标识列写 feeds: {base}.{key}（C02）"
                    )


def _identifiers(catalogue: Catalogue, documents: Documents) -> Iterator[Fault]:
    """What a table says of identifiers names its own items and a key of the authority list (C02)."""
    keys = {entity.key for entity in catalogue.authority.values() if isinstance(entity.key, str)}
    for id_, resource in catalogue.resources.items():
        names = {item.name for item in resource.items}
        for position, said in enumerate(resource.identifies):
            strange = [name for name in (*said.identifier, said.key) if name not in names]
            if strange:
                problem = f"identifies 中的 {'、'.join(strange)} 不是本表的信息项"
                yield documents[id_].fault(("identifies", position), problem, "请改为 items 中的 name")
            if said.key_kind not in keys or (said.changed and said.kind != said.key_kind):
                problem = "变更前后的号码须是同一类标识" if said.changed else f"没有以 {said.key_kind} 为标识的实体"
                yield documents[id_].fault(("identifies", position), problem, f"key_kind 可选：{'、'.join(sorted(keys))}")


def _temporary(catalogue: Catalogue, profile: Profile, documents: Documents) -> Iterator[Fault]:
    """Collection outside the approved catalogue, for a time, only where the regulation allows it (B14, P12)."""
    parameter = profile.parameter("P12")
    if parameter.value and parameter.value.get("allowed"):
        return
    for id_, resource in catalogue.resources.items():
        for position, item in enumerate(resource.items):
            if item.temporary is not None:
                problem = f"《{profile.title}》没有规定临时采集目录范围外的数据（B14、P12）"
                yield documents[id_].fault(("items", position, "temporary"), problem, "请删去 temporary 并报审为正式目录项，或撤下该信息项")


def _feed(catalogue: Catalogue, document: Document, position: int, feed: str, fed: set[str]) -> Iterator[Fault]:
    base, _, attribute = feed.partition(".")
    place = ("items", position, "feeds")
    if base not in catalogue.authority:
        yield document.fault(place, f"没有基础数据库 {base}", f"可选：{'、'.join(catalogue.authority)}")
    elif attribute not in (*catalogue.authority[base].keys, *catalogue.authority[base].attributes):
        yield document.fault(place, f"{base} 没有属性 {attribute}", "请在 catalogue/authority/ 登记该属性及其权威来源（A06），或改正拼写")
    if feed in fed:
        yield document.fault(place, f"本表有两个信息项供给 {feed}", "一张表对一个属性只能供给一次，请保留一项")
    fed.add(feed)


def _sharing(catalogue: Catalogue, profile: Profile, documents: Documents) -> Iterator[Fault]:
    for id_, resource in catalogue.resources.items():
        if resource.sharing.class_ in profile.classes_needing_basis and not resource.sharing.basis:
            yield documents[id_].fault(("sharing",), *_lacks_basis(resource, profile))
        if resource.sharing.class_ == "conditional" and not resource.sharing.conditions and profile.binds("B08"):
            problem = f"{profile.sharing_class_names['conditional']}须写明共享条件（B08，《{profile.title}》）"
            yield documents[id_].fault(("sharing",), problem, "请补充 conditions")


def _lacks_basis(resource: Resource, profile: Profile) -> tuple[str, str]:
    """Problem and way out in the regulation's own words. What follows without a basis is for the authority to confirm, and never
    holds for secret or private data (PDS 18).
    """
    parameter, names = profile.parameters.P11, profile.sharing_class_names
    rule = parameter.value
    assert rule is not None, "a class needs a basis because P11 says so"
    problem = f"{names[resource.sharing.class_]}须有{rule.accepted_basis or '依据'}作为依据（B07，{parameter.reference}）"
    if rule.without_basis is None:
        return problem, "请补充 basis，或改列其他共享类型"
    return problem, f"请补充 basis，否则应报审定列为{names[rule.without_basis]}（涉及秘密、隐私的除外）"


def _authority(catalogue: Catalogue, documents: Documents) -> Iterator[Fault]:
    for base, database in catalogue.authority.items():
        document = documents[base]
        yield from _names_of_codes(catalogue, document, base, database)
        yield from _parts(catalogue, document, base, database)
        for attribute, sources in database.attributes.items():
            place = (base, "attributes", attribute)
            if not sources:
                yield document.fault(place, "没有来源", "每个属性须有且只有一个权威来源，写在第一位（A06）")
            for position, source in enumerate(sources):
                spot = (*place, position)
                resource = catalogue.resources.get(source)
                if sources.index(source) != position:
                    yield document.fault(spot, f"来源 {source} 重复", "一个来源只列一次；第一位是唯一权威来源（A06）")
                elif resource is None:
                    yield document.fault(spot, f"目录中没有 {source}", "请登记该信息资源，或从列表中删去")
                elif resource.feeding(f"{base}.{attribute}") is None:
                    yield document.fault(spot, f"{source} 没有信息项供给 {base}.{attribute}", f"请在该表的信息项上写 feeds: {base}.{attribute}")


def _parts(catalogue: Catalogue, document: Document, base: str, entity: Entity) -> Iterator[Fault]:
    """Groups of history and references speak of attributes that exist, each attribute in one group at most."""
    grouped: set[str] = set()
    for group, members in entity.groups.items():
        for position, name in enumerate(members):
            if name not in entity.attributes or name in grouped:
                problem = f"{name} 已在另一组" if name in grouped else f"{base} 没有属性 {name}"
                yield document.fault((base, "groups", group, position), problem, "每个属性至多归入一个属性组；请改正")
            grouped.add(name)
    for attribute, reference in entity.references.items():
        other, place = reference.entity, (base, "references", attribute)
        if attribute not in (*entity.keys, *entity.attributes):
            yield document.fault(place, f"{base} 没有属性 {attribute}", "请写本实体的属性名或标识名")
        elif other not in catalogue.authority or len(catalogue.authority[other].keys) > 1:
            yield document.fault(place, f"没有以单一标识识别的实体 {other}", f"可选：{'、'.join(catalogue.authority)}")
        elif reference.required and (apart := _apart(catalogue, base, attribute, other)):
            yield document.fault(place, f"{'、'.join(apart)} 报了 {attribute}，却不供给 {other}", "所指的实体可能不在，请删去 required")
    for name in entity.forms.keys() - entity.attributes.keys():
        yield document.fault((base, "forms", name), f"{base} 没有属性 {name}", "请写本实体的属性名")
    for position, relation in enumerate(entity.relations):
        strange = [name for name in relation.attributes if name not in (*entity.keys, *entity.attributes)]
        if strange or not any(name in entity.attributes for name in relation.attributes[:2]):
            problem = f"{base} 没有属性 {'、'.join(strange)}" if strange else "亲属关系没有可溯源的属性"
            yield document.fault((base, "relations", position), problem, "请写本实体的属性名；关系或当事人之一须是属性而不是标识（D04）")


def _apart(catalogue: Catalogue, base: str, attribute: str, other: str) -> list[str]:
    """The sources of an attribute that do not feed it to the entity it refers to as well: their rows may refer to who is not there."""
    entity, key = catalogue.authority[base], f"{other}.{catalogue.authority[other].keys[0]}"
    sources = entity.attributes.get(attribute, sources_of(entity))
    items = {source: item for source in sources if (item := _feeding(catalogue, source, f"{base}.{attribute}"))}
    return [source for source, item in items.items() if key not in item.supplies or source not in sources_of(catalogue.authority[other])]


def _names_of_codes(catalogue: Catalogue, document: Document, base: str, entity: Entity) -> Iterator[Fault]:
    """One attribute has one type and one code list, whoever supplies it; the column of its names must be free."""
    for attribute, sources in entity.attributes.items():
        items = {source: item for source in sources if (item := _feeding(catalogue, source, f"{base}.{attribute}"))}
        first = next(iter(items.values()), None)
        place = (base, "attributes", attribute)
        for source, item in items.items():
            if first and (item.codes, sql_type(item)) != (first.codes, sql_type(first)):
                problem = f"{source} 的 {item.name} 与权威来源类型不同（{item.codes or item.type}，应为 {first.codes or first.type}）"
                yield document.fault((*place, sources.index(source)), problem, "同一属性的各来源须用同一类型和代码表，请统一后再列入")
        if first and first.codes and name_column(attribute) in (*entity.attributes, *entity.keys):
            yield document.fault(place, f"代码名称列 {name_column(attribute)} 与另一属性同名", "请改属性名，使代码名称列有自己的名字")


def _feeding(catalogue: Catalogue, source: str, attribute: str) -> Item | None:
    resource = catalogue.resources.get(source)
    return resource.feeding(attribute) if resource else None
