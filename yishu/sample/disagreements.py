"""On which attributes of the base databases the tables disagree, as they were written: what the conflicts of a release are measured by.

The chosen value is that of the source which the authority list ranks first, then of the row that came later, then of the earlier line; every
row that says otherwise is a disagreement, of another source or of the same. Asked of what the sample wrote, by the catalogue alone: gate,
pool and SQL have no part in it. Not here: rules between departments (consequences.py).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from yishu.catalogue import Catalogue, Resource
from yishu.catalogue.authority import kinds_of
from yishu.catalogue.entities import Entity
from yishu.catalogue.models import Item
from yishu.sample.truth import CONFLICT

CONTRADICTION = "contradiction"  # right in itself, and another table is wrong
OUTDATED = "outdated_value"  # right when it was told: its table comes more rarely than that of the authority
_ORDER = ["_place", "_day", "_row"]
_LATER_FIRST = [False, True, False]


@dataclass(frozen=True)
class Disagreement:
    """A row whose value is not the chosen one. kind: of the defect that caused it; right: what should have stood there, where this row is wrong."""

    resource: str
    file: str
    line: int
    column: str
    kind: str
    right: str | None
    rule: str


@dataclass(frozen=True)
class _Source:
    resource: Resource
    keys: tuple[Item, ...]
    frame: pl.DataFrame  # with `_entity`, the key as a number


def disagreements(catalogue: Catalogue, tables: Mapping[str, pl.DataFrame]) -> Iterator[Disagreement]:
    """Every disagreement between the tables as read (consequences.py): their items, typed, and `_file`, `_line`, `_day`, `_row`, `_broken`,
    `_item`, `_right`."""
    renamed = _renamed(catalogue, tables)
    for name, entity in catalogue.authority.items():
        former = {former: now for kind in kinds_of(catalogue, entity)[:1] for former, now in renamed.get(kind, {}).items()}
        sources = {id_: _source(catalogue.resources[id_], name, entity, tables[id_], former) for id_ in _sources(entity) if id_ in tables}
        suspects = _suspects(name, entity, sources)
        few = {id_: _only(source, suspects) for id_, source in sources.items()}
        for attribute, listed in entity.attributes.items():
            known = [few[id_] for id_ in listed if id_ in few]
            yield from _of_attribute(name, entity, attribute, known)


def _sources(entity: Entity) -> dict[str, None]:
    return dict.fromkeys(id_ for listed in entity.attributes.values() for id_ in listed)


def _renamed(catalogue: Catalogue, tables: Mapping[str, pl.DataFrame]) -> dict[str, dict[str, str]]:
    """Kind of identifier -> former number -> the one that replaced it, as the tables of changed numbers have it: one person under two numbers."""
    found: dict[str, dict[str, str]] = {}
    for id_, table in tables.items():
        for said in catalogue.resources[id_].identifies:
            if said.changed and said.kind == said.key_kind:
                numbers = table.select(*said.identifier, said.key).drop_nulls()
                found.setdefault(said.kind, {}).update(numbers.iter_rows())
    return found


def _source(resource: Resource, name: str, entity: Entity, table: pl.DataFrame, former: Mapping[str, str]) -> _Source:
    keys = tuple(_feeding(resource, f"{name}.{key}") for key in entity.keys)
    called = pl.concat_str([pl.col(key.name).cast(pl.String) for key in keys], separator="|")
    entity_number = called.replace(dict(former)).hash()
    return _Source(resource, keys, table.drop_nulls([key.name for key in keys]).with_columns(_entity=entity_number))


def _feeding(resource: Resource, attribute: str) -> Item:
    item = resource.feeding(attribute)
    assert item is not None, "the authority list is checked against what the resources feed"
    return item


def _suspects(name: str, entity: Entity, sources: Mapping[str, _Source]) -> pl.Series:
    """Entities (as numbers) of which any attribute is told in two ways: a pass over numbers, so that a large city takes a second."""
    parts = []
    for source in sources.values():
        fed = {attribute: item for attribute in entity.attributes if (item := source.resource.feeding(f"{name}.{attribute}"))}
        parts.append(source.frame.select("_entity", *(_number(item.name).alias(attribute) for attribute, item in fed.items())))
    if not parts:
        return pl.Series("_entity", [], dtype=pl.UInt64)
    values = pl.concat(parts, how="diagonal")
    told = [one for one in values.columns if one != "_entity"]
    differing = [(pl.col(one).min() != pl.col(one).max()).alias(one) for one in told]
    return values.group_by("_entity").agg(differing).filter(pl.any_horizontal(told))["_entity"]


def _number(item: str) -> pl.Expr:
    return pl.when(pl.col(item).is_not_null()).then(pl.col(item).hash())


def _only(source: _Source, suspects: pl.Series) -> _Source:
    return _Source(source.resource, source.keys, source.frame.filter(pl.col("_entity").is_in(suspects.implode())))


def _of_attribute(name: str, entity: Entity, attribute: str, sources: list[_Source]) -> Iterator[Disagreement]:
    claims = [_claims(source, place, _feeding(source.resource, f"{name}.{attribute}")) for place, source in enumerate(sources)]
    if not claims:
        return
    ranked = pl.concat(claims).sort(_ORDER, descending=_LATER_FIRST)
    chosen = ranked.unique("_entity", keep="first", maintain_order=True)
    better = chosen.select("_entity", _chosen="_value", _cause="_broken", _chosen_day="_day")
    losers = ranked.join(better, on="_entity").filter(pl.col("_value") != pl.col("_chosen")).sort("_place", "_line")
    rule = f"{CONFLICT}{entity.schema_.removeprefix('base_')}.{name}.{attribute}"
    for row in losers.iter_rows(named=True):
        resource = sources[row["_place"]].resource
        column = _feeding(resource, f"{name}.{attribute}").name
        own = row["_item"] == column or row["_item"] in [key.name for key in sources[row["_place"]].keys]
        kind = row["_broken"] if own or not row["_cause"] else CONTRADICTION
        yield Disagreement(resource.id, row["_file"], row["_line"], column, kind or OUTDATED, row["_right"] if row["_item"] == column else None, rule)


def _claims(source: _Source, place: int, item: Item) -> pl.DataFrame:
    told = ("_file", "_line", "_day", "_row", "_broken", "_item", "_right")
    rows = source.frame.select("_entity", *told, _value=pl.col(item.name).cast(pl.String), _place=pl.lit(place))
    return rows.drop_nulls("_value")
