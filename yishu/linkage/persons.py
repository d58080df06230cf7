"""Persons, identified by the citizen id (GB 11643): name, birth date, sex, address, telephone, and what is left of a damaged id."""

import polars as pl

from expectations.rules.identifiers import citizen_id_sex
from yishu.linkage import spelling
from yishu.linkage.kinds import KEY_FEATURE, Feature, Kind, Level, compared, near

# Positions 7 to 14 (GB 11643): in a damaged id of full length they are the birth date as long as they look like one.
_BORN = r"^.{6}((?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])).{4}$"


def _born(key: pl.Expr) -> pl.Expr:
    digits = key.str.extract(_BORN)
    return digits.str.slice(0, 4) + "-" + digits.str.slice(4, 2) + "-" + digits.str.slice(6, 2)


def _sex(key: pl.Expr) -> pl.Expr:
    return key.map_batches(citizen_id_sex, return_dtype=pl.String)


FEATURES = (
    Feature("name", ("full_name",), spelling.name),
    Feature("names", ("full_name", "former_name"), spelling.name, many=True),
    Feature("birth_date", ("birth_date",), spelling.plain, of_key=_born),
    Feature("sex", ("sex",), spelling.plain, of_key=_sex),
    Feature("address", ("registered_address", "residence_address"), spelling.address, many=True),
    Feature("street", ("registered_address", "residence_address"), spelling.street, many=True),
    Feature("phone", ("phone",), spelling.phone, many=True),
)
NAME = compared(
    "name", "姓名",
    Level("name_l = name_r", "姓名相同", 0.95, 0.0005, frequency="name"),
    Level("list_has_any(names_l, names_r)", "与曾用名或他处登记的姓名相同", 0.01, 0.0001),
    Level("list_has_any(name_gaps_l, name_gaps_r)", "姓名差一字", 0.02, 0.01),
    Level("ELSE", "姓名不同", 0.02, 0.99),
)  # fmt: skip
BIRTH_DATE = compared(
    "birth_date", "出生日期",
    Level("birth_date_l = birth_date_r", "出生日期相同", 0.95, 0.00004),
    Level(near("birth_date", 4), "出生日期差一位", 0.02, 0.001),
    Level("ELSE", "出生日期不同", 0.03, 0.998),
)  # fmt: skip
SEX = compared("sex", "性别", Level("sex_l = sex_r", "性别相同", 0.98, 0.5), Level("ELSE", "性别不同", 0.02, 0.5))
ADDRESS = compared(
    "address", "住址",
    Level("list_has_any(address_l, address_r)", "住址相同", 0.7, 0.0001),
    Level("list_has_any(street_l, street_r)", "同一街路、小区或村", 0.1, 0.001),
    Level("ELSE", "住址不同", 0.2, 0.99),
)  # fmt: skip
PHONE = compared(
    "phone", "联系电话",
    Level("list_has_any(phone_l, phone_r)", "电话相同", 0.7, 0.00002),
    Level("ELSE", "电话不同", 0.3, 0.99998),
)  # fmt: skip
# How an id breaks is not learned: the records that training reads have sound ids. u is said of pairs born on one day, so that the birth
# date, which is compared by itself and is part of the id, does not count twice.
_MASKED = "(contains(key_text_l, '*') and regexp_full_match(key_text_r, replace(key_text_l, '*', '.')))"
KEY = compared(
    KEY_FEATURE, "证件号码",
    Level("damerau_levenshtein(key_text_l, key_text_r) <= 1", "号码只差一处", 0.55, 0.0003, fixed=True),
    Level(f"{_MASKED} or {_MASKED.replace('_l', '_x').replace('_r', '_l').replace('_x', '_r')}", "号码被遮盖，其余相符", 0.1, 0.07, fixed=True),
    Level("damerau_levenshtein(key_text_l, key_text_r) = 2", "号码差两处", 0.15, 0.003, fixed=True),
    Level("substr(key_text_l, 1, 6) = substr(key_text_r, 1, 6)", "号码前六位（区划）相同", 0.17, 0.15, fixed=True),
    Level("ELSE", "号码不同", 0.03, 0.7767, fixed=True),
)  # fmt: skip
PERSONS = Kind(
    entity="person",
    title="人口",
    features=FEATURES,
    derived={"name_gaps": spelling.gaps(pl.col("name"), 6)},
    names=("full_name", "former_name"),
    addresses=("registered_address", "residence_address"),
    key_spelling=spelling.identifier,
    comparisons=(NAME, BIRTH_DATE, SEX, ADDRESS, PHONE, KEY),
    blocks={
        "block_name_birth": pl.concat_str("name", "birth_date", separator="|"),
        "block_birth": pl.concat_str("birth_date", "sex", separator="|"),
        "block_name": pl.col("name"),
        "block_phone": pl.col("phone").list.first(),
        "block_address": pl.col("address").list.first(),
        "block_key_head": pl.col(KEY_FEATURE).str.head(14),
        "block_key_tail": pl.col(KEY_FEATURE).str.tail(9),
    },
    trained_on=(("birth_date", "sex"), ("name",)),
)
