"""What people decided about single records: which entity each is about, and which pairs are not to be proposed again.

A function of the desk's annotations in ledger order, so that a rebuild gives the same. Not here: proposals (yishu/linkage), and what a link
does to a golden record (dbt_project). A confirmed link holds until the same pair is rejected: a record whose key has been corrected has
another key, or a sound one, and needs it no more. A split goes against the record's own key, however sound, until it is revoked.
"""

from pathlib import Path

import polars as pl

from yishu.lake.annotations import IDENTITY, annotations

RULE = "linkage."
CONFIRMED, REJECTED = "link_confirmed", "link_rejected"
SPLIT, SPLIT_REVOKED = "row_split", "split_revoked"
SCHEMA = {"entity": pl.String, "department": pl.String, "resource": pl.String, "source_key": pl.String, "entity_key": pl.String,
          "since": pl.Date, "annotation_id": pl.String, "is_split": pl.Boolean}  # fmt: skip
_PAIR = [*IDENTITY, "entity_key"]


def link_rule(entity: str) -> str:
    """What the decision about a record and a kind of entity names as its rule; of a proposal also that of the violation, and its ticket."""
    return f"{RULE}{entity}"


def links(data: Path) -> pl.DataFrame:
    """SCHEMA, sorted, one a record and kind of entity: the split where one stands, else the last confirmed link that was not rejected since.

    is_split: the record is the entity's whatever its own key says.
    """
    split = _said(data, SPLIT, SPLIT_REVOKED).unique(IDENTITY, keep="last", maintain_order=True).filter(pl.col("kind") == SPLIT)
    said = _said(data, CONFIRMED, REJECTED).unique(_PAIR, keep="last", maintain_order=True).filter(pl.col("kind") == CONFIRMED)
    last = pl.concat([split, said.unique(IDENTITY, keep="last", maintain_order=True).join(split, on=IDENTITY, how="anti")])
    named = last.with_columns(
        entity=pl.col("rule").str.strip_prefix(RULE), source_key="subject", since="decided_on", is_split=pl.col("kind") == SPLIT
    )
    return named.select(pl.col(name).cast(type_) for name, type_ in SCHEMA.items()).sort(list(SCHEMA))


def rejections(data: Path) -> pl.DataFrame:
    """department, resource, rule, subject, entity_key, value_hash: the pairs that were rejected, each for the record's values of then."""
    said = _said(data, CONFIRMED, REJECTED).unique([*_PAIR, "value_hash"], keep="last", maintain_order=True)
    return said.filter(pl.col("kind") == REJECTED).select(*_PAIR, "value_hash")


def _said(data: Path, *kinds: str) -> pl.DataFrame:
    about = pl.col("kind").is_in(kinds) & pl.col("rule").str.starts_with(RULE) & pl.col("entity_key").is_not_null()
    return annotations(data).filter(about)
