"""The catalogue as data contracts: Open Data Contract Standard v3.1, one a resource, for tools and partners that read that.

Text follows from the entry; the same entry gives the same contract. What ODCS has no field for stands in customProperties.
"""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from yishu.catalogue.models import Catalogue, CodeList, Department, Item, Resource

API_VERSION, KIND = "v3.1.0", "DataContract"
_LOGICAL = {"date": "date", "integer": "integer", "decimal": "number"}
_CLASSIFICATION = {"none": "public", "quasi": "restricted", "direct": "confidential"}
_PERIODS = {"realtime": (1, "d"), "daily": (1, "d"), "weekly": (7, "d"), "monthly": (1, "m"), "quarterly": (3, "m"), "half_yearly": (6, "m"),
            "yearly": (1, "y")}  # fmt: skip


def contract(resource: Resource, catalogue: Catalogue, sharing_names: dict[str, str]) -> dict[str, Any]:
    """One resource as a contract. sharing_names: what the regulation calls the classes (Profile.sharing_class_names)."""
    department = catalogue.departments[resource.department]
    return {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "id": str(uuid5(NAMESPACE_URL, f"urn:yishu:{resource.id}")),
        "version": f"{resource.version}.0.0",
        "name": resource.title,
        "status": "active",
        "domain": resource.department,
        "dataProduct": resource.title,
        "description": {
            "purpose": resource.summary,
            "usage": resource.duty,
            "limitations": resource.sharing.conditions or sharing_names[resource.sharing.class_],
        },  # fmt: skip
        "tags": [resource.code, resource.frequency],
        "team": _team(department),
        "schema": [_schema(resource, catalogue.codes)],
        "slaProperties": _sla(resource),
        "customProperties": [
            {"property": "channel", "value": resource.delivery.channel},
            {"property": "deliveryMode", "value": resource.delivery.mode},
            {"property": "sharingClass", "value": resource.sharing.class_},
            {"property": "openingClass", "value": resource.opening.class_},
        ],
    }


def _team(department: Department) -> dict[str, Any]:
    officer, head = department.data_officer, department.head
    member = {"username": officer.email or officer.phone, "name": officer.name, "role": officer.position}
    return {"name": department.title, "members": [member, {"username": f"{department.name}.head", "name": head.name, "role": head.position}]}


def _schema(resource: Resource, codes: dict[str, CodeList]) -> dict[str, Any]:
    return {
        "name": resource.name,
        "physicalName": resource.delivery.table.name if resource.delivery.table else resource.delivery.pattern,
        "logicalType": "object",
        "physicalType": "table" if resource.delivery.table else "file",
        "businessName": resource.title,
        "description": resource.summary,
        "properties": [_property(resource, item, codes) for item in resource.items],
    }


def _property(resource: Resource, item: Item, codes: dict[str, CodeList]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": item.name,
        "physicalName": item.column,
        "businessName": item.title,
        "description": item.summary or item.title,
        "logicalType": _LOGICAL.get(item.type, "string"),
        "physicalType": item.type,
        "required": item.required or item.name in resource.key,
        "classification": _CLASSIFICATION[item.sensitivity],
    }
    if item.name in resource.key:
        told |= {"primaryKey": True, "primaryKeyPosition": resource.key.index(item.name) + 1}
    rules = _quality(item, codes)
    return told | ({"quality": rules} if rules else {})


def _quality(item: Item, codes: dict[str, CodeList]) -> list[dict[str, Any]]:
    """What the gate checks of the item, in the library metrics of ODCS where one fits, else in words."""
    rules: list[dict[str, Any]] = []
    if item.required:
        rules.append({"name": f"{item.name}_not_null", "type": "library", "metric": "nullValues", "mustBe": 0, "dimension": "completeness"})
    if item.codes:
        listed = codes[item.codes]
        arguments = {"validValues": list(listed.entries)}
        rules.append({"name": f"{item.name}_code", "type": "library", "metric": "invalidValues", "arguments": arguments, "mustBe": 0,
                      "dimension": "conformity", "description": f"{listed.standard} {listed.edition}"})  # fmt: skip
    elif item.type not in ("text", "date", "integer", "decimal"):
        rules.append(
            {"name": f"{item.name}_{item.type}", "type": "text", "dimension": "accuracy", "description": f"“{item.title}”须是有效的 {item.type}"}
        )
    return rules


def _sla(resource: Resource) -> list[dict[str, Any]]:
    if resource.frequency not in _PERIODS:
        return []
    value, unit = _PERIODS[resource.frequency]
    return [{"property": "frequency", "value": value, "unit": unit, "description": "更新周期"}]
