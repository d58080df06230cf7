"""The documentation and contracts of the base tables, from the items that feed them: titles, English, types, sensitivities, masks.

Belongs here: what models/generated/base.yml says. Not here: writing it (dbt_export.py), the SQL of the tables (dbt_project/macros).
"""

from typing import Any

from yishu.catalogue.authority import database_of, feeding, form_column, name_column, sources_of, sql_type
from yishu.catalogue.entities import Entity
from yishu.catalogue.models import Catalogue, Item

CONTRACT = {"enforced": True}
# Beside each golden table: title, English, grain, may it be empty, columns.
BESIDE_GOLDEN: dict[str, tuple[str, str, list[str], bool, list[str]]] = {
    "provenance": (
        "每个属性值出自哪个部门、哪个批次、哪一行（D04）",
        "Which source row each attribute comes from",
        ["entity", "entity_id", "attribute"],
        False,
        ["entity", "entity_id", "attribute", "department", "resource", "delivery_id", "row_number", "as_of"],
    ),
    "conflict": (
        "各来源不一致的属性值，含未采用的（D03）",
        "Claims on which the sources of an attribute disagree",
        [],
        True,
        ["entity", "entity_id", "attribute", "value", "department", "resource", "delivery_id", "row_number", "chosen"],
    ),
    "unlinked": (
        "标识缺失或无效、暂不能归到实体的来源记录（C02）",
        "Source rows whose identifier is missing or invalid",
        [],
        True,
        ["entity", "department", "resource", "delivery_id", "row_number", "reason", "key_text", "source_key"],
    ),
    "history": (
        "各属性组以往的内容及起止日期：某日所知，取该日在起止之间者；今日所知在各实体表，自其“起”列之日起（D04）",
        "Former content of each attribute group, with the days from which and until which it was known",
        ["entity", "entity_id", "attribute_group", "valid_from"],
        True,
        ["entity", "entity_id", "attribute_group", "content", "valid_from", "valid_to"],
    ),
    "identity": (
        "各实体用过的标识：类型、号码、起止日期（C02、D04）；实体标识不随号码变更",
        "Every identifier an entity has gone by",
        ["entity", "entity_id", "kind", "identifier"],
        False,
        ["entity", "entity_id", "kind", "identifier", "valid_from", "valid_to", "basis"],
    ),
    "under_check": (
        "各实体正在核实的问题：哪个部门的哪条规则，自何时起（E07）",
        "Open rules about an entity",
        ["entity", "entity_id", "department", "resource", "rule"],
        True,
        ["entity", "entity_id", "department", "resource", "rule", "since"],
    ),
}
# data type, title, English, sensitivity, mask
BESIDE_COLUMNS: dict[str, tuple[str, str, str, str, str | None]] = {
    "entity": ("string", "实体表名", "name of the golden table", "none", None),
    "entity_id": ("string", "实体标识", "entity identifier", "direct", "token"),
    "attribute": ("string", "属性名", "attribute", "none", None),
    "value": ("string", "来源所报的值（文本）", "value as the source states it, as text", "direct", "token"),
    "department": ("string", "来源部门", "source department", "none", None),
    "resource": ("string", "来源信息资源", "source resource", "none", None),
    "delivery_id": ("string", "来源批次", "source delivery", "none", None),
    "row_number": ("bigint", "来源行号", "line of the row in the delivered file", "quasi", None),
    "as_of": ("date", "来源批次的数据日期", "as-of date of the source delivery", "none", None),
    "chosen": ("boolean", "是否被采用", "whether this value was chosen", "none", None),
    "reason": ("string", "原因：missing 标识缺失，invalid 标识无效", "missing or invalid identifier", "none", None),
    "key_text": ("string", "来源所报的标识", "identifier as the source states it", "direct", "token"),
    "rule": ("string", "未结问题所依据的规则", "rule that is open", "none", None),
    "since": ("date", "自何时起", "open since", "none", None),
    "attribute_group": ("string", "属性组", "attribute group", "none", None),
    "content": ("string", "该组各属性当时的值（JSON）", "values of the group's attributes at that time, as JSON", "direct", "token"),
    "valid_from": ("date", "自该日起", "first day of validity", "none", None),
    "valid_to": ("date", "至该日止（不含）；空为至今", "first day no longer valid; null until now", "none", None),
    "kind": ("string", "标识类型", "kind of identifier", "none", None),
    "identifier": ("string", "标识号码", "identifier", "direct", "token"),
    "basis": ("string", "所依据的信息资源或决定", "resource or decision it rests on", "none", None),
    "source_key": ("string", "来源记录的主键", "key of the source row", "direct", "token"),
}
_ENTITY_ID = ("实体标识：由标识号生成的 UUID（第 5 版）", "entity identifier: UUID version 5 of the key")
_SEVEREST = ("none", "quasi", "direct")
_MASKS = {"name": "name", "holder": "name", "address": "address", "location": "address", "owner_id": "citizen_id", "holder_code": "citizen_id"}


def base_models(catalogue: Catalogue) -> dict[str, Any]:
    """The base tables' documentation: titles, types and sensitivities come from the items that feed them."""
    models = [_golden(catalogue, name, entity) for name, entity in catalogue.authority.items()]
    for database, schema in {database_of(entity): entity.schema_ for entity in catalogue.authority.values()}.items():
        titles = "、".join(entity.title for entity in catalogue.authority.values() if entity.schema_ == schema)
        models += [_beside(database, schema, titles, table) for table in BESIDE_GOLDEN]
    return {"version": 2, "models": models}


