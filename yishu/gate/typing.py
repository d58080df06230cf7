"""From verbatim text to typed values: what a type of the catalogue means for a column (the canonical forms).

Belongs here: conversions that hold for every resource. Not here: whether a value is acceptable (implied.py, suites).
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import polars as pl

from expectations.rules.codes import VALID
from expectations.rules.dates import parse_date
from expectations.rules.identifiers import canonical_credit_code, upgrade_citizen_id, valid_citizen_id
from expectations.rules.registers import (
    canonical_certificate_id,
    canonical_organisation_code,
    canonical_real_estate_unit,
    canonical_registration_no,
)
from yishu.catalogue.models import CodeList, Item

# Words that departments write where there is nothing; seen in real feeds.
FILLERS = (r"\N", "暂无", "无", "N/A", "n/a", "-", "--", "NULL", "null", "/")
# Not \d: full-width digits are digits to it, and to nothing that computes.
INTEGER, DECIMAL = r"^[+-]?[0-9]{1,18}$", r"^[+-]?[0-9]{1,15}(\.[0-9]{1,12})?$"
POOL_TYPES: dict[str, pl.DataType | type[pl.DataType]] = {"date": pl.Date, "integer": pl.Int64, "decimal": pl.Float64}


class Identifier(NamedTuple):
    """A type whose values have one written form and are right or wrong by themselves. `form` and `standard` are for the department."""

    canonical: Callable[[pl.Series], pl.Series]
    valid: Callable[[pl.Series], pl.Series]
    form: str
    standard: str


IDENTIFIERS = {
    "citizen_id": Identifier(upgrade_citizen_id, valid_citizen_id, "18 位、末位 X 大写、前后无空格",
                             "公民身份号码（GB 11643：位数、出生日期或校验码不符）"),
    "credit_code": Identifier(canonical_credit_code, VALID["credit_code"], "18 位大写字母和数字，中间无空格和连字符",
                              "统一社会信用代码（GB 32100：位数、字符或校验码不符）"),
    "organisation_code": Identifier(canonical_organisation_code, VALID["organisation_code"], "9 位大写字母和数字，中间无空格和连字符",
                                    "组织机构代码（GB 11714：位数、字符或校验码不符）"),
    "registration_no": Identifier(canonical_registration_no, VALID["registration_no"], "15 位数字，无空格",
                                  "工商注册号（GS 15：应为 15 位数字，末位校验码不符）"),
    "parcel_code": Identifier(canonical_real_estate_unit, VALID["parcel_code"], "19 位大写字母和数字，中间无空格",
                              "宗地代码（GB/T 37346：位数、区划或特征码不符）"),
    "real_estate_unit": Identifier(canonical_real_estate_unit, VALID["real_estate_unit"], "28 位大写字母和数字，中间无空格",
                                   "不动产单元代码（GB/T 37346：位数、区划或特征码不符）"),
    "certificate_id": Identifier(canonical_certificate_id, VALID["certificate_id"], "大写字母、数字和点，无空格",
                                 "电子证照标识（GB/T 36904：结构、颁发机构代码或校验位不符）"),
}  # fmt: skip


def fillers_of(item: Item) -> tuple[str, ...]:
    """The words that stand for nothing in this item: not the one that its standard prescribes."""
    return tuple(word for word in FILLERS if word != item.absent)


def pool_type(item: Item) -> pl.DataType | type[pl.DataType]:
    return POOL_TYPES.get(item.type, pl.String)


def stripped(verbatim: pl.Series) -> pl.Series:
    """Without surrounding white space (full-width too); empty becomes null."""
    text = verbatim.str.strip_chars()
    return text.set(text == "", None)


def canonical_text(verbatim: pl.Series, item: Item, codes: Mapping[str, CodeList]) -> pl.Series:
    """The value in its one written form; null where there is none (empty, or a filler word)."""
    text = stripped(verbatim)
    text = text.set(text.is_in(fillers_of(item)), None)
    if item.type in IDENTIFIERS:
        return IDENTIFIERS[item.type].canonical(text)
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
    return verbatim.set(~IDENTIFIERS[item.type].valid(text).fill_null(False), None)
