"""Who is who: which identifiers belong to one entity, as the tables of the pin and the desk's decisions say (C02, D04).

A function of pools, annotations and the last release in ledger order, so that a rebuild gives the same. An entity is named by its first
identifier: of a number that was changed the old one, of a merger the one that was kept, of whom a document alone identified that document; ids
made of it stay. Not here: what the build makes of it (dbt_project/macros/
linked.sql), links of single records (links.py).
"""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple
from uuid import UUID, uuid5

import duckdb
import polars as pl

from yishu.catalogue.authority import kinds_of, sources_of
from yishu.catalogue.entities import Identifies
from yishu.catalogue.models import Catalogue, Resource
from yishu.lake import delta
from yishu.lake.annotations import IDENTITY, annotations
from yishu.lake.duck import opened, quoted
from yishu.lake.pins import Pin
from yishu.lake.pool import pool_path

MERGED, MERGE_REVOKED = "entities_merged", "merge_revoked"
MERGE = "identity."
NAMESPACE = UUID("6f1c2a54-8d0b-5c1e-9a37-2f4be1d07c83")  # of entity ids, as dbt_project/macros/entity_id.sql has it; never changes
_TO_COME = 1 << 62  # the delivery of a decision that no night has taken in: after all that has come on its day
CHECKED = frozenset({"citizen_id", "credit_code"})  # types of a key that are checked by their own digits
SCHEMA = {"kind": pl.String, "identifier": pl.String, "entity_key": pl.String, "is_current": pl.Boolean, "since": pl.Date, "until": pl.Date,
          "basis": pl.String}  # fmt: skip
_FACT = {"kind": pl.String, "identifier": pl.String, "key_kind": pl.String, "key": pl.String, "changed": pl.Boolean, "since": pl.Date,
         "seq": pl.Int64, "row": pl.Int64, "basis": pl.String}  # fmt: skip


class Merger(NamedTuple):
    """Two identifiers of one kind are of one entity: it is known by `kept`, and keeps that one's id."""

    gone: str
    kept: str
    decided_on: date


def entity_id(first: str) -> str:
    """The id of the entity whose first identifier this is."""
    return str(uuid5(NAMESPACE, first))


def subjects(catalogue: Catalogue) -> dict[str, list[str]]:
    """The kinds of entity that a person may find to be one or several -> their kinds of identifier, the key first.

    Those identified by a key with check digits that no other entity's is: persons, legal entities and their branches (C02, P14). A death is
    about a person and follows that person.
    """
    found = {}
    for name, entity in catalogue.authority.items():
        kinds = kinds_of(catalogue, entity)
        item = catalogue.resources[sources_of(entity)[0]].feeding(f"{name}.{kinds[0]}") if kinds else None
        if item is not None and item.type == kinds[0] in CHECKED and kinds[0] not in entity.references:
            found[name] = kinds
    return found


def merge_rule(kind: str) -> str:
    """What the annotation of a merger names as its rule; its subject is the identifier that goes, its entity_key the one that stays."""
    return f"{MERGE}{kind}"


def aliases(data: Path, catalogue: Catalogue, pin: Pin) -> pl.DataFrame:
    """SCHEMA, sorted: every identifier that is not the only one of its entity, with the entity's first identifier.

    is_current: what the entity is known by today, one an entity among identifiers of the key's kind. since, until: days of the data; null is
    not known and to this day. An identifier of another kind that two entities claim identifies neither, and is left out.
    """
    facts = pl.concat([pl.DataFrame(schema=_FACT), *_stated(data, catalogue, pin), _merged(data)]).unique(
        ["kind", "identifier", "key_kind", "key"], keep="first", maintain_order=True
    )
    facts = _in_order(facts)
    one_kind = facts.filter(pl.col("kind") == pl.col("key_kind"))
    chains = _chains(one_kind)
    others = facts.filter(pl.col("kind") != pl.col("key_kind")).join(
        chains.select(key_kind="kind", key="identifier", root="entity_key"), on=["key_kind", "key"], how="left"
    )
    others = others.with_columns(entity_key=pl.coalesce("root", "key"))
    sole = others.group_by("kind", "identifier").agg(pl.col("entity_key").n_unique().alias("claimed")).filter(pl.col("claimed") == 1)
    others = others.join(sole, on=["kind", "identifier"], how="semi").unique(["kind", "identifier"], keep="first", maintain_order=True)
    chains, others = _still_by_document(data, catalogue, chains, others)
    rest = others.with_columns(is_current=pl.lit(True), until=pl.lit(None, pl.Date))
    return pl.concat([chains, *(part.select(pl.col(name).cast(type_) for name, type_ in SCHEMA.items()) for part in [rest])]).sort(list(SCHEMA))


