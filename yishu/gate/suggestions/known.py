"""Who is known under which identifier and name: the sources of the base, as their pools stand.

The sources are those that the authority list names for an entity's name, in its order; only identifiers that are valid count, and of
citizen ids those of a district that was in force. The base's golden row shows one name an entity; here each source's own word is
evidence, a former name too. Not here: inferring from it (`near`).
"""

from pathlib import Path

import polars as pl

from expectations.rules.divisions import citizen_id_district_in_force
from yishu.catalogue.models import Catalogue, Item, Resource
from yishu.gate.typing import IDENTIFIERS
from yishu.lake import delta
from yishu.lake.pool import pool_path

IDENTIFIED = ("citizen_id", "credit_code")  # persons and legal entities (C02, P14)
_NAMES = ("full_name", "name", "former_name")
_SCHEMA = {"id": pl.String, "name": pl.String, "register": pl.String}


def same_spelling(name: pl.Expr) -> pl.Expr:
    """A name without what two offices may write differently: width, spaces, the dot between parts, case."""
    return name.str.normalize("NFKC").str.replace_all(r"[\s·•・‧.．]", "").str.to_uppercase()


def known_names(data: Path, catalogue: Catalogue, kind: str) -> pl.DataFrame:
    """id (valid, of the kind), name (`same_spelling`), register (title of the first source that says so); each pair once."""
    parts = [pl.DataFrame(schema=_SCHEMA)]
    for resource, identifier, name in _sources(catalogue, kind):
        path = pool_path(data, resource)
        if delta.exists(path):
            pool = delta.read(path, columns=[identifier, name])
            if {identifier, name} <= set(pool.columns):
                told = pool.select(id=identifier, name=same_spelling(pl.col(name)), register=pl.lit(resource.title)).drop_nulls()
                parts.append(told.unique(["id", "name"], keep="first", maintain_order=True))
    known = pl.concat(parts).unique(["id", "name"], keep="first", maintain_order=True)
    known = known.filter(IDENTIFIERS[kind].valid(known["id"]).fill_null(False))
    # A number of a district that never gave it is wrong in the register too: it would be proposed to whoever has the right one.
    return known.filter(citizen_id_district_in_force(known["id"])) if kind == "citizen_id" else known


def _sources(catalogue: Catalogue, kind: str) -> list[tuple[Resource, str, str]]:
    """(resource, its identifier item, its name item), the most authoritative first."""
    found = []
    for name, entity in catalogue.authority.items():
        for attribute in _NAMES:
            for source in entity.attributes.get(attribute, []):
                resource = catalogue.resources[source]
                identifiers = [item.name for item in resource.items if f"{name}.{entity.key}" in item.supplies and item.type == kind]
                names = [item.name for item in resource.items if f"{name}.{attribute}" in item.supplies]
                found += [(resource, identifier, called) for identifier in identifiers for called in names]
    return found


def names_beside(resource: Resource, item: Item) -> list[str]:
    """The items that may hold the name of whom the identifier item identifies.

    `wife_citizen_id` goes with `wife_name`. An identifier without a word of its own goes with `full_name` or `name`; where there
    is neither, with every name that no other identifier of the table claims.
    """
    texts = [other.name for other in resource.items if other.type == "text" and other.name.endswith("name")]
    stem = _stem(item)
    if stem:
        return [name for name in texts if name == f"{stem}_name"] or _unclaimed(resource, texts, item)
    plain = [name for name in texts if name in ("full_name", "name")]
    return plain or _unclaimed(resource, texts, item)


def _unclaimed(resource: Resource, texts: list[str], item: Item) -> list[str]:
    claimed = {f"{_stem(other)}_name" for other in resource.items if other is not item and other.type in IDENTIFIED and _stem(other)}
    return [name for name in texts if name not in claimed]


def _stem(item: Item) -> str:
    for ending in ("citizen_id", "credit_code", "code", "id", "no"):
        if item.name == ending or item.name.endswith(f"_{ending}"):
            return item.name.removesuffix(ending).removesuffix("_")
    return ""
