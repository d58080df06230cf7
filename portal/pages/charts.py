"""Bar charts as SVG, made here: no library from outside, no script. Each chart says in words what it shows; its numbers stand in a table beside it.

Colours and fonts come from the style sheet by class: the pages allow no inline style.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 220, 44, 28, 12
ROW, LABEL_WIDTH, LABEL_LENGTH = 26, 190, 14
GRID_LINES = 4


@dataclass(frozen=True)
class Series:
    title: str
    values: Sequence[int]


def columns(title: str, labels: Sequence[str], series: Sequence[Series]) -> SafeString:
    """Upright bars side by side for each label: for what goes on over time."""
    top = scale_top([value for one in series for value in one.values])
    height, slot = HEIGHT - TOP - BOTTOM, (WIDTH - LEFT) / max(len(labels), 1)
    bar = slot * 0.7 / max(len(series), 1)
    parts = []
    for line in range(GRID_LINES + 1):
        y = TOP + height * (1 - line / GRID_LINES)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="axis" text-anchor="end" x="{LEFT - 6}" y="{y + 4:.1f}">{top * line // GRID_LINES}</text>')
    for place, label in enumerate(labels):
        x = LEFT + slot * place
        for number, one in enumerate(series):
            tall = height * one.values[place] / top
            at = x + slot * 0.15 + bar * number
            hint = f"<title>{escape(label)} {escape(one.title)} {one.values[place]}</title>"
            parts.append(_bar(f"series-{number}", at, TOP + height - tall, bar, tall, hint))
        parts.append(f'<text class="axis" text-anchor="middle" x="{x + slot / 2:.1f}" y="{HEIGHT - 8}">{escape(label)}</text>')
    return _svg(title, WIDTH, HEIGHT, parts)


def bars(title: str, labels: Sequence[str], values: Sequence[int], kind: str = "series-0") -> SafeString:
    """Lying bars, one a label: for names that are long."""
    top, room = scale_top(values), WIDTH - LABEL_WIDTH - 50
    parts = []
    for place, (label, value) in enumerate(zip(labels, values, strict=True)):
        y, wide = ROW * place, room * value / top
        parts.append(f'<text class="axis" text-anchor="end" x="{LABEL_WIDTH - 8}" y="{y + 17}">{escape(_shortened(label))}</text>')
        parts.append(_bar(kind, LABEL_WIDTH, y + 4, wide, ROW - 8, f"<title>{escape(label)} {value}</title>"))
        parts.append(f'<text class="axis" x="{LABEL_WIDTH + wide + 6:.1f}" y="{y + 17}">{value}</text>')
    return _svg(title, WIDTH, max(ROW * len(labels), ROW), parts)


def scale_top(values: Sequence[int]) -> int:
    """The number at the top of the scale: the largest value, raised to one that the grid lines divide without a rest."""
    largest = max([*values, 1])
    step = 1
    while step * GRID_LINES < largest:
        step = step * 2 if str(step)[0] in "15" else step * 5 // 2
    return step * GRID_LINES


def _shortened(label: str) -> str:
    """As much as there is room for; the bar's own title has the whole."""
    return label if len(label) <= LABEL_LENGTH else f"{label[: LABEL_LENGTH - 1]}…"


def _bar(kind: str, x: float, y: float, width: float, height: float, hint: str) -> str:
    return f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}">{hint}</rect>'


def _svg(title: str, width: int, height: int, parts: Sequence[str]) -> SafeString:
    """Everything in it is numbers, or escaped above."""
    head = f'<svg class="chart" role="img" viewBox="0 0 {width} {height}" aria-label="{escape(title)}">'
    return mark_safe(f"{head}{''.join(parts)}</svg>")
