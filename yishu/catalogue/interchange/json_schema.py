"""JSON Schema of the catalogue's files, from which editors complete and check while somebody types. Committed in catalogue/schema.

The place of a file gives department and name, so they are not in its schema.
"""

from typing import Any

from pydantic import BaseModel

from yishu.catalogue.entities import Entity
from yishu.catalogue.models import Department, Resource

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, dict[str, Any]]:
    """File name -> schema: department, resource, authority."""
    entity = Entity.model_json_schema(by_alias=True)
    authority = {
        "title": "authority/*.yaml：基础数据库的属性及其来源",
        "type": "object",
        "$defs": entity.pop("$defs", {}),
        "additionalProperties": entity,
    }
    return {
        "department.schema.json": {"$schema": DIALECT, **_of_file(Department, "department.yaml：部门", {"name"})},
        "resource.schema.json": {"$schema": DIALECT, **_of_file(Resource, "<resource>.yaml：信息资源", {"department", "name"})},
        "authority.schema.json": {"$schema": DIALECT, **authority},
    }


def _of_file(model: type[BaseModel], title: str, placed: set[str]) -> dict[str, Any]:
    schema = model.model_json_schema(by_alias=True)
    schema["properties"] = {name: field for name, field in schema["properties"].items() if name not in placed}
    schema["required"] = [name for name in schema["required"] if name not in placed]
    return {**schema, "title": title}
