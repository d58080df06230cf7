"""Under check (E07, LS 13 in spirit): which keys are in doubt, by which rule, since when. Derived, a table of its own.

A row under check stays served; base and themes join this table and say so beside the row.
"""

from pathlib import Path

import polars as pl

from yishu.catalogue.models import Catalogue
from yishu.gate.step import pool_types
from yishu.lake import delta, violations
from yishu.lake.ledger import Ledger
from yishu.lake.pins import Pin, digest
from yishu.lake.pool import read_pool
from yishu.settings import settings

SCHEMA = pl.Schema({"department": pl.String, "resource": pl.String, "key": pl.String, "rule": pl.String, "since": pl.Date})
ABSENT = "row.absent"
# Not "supervision": a late delivery makes no record doubtful.
GATES = ("row", "cross", "doubt", "conflict")


def under_check_path(data: Path) -> Path:
    return data / "under_check"


def refresh(data: Path, catalogue: Catalogue, pin: Pin) -> int:
    """Derive the table anew and write it only where it differs; return its number of rows."""
    doubts = violations.open_violations(data, (pl.col("severity") == "content") & pl.col("gate").is_in(GATES))
    rows = [doubts.group_by("department", "resource", pl.col("subject").alias("key"), "rule").agg(pl.col("since").min())]
    for id_ in pin:
        resource = catalogue.resources[id_]
        last = Ledger(data).last_accepted(resource.department, resource.name)
        absent = read_pool(data, resource, pool_types(resource), pin[id_]).filter(pl.col("_absent_count") > 0)
        rows.append(
            absent.select(
                department=pl.lit(resource.department),
                resource=pl.lit(resource.name),
                key="_key",
                rule=pl.lit(ABSENT),
                since=pl.lit(last.as_of if last else None, pl.Date),
            )
        )
    table = pl.concat([part.select(SCHEMA.keys()).cast(SCHEMA) for part in rows]).sort(list(SCHEMA))
    path = under_check_path(data)
    if not delta.exists(path) or not delta.read(path).sort(list(SCHEMA)).equals(table):
        delta.replace(path, table, key=f"{digest(pin)}:{_content(table)}:{delta.version(path)}", actor=settings.actor)
    return table.height


def _content(table: pl.DataFrame) -> str:
    return str(table.hash_rows().sum() if table.height else 0)
