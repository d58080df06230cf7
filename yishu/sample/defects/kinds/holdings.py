"""Defects of what belongs to companies and is held against them: branches, shareholders, lists, taxpayers, owners, water permits; and of the
register of government bodies."""

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
_NO_DIVISION = wrong.constant("410401", "330204")

_BRANCH = (
    *credit_codes(_CREDIT),
    *credit_codes("parent_credit_code"),
    *against.masked_names("representative_name"),
    cell("code_outside_list", "division_code", _NO_DIVISION, "code"),
    cell("code_outside_list", "status", wrong.constant("9", "营业"), "code"),
    *dates("established_date"),
    *missing("name", "parent_name", "representative_name"),
    *repeated("address"),
    *unreadable("name", "address", _CREDIT),
)

_SHAREHOLDER = (
    *credit_codes(_CREDIT),
    *citizen_ids("holder_citizen_id"),
    cell("code_outside_list", "currency", wrong.constant("RMB", "人民币"), "code"),
    cell("code_outside_list", "contribution_form", wrong.constant("9", "现金"), "code"),
    cell("code_outside_list", "holder_id_kind", wrong.constant("01", "身份证"), "code"),
    cell("out_of_range", "sequence_no", wrong.constant("0"), "range"),
    cell("unreadable_number", "subscribed_wan_yuan", wrong.formed(after="万元"), "number"),
    cell("more_than_subscribed", "paid_wan_yuan", wrong.constant("9999999.00"), "within_subscribed"),
    *missing("holder_name"),
    *unreadable("holder_name", "contribution_form", _CREDIT),
)

_SERIOUS = (
    cell("malformed_number", "record_no", wrong.without_last, "format"),
    *credit_codes(_CREDIT),
    cell("code_outside_list", "reason", wrong.constant("失信", "7"), "code"),
    cell("unreal_date", "listed_date", wrong.unreal_date, "date"),
    *missing("name", "listing_authority"),
    *unreadable_json("name", "record_no"),
)

_GOVERNMENT_BODY = (
    *credit_codes(_CREDIT),
    cell("too_short_code", "organisation_code", wrong.without_last, "organisation_code"),
    *against.masked_names("representative_name"),
    cell("code_outside_list", "entity_type", wrong.constant("协会", "11"), "code"),
    cell("code_outside_list", "division_code", _NO_DIVISION, "code"),
    cell("unreal_date", "established_date", wrong.unreal_date, "date"),
    *missing("name", "representative_name"),
    *repeated("address"),
    *unreadable_sheet("address", _CREDIT),
)

_TAXPAYER = (
    *credit_codes(_CREDIT),
    cell("malformed_number", "tax_no", wrong.without_last, "format"),
    cell("too_short_code", "organisation_code", wrong.without_last, "organisation_code"),
    cell("code_outside_list", "industry_2011_code", wrong.constant("97", "制造业"), "code"),
    cell("code_outside_list", "state", wrong.constant("9", "在业"), "code"),
    *dates("registered_date"),
    cell("misspelt_name", "name", wrong.replaced("平顶山", "平顶上")),
    *fillers("tax_no"),
    *missing("name"),
    *repeated("name"),
    *unreadable("name", "name", _CREDIT),
)

_CREDIT_LIST = (
    cell("malformed_number", "record_no", wrong.without_last, "format"),
    *credit_codes(_CREDIT),
    *citizen_ids("citizen_id"),
    cell("missing_where_due", _CREDIT, wrong.missing, "by_kind"),
    cell("missing_where_due", "citizen_id", wrong.missing, "by_kind"),
    cell("code_outside_list", "list_kind", wrong.constant("3", "黑榜"), "code"),
    *dates("listed_date"),
    *missing("name", "reason", "authority_name"),
    *repeated("reason"),
    *unreadable("name", "reason", "record_no"),
)

_RIGHT_HOLDER = (
    cell("printed_with_spaces", "unit_code", wrong.spaced_unit, "form"),
    cell("too_short_code", "unit_code", wrong.without_last, "real_estate_unit"),
    *citizen_ids("holder_citizen_id"),
    cell("code_outside_list", "co_ownership", wrong.constant("9", "共有"), "code"),
    cell("out_of_range", "share_percent", wrong.constant("150.00", "0"), "range"),
    cell("out_of_range", "sequence_no", wrong.constant("0"), "range"),
    cell("unreadable_number", "share_percent", wrong.formed(after="%"), "number"),
    *dates("registered_date"),
    *missing("holder_name", "certificate_no"),
    cell("misspelt_name", "holder_name", wrong.other_character),
    *repeated("certificate_no"),
    *unreadable("holder_name", "certificate_no", "unit_code"),
)

_WATER_PERMIT = (
    cell("malformed_number", "permit_no", wrong.without_last, "format"),
    *credit_codes(_CREDIT),
    cell("code_outside_list", "water_source", wrong.constant("9", "河水"), "code"),
    cell("code_outside_list", "water_use", wrong.constant("9", "洗车"), "code"),
    cell("out_of_range", "annual_volume_cubic_metres", wrong.constant("0", "-3.0"), "range"),
    cell("unreal_date", "valid_from_date", wrong.unreal_date, "date"),
    *missing("holder_name"),
    *repeated("holder_name"),
    *unreadable("holder_name", "holder_name", "permit_no"),
)

KINDS: dict[str, tuple[Kind, ...]] = {
    "market_regulation.branch": _BRANCH,
    "market_regulation.shareholder": _SHAREHOLDER,
    "market_regulation.serious_violation": _SERIOUS,
    "establishment_office.government_body": _GOVERNMENT_BODY,
    "taxation.taxpayer": _TAXPAYER,
    "credit_office.credit_list": _CREDIT_LIST,
    "natural_resources.right_holder": _RIGHT_HOLDER,
    "water_resources.water_permit": _WATER_PERMIT,
}
