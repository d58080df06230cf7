"""Rendered content as HTML: our own templates and style sheet, since those of Great Expectations load theirs from the internet.

Everything is escaped; nothing is fetched but the style sheet beside the pages. Not here: what the pages say.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

STYLE_SHEET = "style.css"
HERE = Path(__file__).parent
_MARKS = {"✅": "met", "❌": "broken", "❗": "error"}


def page(template: str, **values: Any) -> str:
    """One page as HTML."""
    return _environment().get_template(template).render(**values)


def style_sheet() -> str:
    return (HERE / "templates" / STYLE_SHEET).read_text("utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(text=text, params=params, mark=mark)
    return environment


def text(content: Any) -> str:
    """Rendered content as plain text: a string template with its parameters filled in."""
    if isinstance(content, Mapping):
        return Template(str(content["string_template"]["template"])).safe_substitute(params(content))
    return "".join(map(text, content)) if isinstance(content, list) else str(content)


def params(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """The named parts of a string template."""
    return dict(content["string_template"].get("params", {}))


def mark(content: Mapping[str, Any]) -> str:
    """GX's status icon as a word of ours: met, broken, error. Its own icons are letters of a font from elsewhere."""
    return _MARKS[params(content)["markdown_status_icon"]]
