"""Defects of permits and penalties (双公示), tax credit, defaulters, bodies and certificates."""

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
# 代码_2 and _3 change places between the lists of 2015 and 2018: an organisation code in the column of the registration number.
_SWAPPED = cell("swapped_codes", "registration_no", wrong.constant("MA1234567", "05421987X"), "registration_no")

_BEFORE_DECISION = ("valid_until_date.not_before_decision", "published_until_date.not_before_decision")


def _bad_codes(item: str = _CREDIT) -> Iterable[Kind]:
    """Credit codes that are no key: fillers and masks may repeat."""
    yield from credit_codes(item)
    yield cell("eighteen_zeros", item, wrong.constant("0" * 18), "credit_code")
    yield cell("zeros_and_x", item, wrong.constant("0" * 17 + "X"), "credit_code")
    yield cell("masked_code", item, wrong.replaced(r"^(.{6}).{6}(.{6})$", "${1}******${2}"), "credit_code")
    yield cell("personal_id_as_code", item, wrong.personal_id, "credit_code")
    yield cell("scientific_notation", item, wrong.constant("4.10402E+17", "9.14104E+17"), "credit_code")


def _other_codes() -> Iterable[Kind]:
    yield cell("old_13_digit_number", "registration_no", wrong.replaced(r"^(.{13})..$", "${1}"), "registration_no")
    yield cell("swapped_digits", "registration_no", wrong.last_digit_raised, "registration_no")
    yield cell("hyphenated_code", "organisation_code", wrong.replaced(r"^(.{8})(.)$", "${1}-${2}"), "form")
    yield cell("too_short_code", "organisation_code", wrong.without_last, "organisation_code")
    yield _SWAPPED


def _decided(item: str = "decided_date", *more: str) -> Iterable[Kind]:
    """`more`: rules that see a day in the future as well."""
    yield cell("unreal_date", item, wrong.unreal_date, "date")
    yield cell("garbled_time", item, wrong.garbled_time, "date")
    yield cell("future_date", item, wrong.future_date, "not_future", *more)


def _publicity(permit: bool) -> Iterable[Kind]:
    """What permits and penalties share. A wrong end of validity is a wrong order of dates, and nothing else."""
    yield from _bad_codes()
    yield from _other_codes()
    yield from citizen_ids("representative_id")
    yield cell("code_outside_list", "counterpart_kind", wrong.constant("企业", "9"), "code")
    yield from missing("counterpart_name", "authority_name", "source_unit", "content")
    yield cell("lower_case_code", "authority_code", wrong.lower_case, "form")
    yield cell("zeros_and_x", "source_unit_code", wrong.constant("0" * 17 + "X"), "credit_code")
    yield from fillers("tax_no", "remark")
    yield cell("malformed_number", "document_no", wrong.replaced("〔(\\d{4})〕", "[${1}]"), "format")
    yield cell("misspelt_name", "counterpart_name", wrong.replaced("平顶山", "平顶上"))
    yield from repeated("content")
    yield from _against_the_counterpart()
    if permit:
        yield from citizen_ids("citizen_id")
        yield cell("missing_where_due", "citizen_id", wrong.missing, "by_kind")
        yield cell("unreal_date", "decided_date", wrong.thirteenth_month, "date")
        yield cell("code_outside_list", "permit_kind", wrong.constant("一般", "7"), "code")
        yield cell("code_outside_list", "state", wrong.constant("3", "注销"), "code")
        yield cell("reversed_validity", "valid_until_date", wrong.constant("1900/01/01", "1990/01/01"), "not_before_start")
        yield cell("garbled_time", "valid_from_date", wrong.garbled_time, "date")
    else:
        yield from _decided("decided_date", "document_no.year", *_BEFORE_DECISION)
        yield cell("reversed_validity", "published_until_date", wrong.constant("1900/01/01", "1990/01/01"), "not_before_decision")
        yield cell("yuan_for_wan_yuan", "confiscated_wan_yuan", wrong.constant("50000", "120000.00"), "range")
        yield cell("reversed_validity", "valid_until_date", wrong.constant("1900/01/01", "1990/01/01"), "not_before_decision")
        yield cell("yuan_for_wan_yuan", "fine_wan_yuan", wrong.constant("50000", "120000.00"), "range")
        yield cell("unreadable_number", "fine_wan_yuan", wrong.constant("5,000000", "伍仟元"), "number")
        yield cell("unreadable_number", "confiscated_wan_yuan", wrong.constant("0.5万元"), "number")
        yield from missing("facts", "legal_basis")


