"""What a golden record must say, worked out from the pools without dbt, packed ranks or SQL: sort, then take the first.

Belongs here: the plain reading of A06, D03 and of docs/base-databases.md. Not here: which release is asked, what is printed.
The authority list and `feeds` are read as they are written; nothing of yishu/catalogue/authority.py is used.
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from yishu.catalogue.entities import Entity
from yishu.catalogue.models import Catalogue, Resource
from yishu.lake import delta
from yishu.lake.pool import pool_path

NO_LINK = pl.DataFrame(schema={"_key": pl.String, "by_link": pl.String, "is_split": pl.Boolean})
ORIGIN = ["_as_of", "_delivery_seq", "_row_number"]


@dataclass(frozen=True)
class Identities:
    """Which entity an identifier is of, and what people confirmed. known: kind, identifier, entity_id. linked: as NO_LINK, by resource."""

    known: pl.DataFrame
    linked: dict[str, pl.DataFrame]


def expected(data: Path, catalogue: Catalogue, name: str, attribute: str, identities: Identities, pin: dict[str, int]) -> pl.DataFrame:
    """Columns: entity (the entity's id), value. One row an entity that any source says something valid of."""
    entity, found = catalogue.authority[name], []
    for place, id_ in enumerate(entity.attributes[attribute]):
        resource = catalogue.resources[id_]
        rows = linked_rows(data, resource, name, entity, identities, pin.get(resource.id))
        item = resource.feeding(f"{name}.{attribute}")
        if rows is None or item is None or item.name not in rows.columns:
            continue
        valid = pl.col(item.name).is_not_null() & ~is_broken(item.name)
        found.append(rows.filter(valid).select("entity", pl.lit(place).alias("place"), *ORIGIN, pl.col(item.name).alias("value")))
    if not found:
        return pl.DataFrame(schema={"entity": pl.String, "value": pl.String})
    in_order = pl.concat(found, how="vertical_relaxed").sort("place", "_as_of", "_delivery_seq", "_row_number", descending=[False, True, True, False])
    return in_order.unique("entity", keep="first", maintain_order=True).select("entity", "value")


def linked_rows(
    data: Path, resource: Resource, name: str, entity: Entity, identities: Identities, version: int | None
) -> pl.DataFrame | None:
    """The pool's rows with `entity`, the id of whom they are about; rows about nobody are left out. None without a pool."""
    path = pool_path(data, resource)
    if version is None or not delta.exists(path):
        return None
    pool = delta.read(path, version)
    ways = [("|".join(entity.keys), list(entity.keys)), *entity.identifiers.items()]
    rows, said = pool.join(identities.linked.get(resource.id, NO_LINK), on="_key", how="left"), []
    for number, (kind, parts) in enumerate(ways):
        items = [resource.feeding(f"{name}.{part}") for part in parts]
        if not all(items):
            continue
        columns = [item.name for item in items if item]
        whole = pl.concat_str([pl.col(column).cast(pl.String) for column in columns], separator="|")
        good = ~pl.any_horizontal([is_broken(column) for column in columns])
        of_kind = identities.known.filter(pl.col("kind") == kind).select("identifier", pl.col("entity_id").alias(f"by_{number}"))
        rows = rows.with_columns(pl.when(good).then(whole).alias("identifier")).join(of_kind, on="identifier", how="left")
        said.append(pl.col(f"by_{number}"))
    split = pl.when("is_split").then("by_link")  # goes before whatever number the row bears
    return rows.with_columns(pl.coalesce(split, *said, "by_link").alias("entity")).filter(pl.col("entity").is_not_null())


def is_broken(column: str) -> pl.Expr:
    return pl.col("_invalid").fill_null("").str.contains(f"|{column}|", literal=True)
