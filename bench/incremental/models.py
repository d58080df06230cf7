"""The warehouse's own macros of claims and golden records, rendered for the entity of this bench without dbt.

Belongs here: what dbt would answer a macro. Not here: any rule of survivorship; that stands in dbt_project/macros only, so that what is
measured is what a night runs.
"""

import re
from functools import cache
from typing import Any

import jinja2

from bench.incremental.rows import ATTRIBUTES, SOURCES, kind_of
from yishu.settings import settings

MACRO = re.compile(r"{%-? macro (?P<name>\w+).*?endmacro -?%}", re.S)
FILES = ("rank", "entity_id", "linked", "known_by_document", "claims", "golden_record", "history", "changed")
NAME, KEY = "person", "citizen_id"
GROUPS = {
    "identity": ["full_name", "former_name", "sex", "ethnicity", "birth_date"],
    "household": ["household_no", "registered_division_code", "registered_address"],
    "residence": ["residence_division_code", "residence_address"],
    "contact": ["phone"],
    "marriage": ["marital_status"],
    "pension": ["pension_insurance_type", "pension_insured_date", "pension_monthly_yuan", "retired_date"],
    "medical_insurance": ["medical_insured_status", "medical_insured_date"],
    "education": ["student_status"],
    "housing_fund": ["housing_fund_base_yuan"],
}


def claims(*, upon: bool) -> str:
    """The query of all claims, or of what stands in `changed` only."""
    return str(_macros(upon).claims(NAME))


def golden() -> str:
    """The query of the golden records of what stands in `claim_person`, with its days from `before.person`."""
    return str(_macros(True).golden_record(NAME))


def forget_changed() -> str:
    """The statement by which what the golden table says of changed entities leaves it."""
    return str(_macros(True).forget_changed(NAME))


def entity_key(row: str) -> str:
    """The key of the entity that a pool's row names, null where its identifier broke its rule."""
    return f"case when {_macros(True).has_key([KEY], row)} then {row}.{KEY} end"


def entity_id(key: str) -> str:
    return str(_macros(True).entity_id(key))


def authority() -> dict[str, Any]:
    """As yishu/catalogue/authority.py states an entity."""
    keyed = {"key_columns": [KEY], "ways": [], "kind": "", "otherwise": []}
    sources = {name: {"relation": name, "department": "bench", "resource": name, **keyed} for name in SOURCES}
    attributes = {
        name: {
            "type": kind_of(name), "codes": "", "form": "",
            "sources": [sources[s] | {"column": name} for s, (_, told) in SOURCES.items() if name in told],
        }
        for name in ATTRIBUTES
    }
    entity = {"keys": {KEY: "string"}, "coded_keys": {}, "kind": "", "kinds": [], "groups": GROUPS, "schema": "main"}
    return {NAME: entity | {"attributes": attributes, "sources": list(sources.values())}}


@cache
def _macros(upon: bool) -> Any:
    answers = {
        "authority": authority,
        "authority_of": lambda name: authority()[name],
        "builds_upon": lambda name: upon,
        "is_incremental": lambda: upon,
        "config": lambda **named: "",
        "days_between": lambda earlier, later: f"date_diff('day', {earlier}, {later})",
        "ref": lambda name: name,
        "return": lambda value: value,
        "source": lambda schema, name: f"{schema}.{name}",
        "this": "golden",
    }
    texts = [(settings.dbt_dir / "macros" / f"{name}.sql").read_text("utf-8") for name in FILES]
    blocks = [match[0] for text in texts for match in MACRO.finditer(text) if match["name"] not in answers]
    environment = jinja2.Environment(extensions=["jinja2.ext.do"], undefined=jinja2.StrictUndefined)
    environment.globals |= answers
    return environment.from_string("\n".join(blocks)).module
