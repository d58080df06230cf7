"""Which source rows an incremental build looks at again: those that the pools have otherwise than at the last build, and those of which the lake
has learned something since. Not here: whose rows they are (dbt_project/macros/changed.sql), the build database around them (warehouse.py).
"""

from collections.abc import Mapping

import duckdb

from yishu.catalogue.authority import relation_name
from yishu.catalogue.models import Resource
from yishu.lake.duck import literal, quoted

# A row that came again unchanged keeps its origin in the pool, and has not moved.
SAME_ROW = ("_key", "_delivery_seq", "_row_number", "_invalid")


def keep_moved(
    connection: duckdb.DuckDBPyConnection, resource: Resource, naming: Mapping[str, str], now: str | None = None, then: str | None = None
) -> None:
    """Make the table moved.<relation>, a row each that is new, other or gone, and each of lake.touched that is there: its key, what is invalid
    in it, and the columns by which it names entities.

    naming: these columns with their types. now, then: queries of the pool's rows today and at the last build; none where they are the same.
    A table and no view: a model asks it again for every entity, and each time both versions would be read.
    """
    table = f"moved.{quoted(relation_name(resource))}"
    columns = {"_key": "string", "_invalid": "string", **naming}
    stated = ", ".join(f"{quoted(name)} {kind}" for name, kind in columns.items())
    connection.execute(f"create or replace table {table} ({stated})")
    listed = ", ".join(quoted(name) for name in columns)
    if now is not None and then is not None:
        told = ", ".join(quoted(name) for name in dict.fromkeys((*SAME_ROW, *columns)))
        same = " and ".join(f"n.{name} is not distinct from o.{name}" for name in SAME_ROW)
        # Either side is there, never both: one pass over the two versions, and only over what is asked.
        either = ", ".join(f"coalesce(n.{quoted(name)}, o.{quoted(name)})" for name in columns)
        sides = f"(select {told} from ({now}) as a) as n full join (select {told} from ({then}) as b) as o"
        connection.execute(f"insert into {table} select {either} from {sides} on {same} where n._key is null or o._key is null")
    mine = f"department = {literal(resource.department)} and resource = {literal(resource.name)}"
    if connection.execute(f"select 1 from lake.touched where {mine} limit 1").fetchone():
        pool = f"pool.{quoted(relation_name(resource))}"
        connection.execute(f"insert into {table} select {listed} from {pool} where _key in (select source_key from lake.touched where {mine})")
