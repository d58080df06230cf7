"""The authority list (A06) resolved: for each entity its keys, groups and attributes, and the pool column of each source.

Belongs here: what the macros, the documentation of the base tables and the gate of conflicts all ask. Not here: files for dbt (dbt_export.py).
"""

from typing import Any

from yishu.catalogue.entities import Entity, Relation
from yishu.catalogue.models import Catalogue, Item, Resource

SQL_TYPES = {"date": "date", "integer": "bigint", "decimal": "double"}  # every other type is text


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


def form_column(attribute: str) -> str:
    """The column with an attribute's text in the form by which it is compared, beside what was written."""
    return f"normal_{attribute}"


def _authority(catalogue: Catalogue, name: str, entity: Entity) -> dict[str, Any]:
    attributes = {}
    for attribute, sources in entity.attributes.items():
        item = feeding(catalogue.resources[sources[0]], f"{name}.{attribute}")
        attributes[attribute] = {
            "type": sql_type(item),
            "codes": item.codes or "",
            "name_column": name_column(attribute) if item.codes else "",
            "form": entity.forms.get(attribute, ""),
            "sources": [_place(catalogue.resources[id_]) | {"column": _item(catalogue, id_, name, attribute)} for id_ in sources],
        }
    first = catalogue.resources[sources_of(entity)[0]]
    keys = {key: feeding(first, f"{name}.{key}") for key in entity.keys}
    return {
        "keys": {key: sql_type(item) for key, item in keys.items()},
        "coded_keys": {key: {"codes": item.codes, "name_column": name_column(key)} for key, item in keys.items() if item.codes},
        "kind": _kind(entity),
        "otherwise": {entity.otherwise: entity.identifiers[entity.otherwise]} if entity.otherwise else {},
        "kinds": kinds_of(catalogue, entity),
        "schema": entity.schema_,
        "database": database_of(entity),
        "groups": entity.grouped,
        "attributes": attributes,
        "references": {attribute: _reference(catalogue, name, attribute) for attribute in entity.references},
        "relations": [_relation(entity, relation) for relation in entity.relations],
        "sources": [_source(catalogue.resources[id_], name, entity) for id_ in sources_of(entity)],
    }


def origins_of(catalogue: Catalogue, name: str) -> dict[str, list[tuple[str, str]]]:
    """Of each column of the golden table the items it is made of, as (resource id, item): the key's of every source, an attribute's in order of
    authority; the name of a code has its code's, a text in its other form the text's, the day of a group its members'. Not in it: what is of the
    build alone.
    """
    entity = catalogue.authority[name]
    items = {key: _stated(catalogue, name, key, sources_of(entity)) for key in entity.keys}
    items["entity_id"] = [place for key in entity.keys for place in items[key]]
    items |= {attribute: _stated(catalogue, name, attribute, sources) for attribute, sources in entity.attributes.items()}
    items |= {f"{group}_since": list(dict.fromkeys(place for one in members for place in items[one])) for group, members in entity.grouped.items()}
    coded = [one for one in (*entity.keys, *entity.attributes) if catalogue.resources[items[one][0][0]].item(items[one][0][1]).codes]
    return items | {name_column(one): items[one] for one in coded} | {form_column(one): items[one] for one in entity.forms}


def kinds_of(catalogue: Catalogue, entity: Entity) -> list[str]:
    """The kinds of identifier that the register knows of such an entity, its key first; none where several attributes identify."""
    if not isinstance(entity.key, str):
        return []
    said = [one.kind for resource in catalogue.resources.values() for one in resource.identifies if one.key_kind == entity.key]
    return list(dict.fromkeys([entity.key, *said]))


def sources_of(entity: Entity) -> list[str]:
    """The resources that an entity is built from, each once."""
    return list(dict.fromkeys(id_ for sources in entity.attributes.values() for id_ in sources))


def naming_columns(catalogue: Catalogue) -> dict[str, dict[str, str]]:
    """Of each resource that feeds an entity the items by which its rows name entities, the key's and other identifiers', with their SQL types."""
    found: dict[str, dict[str, str]] = {}
    for name, entity in catalogue.authority.items():
        for id_ in sources_of(entity):
            resource = catalogue.resources[id_]
            told = _source(resource, name, entity)
            items = [*told["key_columns"], *(column for way in told["ways"] for column in way["columns"])]
            found.setdefault(id_, {}).update({item: sql_type(resource.item(item)) for item in items})
    return found


def _place(resource: Resource) -> dict[str, Any]:
    return {"relation": relation_name(resource), "department": resource.department, "resource": resource.name}


def _source(resource: Resource, base: str, entity: Entity) -> dict[str, Any]:
    """What whose a row is follows from stands with each source: a macro asked of every source looks nothing up."""
    return _place(resource) | {
        "kind": _kind(entity),
        "otherwise": [entity.otherwise] if entity.otherwise else [],
        "points": "stated" if resource.coordinates else "",
        "key_columns": [feeding(resource, f"{base}.{key}").name for key in entity.keys],
        "ways": _ways(resource, base, entity),
    }


def _kind(entity: Entity) -> str:
    """Of identifier, where one alone identifies."""
    return entity.key if isinstance(entity.key, str) else ""


def _stated(catalogue: Catalogue, base: str, attribute: str, sources: list[str]) -> list[tuple[str, str]]:
    return [(id_, _item(catalogue, id_, base, attribute)) for id_ in sources]


def _relation(entity: Entity, relation: Relation) -> dict[str, Any]:
    """As the entity says it, absent words empty; told_by: the attribute whose provenance is the relation's."""
    told_by = next(name for name in relation.attributes if name in entity.attributes)
    return {name: value or "" for name, value in relation.model_dump().items()} | {"told_by": told_by}


def _reference(catalogue: Catalogue, base: str, attribute: str) -> dict[str, Any]:
    """The entity whose key the attribute is, whether it must be there (1 or 0, as Jinja reads it), and where the value is stated."""
    entity = catalogue.authority[base]
    stated = [
        _place(resource) | {"column": item.name}
        for resource in (catalogue.resources[id_] for id_ in entity.attributes.get(attribute, sources_of(entity)))
        for item in [feeding(resource, f"{base}.{attribute}")]
    ]
    return {"entity": entity.references[attribute].entity, "required": int(entity.references[attribute].required), "sources": stated}


def _ways(resource: Resource, base: str, entity: Entity) -> list[dict[str, Any]]:
    """The other kinds of identifier that the resource's rows carry whole, with their columns."""
    items = {kind: [resource.feeding(f"{base}.{name}") for name in names] for kind, names in entity.identifiers.items()}
    return [{"kind": kind, "columns": [item.name for item in found if item]} for kind, found in items.items() if all(found)]


def _item(catalogue: Catalogue, id_: str, base: str, attribute: str) -> str:
    return feeding(catalogue.resources[id_], f"{base}.{attribute}").name


def feeding(resource: Resource, attribute: str) -> Item:
    """The item that feeds `entity.attribute`. Raises ValueError where none does, with the way out."""
    item = resource.feeding(attribute)
    if item is None:
        raise ValueError(f"{resource.title}（{resource.id}）没有信息项供给 {attribute}；请在该表的信息项上写 feeds: {attribute}")
    return item
