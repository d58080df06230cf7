"""Right in itself and wrong beside another table: cells that only the rules between departments can see.

Such a kind names no rule: what a wrong number contradicts depends on whose it is, and is worked out from all that was written
(yishu/sample/consequences.py). The dead who count as living have a module of their own (still_active.py).
"""

import polars as pl

from expectations.rules.identifiers import complete_credit_code
from yishu.sample.defects import within_rows as against
from yishu.sample.defects import wrong_values as wrong
from yishu.sample.defects.kind import Kind, cell


def _nobodys_company(right: pl.Series, _: wrong.Place, /) -> pl.Series:
    """A code with right check characters that was given to nobody."""
    return complete_credit_code(right.str.slice(0, 8), "YY" + right.str.slice(10, 6))


def _before_founding(right: pl.Series, place: wrong.Place, /) -> pl.Series:
    return wrong.replaced(r"^\d{4}", "1986")(right, place)


_DELIVERED_TOO = ("营业执照", "道路运输经营许可证")

KINDS: dict[str, tuple[Kind, ...]] = {
    "housing_fund.deposit_account": (cell("somebody_elses_id", "citizen_id", wrong.from_another_row),),
    "power_utility.power_customer": (cell("another_meter", "meter_no", wrong.from_another_row),),
    "water_utility.water_customer": (cell("another_meter", "meter_no", wrong.from_another_row),),
    "education.student": (
        cell("nobodys_school", "school_code", wrong.constant("4104000999")),
        cell("misspelt_name", "full_name", wrong.other_character),
    ),
    "medical_insurance.insured_person": (cell("misspelt_name", "full_name", wrong.other_character),),
    "civil_affairs.marriage": (cell("misspelt_name", "wife_name", wrong.other_character),),
    "human_resources.insured_person": (cell("nobodys_unit", "unit_no", wrong.constant("400999999")),),
    "human_resources.insured_unit": (cell("date_before_founding", "insured_date", _before_founding),),
    "public_security.birth_registration": (cell("another_certificate", "certificate_no", wrong.from_another_row),),
    "market_regulation.annual_report": (cell("nobodys_company", "credit_code", _nobodys_company),),
    "taxation.tax_payment": (cell("nobodys_company", "taxpayer_no", _nobodys_company),),
    # Certificates of an issuer that delivers its own list: another table tells.
    "government_services.certificate": (cell("outdated_state", "state", against.where("name", _DELIVERED_TOO, wrong.constant("2"))),),
}
