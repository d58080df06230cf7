"""Tables on the terminal: whole lines wherever they go, wide characters counted as two, numbers to the right."""

import unicodedata
from collections.abc import Mapping, Sequence

import click


def show(rows: Sequence[Mapping[str, object]], *, empty: str = "无") -> None:
    """Print rows that share their keys as a table; `empty` where there is none. Never cuts a cell: what is printed may be copied."""
    if not rows:
        click.echo(empty)
        return
    header = list(rows[0])
    cells = [[_text(row.get(name)) for name in header] for row in rows]
    right = [all(isinstance(row.get(name), (int, float)) or row.get(name) is None for row in rows) for name in header]
    widths = [max(map(width, column)) for column in zip(header, *cells, strict=True)]
    for line in [header, ["─" * size for size in widths], *cells]:
        click.echo("  ".join(_padded(text, size, number) for text, size, number in zip(line, widths, right, strict=True)).rstrip())


def width(text: str) -> int:
    """Columns on a terminal."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, size: int, right: bool) -> str:
    blank = " " * (size - width(text))
    return blank + text if right else text + blank


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return f"{value:,}" if isinstance(value, int) else str(value).replace("\n", " ")
