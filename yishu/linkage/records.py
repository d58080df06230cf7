"""The frames that are compared: records that wait for their entity, and the entities that are known, with the same features.

Read from the pools of the sources that the authority list names, as they stand at a pin. A source is a resource that feeds the entity's
key; its rows with a sound key are claims about that entity, the others wait. Not here: scoring (scoring.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from yishu.catalogue.models import Catalogue, Resource
from yishu.catalogue.variants import variant_characters
from yishu.gate.step import pool_types
from yishu.lake.pins import Pin
from yishu.lake.pool import KEY, read_pool
from yishu.linkage.kinds import KEY_FEATURE, Feature, Kind
from yishu.normalise import normal_address, normal_name

ID = "unique_id"
SOURCE, SOURCE_KEY = "source", "source_key"
_SEPARATOR = "\x1f"


@dataclass(frozen=True)
class Source:
    """One resource's rows: SOURCE_KEY (`_key` of its pool), KEY_FEATURE (the key item as text), `entity_key` (null where the key is
    missing or broke its rule), and each attribute that it feeds as text, null where the value broke its rule. alone: the key is the
    resource's own, so that an entity has one row in it at most."""

    resource: Resource
    rows: pl.DataFrame
    alone: bool


def sources(data: Path, catalogue: Catalogue, pin: Pin, kind: Kind) -> list[Source]:
    """The sources of the kind, in the order of the authority list's first attribute, then the others'."""
    entity = catalogue.authority.get(kind.entity)
    if entity is None or len(entity.keys) != 1:
        return []
    named = dict.fromkeys(id_ for attribute in entity.attributes.values() for id_ in attribute)
    return [_source(data, catalogue.resources[id_], pin, kind, entity.keys[0]) for id_ in named if id_ in pin]


def _source(data: Path, resource: Resource, pin: Pin, kind: Kind, key: str) -> Source:
    item = resource.feeding(f"{kind.entity}.{key}")
    assert item is not None, "the authority list is checked against what the resources feed"
    fed = {name: resource.feeding(f"{kind.entity}.{name}") for name in kind.attributes}
    pool = read_pool(data, resource, pool_types(resource), pin[resource.id])
    rows = pool.select(
        pl.col(KEY).alias(SOURCE_KEY), pl.col(item.name).cast(pl.String).alias(KEY_FEATURE), _sound(item.name).alias("entity_key"),
        *(_sound(one.name).alias(name) if one else pl.lit(None, pl.String).alias(name) for name, one in fed.items()))  # fmt: skip
    return Source(resource, rows, alone=resource.key == [item.name])


def _sound(item: str) -> pl.Expr:
    broken = pl.col("_invalid").str.contains(f"|{item}|", literal=True).fill_null(False)
    return pl.when(~broken).then(pl.col(item).cast(pl.String))


def in_one_form(found: Sequence[Source], catalogue: Catalogue, kind: Kind) -> list[Source]:
    """The same with names and addresses in the one form by which the city compares them (yishu/normalise)."""
    variants = variant_characters(catalogue)
    forms = {**dict.fromkeys(kind.names, normal_name), **dict.fromkeys(kind.addresses, normal_address)}
    return [replace(source, rows=source.rows.with_columns(form(source.rows[name], variants).alias(name) for name, form in forms.items()))
            for source in found]  # fmt: skip


def waiting(found: Sequence[Source], kind: Kind) -> pl.DataFrame:
    """The records without a sound key: ID, SOURCE (resource id), SOURCE_KEY, the features, the blocks."""
    rows = [_as_records(source, source.rows.filter(pl.col("entity_key").is_null()), kind) for source in found]
    return pl.concat(rows).sort(ID) if rows else pl.DataFrame()


def keyed(found: Sequence[Source], kind: Kind) -> pl.DataFrame:
    """As `waiting`, of the records with a sound key, as if it were missing, with their `entity_key`: what a model learns from."""
    rows = [_as_records(source, source.rows.drop_nulls("entity_key").with_columns(pl.lit(None, pl.String).alias(KEY_FEATURE)), kind)
            for source in found]  # fmt: skip
    return pl.concat(rows).sort(ID) if rows else pl.DataFrame()


def _as_records(source: Source, rows: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    """Each row by itself, its features as it says them; what it does not say, as its damaged key does."""
    key = kind.key_spelling(pl.col(KEY_FEATURE))
    frame = rows.with_columns(key.alias(KEY_FEATURE), **{name: pl.col(name) for name in kind.attributes})
    described = frame.select(
        pl.concat_str(pl.lit(source.resource.id), pl.col(SOURCE_KEY), separator=_SEPARATOR).alias(ID), pl.lit(source.resource.id).alias(SOURCE),
        SOURCE_KEY, "entity_key", KEY_FEATURE, *(_own(feature) for feature in kind.features))  # fmt: skip
    return completed(described, kind)


def _own(feature: Feature) -> pl.Expr:
    said = [feature.spelling(pl.col(name)) for name in feature.attributes]
    if feature.many:
        listed = pl.concat_list(said).list.drop_nulls().list.unique().list.sort()
        return pl.when(listed.list.len() > 0).then(listed).alias(feature.name)
    own = pl.coalesce(said)
    return (own if feature.of_key is None else pl.coalesce(own, feature.of_key(pl.col(KEY_FEATURE)))).alias(feature.name)


def known(found: Sequence[Source], catalogue: Catalogue, kind: Kind) -> pl.DataFrame:
    """One row an entity that any source knows by a sound key: ID and `entity_key` (the key), KEY_FEATURE, the features, the blocks."""
    by_id = {source.resource.id: source.rows.drop_nulls("entity_key") for source in found}
    keys = pl.concat([pl.DataFrame(schema={"entity_key": pl.String}), *(rows.select("entity_key") for rows in by_id.values())])
    frame = keys.unique().sort("entity_key").with_columns(pl.col("entity_key").alias(ID), kind.key_spelling(pl.col("entity_key")).alias(KEY_FEATURE))
    order = catalogue.authority[kind.entity].attributes
    for feature in kind.features:
        said = _said(by_id, order, feature)
        if feature.many:
            said = said.group_by("entity_key").agg(pl.col(feature.name).unique().sort())
        frame = frame.join(said.unique("entity_key", keep="first", maintain_order=True), on="entity_key", how="left", maintain_order="left")
        if feature.of_key is not None:
            frame = frame.with_columns(pl.coalesce(feature.of_key(pl.col(KEY_FEATURE)), feature.name).alias(feature.name))
    return completed(frame, kind)


def _said(by_id: Mapping[str, pl.DataFrame], order: Mapping[str, list[str]], feature: Feature) -> pl.DataFrame:
    """entity_key and the feature's word, the most telling attribute and the most authoritative source first."""
    parts = [pl.DataFrame(schema={"entity_key": pl.String, feature.name: pl.String})]
    for attribute in feature.attributes:
        for id_ in order.get(attribute, []):
            if id_ in by_id:
                parts.append(by_id[id_].select("entity_key", feature.spelling(pl.col(attribute)).alias(feature.name)).drop_nulls())
    return pl.concat(parts)


def completed(frame: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    return frame.with_columns(**kind.derived, **kind.blocks)
