"""Defects of what companies and utility customers have delivered about them: accounts, licences, filings, consumption."""

from collections.abc import Iterable

from yishu.sample.defects import within_rows as against
from yishu.sample.defects import wrong_values as wrong
from yishu.sample.defects.kind import (
    Kind,
    cell,
    citizen_ids,
    credit_codes,
    dates,
    fillers,
    missing,
    repeated,
    unreadable,
    unreadable_json,
    unreadable_sheet,
)

_CREDIT = "credit_code"


def _reversed(item: str, rule: str, *words: str) -> Kind:
    """An end before its beginning, and no other rule broken."""
    return cell("reversed_validity", item, wrong.constant(*(words or ("1990-01-01", "1991-02-03"))), rule)


def _customers(format_of: Iterable[Kind]) -> tuple[Kind, ...]:
    return (
        cell("malformed_number", "customer_no", wrong.without_last, "format"),
        *citizen_ids("citizen_id"),
        *credit_codes(_CREDIT),
        cell("code_outside_list", "customer_kind", wrong.constant("9", "商业"), "code"),
        cell("code_outside_list", "state", wrong.constant("0", "正常"), "code"),
        cell("malformed_number", "meter_no", wrong.without_last, "format"),
        cell("company_beside_person", _CREDIT, against.company_beside("citizen_id"), "with_citizen_id"),
        cell("unreal_date", "opened_date", wrong.unreal_date, "date"),
        cell("future_date", "opened_date", wrong.future_date, "not_future"),
        *missing("customer_name", "address", "meter_no"),
        *repeated("meter_no"),
        *format_of,
    )


def _usage(item: str) -> Iterable[Kind]:
    yield cell("unreadable_number", item, wrong.constant("12.5吨", "1,024.0"), "number")
    yield cell("out_of_range", item, wrong.constant("-3.0"), "range", "reading.balance")
    yield cell("use_contradicts_meter", item, wrong.constant("4999.9"), "reading.balance")
    yield cell("out_of_range", "fee_yuan", wrong.constant("-1.00"), "range")
    yield cell("out_of_range", "arrears_yuan", wrong.constant("-1.00"), "range")
    yield cell("malformed_number", "period", wrong.constant("2026-02", "202613"), "format")
    yield cell("meter_ran_backwards", "reading", wrong.constant("-1.0"), "not_before_previous", "balance")
    yield cell("unreal_date", "read_date", wrong.unreal_date, "date")
    yield from fillers("arrears_yuan")
    yield from missing("fee_yuan")
    yield from repeated("fee_yuan")


_PARQUET_KEY = Kind("missing_key", "customer_no", ("customer_no.not_null",), wrong.missing, structural=True)

_DEPOSIT_UNIT = (
    cell("malformed_number", "unit_account", wrong.without_last, "format"),
    *credit_codes(_CREDIT),
    cell("too_short_code", "organisation_code", wrong.without_last, "organisation_code"),
    cell("hyphenated_code", "organisation_code", wrong.replaced(r"^(.{8})(.)$", "${1}-${2}"), "form"),
    cell("malformed_number", "deposit_year", wrong.constant("26", "2026年"), "format"),
    cell("unreadable_number", "monthly_amount_yuan", wrong.constant("5,000000", "伍仟元"), "number"),
    cell("code_of_another", "organisation_code", wrong.from_another_row, "matches_credit_code"),
    cell("out_of_range", "monthly_amount_yuan", wrong.constant("-1.00"), "range"),
    cell("out_of_range", "depositor_count", wrong.constant("-1", "999999"), "range"),
    *dates("opened_date"),
    *missing("unit_name"),
    *repeated("monthly_amount_yuan"),
    *unreadable("unit_name", "branch_no", "unit_account"),
)

_DEPOSIT_ACCOUNT = (
    cell("malformed_number", "account_no", wrong.without_last, "format"),
    *citizen_ids("citizen_id"),
    cell("out_of_range", "unit_rate_percent", wrong.constant("0.12", "20"), "range"),
    cell("out_of_range", "balance_yuan", wrong.constant("-1.00"), "range"),
    cell("out_of_range", "deposit_base_yuan", wrong.constant("-1.00", "999999.00"), "range"),
    *against.masked_names("full_name"),
    cell("code_outside_list", "status", wrong.constant("9", "缴存"), "code"),
    cell("malformed_number", "paid_month", wrong.constant("2026-02", "202600"), "format"),
    *dates("opened_date"),
    *missing("full_name"),
    *repeated("balance_yuan"),
    *unreadable("full_name", "unit_account", "account_no"),
)

