"""What people decided about proposed links: which records are about which entity, and which pairs are not to be proposed again.

A function of the desk's annotations in ledger order, so that a rebuild gives the same. Not here: proposals (yishu/linkage), and what a link
does to a golden record (dbt_project). A link holds until the same pair is rejected: a record whose key has been corrected has another key,
or a sound one, and needs it no more.
"""

from pathlib import Path

import polars as pl

from yishu.lake.annotations import IDENTITY, annotations

RULE = "linkage."
CONFIRMED, REJECTED = "link_confirmed", "link_rejected"
SCHEMA = {"entity": pl.String, "department": pl.String, "resource": pl.String, "source_key": pl.String, "entity_key": pl.String,
          "since": pl.Date, "annotation_id": pl.String}  # fmt: skip
_PAIR = [*IDENTITY, "entity_key"]


def link_rule(entity: str) -> str:
    """The rule under which a proposal to link a record to an entity of that kind becomes a violation, and a ticket."""
    return f"{RULE}{entity}"


def links(data: Path) -> pl.DataFrame:
    """SCHEMA, sorted: the confirmed links; one a record and kind of entity, the last confirmed that was not rejected since."""
    said = _said(data).unique(_PAIR, keep="last", maintain_order=True).filter(pl.col("kind") == CONFIRMED)
    last = said.unique(IDENTITY, keep="last", maintain_order=True)
    named = last.with_columns(entity=pl.col("rule").str.strip_prefix(RULE), source_key="subject", since="decided_on")
    return named.select(pl.col(name).cast(type_) for name, type_ in SCHEMA.items()).sort(list(SCHEMA))


def rejections(data: Path) -> pl.DataFrame:
    """department, resource, rule, subject, entity_key, value_hash: the pairs that were rejected, each for the record's values of then."""
    said = _said(data).unique([*_PAIR, "value_hash"], keep="last", maintain_order=True)
    return said.filter(pl.col("kind") == REJECTED).select(*_PAIR, "value_hash")


def _said(data: Path) -> pl.DataFrame:
    about = pl.col("kind").is_in([CONFIRMED, REJECTED]) & pl.col("rule").str.starts_with(RULE) & pl.col("entity_key").is_not_null()
    return annotations(data).filter(about)
