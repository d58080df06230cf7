"""Legal entities, identified by the unified social credit code (GB 32100): name, old registration numbers, representative, address."""

import polars as pl

from yishu.linkage import spelling
from yishu.linkage.kinds import KEY_FEATURE, Feature, Kind, Level, compared


def _organisation_code(key: pl.Expr) -> pl.Expr:
    """Positions 9 to 17 of a credit code are the organisation code of before (GB 11714); a text of nine characters may be one."""
    return pl.when(key.str.len_chars() == 18).then(key.str.slice(8, 9)).when(key.str.len_chars() == 9).then(key)


FEATURES = (
    Feature("name", ("name",), spelling.name),
    Feature("names", ("name", "former_name"), spelling.name, many=True),
    Feature("registration_no", ("registration_no",), spelling.identifier, many=True),
    Feature("organisation_code", ("organisation_code",), spelling.identifier, of_key=_organisation_code),
    Feature("representative", ("representative_name",), spelling.name),
    Feature("established_date", ("established_date",), spelling.plain),
    Feature("address", ("address",), spelling.address, many=True),
    Feature("street", ("address",), spelling.street, many=True),
    Feature("phone", ("phone",), spelling.phone, many=True),
)
NAME = compared(
    "name", "名称",
    Level("name_l = name_r", "名称相同", 0.93, 0.0005, frequency="name"),
    Level("list_has_any(names_l, names_r)", "与他处登记的名称相同", 0.02, 0.0005),
    Level("list_has_any(name_gaps_l, name_gaps_r)", "名称差一字", 0.03, 0.002),
    Level("ELSE", "名称不同", 0.02, 0.998),
)  # fmt: skip
REGISTRATION_NO = compared(
    "registration_no", "工商注册号",
    Level("list_has_any(registration_no_l, registration_no_r)", "注册号相同", 0.95, 0.0005),
    Level("ELSE", "注册号不同", 0.05, 0.9995),
)  # fmt: skip
REPRESENTATIVE = compared(
    "representative", "法定代表人",
    Level("representative_l = representative_r", "法定代表人相同", 0.85, 0.001, frequency="representative"),
    Level("ELSE", "法定代表人不同", 0.15, 0.999),
)  # fmt: skip
ESTABLISHED = compared(
    "established_date", "成立日期",
    Level("established_date_l = established_date_r", "成立日期相同", 0.9, 0.001),
    Level("ELSE", "成立日期不同", 0.1, 0.999),
)  # fmt: skip
ADDRESS = compared(
    "address", "地址",
    Level("list_has_any(address_l, address_r)", "地址相同", 0.8, 0.0005),
    Level("list_has_any(street_l, street_r)", "同一街路、小区或村", 0.1, 0.002),
    Level("ELSE", "地址不同", 0.1, 0.99),
)  # fmt: skip
PHONE = compared(
    "phone", "联系电话",
    Level("list_has_any(phone_l, phone_r)", "电话相同", 0.7, 0.0005),
    Level("ELSE", "电话不同", 0.3, 0.9995),
)  # fmt: skip
# How a code breaks is not learned: the records that training reads have sound codes.
KEY = compared(
    KEY_FEATURE, "统一社会信用代码",
    Level("damerau_levenshtein(key_text_l, key_text_r) <= 1", "代码只差一处", 0.5, 0.00001, fixed=True),
    Level("organisation_code_l = organisation_code_r", "组织机构代码相同", 0.2, 0.00001, fixed=True),
    Level("damerau_levenshtein(key_text_l, key_text_r) = 2", "代码差两处", 0.1, 0.00001, fixed=True),
    Level("ELSE", "代码不同", 0.2, 0.99997, fixed=True),
)  # fmt: skip
LEGAL_ENTITIES = Kind(
    entity="legal_entity",
    title="法人单位",
    features=FEATURES,
    derived={"name_gaps": spelling.gaps(pl.col("name"), 30)},
    names=("name", "former_name", "representative_name"),
    addresses=("address",),
    key_spelling=spelling.identifier,
    comparisons=(NAME, REGISTRATION_NO, REPRESENTATIVE, ESTABLISHED, ADDRESS, PHONE, KEY),
    blocks={
        "block_name": pl.col("name"),
        "block_registration_no": pl.col("registration_no").list.first(),
        "block_address": pl.col("address").list.first(),
        "block_phone": pl.col("phone").list.first(),
        "block_representative": pl.col("representative"),
        "block_organisation_code": pl.col("organisation_code"),
        "block_key_head": pl.col(KEY_FEATURE).str.head(11),
        "block_key_tail": pl.col(KEY_FEATURE).str.tail(9),
    },
    trained_on=(("name",),),
)