def _still_by_document(data: Path, catalogue: Catalogue, chains: pl.DataFrame, others: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Chains and other identifiers, of those who were known by something else before they had the key (`otherwise`), under what they were known by.

    Whose key is an entity of its own in the release already stays under it: the two were found to be one, and the key's id is the one in use.
    """
    for name, entity in catalogue.authority.items():
        if entity.otherwise is None or not isinstance(entity.key, str):
            continue
        mine = others.filter(pl.col("kind") == entity.otherwise, pl.col("key_kind") == entity.key)
        own = _first_in_the_release(data, f"{quoted(entity.schema_)}.identity", name, [*mine["identifier"], *mine["entity_key"]])
        known = mine.filter(pl.col("identifier").is_in(own), ~pl.col("entity_key").is_in(own)).unique("entity_key", keep="first", maintain_order=True)
        first = dict(known.select("entity_key", "identifier").iter_rows())
        here, ours = pl.col("kind") == entity.key, pl.col("key_kind") == entity.key
        alone = known.join(chains.filter(here), left_on="entity_key", right_on="identifier", how="anti")
        made = alone.select(kind="key_kind", identifier="entity_key", entity_key="entity_key", is_current=pl.lit(True), since="since",
                            until=pl.lit(None, pl.Date), basis="basis")  # fmt: skip
        renamed = pl.col("entity_key").replace(first)
        chains = pl.concat([chains, made]).with_columns(entity_key=pl.when(here).then(renamed).otherwise("entity_key"))
        others = others.with_columns(entity_key=pl.when(ours).then(renamed).otherwise("entity_key"))
    return chains, others


def _first_in_the_release(data: Path, table: str, entity: str, identifiers: list[str]) -> list[str]:
    """Those of the identifiers of which the release has made the id of such an entity; the document itself, an entity too, has the same."""
    city = (data / "published").resolve() / "city.duckdb"
    if not identifiers or not city.exists():
        return []
    with opened(city, read_only=True) as connection:
        connection.register("asked", pl.DataFrame({"identifier": identifiers}))
        try:
            query = f"select distinct identifier, entity_id from {table} semi join asked using (identifier) where entity = ?"
            found = connection.execute(query, [entity]).fetchall()
        except duckdb.CatalogException:  # a release from before there was such a table
            return []
    return [identifier for identifier, id_ in found if id_ == entity_id(identifier)]


def firsts(data: Path, catalogue: Catalogue, pin: Pin, kind: str, mergers: Iterable[Merger]) -> dict[str, str]:
    """Identifier -> first identifier of its entity, of those of the kind that were changed or that these mergers, in order, speak of.

    What `aliases` will say of them once a night has taken the mergers in; nothing of the pools is read but tables of changed numbers.
    """
    rows = [(kind, one.gone, kind, one.kept, False, one.decided_on, _TO_COME, place, "desk:") for place, one in enumerate(mergers)]
    facts = pl.concat([*_stated(data, catalogue, pin, kind), pl.DataFrame(rows, schema=_FACT, orient="row")])
    found = _chains(_in_order(facts.unique(["kind", "identifier", "key_kind", "key"], keep="first", maintain_order=True)))
    return dict(found.select("identifier", "entity_key").iter_rows())


def _in_order(facts: pl.DataFrame) -> pl.DataFrame:
    return facts.sort("since", "seq", "row", "kind", "identifier", "key")


def _stated(data: Path, catalogue: Catalogue, pin: Pin, one_kind: str | None = None) -> Iterator[pl.DataFrame]:
    """one_kind: only tables of changed numbers of that kind."""
    for id_, resource in catalogue.resources.items():
        for said in resource.identifies if id_ in pin else ():
            if one_kind is None or said.kind == said.key_kind == one_kind:
                yield _said_by(data, resource, said, pin[id_])


def _said_by(data: Path, resource: Resource, said: Identifies, version: int | None) -> pl.DataFrame:
    """What the rows say whose identifiers are there and passed their rules."""
    names = [*said.identifier, said.key]
    pool = delta.read(pool_path(data, resource), version, columns={*names, "_invalid", "_as_of", "_delivery_seq", "_row_number"})
    broken = [pl.col("_invalid").str.contains(f"|{name}|", literal=True).fill_null(False) for name in names]
    sound = pool.filter(*[pl.col(name).is_not_null() for name in names], ~pl.any_horizontal(broken))
    identifier = pl.concat_str([pl.col(name).cast(pl.String) for name in said.identifier], separator="|")
    return sound.select(
        kind=pl.lit(said.kind), identifier=identifier, key_kind=pl.lit(said.key_kind), key=pl.col(said.key).cast(pl.String),
        changed=pl.lit(said.changed), since="_as_of", seq="_delivery_seq", row="_row_number", basis=pl.lit(resource.id),
    ).filter((pl.col("kind") != pl.col("key_kind")) | (pl.col("identifier") != pl.col("key")))  # fmt: skip


def _merged(data: Path) -> pl.DataFrame:
    """The mergers that stand: the last word on an identifier counts."""
    said = annotations(data).filter(pl.col("kind").is_in([MERGED, MERGE_REVOKED]), pl.col("entity_key").is_not_null())
    standing = said.unique(IDENTITY, keep="last", maintain_order=True).filter(pl.col("kind") == MERGED)
    kind = pl.col("rule").str.strip_prefix(MERGE)
    return standing.select(
        kind=kind, identifier="subject", key_kind=kind, key="entity_key", changed=pl.lit(False), since="decided_on", seq="_delivery_seq",
        row="_row_number", basis=pl.concat_str(pl.lit("desk:"), "annotation_id"),
    )  # fmt: skip


def _chains(facts: pl.DataFrame) -> pl.DataFrame:
    """SCHEMA of the identifiers of one kind that were changed or merged into another. Few in any city: walked one by one, in order."""
    above: dict[tuple[str, str], str] = {}
    current: dict[tuple[str, str], str] = {}
    told: dict[tuple[str, str], tuple[object, object, str | None]] = {}

    def root_of(kind: str, identifier: str) -> str:
        while (kind, identifier) in above:
            identifier = above[kind, identifier]
        return identifier

    for fact in facts.iter_rows(named=True):
        kind, old, new = fact["kind"], fact["identifier"], fact["key"]
        kept, joined = (old, new) if fact["changed"] else (new, old)
        root, other = root_of(kind, kept), root_of(kind, joined)
        now = new if fact["changed"] else current.get((kind, root), root)
        if root != other:
            above[kind, other] = root
        current[kind, root] = now
        first, _, basis = told.get((kind, old), (None, None, None))
        told[kind, old] = (first, fact["since"], basis or fact["basis"])
        told[kind, new] = (fact["since"], None, fact["basis"]) if fact["changed"] else told.get((kind, new), (None, None, fact["basis"]))
    rows = [
        (kind, identifier, root := root_of(kind, identifier), current[kind, root] == identifier, since, until, basis)
        for (kind, identifier), (since, until, basis) in told.items()
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")
