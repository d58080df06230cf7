"""The catalogue as dbt reads it: sources, the authority macro, and the documentation of the base tables.

Belongs here: text generated from the catalogue, so that a new source or attribute needs no edit in dbt_project. Not here:
SQL (dbt_project/macros), or anything that imports dbt. The three files are git-ignored; they are written only when their
content differs, because a touched file makes dbt parse the whole project again.
"""

import json
import os
from pathlib import Path
from typing import Any

import yaml

from yishu.catalogue.models import Catalogue, Entity, Item, Resource

SQL_TYPES = {"date": "date", "integer": "bigint", "decimal": "double"}  # every other type is text
ROW_COLUMNS = {
    "_key": ("string", "规范化的主键值，以“|”相连"),
    "_delivery_id": ("string", "带来本行现状的批次"),
    "_delivery_seq": ("bigint", "批次的先后顺序号"),
    "_row_number": ("bigint", "在来文件中的物理行号"),
    "_as_of": ("date", "批次的数据日期"),
    "_invalid": ("string", "值不合类型规则的信息项，以“|”包围；无则为空"),
    "_absent_count": ("bigint", "连续缺席的全量批次数"),
}
LAKE_TABLES = {
    "pin": (
        "本次构建固定的各资源池版本",
        {"resource": "string", "version": "bigint", "as_of": "date", "pin": "string"},
    ),
    "under_check": (
        "正在核实的记录（E07：不影响正常受理）",
        {"department": "string", "resource": "string", "key": "string", "rule": "string", "since": "date"},
    ),
    "code": ("代码表", {"list": "string", "code": "string", "name": "string"}),
}
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
    "source_key": ("string", "来源记录的主键", "key of the source row", "direct", "token"),
}
_ENTITY_ID = ("实体标识：由标识号生成的 UUID（第 5 版）", "entity identifier: UUID version 5 of the key")
_SEVEREST = ("none", "quasi", "direct")
_MASKS = {"name": "name", "holder": "name", "address": "address", "location": "address", "owner_id": "citizen_id", "holder_code": "citizen_id"}


def write_dbt_inputs(catalogue: Catalogue, dbt_dir: Path) -> bool:
    """Write the generated sources, authority macro and base documentation; True where any of them changed.

    Raises ValueError where the authority list names a source that does not feed what it is listed for.
    """
    authority = authority_of(catalogue)
    contents = {
        dbt_dir / "models" / "generated" / "sources.yml": _as_yaml(_sources(catalogue)),
        dbt_dir / "models" / "generated" / "base.yml": _as_yaml(_base_models(catalogue)),
        dbt_dir / "macros" / "generated" / "authority.sql": _macro(authority),
    }
    changed = [path for path, text in contents.items() if not path.exists() or path.read_text("utf-8") != text]
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        written = path.with_name(path.name + ".written")
        written.write_text(contents[path], encoding="utf-8")
        os.replace(written, path)
    return bool(changed)


def authority_of(catalogue: Catalogue) -> dict[str, Any]:
    """The authority list with the column of each source: what the macro `authority()` returns (A06)."""
    return {name: _authority(catalogue, name, database) for name, database in catalogue.authority.items()}


def relation_name(resource: Resource) -> str:
    """The name of the pool's view in the build database."""
    return f"{resource.department}__{resource.name}"


def sql_type(item: Item) -> str:
    """The type of the item's pool column, in words that DuckDB and Spark share."""
    return SQL_TYPES.get(item.type, "string")


def database_of(entity: Entity) -> str:
    """The base database an entity belongs to: its schema without `base_`."""
    return entity.schema_.removeprefix("base_")


def name_column(attribute: str) -> str:
    """The column with the name of a coded attribute, beside the code."""
    return f"{attribute.removesuffix('_code')}_name"


def _authority(catalogue: Catalogue, name: str, entity: Entity) -> dict[str, Any]:
    attributes = {}
    for attribute, sources in entity.attributes.items():
        item = _feeding(catalogue.resources[sources[0]], f"{name}.{attribute}")
        attributes[attribute] = {
            "type": sql_type(item),
            "codes": item.codes or "",
            "name_column": name_column(attribute) if item.codes else "",
            "sources": [_source(catalogue.resources[id_], name, entity, attribute) for id_ in sources],
        }
    listed = dict.fromkeys(id_ for sources in entity.attributes.values() for id_ in sources)
    return {
        "key": entity.key,
        "schema": entity.schema_,
        "database": database_of(entity),
        "attributes": attributes,
        "sources": [_source(catalogue.resources[id_], name, entity, entity.key) for id_ in listed],
    }


