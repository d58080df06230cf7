"""How identifiers are shown to people: enough to recognise a record by, not enough to name a person (H11).

Belongs here: masks of values and subjects, in pure Python. Not here: who may see unmasked values, and masking inside
SQL. A masked value is still personal information (PIPL, article 73). No national rule fixes the shape; 6 + 8 stars + 4
leaves 33 candidates when the birth year is known from elsewhere, so a citizen id keeps its first six digits (the
division) only.
"""

import re
from collections.abc import Sequence
from datetime import date

STAR = "*"
SEPARATOR = "|"
UNKEYED = "row:"  # how the gate's subjects of rows without a key begin; a hash follows
UNKEYED_SHOWN = "（无标识）"
CITIZEN_ID = re.compile(r"\d{6}(\d{4})(\d{2})(\d{2})\d{3}[\dXx]", re.ASCII)
SHOWN_AS_IS = frozenset({"code", "integer", "decimal"})
TEXT_KEPT = 4


def mask_value(value: str | None, kind: str) -> str | None:
    """The value as shown to people. `kind` is an item's type, or `name` for the name of a person; an unknown kind is
    masked as text.
    """
    if value is None or value == "":
        return value
    if kind != "citizen_id" and looks_like_citizen_id(value):
        kind = "citizen_id"  # departments put them into columns meant for something else, credit codes first of all
    if kind in SHOWN_AS_IS and len(value) <= TEXT_KEPT * 2:
        return value
    head, tail = _kept(len(value), kind)
    return value[:head] + STAR * (len(value) - head - tail) + value[len(value) - tail :]


def mask_subject(subject: str, types: Sequence[str]) -> str:
    """The subject of a violation (canonical key values joined by "|"), each part masked by its type.

    A subject that is not one value a type (a row without a key, a value that holds the separator) is masked as text,
    part by part: masked whole, a short first part would be shown in full.
    """
    if subject.startswith(UNKEYED):
        return UNKEYED_SHOWN
    parts = subject.split(SEPARATOR)
    kinds = types if len(parts) == len(types) else ["text"] * len(parts)
    return SEPARATOR.join(mask_value(part, kind) or "" for part, kind in zip(parts, kinds, strict=True))


def looks_like_citizen_id(value: str) -> bool:
    """18 characters of the form of GB 11643 with a real birth date, whatever the check digit says."""
    match = CITIZEN_ID.fullmatch(value.strip())
    if match is None:
        return False
    try:
        born = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return False
    return 1850 <= born.year <= 2100


def _kept(length: int, kind: str) -> tuple[int, int]:
    """How many characters stay readable at the beginning and at the end. A malformed, shorter value keeps less, never
    all.
    """
    if kind == "citizen_id":
        return min(6, length // 3), 0
    if kind == "credit_code":
        return (6, 6) if length >= 18 else (min(6, length // 3), 0)
    if kind == "phone":
        return (3, 4) if length >= 11 else (length // 3, 0)
    if kind == "name":
        return (1, 1) if length >= 3 else (length - 1, 0)
    if kind == "date":
        return (4, 0) if length >= 8 else (0, 0)
    return min(TEXT_KEPT, length // 2), 0
