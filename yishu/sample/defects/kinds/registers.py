"""The kinds of the six registers the platform began with: residents, deaths, insured persons and units, allowances,
enterprises."""

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
    strange_districts,
    unreadable,
)

_CITIZEN, _CREDIT = "citizen_id", "credit_code"

_RESIDENT = (
    *citizen_ids(_CITIZEN, key=True),
    *strange_districts(_CITIZEN),
    *missing("full_name", "sex", "ethnicity", "birth_date", "household_no", "registered_division_code"),
    cell("sex_contradicts_id", "sex", wrong.other_sex, "matches_citizen_id"),
    cell("dummy_birth_date", "birth_date", wrong.dummy_date, "matches_citizen_id"),
    cell("birth_date_contradicts_id", "birth_date", wrong.year_before, "matches_citizen_id"),
    cell("unreal_date", "birth_date", wrong.unreal_date, "date"),
    cell("garbled_time", "birth_date", wrong.garbled_time, "date"),
    cell("code_outside_list", "ethnicity", wrong.constant("00", "99", "中原"), "code"),
    cell("code_outside_list", "marital_status", wrong.constant("1", "99", "未婚?"), "code"),
    cell("code_outside_list", "household_relation", wrong.constant("00", "99"), "code"),
    cell("code_outside_list", "registered_division_code", wrong.constant("410401", "410400", "410412"), "code"),
    cell("malformed_number", "household_no", wrong.without_last, "format"),
    cell("masked_phone", "phone", wrong.masked_phone, "phone"),
    cell("phone_too_short", "phone", wrong.without_last, "phone"),
    cell("unassigned_segment", "phone", wrong.unassigned_segment, "phone"),
    *fillers("former_name", "phone"),
    cell("filler_for_required", "household_no", wrong.constant("暂无", "无"), "not_null"),
    cell("misspelt_name", "full_name", wrong.other_character),
    cell("unreported_move", "registered_address", wrong.from_another_row),
    cell("nobodys_id", _CITIZEN, wrong.nobodys_citizen_id),
    *repeated("registered_address"),
    *unreadable("full_name", "registered_address", _CITIZEN),
)

_DEATH = (
    *citizen_ids(_CITIZEN, key=True, correctable=False),
    *missing("full_name", "death_date", "cancelled_date"),
    cell("unreal_date", "death_date", wrong.unreal_date, "date"),
    cell("garbled_time", "death_date", wrong.garbled_time, "date"),
    *dates("cancelled_date"),
    cell("filler_word", "certificate_no", wrong.constant("暂无", "N/A"), "filler"),
    *unreadable("full_name", "certificate_no", _CITIZEN, header=False),
)

_INSURED_PERSON = (
    *citizen_ids(_CITIZEN),
    *strange_districts(_CITIZEN),
    *missing(_CITIZEN, "full_name", "insurance_type", "insured_status"),
    *dates("started_date"),
    cell("unreal_date", "birth_date", wrong.unreal_date, "date"),
    cell("code_outside_list", "sex", wrong.constant("3", "M"), "code"),
    cell("code_outside_list", "insurance_type", wrong.constant("99", "110"), "code"),
    cell("code_outside_list", "insured_status", wrong.constant("8", "正常参保"), "code"),
    cell("unreadable_number", "contribution_base_yuan", wrong.decimal_comma, "number"),
    cell("unreadable_number", "contribution_base_yuan", wrong.constant("5,000000", "五千元"), "number"),
    cell("out_of_range", "contribution_base_yuan", wrong.constant("-1.00", "456000.00"), "range"),
    cell("malformed_number", "person_no", wrong.without_last, "format"),
    *fillers("unit_no", "contribution_base_yuan"),
    cell("filler_for_required", _CITIZEN, wrong.constant("暂无", "无"), "not_null"),
    cell("misspelt_name", "full_name", wrong.other_character),
    cell("former_unit", "unit_no", wrong.from_another_row),
    cell("nobodys_id", _CITIZEN, wrong.nobodys_citizen_id),
    *repeated("started_date"),
    *unreadable("full_name", "full_name", "person_no"),
)

