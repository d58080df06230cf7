"""From verbatim text to typed values: what a type of the catalogue means for a column (the canonical forms).

Belongs here: conversions that hold for every resource. Not here: whether a value is acceptable (implied.py, suites).
"""

from collections.abc import Mapping

import polars as pl

from expectations.rules.dates import parse_date
from expectations.rules.identifiers import canonical_credit_code, upgrade_citizen_id, valid_citizen_id, valid_credit_code
from yishu.catalogue.models import CodeList, Item

# Words that departments write where there is nothing; seen in real feeds.
FILLERS = (r"\N", "暂无", "无", "N/A", "n/a", "-", "--", "NULL", "null", "/")
INTEGER, DECIMAL = r"^[+-]?\d{1,18}$", r"^[+-]?\d{1,15}(\.\d{1,12})?$"
POOL_TYPES: dict[str, pl.DataType | type[pl.DataType]] = {"date": pl.Date, "integer": pl.Int64, "decimal": pl.Float64}


def pool_type(item: Item) -> pl.DataType | type[pl.DataType]:
    return POOL_TYPES.get(item.type, pl.String)


def stripped(verbatim: pl.Series) -> pl.Series:
    """Without surrounding white space (full-width too); empty becomes null."""
    text = verbatim.str.strip_chars()
    return text.set(text == "", None)


def canonical_text(verbatim: pl.Series, item: Item, codes: Mapping[str, CodeList]) -> pl.Series:
    """The value in its one written form; null where there is none (empty, or a filler word)."""
    text = stripped(verbatim)
    text = text.set(text.is_in(FILLERS), None)
    if item.type == "citizen_id":
        return upgrade_citizen_id(text)
    if item.type == "credit_code":
        return canonical_credit_code(text)
    if item.type == "code":
        assert item.codes is not None
        entries = codes[item.codes].entries
        names = {name: code for code, name in reversed(entries.items()) if name not in entries}
        return text.replace(names)
    return text


def typed(text: pl.Series, item: Item, codes: Mapping[str, CodeList]) -> pl.Series:
    """The pool's value; null where the text cannot be of the type (its text stays in raw)."""
    if item.type == "date":
        return parse_date(text)
    if item.type == "integer":
        return text.set(~text.str.contains(INTEGER), None).cast(pl.Int64)
    if item.type == "decimal":
        return text.set(~text.str.contains(DECIMAL), None).cast(pl.Float64)
    if item.type == "code":
        assert item.codes is not None
        return text.set(~text.is_in(list(codes[item.codes].entries)), None)
    return text


def well_formed(text: pl.Series, verbatim: pl.Series, item: Item) -> pl.Series:
    """The verbatim value where its canonical form is valid: what `<item>.form` compares; null elsewhere."""
    valid = valid_citizen_id(text, as_of=None) if item.type == "citizen_id" else valid_credit_code(text)
    return verbatim.set(~valid.fill_null(False), None)
