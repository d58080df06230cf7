"""Raw tables and rejects: append-only, verbatim text, one commit a delivery (C08). Also the archive of files as they came."""

import os
from pathlib import Path

import polars as pl

from yishu.lake import delta
from yishu.lake.delivery import Delivery

REJECT_SCHEMA = pl.Schema(
    {
        "department": pl.String,
        "resource": pl.String,
        "_delivery_id": pl.String,
        "file": pl.String,
        "line": pl.Int64,
        "lines": pl.Int64,
        "bytes": pl.Binary,
        "reason": pl.String,
        "message": pl.String,
    }
)


def raw_path(data: Path, department: str, resource: str) -> Path:
    return data / "raw" / department / resource


def rejects_path(data: Path, department: str, resource: str) -> Path:
    return data / "rejects" / department / resource


def append_raw(data: Path, delivery: Delivery, rows: pl.DataFrame, rejects: pl.DataFrame) -> None:
    """Append one delivery: rows (`_row_number` and the items as text) and rejects (REJECT_SCHEMA without department … file)."""
    described = rows.with_columns(pl.lit(delivery.delivery_id).alias("_delivery_id"), pl.lit(delivery.file).alias("_file"))
    order = [*(name for name in rows.columns if name != "_row_number"), "_delivery_id", "_row_number", "_file"]
    delta.append(raw_path(data, delivery.department, delivery.resource), described.select(order), key=delivery.delivery_id, actor=delivery.actor)
    path = rejects_path(data, delivery.department, delivery.resource)
    if rejects.height or not delta.exists(path):  # an empty table at first, so that whoever looks finds one
        located = (
            rejects.with_columns(
                department=pl.lit(delivery.department),
                resource=pl.lit(delivery.resource),
                _delivery_id=pl.lit(delivery.delivery_id),
                file=pl.lit(delivery.file),
            )
            .select(REJECT_SCHEMA.keys())
            .cast(REJECT_SCHEMA)
        )
        delta.append(path, located, key=delivery.delivery_id, actor=delivery.actor)


def read_raw(data: Path, delivery: Delivery) -> pl.DataFrame:
    """The rows of one delivery, verbatim, in the order of their lines."""
    path = raw_path(data, delivery.department, delivery.resource)
    return delta.read(path, where=pl.col("_delivery_id") == delivery.delivery_id).sort("_row_number")


def read_rejects(data: Path, delivery: Delivery) -> pl.DataFrame:
    path = rejects_path(data, delivery.department, delivery.resource)
    if not delta.exists(path):
        return pl.DataFrame(schema=REJECT_SCHEMA)
    return delta.read(path, where=pl.col("_delivery_id") == delivery.delivery_id).sort("line")


def archive(data: Path, delivery: Delivery, source: Path, content: bytes) -> None:
    """Move the delivered file to DIR/archive/<delivery>, byte for byte as it was read.

    A file that grew or was replaced since it was read is not moved: its new content is a delivery of its own.
    """
    target = data / "archive" / delivery.delivery_id / delivery.file
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.exists() and source.read_bytes() == content:
        os.replace(source, target)
    elif not target.exists():
        draft = target.with_name(target.name + ".part")
        draft.write_bytes(content)
        os.replace(draft, target)


def archive_sidecar(data: Path, delivery: Delivery, sidecar: Path) -> None:
    if sidecar.exists():
        target = data / "archive" / delivery.delivery_id / sidecar.name
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(sidecar, target)