def _against_the_counterpart() -> Iterable[Kind]:
    """What contradicts the kind of counterpart, its code, or the decision itself."""
    organisation = ("法人及非法人组织", "个体工商户")
    yield cell("missing_where_due", _CREDIT, against.where("counterpart_kind", organisation, wrong.missing), "by_kind")
    yield cell("missing_where_due", "representative_name", wrong.missing, "by_kind")
    kinds = (f"{_CREDIT}.matches_kind", "representative_name.by_kind")  # an individual business names no representative
    yield cell("contradicts_kind", "counterpart_kind", wrong.replaced("^个体工商户$", organisation[0]), *kinds)
    yield cell("code_of_another", "organisation_code", wrong.from_another_row, "matches_credit_code")
    yield cell("number_of_another_year", "document_no", wrong.replaced("〔....〕", "〔2011〕"), "year")
    yield cell("counterpart_as_authority", "authority_code", wrong.of_column(_CREDIT), "prefix")


def _certificates(form: str) -> Iterable[Kind]:
    yield cell("wrong_check_digit", "certificate_id", wrong.other_check_character, "certificate_id")
    yield cell("too_short_code", "certificate_id", wrong.without_last, "certificate_id")
    yield cell("lower_case_code", "certificate_id", wrong.lower_case, "form")
    yield cell("stray_space", "certificate_id", wrong.formed(after=" "), "form")
    yield cell("malformed_number", "type_code", wrong.without_last, "format")
    yield cell("letter_o_for_zero", "issuer_code", wrong.letter_o, "credit_code")
    yield cell("type_of_another", "type_code", wrong.replaced("...$", "999"), "matches_certificate_id")
    yield cell("collector_as_issuer", "issuer_code", wrong.constant("11410400MB0A10072K"), "matches_certificate_id")
    yield cell("masked_id", "holder_code", wrong.masked_id, "matches_kind")
    yield from missing("name", "holder", "holder_code", "issuer", "number")
    yield cell("code_outside_list", "holder_kind", wrong.constant("01", "身份证"), "code")
    yield cell("code_outside_list", "state", wrong.constant("9", "吊销"), "code")
    yield cell("code_outside_list", "division_code", wrong.constant("410401", "330204"), "code")
    yield from _decided("issued_date")
    yield cell("reversed_validity", "valid_until_date", wrong.constant("1900-01-01", "1990-01-01"), "not_before_start")
    yield cell("open_end_in_words", "valid_until_date", wrong.constant("长期", "永久有效"), "date")
    yield cell("misspelt_name", "holder", wrong.replaced("平顶山", "平顶上"))
    yield from repeated("number")
    yield from _broken(form, "name", "holder", "certificate_id")


def _broken(form: str, item: str, address: str, key: str) -> Iterable[Kind]:
    if form == "csv":
        return unreadable(item, address, key)
    return unreadable_json(item, key) if form == "jsonl" else unreadable_sheet(address, key)


def _bodies(another: wrong.Wrong) -> Iterable[Kind]:
    """another: what makes the type that of another body."""
    yield from credit_codes(_CREDIT)
    yield from missing("name", "entity_type", "representative_name", "division_code", "established_date", "status")
    yield from dates("established_date")
    yield against.dummy_date("established_date", "range")
    yield cell("contradicts_kind", "entity_type", another, "credit_code.matches_kind")
    yield from against.masked_names("representative_name")
    yield cell("code_outside_list", "entity_type", wrong.constant("协会", "11"), "code")
    yield cell("code_outside_list", "division_code", wrong.constant("410401", "330204"), "code")
    yield cell("unreadable_number", "capital_wan_yuan", wrong.formed(after="万元"), "number")
    yield cell("out_of_range", "capital_wan_yuan", wrong.constant("-5"), "range")
    yield cell("misspelt_name", "representative_name", wrong.other_character)
    yield from repeated("address")
    yield from unreadable_sheet("address", _CREDIT)