def _beside(database: str, schema: str, titles: str, table: str) -> dict[str, Any]:
    title, english, grain, empty, columns = BESIDE_GOLDEN[table]
    meta = {"english": english, "grain": grain, "may_be_empty": empty}
    return {
        "name": f"{database}_{table}",
        "description": f"基础数据库（{titles}）：{title}",
        "config": {"schema": schema, "alias": table, "contract": CONTRACT, "on_schema_change": "fail", "meta": meta},
        "columns": [_described(column, *BESIDE_COLUMNS[column]) for column in columns],
    }


def _golden(catalogue: Catalogue, name: str, entity: Entity) -> dict[str, Any]:
    listed = sources_of(entity)
    columns = [
        _described("entity_id", "string", *_ENTITY_ID, "direct", "token") | {"data_tests": ["unique"], "constraints": [{"type": "not_null"}]},
    ]
    for key in entity.keys:
        columns += _attribute_columns(key, [feeding(catalogue.resources[id_], f"{name}.{key}") for id_ in listed], catalogue)
    for attribute, sources in entity.attributes.items():
        columns += _attribute_columns(attribute, [feeding(catalogue.resources[id_], f"{name}.{attribute}") for id_ in sources], catalogue)
        if attribute in entity.forms:
            columns.append(_in_one_form(columns[-1]))
    if entity.otherwise:
        columns[1]["description"] += f"；没有的为空，以 {'、'.join(entity.identifiers[entity.otherwise])} 识别"
    for column in columns:
        column["description"] += _refers(catalogue, entity, column["name"])
    doubt = ("有来源记录正在核实；仅作提示，不影响受理（E07）", "a source row is under check; service goes on")
    columns.append(_described("known_since", "date", "自何日起有此实体", "first day the entity was known", "none", None))
    for group, members in entity.grouped.items():
        titles = "、".join(feeding(catalogue.resources[entity.attributes[member][0]], f"{name}.{member}").title for member in members)
        since = (f"以下属性的现值自何日起：{titles}", f"valid-from of: {', '.join(members)}")
        columns.append(_described(f"{group}_since", "date", *since, "none", None))
    columns.append(_described("under_check", "boolean", *doubt, "none", None))
    titles = "、".join(dict.fromkeys(catalogue.resources[id_].title for id_ in listed))
    return {
        "name": name,
        "description": f"{entity.title}：一个实体一行，各属性取自权威来源（来源：{titles}）",
        "config": {
            "schema": entity.schema_,
            "contract": CONTRACT,
            "on_schema_change": "fail",
            "meta": {"english": f"Golden record of {name.replace('_', ' ')}, one row an entity", "grain": ["entity_id"]},
        },
        "columns": columns,
    }


def _attribute_columns(attribute: str, items: list[Item], catalogue: Catalogue) -> list[dict[str, Any]]:
    """The attribute's column, and where it is coded the column of its names."""
    item, severest = items[0], max((item.sensitivity for item in items), key=_SEVEREST.index)
    english = item.english or attribute.replace("_", " ")
    if item.codes is None:
        return [_described(attribute, sql_type(item), item.title, english, severest, _mask(attribute, item) if severest == "direct" else None)]
    codes = catalogue.codes[item.codes]
    # A mask would hide the code and leave the name readable: both are shown as they are, or not at all.
    title, words = item.title.removesuffix("代码"), english.removesuffix(" code")
    return [
        _described(attribute, "string", f"{title}代码（{codes.standard}，{codes.edition}）", f"{words}, code of {codes.standard}", severest, None),
        _described(name_column(attribute), "string", title, words, severest, None),
    ]


def _in_one_form(column: dict[str, Any]) -> dict[str, Any]:
    """The column of a text in the form by which it is compared: as sensitive as what was written, and masked as that is."""
    meta = column["config"]["meta"]
    title, english = f"{column['description']}的统一写法，供比对，不供展示", f"{meta['english']} in the form by which it is compared"
    return _described(form_column(column["name"]), "string", title, english, meta["sensitivity"], meta.get("mask"))


def _refers(catalogue: Catalogue, entity: Entity, column: str) -> str:
    """Of which entity the column's value is the key, whether it is always there, and why."""
    if column not in entity.references:
        return ""
    reference = entity.references[column]
    target = catalogue.authority[reference.entity]
    return f"；指向{target.title}（{target.schema_}.{reference.entity}），所指{'必有' if reference.required else '可无'}：{reference.reason}"


def _described(name: str, data_type: str, title: str, english: str, sensitivity: str, mask: str | None) -> dict[str, Any]:
    meta = {"english": english, "sensitivity": sensitivity} | ({"mask": mask} if mask else {})
    return {"name": name, "data_type": data_type, "description": title, "config": {"meta": meta}}


def _mask(attribute: str, item: Item) -> str:
    """How the value of a direct identifier is shown: by its type, else by the word its name ends in."""
    if item.type in ("citizen_id", "credit_code", "phone"):
        return item.type
    return next((mask for word, mask in _MASKS.items() if attribute.endswith(word)), "token")
