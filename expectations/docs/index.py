"""The first page: every asset by group, how it stands, and the way to its pages. Not here: the pages of one asset."""

from collections.abc import Mapping, Sequence
from typing import Any

from expectations.docs.model import Asset, is_met
from expectations.docs.wording import SEVERITIES, SEVERITY_NOTES, number, share


def index_values(assets: Sequence[Asset], facts: Mapping[str, str]) -> dict[str, Any]:
    """What the template of the first page needs."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for asset in assets:
        groups.setdefault(asset.group, []).append(_row(asset))
    results = [result for asset in assets if asset.run for result in asset.run.results]
    broken = [result for result in results if not is_met(result)]
    tiles = [
        ("对象", number(len(assets))),
        ("规则", number(len(results))),
        ("通过", number(len(results) - len(broken))),
        *((f"{label}规则未通过", number(sum(result["severity"] == name for result in broken))) for name, label in SEVERITIES.items()),
        ("不符的要素", number(sum(int(result["unexpected"]) for result in results))),
    ]
    return {
        "title": "目录", "root": "", "trail": (), "facts": list(facts.items()), "tiles": tiles,
        "levels": [(label, SEVERITY_NOTES[name]) for name, label in SEVERITIES.items()],
        "groups": [{"title": title, "rows": rows, "broken": any(row["state"] == "broken" for row in rows)} for title, rows in groups.items()],
    }  # fmt: skip


def _row(asset: Asset) -> dict[str, Any]:
    results = asset.run.results if asset.run else ()
    broken = [result for result in results if not is_met(result)]
    counts = {label: sum(result["severity"] == name for result in broken) for name, label in SEVERITIES.items()}
    evaluated, unexpected = (sum(int(result[name]) for result in results) for name in ("evaluated", "unexpected"))
    state, verdict = _state(asset, {result["severity"] for result in broken})
    return {
        "title": asset.title, "name": asset.name, "results_path": asset.results_path, "suite_path": asset.suite_path,
        "state": state, "verdict": verdict, "levels": [(label, count) for label, count in counts.items() if count],
        "rules": number(len(results) or len(asset.rules)), "broken": number(len(broken)), "unexpected": number(unexpected),
        "share": share(unexpected, evaluated),
    }  # fmt: skip


def _state(asset: Asset, broken: set[str]) -> tuple[str, str]:
    """The worst that can be said of the asset, for the style and in words."""
    if asset.run is None:
        return "none", "尚未检查"
    if asset.run.warnings:
        return "broken", "整批暂缓"
    if broken - {"advisory"}:
        return "broken", "✗"
    return ("advised", "仅提示") if broken else ("met", "✓ 全部通过")