def _source(resource: Resource, base: str, entity: Entity, attribute: str) -> dict[str, str]:
    return {
        "relation": relation_name(resource),
        "department": resource.department,
        "resource": resource.name,
        "column": _feeding(resource, f"{base}.{attribute}").name,
        "key_column": _feeding(resource, f"{base}.{entity.key}").name,
    }


def _feeding(resource: Resource, attribute: str) -> Item:
    for item in resource.items:
        if item.feeds == attribute:
            return item
    raise ValueError(
        f"{resource.title}（{resource.id}）没有信息项供给 {attribute}；请在该表的信息项上写 feeds: {attribute}"
    )


def _sources(catalogue: Catalogue) -> dict[str, Any]:
    pool = [
        {
            "name": relation_name(resource),
            "description": f"{resource.title}：{resource.summary}（{catalogue.departments[resource.department].title}）",
            "columns": [_column(item.name, sql_type(item), item.title) for item in resource.items]
            + [_column(name, kind, title) for name, (kind, title) in ROW_COLUMNS.items()],
        }
        for resource in catalogue.resources.values()
    ]
    lake = [
        {
            "name": name,
            "description": title,
            "columns": [{"name": column, "data_type": kind} for column, kind in columns.items()],
        }
        for name, (title, columns) in LAKE_TABLES.items()
    ]
    return {
        "version": 2,
        "sources": [
            {"name": "pool", "schema": "pool", "description": "部门数据资源池，固定版本的只读视图", "tables": pool},
            {
                "name": "lake",
                "schema": "lake",
                "description": "本次构建的事实：版本、核实中的记录、代码表",
                "tables": lake,
            },
        ],
    }


def _column(name: str, data_type: str, title: str) -> dict[str, str]:
    return {"name": name, "data_type": data_type, "description": title}


def _base_models(catalogue: Catalogue) -> dict[str, Any]:
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
        "config": {"schema": schema, "alias": table, "meta": meta},
        "columns": [_described(column, *BESIDE_COLUMNS[column]) for column in columns],
    }


def _golden(catalogue: Catalogue, name: str, entity: Entity) -> dict[str, Any]:
    listed = dict.fromkeys(id_ for sources in entity.attributes.values() for id_ in sources)
    columns = [
        _described("entity_id", "string", *_ENTITY_ID, "direct", "token") | {"data_tests": ["unique", "not_null"]},
        *_attribute_columns(entity.key, [_feeding(catalogue.resources[id_], f"{name}.{entity.key}") for id_ in listed], catalogue),
    ]
    for attribute, sources in entity.attributes.items():
        columns += _attribute_columns(attribute, [_feeding(catalogue.resources[id_], f"{name}.{attribute}") for id_ in sources], catalogue)
    doubt = ("有来源记录正在核实；仅作提示，不影响受理（E07）", "a source row is under check; service goes on")
    columns.append(_described("under_check", "boolean", *doubt, "none", None))
    titles = "、".join(dict.fromkeys(catalogue.resources[id_].title for id_ in listed))
    return {
        "name": name,
        "description": f"{entity.title}：一个实体一行，各属性取自权威来源（来源：{titles}）",
        "config": {
            "schema": entity.schema_,
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


def _described(name: str, data_type: str, title: str, english: str, sensitivity: str, mask: str | None) -> dict[str, Any]:
    meta = {"english": english, "sensitivity": sensitivity} | ({"mask": mask} if mask else {})
    return _column(name, data_type, title) | {"config": {"meta": meta}}


def _mask(attribute: str, item: Item) -> str:
    """How the value of a direct identifier is shown: by its type, else by the word its name ends in."""
    if item.type in ("citizen_id", "credit_code", "phone"):
        return item.type
    return next((mask for word, mask in _MASKS.items() if attribute.endswith(word)), "token")


def _macro(authority: dict[str, Any]) -> str:
    # JSON is a Jinja literal as long as it holds no null, true or false; indent keeps a diff readable.
    literal = json.dumps(authority, ensure_ascii=False, indent=2)
    return f"{{% macro authority() %}}\n{{{{ return({literal}) }}}}\n{{% endmacro %}}\n"


def _as_yaml(content: dict[str, Any]) -> str:
    return "# Generated from catalogue/ by yishu.catalogue.dbt_export; do not edit.\n" + yaml.safe_dump(
        content, allow_unicode=True, sort_keys=False, width=140
    )
