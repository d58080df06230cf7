"""What a reader takes a written text for: the value in its one form, or nothing. Restated here, so that the truth rests on the
catalogue and the standards alone, not on the gate that it measures.
"""

from collections.abc import Mapping

import polars as pl

from expectations.rules.dates import parse_date
from expectations.rules.identifiers import canonical_credit_code, upgrade_citizen_id
from expectations.rules.registers import (
    canonical_certificate_id,
    canonical_organisation_code,
    canonical_real_estate_unit,
    canonical_registration_no,
)
from yishu.catalogue import CodeList
from yishu.catalogue.models import Item
from yishu.sample.defects.wrong_values import FILLERS

CANONICAL = {
    "citizen_id": upgrade_citizen_id,
    "credit_code": canonical_credit_code,
    "organisation_code": canonical_organisation_code,
    "registration_no": canonical_registration_no,
    "parcel_code": canonical_real_estate_unit,
    "real_estate_unit": canonical_real_estate_unit,
    "certificate_id": canonical_certificate_id,
}
_TYPES: dict[str, pl.DataType | type[pl.DataType]] = {"date": pl.Date, "integer": pl.Int64, "decimal": pl.Float64}


def text_of(written: pl.Series, item: Item) -> pl.Series:
    """Without white space around and without words for nothing (but for the one that the item's standard prescribes)."""
    text = written.str.strip_chars()
    nothing = [word for word in ("", *FILLERS) if word != item.absent]
    text = text.set(text.is_in(nothing).fill_null(False), None)
    return CANONICAL[item.type](text) if item.type in CANONICAL else text


def value_of(written: pl.Series, item: Item, codes: Mapping[str, CodeList]) -> pl.Series:
    """The typed value; null where the text is none of the type."""
    text = text_of(written, item)
    if item.type == "date":
        return parse_date(text)
    if item.type in ("integer", "decimal"):
        return text.set(~text.str.contains(r"^[+-]?[0-9]+(\.[0-9]+)?$").fill_null(False), None).cast(_TYPES[item.type], strict=False)
    if item.type == "code" and item.codes is not None:
        entries = codes[item.codes].entries
        spelt = {name: code for code, name in reversed(entries.items()) if name not in entries}
        code = text.replace(spelt)
        return code.set(~code.is_in(list(entries)).fill_null(False), None)
    return text
