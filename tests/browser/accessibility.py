"""What a page owes keyboard, screen reader and weak eyes (WCAG 2.1 AA, the parts a machine can tell): asked of the page as rendered."""

from pathlib import Path
from typing import Any

_ASK = Path(__file__).with_suffix(".js").read_text(encoding="utf-8").split("\n", 1)[1]


def faults_of(page: Any) -> list[str]:
    """What is missing on the page, in words; and whether the first Tab reaches something visible."""
    faults: list[str] = page.evaluate(_ASK)
    page.keyboard.press("Tab")
    focused = page.evaluate("() => { const e = document.activeElement; return e && e !== document.body && e.getClientRects().length > 0 }")
    return faults if focused else [*faults, "the first Tab reaches nothing visible"]
