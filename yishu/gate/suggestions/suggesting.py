"""From open violations to proposals: `suggest` is the door of this package; the night calls it after the gates.

Belongs here: sorting the cases to the methods, and the rule that only one proposal stands. Not here: any inference (the modules
beside this one).
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from yishu.catalogue.models import Catalogue, Resource
from yishu.gate.cross_suites import load_cross
from yishu.gate.suggestions.beside import Fact, facts_of, said_by_identifier
from yishu.gate.suggestions.cases import CASE, Accused, accused_values, no_proposals
from yishu.gate.suggestions.known import IDENTIFIED, known_names, names_beside, same_spelling
from yishu.gate.suggestions.listed import listed
from yishu.gate.suggestions.near import Accusation, near_misses
from yishu.gate.suggestions.written import rewritten
from yishu.gate.typing import IDENTIFIERS
from yishu.lake import delta
from yishu.lake.pool import pool_path

SCHEMA = {
    "department": pl.String,
    "resource": pl.String,
    "rule": pl.String,
    "subject": pl.String,
    "item": pl.String,
    "proposal": pl.String,
    "reason": pl.String,
    "method": pl.String,
    "confidence": pl.String,
}
Facts = Mapping[str, Mapping[str, Fact]]  # resource -> item -> what says it
_WHAT = ["department", "resource", "rule", "subject", "item"]


def suggest(data: Path, catalogue: Catalogue, open_violations: pl.DataFrame) -> pl.DataFrame:
    """SCHEMA, sorted: the right value of a violation where it can be inferred and only one candidate is left; never applied.

    open_violations: as `yishu.lake.violations.open_violations` gives them. reason is Chinese and holds no value of any row.
    confidence: "certain" is determined by a standard, "likely" is the one candidate that the base knows. Reads raw (what was
    delivered) and the pools; the same tables give the same answer. Raises nothing for what it cannot read: it then proposes nothing.
    """
    facts = {resource.id: facts_of(resource) for resource in catalogue.resources.values()}
    cases = _cases(catalogue, open_violations, facts)
    accused = list(accused_values(data, catalogue, cases))
    known = {kind: known_names(data, catalogue, kind) for kind in IDENTIFIED}
    found = [no_proposals(), *_by_item(catalogue, accused, facts, known["citizen_id"])]
    for kind in IDENTIFIED:
        settled = pl.concat(found).select(CASE)
        found.append(near_misses(_accusation(catalogue, kind, accused, known[kind], settled)))
    chosen = _without_collisions(data, catalogue, cases.join(pl.concat(found).unique(CASE, keep="first", maintain_order=True), on=CASE))
    # Two rows of one subject may have been wrong in two ways: then the subject has no one right value.
    alone = chosen.filter(pl.col("proposal").n_unique().over(_WHAT) == 1)
    return alone.unique(_WHAT, keep="first", maintain_order=True).sort(_WHAT).select(SCHEMA.keys())


def _cases(catalogue: Catalogue, open_violations: pl.DataFrame, facts: Facts) -> pl.DataFrame:
    """The violations of rows and items that any method speaks of, numbered."""
    spoken = [
        (resource.department, resource.name, item.name)
        for resource in catalogue.resources.values()
        for item in resource.items
        if item.type in IDENTIFIERS or item.type == "code" or item.name in facts[resource.id]
    ]
    place = {"department": pl.String, "resource": pl.String, "item": pl.String}
    items = pl.DataFrame(spoken, schema=place, orient="row")
    rows = open_violations.filter(pl.col("row_number").is_not_null()).with_columns(item="column")
    return rows.join(items, on=list(place), how="semi").sort(*_WHAT, "delivery_id", "row_number").with_row_index(CASE)


def _by_item(catalogue: Catalogue, accused: Iterable[Accused], facts: Facts, persons: pl.DataFrame) -> Iterable[pl.DataFrame]:
    for one in accused:
        if fact := facts[one.resource.id].get(one.item.name):
            yield said_by_identifier(one, fact, persons)
        if one.item.type in IDENTIFIERS:
            yield rewritten(one)
        if one.item.type == "code":
            yield listed(one, catalogue.codes[one.item.codes or ""])


def _accusation(catalogue: Catalogue, kind: str, accused: Iterable[Accused], known: pl.DataFrame, settled: pl.DataFrame) -> Accusation:
    """All identifiers of the kind that are still without a proposal, of all resources, with the names beside them."""
    missing = _missing_in_a_register(catalogue)
    parts = [pl.DataFrame(schema={CASE: pl.UInt32, "text": pl.String, "name": pl.String, "valid": pl.Boolean, "unknown": pl.Boolean})]
    for one in accused:
        if one.item.type != kind:
            continue
        text = one.text().str.normalize("NFKC")
        valid = IDENTIFIERS[kind].valid(text).fill_null(False).alias("valid")
        unknown = one.rows["rule"].is_in(missing.get(one.resource.id, [])).alias("unknown")
        for name in names_beside(one.resource, one.item):
            beside = one.rows.select(same_spelling(pl.col(f"{name}__text")).alias("name")).to_series()
            part = pl.DataFrame([one.rows[CASE], text.alias("text"), beside, valid, unknown])
            parts.append(part.filter(~pl.col("valid") | pl.col("unknown") | one.rows["rule"].str.ends_with(".district")))
    return Accusation(kind, pl.concat(parts).join(settled, on=CASE, how="anti"), known)


def _missing_in_a_register(catalogue: Catalogue) -> dict[str, list[str]]:
    """Resource -> the rules that accuse a row because another table does not have its number."""
    found: dict[str, list[str]] = {}
    for asked in load_cross(catalogue):
        column = str(asked.rule.kwargs.get("column", ""))
        if column.endswith(".matches") and asked.rule.kwargs.get("min_value") == 1:
            found.setdefault(asked.on, []).append(asked.rule.rule)
    return found


def _without_collisions(data: Path, catalogue: Catalogue, chosen: pl.DataFrame) -> pl.DataFrame:
    """Without those that would give two rows of one snapshot the same key: which of the two is right, the base does not say."""
    kept = [chosen.clear()]
    for (department, name), part in chosen.group_by(["department", "resource"], maintain_order=True):
        resource = catalogue.resources[f"{department}.{name}"]
        if resource.delivery.mode == "snapshot" and len(resource.key) == 1:
            other = pl.col("proposal").is_in(_keys_today(data, resource).implode()) & (pl.col("proposal") != pl.col("subject"))
            twice = pl.col("subject").n_unique().over("item", "proposal") > 1
            part = part.filter((pl.col("item") != resource.key[0]) | ~(other | twice))
        kept.append(part)
    return pl.concat(kept)


def _keys_today(data: Path, resource: Resource) -> pl.Series:
    path = pool_path(data, resource)
    if not delta.exists(path):
        return pl.Series([], dtype=pl.String)
    return delta.read(path, where=pl.col("_absent_count") == 0, columns=["_key"])["_key"]
