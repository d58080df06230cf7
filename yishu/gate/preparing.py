"""The frame a raw suite sees: for each item its typed value, its canonical text and its verbatim text, plus the key.

Columns: `_row_number`, `_key`, `_subject`; per item `<name>` (typed), `<name>__text` (canonical, null for fillers),
`<name>__stripped`, `<name>__verbatim`; identifiers have `<name>__form`, resources with I/U/D have `_operation__text`.
"""

from collections.abc import Mapping

import polars as pl

from yishu.catalogue.models import CodeList, Item, Layout, Resource
from yishu.gate.implied import KEY
from yishu.gate.typing import IDENTIFIERS, POOL_TYPES, canonical_text, stripped, typed, well_formed
from yishu.ingest.parsed import OPERATION


def prepare(raw: pl.DataFrame, resource: Resource, codes: Mapping[str, CodeList], layout: int | None = None) -> pl.DataFrame:
    """One delivery's raw rows, made ready for its suite. Same height and order as `raw`.

    layout: the version of the entry the file was laid out by; an earlier one's words are said in those of today.
    """
    raw = _in_words_of_today(raw, resource, layout)
    columns = [raw["_row_number"]]
    for item in resource.items:
        verbatim = raw[item.name]
        text = canonical_text(verbatim, item, codes)
        columns += [typed(text, item, codes).alias(item.name), text.alias(f"{item.name}__text"), verbatim.alias(f"{item.name}__verbatim")]
        if not item.required:
            columns.append(stripped(verbatim).alias(f"{item.name}__stripped"))
        if item.type in IDENTIFIERS:
            columns.append(well_formed(text, verbatim, item).alias(f"{item.name}__form"))
    if resource.delivery.operation:
        operation = stripped(raw[OPERATION]).str.to_uppercase().fill_null("U")
        columns.append(operation.alias(f"{OPERATION}__text"))
    frame = pl.DataFrame(columns)
    return _with_subject(frame.with_columns(key_expression(resource).alias(KEY)), raw, resource)


def _in_words_of_today(raw: pl.DataFrame, resource: Resource, version: int | None) -> pl.DataFrame:
    layout = layout_of(resource, version)
    if layout is None:
        return raw
    told = [pl.col(name).str.strip_chars().replace(words) for name, words in layout.values.items()]
    constant = [pl.lit(text).alias(name) for name, text in layout.constants.items() if name not in layout.columns]
    return raw.with_columns(*told, *constant)


def layout_of(resource: Resource, version: int | None) -> Layout | None:
    """The earlier layout of that version; None for the entry of today."""
    return next((layout for layout in resource.earlier if layout.version == version), None)


def key_expression(resource: Resource) -> pl.Expr:
    """The canonical key: the key items' canonical texts joined by `|`; null if any of them is missing."""
    parts = [_key_part(resource.item(name)) for name in resource.key]
    if len(parts) > 1:  # a value that holds the separator must not make two different keys one
        parts = [part.str.replace_all("\\", "\\\\", literal=True).str.replace_all("|", "\\|", literal=True) for part in parts]
    return pl.concat_str(parts, separator="|", ignore_nulls=False)


def _key_part(item: Item) -> pl.Expr:
    """Dates and numbers in one spelling, whichever the file has: 2026/1/2 and 2026-01-02 are one key, 7 and 007 too."""
    text = pl.col(f"{item.name}__text")
    if item.type not in POOL_TYPES:
        return text
    return pl.coalesce(pl.col(item.name).cast(pl.String).str.strip_suffix(".0"), text)


def _with_subject(frame: pl.DataFrame, raw: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    """`_subject`: the key; without one, the hash of the verbatim values plus an ordinal among rows with the same values."""
    names = [item.name for item in resource.items]
    unkeyed = frame[KEY].is_null()
    if not unkeyed.any():
        return frame.with_columns(_subject=pl.col(KEY))
    values = raw.filter(unkeyed).select(pl.concat_str([pl.col(name).fill_null("") for name in names], separator="\x1f")).to_series()
    hashes = unkeyed_subjects([value.encode() for value in values])
    places = pl.Series("_hash", hashes, dtype=pl.String)
    numbered = frame.filter(unkeyed).select("_row_number").with_columns(places)
    return frame.join(numbered, on="_row_number", how="left", maintain_order="left").with_columns(_subject=pl.coalesce(KEY, "_hash")).drop("_hash")


def unkeyed_subjects(contents: list[bytes]) -> list[str]:
    """Subjects for what has no key: stable over deliveries as long as the content stays as it is."""
    import hashlib

    seen: dict[str, int] = {}
    subjects = []
    for content in contents:
        digest = hashlib.sha256(content).hexdigest()[:32]
        seen[digest] = seen.get(digest, 0) + 1
        subjects.append(f"row:{digest}:{seen[digest]}")
    return subjects
