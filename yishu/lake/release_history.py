"""What was known on a day (D04), as a table macro for each golden table of a release: `base_person.person_on(date '2026-03-05')`.

Made from the authority list. Belongs here: the macro's text. Not here: how days come about (dbt_project/macros/history.sql).
"""

from typing import Any

HISTORY = "history"


def history_macro(name: str, entity: dict[str, Any]) -> str:
    """The statement that makes the macro. entity: as yishu.catalogue.authority.authority_of has it.

    One row an entity known at the end of `on_day` (date): entity_id, keys, attributes. Keys of an entity that has left are null.
    """
    golden, history = f"{entity['schema']}.{name}", f"{entity['schema']}.{HISTORY}"
    columns = ["k.entity_id", *(f'g."{key}"' for key in entity["keys"])]
    joins = []
    for group, members in entity["groups"].items():
        then = f'"then_{group}"'
        joins.append(f"left join covering as {then} on {then}.entity_id = k.entity_id and {then}.attribute_group = '{group}'")
        for member in members:
            kind = entity["attributes"][member]["type"]
            past = f"cast(json_extract_string({then}.content, '$.{member}') as {kind})"
            columns.append(f'case when g."{group}_since" <= on_day then g."{member}" else {past} end as "{member}"')
    return f"""create macro {golden}_on(on_day) as table
with covering as (
    select entity_id, attribute_group, content from {history} where entity = '{name}' and valid_from <= on_day and on_day < valid_to
),
known as (select entity_id from {golden} where known_since <= on_day union select entity_id from covering)
select {", ".join(columns)}
from known as k left join {golden} as g on g.entity_id = k.entity_id {" ".join(joins)}"""
