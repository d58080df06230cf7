"""The status as a page in the release folder: published/status.html, for whoever has a browser and no command line.

One file without scripts or anything from elsewhere. The same state gives the same bytes. Names and counts only.
"""

import os
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from orchestration.outcome import TITLES
from orchestration.quality import DIMENSIONS, percent
from orchestration.trend import change

NAME = "status.html"
# Lines differ in dashes as well: not everybody tells these colours apart.
COLOURS, DASHES = ("#2f6fab", "#c2703d", "#3f9142", "#8a4fa3", "#b42318", "#627d98"), ("none", "8 3", "2 3", "10 3 2 3", "5 5")
_TEMPLATES = Path(__file__).with_name("templates")


def write_page(data: Path, standing: dict[str, Any], tables: dict[str, int]) -> Path | None:
    """Write the page beside the published database, whole or not at all; None where nothing is published yet.

    `standing` as orchestration.standing tells it; `tables` maps released tables to their rows.
    """
    folder = data / "published"
    if not folder.exists():
        return None
    page = folder.resolve() / NAME
    written = page.with_name(NAME + ".written")
    written.write_text(page_of(standing, tables), encoding="utf-8")
    written.chmod(0o600)
    os.replace(written, page)
    return page


def page_of(standing: dict[str, Any], tables: dict[str, int]) -> str:
    """The page as HTML."""
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    night, release = standing["last_night"], standing["release"]
    departments, pairs = standing["departments"], standing["tables"].get("duplicate_collection", [])
    return environment.get_template(NAME).render(
        standing=standing, dimensions=DIMENSIONS, faults=night["faults"] if night else [],
        rules_changed=len(standing["rules_changed"]),
        night_title=f"{night['business_date']}，{TITLES.get(night['outcome'], '未结束')}" if night else "尚未运行",
        release_title=f"第 {release['number']} 次，数据日期 {release['as_of']}" if release else "尚未发布",
        tiles=_tiles(departments, tables),
        quality=[_faults(name, count) for name, count in standing["quality"].items() if count["score"] is not None],
        own_quality=[(name, standing["own_dimensions"][name], percent(count["score"])) for name, count in standing["own_quality"].items()],
        chart=_chart(standing["trend"]),
        departments=[_department(department) for department in departments],
        volumes=_bars({department["short_title"]: sum(resource["pool_rows"] for resource in department["resources"]) for department in departments}),
        late=[(d["title"], r) for d in departments for r in d["resources"] if r["late"]],
        duplicates=[row for row in pairs if row["state"] == "suspected"],
        exempt=sum(row["state"] == "exempt" for row in pairs),
        resource_titles={f"{d['name']}.{r['name']}": f"{d['short_title']}《{r['title']}》" for d in departments for r in d["resources"]},
        tables=_bars({name: rows for name, rows in tables.items() if not name.endswith((".provenance", ".conflict", ".unlinked", ".under_check"))}),
    )  # fmt: skip


def _tiles(departments: list[dict[str, Any]], tables: dict[str, int]) -> list[tuple[str, int]]:
    resources = [resource for department in departments for resource in department["resources"]]
    return [
        ("部门", len(departments)),
        ("信息资源", len(resources)),
        ("资源池行数", sum(resource["pool_rows"] for resource in resources)),
        ("发布的表", len(tables)),
        ("未结问题", sum(sum(resource["violations"].values()) for resource in resources)),
        ("未结工单", sum(department["tickets"]["open"] for department in departments)),
        ("迟报的信息资源", sum(resource["late"] for resource in resources)),
        ("逾期工单", sum(department["tickets"]["overdue"] for department in departments)),
    ]


def _chart(trend: dict[str, Any]) -> dict[str, Any] | None:
    """Lines of the city's scores over the last nights; None before there are two. The axis runs from the lowest score to 100 %."""
    series = {name: scores for name, scores in trend["city"].items() if any(score is not None for score in scores)}
    days, low = trend["days"], min((score for scores in series.values() for score in scores if score is not None), default=1.0)
    if len(days) < 2 or not series:
        return None
    height, step, span = 200.0, 560.0 / (len(days) - 1), max(1.0 - low, 0.0001)

    def points(scores: list[float | None]) -> list[tuple[float, float]]:
        return [(60 + step * at, 10 + (1.0 - score) / span * height) for at, score in enumerate(scores) if score is not None]

    lines = [{"name": name, "colour": COLOURS[at % len(COLOURS)], "points": points(scores), "dash": DASHES[at % len(DASHES)],
              "shown": f"{percent(scores[-1])} {change(scores)}".strip()} for at, (name, scores) in enumerate(series.items())]  # fmt: skip
    return {"lines": lines, "low": percent(1.0 - span), "first": days[0], "last": days[-1], "right": 60 + step * (len(days) - 1)}


def _department(department: dict[str, Any]) -> dict[str, Any]:
    scores = [department["quality"].get(dimension, {}).get("score") for dimension in DIMENSIONS]
    return {
        "title": department["title"],
        "cells": [{"shown": percent(score), "colour": _shade(score)} for score in scores],
        "violations": sum(sum(resource["violations"].values()) for resource in department["resources"]),
        "coverage": department["coverage"],
        **department["tickets"],
    }


def _faults(dimension: str, count: dict[str, Any]) -> tuple[str, float, str]:
    """Bars of what is wrong: of scores near 100 % nothing could be seen."""
    rate = count["unexpected"] / count["evaluated"] * 10_000
    return dimension, rate, f"{rate:.1f}（{percent(count['score'])}，{count['unexpected']:,} / {count['evaluated']:,}）"


def _bars(counts: dict[str, int]) -> list[tuple[str, int, str]]:
    return [(name, count, f"{count:,}") for name, count in sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))]


def _shade(score: float | None) -> str:
    if score is None:
        return "#ffffff"
    return next(colour for least, colour in ((1, "#d7f0d8"), (0.999, "#e8f5e0"), (0.99, "#fdf3d0"), (0.0, "#fbdcd6")) if score >= least)
