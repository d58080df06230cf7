"""What the methods look at and what they give back: cases (one accused value each) and proposals.

Belongs here: reading the accused rows from raw by delivery and row number, as the row gate prepared them. Not here: inferring.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl

from yishu.catalogue.models import Catalogue, Item, Resource
from yishu.gate.preparing import prepare
from yishu.lake import delta
from yishu.lake.ledger import Ledger
from yishu.lake.raw import raw_path

CASE = "_case"
CERTAIN, LIKELY = "certain", "likely"
PROPOSAL: dict[str, type[pl.DataType]] = {CASE: pl.UInt32, "proposal": pl.String, "reason": pl.String, "method": pl.String, "confidence": pl.String}


class Accused(NamedTuple):
    """The cases of one item: `_case`, `rule`, and the whole prepared row beside it (yishu/gate/preparing.py)."""

    resource: Resource
    item: Item
    rows: pl.DataFrame

    def text(self) -> pl.Series:
        """The accused value in its one written form, as far as the row gate could give it one."""
        return self.rows[f"{self.item.name}__text"]


def no_proposals() -> pl.DataFrame:
    """A table of proposals without rows."""
    return pl.DataFrame(schema=PROPOSAL)


def proposals(found: pl.DataFrame, method: str, confidence: str, reason: pl.Expr | str) -> pl.DataFrame:
    """Proposals of one method; found: `_case`, `proposal`, and what the reason reads."""
    said = pl.lit(reason) if isinstance(reason, str) else reason
    whole = found.with_columns(said.alias("reason"), method=pl.lit(method), confidence=pl.lit(confidence))
    return whole.select(pl.col(name).cast(dtype) for name, dtype in PROPOSAL.items())


def only_one(found: pl.DataFrame) -> pl.DataFrame:
    """The cases that have exactly one different proposal: where two fit, nobody can say which."""
    several = found.group_by(CASE).agg(pl.col("proposal").n_unique().alias("_several")).filter(pl.col("_several") > 1)
    return found.join(several, on=CASE, how="anti").unique(CASE, keep="first", maintain_order=True)


def accused_values(data: Path, catalogue: Catalogue, cases: pl.DataFrame) -> Iterator[Accused]:
    """Cases by item, resource after resource. cases: violations with `_case`, of rows and of items that the catalogue has today."""
    for (department, name), part in cases.sort(CASE).group_by(["department", "resource"], maintain_order=True):
        resource = catalogue.resources.get(f"{department}.{name}")
        if resource is None or not delta.exists(raw_path(data, resource.department, resource.name)):
            continue
        rows = _prepared(data, catalogue, resource, part)
        for item in resource.items:
            own = part.filter(pl.col("column") == item.name).select(CASE, "rule", "delivery_id", "row_number")
            if own.height:
                beside = own.join(rows, left_on=["delivery_id", "row_number"], right_on=["_delivery_id", "_row_number"], maintain_order="left")
                yield Accused(resource, item, beside)


def _prepared(data: Path, catalogue: Catalogue, resource: Resource, cases: pl.DataFrame) -> pl.DataFrame:
    """The accused rows, once each, with `_delivery_id`; a delivery of an earlier layout is read in the words of today."""
    wanted = cases.select(_delivery_id="delivery_id", _row_number="row_number").unique()
    chosen = pl.col("_delivery_id").is_in(wanted["_delivery_id"].unique().implode())
    chosen &= pl.col("_row_number").is_in(wanted["_row_number"].unique().implode())
    raw = delta.read(raw_path(data, resource.department, resource.name), where=chosen)
    raw = raw.join(wanted, on=["_delivery_id", "_row_number"], how="semi")
    new = [item.name for item in resource.items if item.name not in raw.columns]  # the catalogue may be newer than every delivery
    raw = raw.with_columns(pl.lit(None, pl.String).alias(name) for name in new)
    layouts = {one.delivery_id: one.layout for one in Ledger(data).deliveries(resource.department, resource.name)}
    parts = []
    for delivery_id, rows in raw.sort("_delivery_id", "_row_number").partition_by("_delivery_id", as_dict=True, maintain_order=True).items():
        made = prepare(rows, resource, catalogue.codes, layouts.get(str(delivery_id[0])))
        parts.append(made.with_columns(rows["_delivery_id"]))
    return pl.concat(parts) if parts else prepare(raw, resource, catalogue.codes).with_columns(raw["_delivery_id"])
