"""Coverage (C05, 应汇尽汇): of what the catalogue lists, what has arrived: resources, columns and rows, per resource and department.

An item has arrived if its column holds a value in the last accepted delivery; where deliveries speak of changes only, in any that was
accepted. Not here: whether the values are right (gates), whether they came in time (yishu/catalogue/lateness.py).
"""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote

import polars as pl
from deltalake import DeltaTable

from yishu.catalogue.models import Catalogue, Resource
from yishu.lake import delta
from yishu.lake.ledger import Ledger
from yishu.lake.raw import raw_path

COLUMNS: dict[str, pl.DataType | type[pl.DataType]] = {
    "department": pl.String, "resource": pl.String, "title": pl.String, "delivered": pl.Boolean, "catalogued_items": pl.Int64,
    "delivered_items": pl.Int64, "share": pl.Float64, "missing_items": pl.List(pl.String), "records": pl.Int64, "raw_rows": pl.Int64,
    "last_records": pl.Int64, "pool_rows": pl.Int64,
}  # fmt: skip
# Most columns hold a value near the top: only those that hold none there are read to the end.
NEAR_THE_TOP = 1_000


def coverage(data: Path, catalogue: Catalogue) -> pl.DataFrame:
    """One row a resource. records, raw_rows: of every accepted delivery together; last_records: of the one the pool stands on."""
    ledger = Ledger(data)
    return pl.DataFrame([_row(data, ledger, resource) for resource in catalogue.judged_resources.values()], schema=COLUMNS, orient="row")


def by_department(coverage: pl.DataFrame) -> pl.DataFrame:
    """The resources of each department together: catalogued against delivered resources and items, and the rows."""
    items = pl.col("delivered_items").sum(), pl.col("catalogued_items").sum()
    return coverage.group_by("department", maintain_order=True).agg(
        catalogued_resources=pl.len().cast(pl.Int64),
        delivered_resources=pl.col("delivered").sum().cast(pl.Int64),
        catalogued_items=items[1],
        delivered_items=items[0],
        share=items[0] / items[1],
        records=pl.col("records").sum(),
        raw_rows=pl.col("raw_rows").sum(),
        last_records=pl.col("last_records").sum(),
        pool_rows=pl.col("pool_rows").sum(),
    )


def _row(data: Path, ledger: Ledger, resource: Resource) -> dict[str, object]:
    items = [item.name for item in resource.items]
    last = ledger.last_accepted(resource.department, resource.name)
    accepted = [delivery for delivery in ledger.acceptances(resource.department, resource.name) if delivery.state != "withdrawn"]
    arrived: set[str] = set()
    if last is not None:
        path = raw_path(data, resource.department, resource.name)
        arrived = _with_a_value(path, items, [last.delivery_id])
        if resource.delivery.mode != "snapshot" and (left := [name for name in items if name not in arrived]):
            arrived |= _with_a_value(path, left, [delivery.delivery_id for delivery in accepted])
    return {
        "department": resource.department, "resource": resource.name, "title": resource.title, "delivered": last is not None,
        "catalogued_items": len(items), "delivered_items": len(arrived), "share": len(arrived) / len(items),
        "missing_items": [name for name in items if name not in arrived],
        "records": sum(delivery.records or 0 for delivery in accepted), "raw_rows": sum(delivery.raw_rows or 0 for delivery in accepted),
        "last_records": (last.records or 0) if last else 0, "pool_rows": (last.pool_rows or 0) if last else 0,
    }  # fmt: skip


def _with_a_value(path: Path, names: Sequence[str], delivery_ids: Sequence[str]) -> set[str]:
    """Those of the columns that hold a value in the rows of these deliveries. An empty field is no value."""
    rows = _rows(path, delivery_ids)
    present = set(rows.collect_schema().names())
    found: set[str] = set()
    for part in (rows.head(NEAR_THE_TOP), rows):
        left = [name for name in names if name in present and name not in found]
        if left:
            held = part.select((pl.col(name) != "").any() for name in left).collect().row(0, named=True)
            found |= {name for name, has_value in held.items() if has_value}
    return found


def _rows(path: Path, delivery_ids: Sequence[str]) -> pl.LazyFrame:
    """The raw rows of these deliveries, read from their own files only, as far as Delta's statistics tell which these are."""
    if not delta.exists(path):
        return pl.LazyFrame()
    table = DeltaTable(str(path))
    schema = pl.Schema(table.schema().to_arrow())
    files = pl.DataFrame(table.get_add_actions(flatten=True))
    if "min._delivery_id" in files.columns:  # absent from a table of many columns: Delta keeps statistics of the first 32
        low, high = pl.col("min._delivery_id"), pl.col("max._delivery_id")
        near = pl.any_horizontal([(low <= id_) & (high >= id_) for id_ in delivery_ids])
        files = files.filter(near.fill_null(True))
    # As in delta.read: addresses are percent-encoded, and polars would take them for names.
    places = [str(path / unquote(name)) for name in files["path"]]
    rows = pl.scan_parquet(places, schema=schema, missing_columns="insert", glob=False) if places else pl.LazyFrame(schema=schema)
    return rows.filter(pl.col("_delivery_id").is_in(list(delivery_ids)))