_VENUE = (
    cell("malformed_number", "licence_no", wrong.without_last, "format"),
    *against.masked_names("representative_name"),
    *credit_codes(_CREDIT),
    cell("code_outside_list", "kind", wrong.constant("KTV", "9"), "code"),
    cell("out_of_range", "capacity", wrong.constant("3", "90000"), "range"),
    _reversed("valid_until_date", "not_before_issue"),
    cell("unreal_date", "issued_date", wrong.unreal_date, "date"),
    *missing("venue_name"),
    *repeated("address"),
    *unreadable_sheet("address", "licence_no"),
)

_AGENCY = (
    cell("malformed_number", "licence_no", wrong.replaced("^L-", "L"), "format"),
    *credit_codes(_CREDIT),
    cell("masked_phone", "phone", wrong.constant("0375-****123"), "phone"),
    *against.masked_names("representative_name"),
    against.dummy_date("issued_date", "range"),
    cell("out_of_range", "deposit_yuan", wrong.constant("-5", "20000000"), "range"),
    *dates("issued_date"),
    *missing("agency_name"),
    *unreadable_sheet("agency_name", "licence_no"),
)

_TAX_PAYMENT = (
    *credit_codes("taxpayer_no"),
    cell("code_outside_list", "tax_item", wrong.constant("增值", "99999"), "code"),
    cell("unreal_date", "paid_date", wrong.unreal_date, "date"),
    cell("future_date", "paid_date", wrong.future_date, "not_future"),
    cell("reversed_validity", "period_to_date", wrong.constant("19900101", "19910203"), "not_before_start", "payment_no.month"),
    cell("malformed_number", "payment_no", wrong.without_last, "format"),
    cell("number_of_another_month", "payment_no", wrong.replaced("^....", "2011"), "month"),
    cell("out_of_range", "amount_yuan", wrong.constant("-12.00"), "range"),
    cell("unreadable_number", "amount_yuan", wrong.constant("1，000.00"), "number"),
    *missing("taxpayer_name"),
    *repeated("amount_yuan"),
    *unreadable("taxpayer_name", "tax_item", "payment_no"),
)

_ABNORMAL = (
    cell("malformed_number", "record_no", wrong.without_last, "format"),
    cell("missing_where_due", "removal_reason", wrong.missing, "with_removed_date"),
    cell("missing_where_due", "removing_authority", wrong.missing, "with_removed_date"),
    *credit_codes(_CREDIT),
    cell("code_outside_list", "reason", wrong.constant("失联", "7"), "code"),
    _reversed("removed_date", "not_before_listing"),
    cell("unreal_date", "removed_date", wrong.unreal_date, "date"),
    *missing("name", "listing_authority"),
    *fillers("removal_reason"),
    *unreadable_json("name", "record_no"),
)

_ANNUAL_REPORT = (
    *credit_codes(_CREDIT),
    cell("malformed_number", "report_year", wrong.constant("25", "2025年度"), "format"),
    cell("number_of_another_year", "report_no", wrong.replaced("^....", "1999"), "year"),
    cell("out_of_range", "assets_wan_yuan", wrong.constant("-3.00"), "range"),
    cell("out_of_range", "liabilities_wan_yuan", wrong.constant("-3.00"), "range"),
    cell("unreadable_number", "assets_wan_yuan", wrong.constant("1.2亿", "约500"), "number"),
    cell("out_of_range", "employee_count", wrong.constant("-4", "1000000"), "range"),
    *dates("reported_date"),
    *fillers("tax_wan_yuan"),
    *missing("name"),
    *repeated("profit_wan_yuan"),
    *unreadable("name", "report_year", "report_no"),
)

_FOOD = (
    cell("malformed_number", "licence_no", wrong.replaced("^JY", "YJ"), "format"),
    *credit_codes(_CREDIT),
    cell("code_outside_list", "business_kind", wrong.constant("餐饮", "9"), "code"),
    cell("code_outside_list", "state", wrong.constant("正常", "0"), "code"),
    _reversed("valid_until_date", "not_before_start"),
    cell("unreal_date", "issued_date", wrong.unreal_date, "date"),
    *missing("name", "scope"),
    *repeated("address"),
    *unreadable_json("name", "licence_no"),
)

