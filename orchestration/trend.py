"""Scores over nights, from the table DIR/quality/score: per dimension for the city, over all dimensions per department.

Not here: how a score is counted (quality.py), how a line is drawn (status_page.py).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from yishu.lake.quality import SCORE, read_quality

NIGHTS = 14
CITY = "全市"
LEVELS = "▁▂▃▄▅▆▇█"


def trend(data: Path, nights: int = NIGHTS) -> dict[str, Any]:
    """days: the last nights in order; city: dimension -> scores; departments: name -> scores; null where nothing was assessed."""
    table = read_quality(data, SCORE)
    days = table["day"].unique().sort().tail(nights)
    recent = table.filter(pl.col("day").is_in(days.implode()))
    return {"days": [day.isoformat() for day in days], "city": _series(recent, "dimension", days), "departments": _series(recent, "department", days)}


def rows_of(data: Path, nights: int = NIGHTS) -> list[dict[str, Any]]:
    """The trend as a table: a row a day, place and dimension, the city first."""
    table = read_quality(data, SCORE)
    recent = table.filter(pl.col("day").is_in(table["day"].unique().sort().tail(nights).implode()))
    parts = [_scored(part, ["day", "department", "dimension"]) for part in (recent.with_columns(department=pl.lit(CITY)), recent)]
    return [{**row, "day": row["day"].isoformat()} for row in pl.concat(parts).iter_rows(named=True)]


def sparkline(scores: Sequence[float | None]) -> str:
    """The line in characters, stretched between its lowest and its highest point; a gap where nothing was assessed."""
    known = [score for score in scores if score is not None]
    if not known:
        return ""
    low, span = min(known), max(known) - min(known)
    place = len(LEVELS) - 1
    return "".join(" " if score is None else LEVELS[round((score - low) / span * place) if span else place] for score in scores)


def change(scores: Sequence[float | None]) -> str:
    """From the night before to the last, in percentage points."""
    if len(scores) < 2 or scores[-1] is None or scores[-2] is None:
        return ""
    points = (scores[-1] - scores[-2]) * 100
    return "持平" if abs(points) < 0.005 else f"{points:+.2f}"


def _scored(table: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    counted = table.group_by(by, maintain_order=True).agg(pl.col("evaluated").sum(), pl.col("unexpected").sum()).sort(by[:1], maintain_order=True)
    share = pl.when(pl.col("evaluated") > 0).then(1 - pl.col("unexpected") / pl.col("evaluated")).round(6)
    return counted.with_columns(score=share)


def _series(table: pl.DataFrame, column: str, days: pl.Series) -> dict[str, list[float | None]]:
    found: dict[str, list[float | None]] = {}
    scored = {(name, day): score for day, name, _, _, score in _scored(table, ["day", column]).iter_rows()}
    for name in table[column].unique(maintain_order=True):
        found[name] = [scored.get((name, day)) for day in days]
    return found