_INSURED_UNIT = (
    *credit_codes(_CREDIT),
    cell("eighteen_zeros", _CREDIT, wrong.constant("0" * 18), "credit_code"),
    cell("zeros_and_x", _CREDIT, wrong.constant("0" * 17 + "X"), "credit_code"),
    cell("personal_id_as_code", _CREDIT, wrong.personal_id, "credit_code"),
    cell("organisation_code", _CREDIT, wrong.organisation_code, "credit_code"),
    *missing(_CREDIT, "unit_name", "insured_count"),
    *dates("insured_date"),
    cell("code_outside_list", "division_code", wrong.constant("410401", "410499"), "code"),
    cell("masked_phone", "phone", wrong.replaced(r"^(.{4}).{4}", "${1}****"), "phone"),
    cell("unreadable_number", "insured_count", wrong.formed(after="人"), "number"),
    cell("out_of_range", "insured_count", wrong.constant("-3", "9999999"), "range"),
    cell("misspelt_name", "unit_name", wrong.replaced("平顶山", "平顶上")),
    *repeated("address"),
    *unreadable("unit_name", "address", "unit_no"),
)

_ELDERLY_ALLOWANCE = (
    *citizen_ids(_CITIZEN, key=True),
    *missing("full_name", "residence_division_code", "allowance_level", "monthly_amount_yuan", "status"),
    *dates("granted_date"),
    cell("code_outside_list", "sex", wrong.constant("M", "先生"), "code"),
    cell("code_outside_list", "allowance_level", wrong.constant("5", "一档"), "code"),
    cell("code_outside_list", "status", wrong.constant("9", "已去世"), "code"),
    cell("unreadable_number", "monthly_amount_yuan", wrong.formed(after="元/月"), "number"),
    cell("unreadable_number", "monthly_amount_yuan", wrong.decimal_comma, "number"),
    cell("out_of_range", "monthly_amount_yuan", wrong.constant("-60", "60000"), "range"),
    cell("masked_phone", "phone", wrong.masked_phone, "phone"),
    cell("unassigned_segment", "phone", wrong.unassigned_segment, "phone"),
    *fillers("phone"),
    cell("misspelt_name", "full_name", wrong.other_character),
    cell("unreported_move", "residence_address", wrong.from_another_row),
    *repeated("residence_address"),
    *unreadable("full_name", "residence_address", _CITIZEN),
)

_ENTERPRISE = (
    *credit_codes(_CREDIT),
    *citizen_ids("representative_citizen_id"),
    *strange_districts("representative_citizen_id"),
    *missing("name", "entity_type", "representative_name", "division_code", "established_date", "status"),
    *dates("established_date"),
    cell("code_outside_list", "entity_type", wrong.constant("0", "1130"), "code"),
    cell("code_outside_list", "industry_code", wrong.constant("98", "8040", "00"), "code"),
    cell("code_outside_list", "status", wrong.constant("4", "开业"), "code"),
    cell(
        "unreadable_number",
        "registered_capital_wan_yuan",
        wrong.constant("100万元", "5,000000", "叁佰万元整"),
        "number",
    ),
    cell("out_of_range", "registered_capital_wan_yuan", wrong.constant("-100.00"), "range"),
    *fillers("registration_no", "representative_citizen_id"),
    cell("misspelt_name", "representative_name", wrong.other_character),
    cell("nobodys_id", "representative_citizen_id", wrong.nobodys_citizen_id),
    cell("unreported_move", "address", wrong.from_another_row),
    *repeated("name"),
    *unreadable("name", "address", _CREDIT, quotes=False),
)

KINDS: dict[str, tuple[Kind, ...]] = {
    "public_security.resident": _RESIDENT,
    "public_security.death": _DEATH,
    "human_resources.insured_person": _INSURED_PERSON,
    "human_resources.insured_unit": _INSURED_UNIT,
    "civil_affairs.elderly_allowance": _ELDERLY_ALLOWANCE,
    "market_regulation.enterprise": _ENTERPRISE,
}
