"""The figures as a page and a chart. Ratios first: seconds are this machine's."""

import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

TITLES = {
    "bare": "polars expressions by hand",
    "engine": "our engine (run_rules)",
    "pandas_kernels": "GX on pandas, COMPLETE, with our kernels",
    "pandas": "GX on pandas, COMPLETE",
    "sql": "GX on PostgreSQL, COMPLETE",
}
_HEAD = """# The gate's speed

Made by `make bench` (`python -m bench.gate`): one suite of twelve rules, four of them identifiers with check digits, over
the same synthetic rows; counts of every rule and the key of every accused row. Seconds from the file to the last key, imports
not counted; medians. Ratios are of this one run: seconds differ by machine.

- *polars expressions by hand*: the same predicates without Great Expectations, counts and keys from one streaming pass.
- *GX on pandas*: the identifiers value by value in Python, as custom expectations for pandas are written; *with our kernels*: lent
  the vectorised ones of `expectations/rules`, one call a column.
- *GX on PostgreSQL*: the data lies in the database already; SQL has no check digits, so the identifiers are asked for their
  shape only, and the birth date in the number not at all: eleven easier rules.
"""
_KERNEL = """## The check of citizen ids

The numpy kernel over 18 bytes a number that lie ready, and the same question to a column of texts through polars' streaming
engine.
"""
_COLUMNS = ("engine", "rules", "wall, s", "of our engine's", "CPU, s", "peak, MiB", "of which before the clock", "keys", "runs")


def write_report(figures: Sequence[dict[str, Any]], kernels: Sequence[dict[str, Any]], out: Path) -> list[Path]:
    """gate-speed.md and images/gate-speed.png under `out`; returns both."""
    page, chart = out / "gate-speed.md", out / "images" / "gate-speed.png"
    chart.parent.mkdir(parents=True, exist_ok=True)
    _draw(figures, chart)
    parts = [_HEAD, "![Wall time and peak memory of four engines, logarithmic](images/gate-speed.png)\n"]
    parts += [_table(count, [f for f in figures if f["rows"] == count]) for count in sorted({f["rows"] for f in figures})]
    parts.append(_KERNEL)
    parts += ["| rows | threads | numpy kernel, s | through polars, s | ratio |", "|--:|--:|--:|--:|--:|"]
    parts += [f"| {k['rows']:,} | {k['threads']} | {k['bare']:.2f} | {k['polars']:.2f} | {k['ratio']:.2f} |" for k in kernels]
    parts += ["", f"Machine: {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}."]
    page.write_text("\n".join(parts) + "\n", encoding="utf-8")
    return [page, chart]


def _table(count: int, figures: Sequence[dict[str, Any]]) -> str:
    base = next((f for f in figures if f["contestant"] == "engine"), figures[0])
    lines = [f"## {count:,} rows", "", f"| {' | '.join(_COLUMNS)} |", "|---" + "|--:" * (len(_COLUMNS) - 1) + "|"]
    for f in sorted(figures, key=lambda f: f["wall"]):
        lines.append(
            f"| {TITLES[f['contestant']]} | {f['rules']} | {f['wall']:.2f} | {f['wall'] / base['wall']:.2f} | {f['cpu']:.2f} | "
            f"{f['peak'] / 2**20:,.0f} | {f['before'] / 2**20:,.0f} | {f['keys']:,} | {f['runs']} |"
        )
    return "\n".join([*lines, ""])


def _draw(figures: Sequence[dict[str, Any]], chart: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    sizes, names = sorted({f["rows"] for f in figures}), [name for name in TITLES if any(f["contestant"] == name for f in figures)]
    canvas, panels = pyplot.subplots(1, 2, figsize=(11, 3.6), layout="constrained")
    for panel, (figure, unit, label) in zip(panels, (("wall", 1, "wall time, s"), ("peak", 2**20, "peak memory, MiB")), strict=True):
        for place, name in enumerate(names):
            values = [next((f[figure] / unit for f in figures if f["contestant"] == name and f["rows"] == size), 0) for size in sizes]
            bars = panel.bar([at + place * 0.17 for at in range(len(sizes))], values, 0.16, label=TITLES[name])
            panel.bar_label(bars, fmt=lambda value: f"{value:,.1f}" if value < 100 else f"{value:,.0f}", fontsize=7)
        panel.set_xticks([at + 0.085 * (len(names) - 1) for at in range(len(sizes))], [f"{size:,} rows" for size in sizes])
        panel.set_yscale("log")
        panel.set_ylabel(label)
    panels[0].legend(fontsize=7)
    canvas.savefig(chart, dpi=110)
    pyplot.close(canvas)
