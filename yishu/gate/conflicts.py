"""Conflicts between sources (D03) as violations of the sources that the authority list ranks lower (A06).

The same rule as dbt_project/macros/conflict.sql, asked of the pools before the build, so that the record is flagged in the very release that
shows the conflict; a test holds both together. Of two rows of one source nobody knows which is right: they are no violation here (its own
key rules accuse them). What the row gate or a rule between departments says of the same value already is not said again.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from expectations.suite import Rule
from yishu.catalogue.entities import Entity
from yishu.catalogue.models import Catalogue, Item, Resource
from yishu.gate.findings import VALUE_HASH, accuse, where_today
from yishu.gate.implied import KEY
from yishu.gate.step import pool_types
from yishu.lake import violations
from yishu.lake.identities import aliases
from yishu.lake.ledger import Ledger
from yishu.lake.links import links
from yishu.lake.pins import Pin, digest
from yishu.lake.pool import ORIGIN, read_pool
from yishu.lake.value_hash import value_hashes
from yishu.settings import settings

GATE = "conflict"
_BY_RANK = ["_place", "_as_of", "_delivery_seq", "_row_number"]


@dataclass(frozen=True)
class Conflict:
    """Rows of one source (`keys` of its pool) whose value of an attribute differs from that of a source with more authority."""

    schema: str
    entity: str
    attribute: str
    item: str
    loser: str
    chosen: str
    keys: pl.Series


def settle_conflicts(data: Path, catalogue: Catalogue, pin: Pin) -> int:
    """Make the conflicts between the pools of the pin the violations of this gate; return how many stand."""
    parts = [_accused(data, catalogue, pin, one) for one in conflicts(data, catalogue, pin)]
    found = _news(data, pl.concat([violations.empty(), *parts]))
    ledger, runs = Ledger(data), dict[str, int]()

    def run_of(id_: str) -> int:
        here = found.filter((pl.col("department") + "." + pl.col("resource")) == id_)
        told = here.select(*violations.IDENTITY, VALUE_HASH, "delivery_id", "row_number").sort(pl.all())
        last = ledger.last_gate_run(GATE, id_)
        batch = hashlib.sha256(told.write_csv().encode()).hexdigest()[:16]
        return runs.setdefault(id_, ledger.gate_run(GATE, id_, batch, str(last["run"] if last else 0)))

    violations.settle_whole(data, GATE, found, run_of, actor=settings.actor)
    ledger.gate_results([(run, [], found.filter((pl.col("department") + "." + pl.col("resource")) == id_).height) for id_, run in runs.items()])
    return found.height


def conflicts(data: Path, catalogue: Catalogue, pin: Pin) -> Iterator[Conflict]:
    """The conflicts of every attribute that more than one source feeds."""
    named, split = aliases(data, catalogue, pin), links(data).filter("is_split")
    for name, entity in catalogue.authority.items():
        shared = {attribute: sources for attribute, sources in entity.attributes.items() if len(sources) > 1}
        known = sorted({id_ for sources in shared.values() for id_ in sources if id_ in pin})
        resources = {id_: catalogue.resources[id_] for id_ in known}
        pools = {
            id_: read_pool(data, resource, pool_types(resource), pin[id_]).join(_split_off(split, name, resource), on=KEY, how="left")
            for id_, resource in resources.items()
        }
        first = named.filter(pl.col("kind") == entity.key) if isinstance(entity.key, str) else named.clear()
        for attribute, sources in shared.items():
            yield from _of_attribute(name, entity, attribute, [id_ for id_ in sources if id_ in pin], resources, pools, first)


def _of_attribute(
    name: str, entity: Entity, attribute: str, sources: list[str], resources: Mapping[str, Resource], pools: Mapping[str, pl.DataFrame],
    first: pl.DataFrame,
) -> Iterator[Conflict]:  # fmt: skip
    if len(sources) < 2:
        return
    items = {id_: _feeding(resources[id_], f"{name}.{attribute}") for id_ in sources}
    keys = {id_: [_feeding(resources[id_], f"{name}.{key}") for key in entity.keys] for id_ in sources}
    claims = [_claims(pools[id_], keys[id_], items[id_], place) for place, id_ in enumerate(sources)]
    # As macros/rank.sql: place in the list, then the later day, the later delivery, the earlier line.
    # An entity is the same under each of its numbers.
    told = pl.concat(claims).join(first.select(_entity="identifier", _first="entity_key"), on="_entity", how="left")
    ranked = told.with_columns(_entity=pl.coalesce("_first", "_entity")).drop("_first").sort(_BY_RANK, descending=[False, True, True, False])
    chosen = ranked.unique("_entity", keep="first").select("_entity", _chosen="_place", _right="_value")
    losers = ranked.join(chosen, on="_entity").filter((pl.col("_place") > pl.col("_chosen")) & (pl.col("_value") != pl.col("_right")))
    for (mine, better), rows in losers.sort("_place", "_chosen", KEY).group_by(["_place", "_chosen"], maintain_order=True):
        loser = sources[int(str(mine))]
        yield Conflict(entity.schema_, name, attribute, items[loser].name, loser, sources[int(str(better))], rows[KEY])


def _feeding(resource: Resource, attribute: str) -> Item:
    item = resource.feeding(attribute)
    assert item is not None, "the authority list is checked against what the resources feed"
    return item


def _claims(pool: pl.DataFrame, keys: list[Item], item: Item, place: int) -> pl.DataFrame:
    """What the rows with a valid key say of the attribute; nothing where the value is missing or broke its type's rule."""
    sound = [pl.col(one.name).is_not_null() & ~_broken(one.name) for one in (*keys, item)]
    entity = pl.concat_str([pl.col(key.name).cast(pl.String) for key in keys], separator="|")
    value = pl.col(item.name).cast(pl.String)
    return pool.filter(*sound).select(KEY, *ORIGIN, _entity=pl.coalesce("_split", entity), _value=value, _place=pl.lit(place))


