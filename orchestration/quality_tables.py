"""Rows of DIR/quality for whoever asks: which day, which resource. Not here: writing them (yishu/lake/quality.py)."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from orchestration.trend import rows_of
from yishu.lake.quality import GATE_RUN, RULE_RESULT, SCORE, read_quality

TREND = "trend"
TABLES = (GATE_RUN, RULE_RESULT, SCORE, TREND)


def quality_rows(data: Path, table: str, day: date | None = None, resource: str | None = None) -> list[dict[str, Any]]:
    """JSON-ready rows of one day (the last that has any) and one resource (all); of the trend, of the last nights."""
    if table == TREND:
        return [row for row in rows_of(data) if resource is None or row["department"] == resource.partition(".")[0]]
    if table == SCORE:
        return _told(_of(read_quality(data, SCORE), "day", day, resource))
    runs = _of(read_quality(data, GATE_RUN), "checked_on", day, resource).sort("run")
    if table == GATE_RUN:
        return _told(runs)
    return _told(read_quality(data, RULE_RESULT, pl.col("run").is_in(runs["run"].implode())).sort("run", maintain_order=True))


def _of(table: pl.DataFrame, column: str, day: date | None, resource: str | None) -> pl.DataFrame:
    if resource is not None:
        department, _, name = resource.partition(".")
        table = table.filter((pl.col("department") == department) & (pl.col("resource") == name))
    return table.filter(pl.col(column) == (day or table[column].max()))


def _told(table: pl.DataFrame) -> list[dict[str, Any]]:
    return [{name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()} for row in table.iter_rows(named=True)]