_TAX = (
    *credit_codes(_CREDIT),
    *missing("name", "tax_year", "tax_grade"),
    cell("code_outside_list", "tax_grade", wrong.constant("E", "优秀"), "code"),
    cell("unreadable_number", "tax_points", wrong.constant("9O.00", "九十分"), "number"),
    cell("out_of_range", "tax_points", wrong.constant("120.00", "-1.00"), "range", "matches_kind"),
    cell("grade_contradicts_points", "tax_grade", wrong.replaced("^A$", "D"), "tax_points.matches_kind"),
    cell("out_of_range", "tax_year", wrong.constant("205", "1900"), "range"),
    *dates("assessed_date"),
    cell("misspelt_name", "name", wrong.replaced("平顶山", "平顶上")),
    *repeated("name"),
    *unreadable("name", "name", _CREDIT),
)
_DEFAULTER = (
    *credit_codes(_CREDIT),
    *missing("name", "case_no", "court_name", "performance", "listed_date"),
    cell("code_outside_list", "performance", wrong.constant("未履行", "3"), "code"),
    cell("unreadable_number", "amount_yuan", wrong.constant("壹佰万元", "1,000,000"), "number"),
    cell("out_of_range", "amount_yuan", wrong.constant("-5"), "range"),
    cell("malformed_number", "case_no", wrong.replaced("（(\\d{4})）", "(${1})"), "format"),
    cell("malformed_number", "court_name", wrong.replaced("人民法院$", "法院"), "format"),
    *dates("listed_date"),
    cell("misspelt_name", "name", wrong.replaced("平顶山", "平顶上")),
    *repeated("case_no"),
    *unreadable_json("name", _CREDIT),
)
_SOCIAL_PERIOD = cell("reversed_validity", "valid_until_date", wrong.constant("1990-01-01", "1991-02-03"), "not_before_establishment")
_ORGANISATIONS = (
    cell("code_of_another", "organisation_code", wrong.from_another_row, "matches_credit_code"),
    cell("too_short_code", "organisation_code", wrong.without_last, "organisation_code"),
    cell("hyphenated_code", "organisation_code", wrong.replaced(r"^(.{8})(.)$", "${1}-${2}"), "form"),
)

# What the collecting office holds as it was worded before: no fault, and a conflict with whoever decided.
_OLDER_PERMIT = cell("older_wording", "content", wrong.replaced("准予", "许可"))
_OLDER_PENALTY = cell("older_wording", "content", wrong.formed(after="（原文）"))
_OLDER_HOLDER = cell("older_name", "holder", wrong.replaced("^平顶山市", ""))

KINDS: dict[str, tuple[Kind, ...]] = {
    "market_regulation.administrative_permit": (*_publicity(True), *_broken("csv", "content", "content", "document_no")),
    "transport.administrative_permit": (*_publicity(True), *_broken("jsonl", "content", "content", "document_no")),
    "credit_office.administrative_permit": (*_publicity(True), _OLDER_PERMIT, *_broken("jsonl", "content", "content", "document_no")),
    "market_regulation.administrative_penalty": (*_publicity(False), *_broken("csv", "content", "content", "document_no")),
    "emergency_management.administrative_penalty": (*_publicity(False), *_broken("xlsx", "content", "content", "document_no")),
    "credit_office.administrative_penalty": (*_publicity(False), _OLDER_PENALTY, *_broken("csv", "content", "content", "document_no")),
    "taxation.tax_credit": _TAX,
    "court.defaulter": _DEFAULTER,
    "civil_affairs.social_organisation": (
        *against.seen_too(_bodies(wrong.replaced("^社会团体$", "基金会")), "future_date", "valid_until_date.not_before_establishment"),
        _SOCIAL_PERIOD,
    ),
    "establishment_office.public_institution": (*_bodies(wrong.constant("基金会")), *_ORGANISATIONS),
    "market_regulation.certificate": tuple(_certificates("csv")),
    "transport.certificate": tuple(_certificates("xlsx")),
    "government_services.certificate": (*_certificates("jsonl"), _OLDER_HOLDER),
}