def _split_off(split: pl.DataFrame, entity: str, resource: Resource) -> pl.DataFrame:
    """KEY, _split: the resource's rows that people have split off, with the identifier to which they belong."""
    here = (pl.col("entity") == entity) & (pl.col("department") == resource.department) & (pl.col("resource") == resource.name)
    return split.filter(here).select(pl.col("source_key").alias(KEY), pl.col("entity_key").alias("_split"))


def _broken(name: str) -> pl.Expr:
    return pl.col("_invalid").str.contains(f"|{name}|", literal=True).fill_null(False)


def _accused(data: Path, catalogue: Catalogue, pin: Pin, conflict: Conflict) -> pl.DataFrame:
    resource, over = catalogue.resources[conflict.loser], catalogue.resources[conflict.chosen]
    item, department = resource.item(conflict.item), catalogue.departments[over.department]
    message = f"“{item.title}”与{department.short_title}《{over.title}》的权威数据不一致；请核实后更正，或说明不更正的依据"
    name = f"conflict.{conflict.schema.removeprefix('base_')}.{conflict.entity}.{conflict.attribute}"
    rows = read_pool(data, resource, pool_types(resource), pin[resource.id]).filter(pl.col(KEY).is_in(conflict.keys.implode()))
    hashed = rows.select(KEY, "_delivery_id", "_row_number", value_hashes(rows, {item.name: item.name}))
    today = where_today(data, catalogue, resource, hashed)
    return accuse(data, today, Rule(name, "-", {}, "content", "一致性", "D03", message), item.name, GATE, digest(pin))


def _news(data: Path, found: pl.DataFrame) -> pl.DataFrame:
    """Without the values of which the department has been told: of this or of what causes it."""
    told = violations.standing_violations(data, pl.col("gate").is_in(["row", "cross"]) & (pl.col("severity") != "advisory"))
    return found.join(told, on=["department", "resource", "subject", "column"], how="anti")
