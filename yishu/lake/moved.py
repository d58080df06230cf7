"""What an incremental build looks at again: source rows that the pools have otherwise than at the last build, those of which the lake has learned
something since, and the entities that have any. Not here: whose rows they are (dbt_project/macros/changed.sql), the build database around them
(warehouse.py).
"""

from collections.abc import Mapping

import duckdb

from yishu.catalogue.authority import database_of, kinds_of, relation_name, sources_of
from yishu.catalogue.base_models import BESIDE_GOLDEN
from yishu.catalogue.models import Catalogue, Resource
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


def let_stand(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> list[str]:
    """The dbt models that have nothing to do, as none of their source rows moved and no entity of theirs has another number: claims and golden
    records of such entities, and what stands beside them where all entities of a database are such.

    Their tables count as built on today's pools. What the last build left for one night only, claims and golden rows as they had been, is
    emptied: models of the same database read it.
    """
    still = [name for name, entity in catalogue.authority.items() if not _has_moved(connection, catalogue, name)]
    stands: dict[str, str] = {}
    for name in still:
        stands |= {f"claim_{name}": f"claim.{name}", name: f"{catalogue.authority[name].schema_}.{name}"}
        for left in (f"claim.{quoted(name)}", f"before.{quoted(name)}"):
            connection.execute(f"create or replace table {left} as from {left} limit 0")
    for database in {database_of(entity) for entity in catalogue.authority.values()}:
        if all(name in still for name, entity in catalogue.authority.items() if database_of(entity) == database):
            stands |= {f"{database}_{table}": f"base_{database}.{table}" for table in BESIDE_GOLDEN}
    for table in stands.values():
        connection.execute("insert into lake.built select ?, max(pin), max(as_of) from lake.pin", [table])
    return sorted(stands)


def _has_moved(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, name: str) -> bool:
    entity = catalogue.authority[name]
    relations = [relation_name(catalogue.resources[id_]) for id_ in sources_of(entity)]
    asked = [f"select 1 from moved.{quoted(relation)}" for relation in dict.fromkeys(relations)]
    kinds = ", ".join(literal(kind) for kind in (name, *kinds_of(catalogue, entity)))
    asked.append(f"select 1 from lake.renamed where kind in ({kinds})")
    return connection.execute(" union all ".join(asked) + " limit 1").fetchone() is not None