_VEHICLE = (
    cell("malformed_number", "plate_no", wrong.replaced("^豫", "豫 "), "format"),
    cell("malformed_number", "vin", wrong.without_last, "format"),
    cell("malformed_number", "certificate_no", wrong.without_last, "format"),
    _reversed("valid_until_date", "not_before_registration"),
    *credit_codes(_CREDIT),
    cell("code_outside_list", "plate_colour", wrong.constant("红", "8"), "code"),
    cell("out_of_range", "load_tonnes", wrong.constant("-1", "1200.5"), "range"),
    *against.seen_too(dates("registered_date"), "future_date", "valid_until_date.not_before_registration"),
    *missing("owner_name"),
    *unreadable_json("owner_name", "plate_no"),
)

_MINE = (
    cell("malformed_number", "licence_no", wrong.without_last, "format"),
    *credit_codes(_CREDIT),
    cell("code_outside_list", "mineral", wrong.constant("煤炭", "99"), "code"),
    cell("out_of_range", "capacity_wan_tonnes", wrong.constant("-1", "450000"), "range"),
    cell("out_of_range", "area_square_kilometres", wrong.constant("-2.5", "5000"), "range"),
    _reversed("valid_until_date", "not_before_start"),
    *missing("holder_name"),
    *unreadable_sheet("mine_name", "licence_no"),
)

_HAZARD = (
    *credit_codes(_CREDIT),
    cell("malformed_number", "licence_no", wrong.replaced("〔(\\d{4})〕", "[${1}]"), "format"),
    cell("code_outside_list", "hazard_grade", wrong.constant("特级", "9"), "code"),
    cell("out_of_range", "employee_count", wrong.constant("0", "99999"), "range"),
    cell("phone_too_short", "phone", wrong.constant("037512"), "phone"),
    *against.seen_too(dates("inspected_date"), "future_date", "valid_until_date.not_before_inspection"),
    *against.masked_names("safety_officer_name"),
    *missing("safety_officer_name"),
    *repeated("employee_count"),
    *unreadable("name", "safety_officer_name", _CREDIT),
)

_CASE = (
    cell("malformed_number", "case_no", wrong.replaced("（(\\d{4})）", "(${1})"), "format"),
    *credit_codes(_CREDIT),
    cell("code_outside_list", "closing", wrong.constant("结案", "9"), "code"),
    cell("out_of_range", "claimed_yuan", against.where_filled("enforced_yuan", wrong.constant("-1.00"), filled=False), "range"),
    cell("more_than_claimed", "enforced_yuan", wrong.constant("9999999.00"), "within_claim"),
    cell("missing_where_due", "closing", wrong.missing, "with_closed_date"),
    cell("number_of_another_year", "case_no", wrong.replaced("（....）", "（2011）"), "year"),
    cell("unreadable_number", "enforced_yuan", wrong.constant("拾万元"), "number"),
    _reversed("closed_date", "not_before_filing"),
    *missing("name", "cause"),
    *repeated("cause"),
    *unreadable("name", "cause", "case_no"),
)

KINDS: dict[str, tuple[Kind, ...]] = {
    "housing_fund.deposit_unit": _DEPOSIT_UNIT,
    "housing_fund.deposit_account": _DEPOSIT_ACCOUNT,
    "culture_tourism.entertainment_venue": _VENUE,
    "culture_tourism.travel_agency": _AGENCY,
    "water_utility.water_customer": _customers(unreadable("customer_name", "meter_no", "customer_no")),
    "water_utility.water_usage": (*_usage("volume_cubic_metres"), *unreadable("fee_yuan", "arrears_yuan", "customer_no")),
    "power_utility.power_customer": _customers(unreadable_json("customer_name", "customer_no")),
    "power_utility.power_usage": (*_usage("energy_kilowatt_hours"), _PARQUET_KEY),
    "taxation.tax_payment": _TAX_PAYMENT,
    "market_regulation.abnormal_operation": _ABNORMAL,
    "market_regulation.annual_report": _ANNUAL_REPORT,
    "market_regulation.food_licence": _FOOD,
    "transport.commercial_vehicle": _VEHICLE,
    "natural_resources.mining_right": _MINE,
    "emergency_management.hazardous_enterprise": _HAZARD,
    "court.enforcement_case": _CASE,
}
