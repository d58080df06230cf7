"""Single rows for whoever looks at one: a record of a pool by its key, and lines of a delivery as the department wrote them.

Reads only what it needs: the desk asks while somebody waits. Not here: who may see them (portal), which rows are wrong (violations.py).
"""

from collections.abc import Collection
from pathlib import Path
from typing import Any

import polars as pl

from yishu.catalogue.models import Catalogue, Resource
from yishu.lake import delta
from yishu.lake.ledger import Ledger
from yishu.lake.pool import KEY, pool_path
from yishu.lake.raw import raw_path
from yishu.lake.value_hash import value_hash_of

_ORIGIN = ("_delivery_id", "_row_number")


def find_record(data: Path, catalogue: Catalogue, department: str, resource: str, key: str) -> dict[str, Any] | None:
    """The pool's row with that canonical key: each item as text (None = no value), `_key`, `_delivery_id`, `_row_number` (int).

    None where the catalogue has no such resource or the pool no such key.
    """
    entry = catalogue.resources.get(f"{department}.{resource}")
    if entry is None or not delta.exists(pool_path(data, entry)):
        return None
    names = [item.name for item in entry.items]
    rows = delta.read(pool_path(data, entry), where=pl.col(KEY) == key, columns=[*names, KEY, *_ORIGIN])
    if not rows.height:
        return None
    found = rows.select(pl.col(name).cast(pl.String) if name in names else pl.col(name) for name in rows.columns).row(0, named=True)
    return {**dict.fromkeys(names), **found}


def key_of_line(data: Path, entry: Resource, version: int, delivery_id: str, row_number: int) -> str | None:
    """The canonical key of the record that this line of this delivery stands for in that version of the pool; None where it stands for none."""
    here = (pl.col("_delivery_id") == delivery_id) & (pl.col("_row_number") == row_number)
    found = delta.read(pool_path(data, entry), version, where=here, columns=[KEY])
    return str(found.item()) if found.height == 1 else None


def raw_rows(data: Path, delivery_id: str, row_numbers: Collection[int]) -> pl.DataFrame:
    """Those lines of the delivery, verbatim: `_row_number` and every item as text, in order. Raises KeyError for no such delivery."""
    delivery = Ledger(data).delivery(delivery_id)
    wanted = pl.Series("_row_number", sorted(set(row_numbers)), dtype=pl.Int64)
    of_delivery = pl.col("_delivery_id") == delivery_id
    if not wanted.len():
        return delta.read(raw_path(data, delivery.department, delivery.resource), where=of_delivery & pl.lit(False)).drop("_delivery_id", "_file")
    near = pl.col("_row_number").is_between(wanted[0], wanted[-1])  # lets the file's statistics skip what lies elsewhere
    found = delta.read(raw_path(data, delivery.department, delivery.resource), where=of_delivery & near)
    return found.join(wanted.to_frame(), on="_row_number", how="semi").sort("_row_number").drop("_delivery_id", "_file")


__all__ = ["find_record", "key_of_line", "raw_rows", "value_hash_of"]
