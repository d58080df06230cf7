"""Defects of what schools, health, insurance, disability and civil affairs deliver about persons."""

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

_CITIZEN = "citizen_id"
_LONG_AGO = ("1900-01-02", "1901-02-03")  # an end before its beginning, and no other rule broken


def _last(*kinds: Kind) -> tuple[Kind, ...]:
    """An appended row cannot be taken back: what went wrong stands until the office corrects it."""
    return tuple(Kind(k.name, k.item, k.rules, k.make, k.manner, k.structural, False, k.also) for k in kinds)


_SCHOOL = (
    cell("malformed_number", "school_code", wrong.without_last, "format"),
    *credit_codes("credit_code"),
    cell("code_outside_list", "school_kind", wrong.constant("完中", "9"), "code"),
    cell("out_of_range", "place_count", wrong.constant("-45", "99999"), "range"),
    cell("unreadable_number", "teacher_count", wrong.constant("约80", "1,20"), "number"),
    cell("masked_phone", "phone", wrong.constant("0375-****001"), "phone"),
    *dates("founded_date"),
    cell("out_of_range", "teacher_count", wrong.constant("0", "9999"), "range"),
    cell("out_of_range", "founded_date", wrong.constant("1800-01-01"), "range"),
    cell("contradicts_kind", "sponsor", wrong.other_sex, "credit_code.matches_kind"),  # 1 for 2 and 2 for 1, as with sexes
    *against.masked_names("principal_name"),
    *missing("name"),
    *unreadable_sheet("address", "school_code"),
)

_STUDENT = (
    cell("malformed_number", "student_no", wrong.replaced("^G", "L"), "format"),
    *(kind for kind in citizen_ids(_CITIZEN) if kind.name != "old_15_digit_id"),  # born too late to have one
    cell("out_of_range", "grade", wrong.constant("0", "13"), "range"),
    cell("code_outside_list", "status", wrong.constant("9", "在校"), "code"),
    cell("reversed_dates", "enrolled_date", wrong.constant(*_LONG_AGO), "age"),
    cell("unreal_date", "birth_date", wrong.unreal_date, "date"),
    cell("masked_phone", "guardian_phone", wrong.masked_phone, "phone"),
    *against.masked_names("full_name"),
    against.contradicted_sex(),
    cell("birth_date_contradicts_id", "birth_date", wrong.year_before, "matches_citizen_id"),
    cell("number_of_another", "student_no", wrong.replaced("^G.", "G5"), "matches_citizen_id"),
    *missing("full_name", "school_code"),
    *repeated("class_no"),
    *unreadable("full_name", "school_name", "student_no"),
)

_TEACHER = (
    cell("malformed_number", "teacher_no", wrong.without_last, "format"),
    *citizen_ids(_CITIZEN),
    cell("code_outside_list", "education_level", wrong.constant("本科", "21"), "code"),
    cell("reversed_validity", "started_date", wrong.constant(*_LONG_AGO), "not_before_certificate"),
    cell("garbled_time", "birth_date", wrong.garbled_time, "date"),
    *against.masked_names("full_name"),
    against.contradicted_sex(),
    against.dummy_date("birth_date", "matches_citizen_id"),
    against.dummy_date("certified_date", "age", "teacher_no.year"),
    cell("number_of_another_year", "teacher_no", wrong.replaced("^....", "1950"), "year"),
    *missing("full_name"),
    *fillers("degree"),
    *unreadable("full_name", "subject", "teacher_no"),
)

_PARENTS_SWAPPED = Kind(
    "parents_swapped",
    "mother_citizen_id",
    ("mother_citizen_id.sex", "father_citizen_id.sex"),
    wrong.of_column("father_citizen_id"),
    also=(("father_citizen_id", wrong.of_column("mother_citizen_id")),),
)

_BIRTH_CERTIFICATE = (
    cell("malformed_number", "certificate_no", wrong.without_last, "format"),
    *citizen_ids("mother_citizen_id"),
    *citizen_ids("father_citizen_id"),
    cell("code_outside_list", "child_sex", wrong.constant("女婴", "3"), "code"),
    cell("out_of_range", "gestational_weeks", wrong.constant("4", "390"), "range"),
    cell("out_of_range", "birth_weight_grams", wrong.constant("3", "32000"), "range"),
    cell("reversed_validity", "issued_date", wrong.constant(*_LONG_AGO), "not_before_birth"),
    *against.masked_names("child_name", "mother_name"),
    cell("missing_where_due", "father_citizen_id", wrong.missing, "with_father_name"),
    cell("dummy_date", "birth_date", against.where_filled("father_citizen_id", wrong.dummy_date), "mother_age", "father_age"),
    _PARENTS_SWAPPED,
    *missing("child_name", "mother_name"),
    *repeated("birth_weight_grams"),
    *unreadable("child_name", "institution_name", "certificate_no"),
)

_INSTITUTION = (
    *credit_codes("credit_code"),
    cell("code_outside_list", "institution_kind", wrong.constant("医院", "9"), "code"),
    cell("out_of_range", "bed_count", wrong.constant("-10", "99000"), "range"),
    cell("reversed_validity", "valid_until_date", wrong.constant(*_LONG_AGO), "not_before_registration"),
    cell("phone_too_short", "phone", wrong.constant("037512"), "phone"),
    cell("code_of_another", "credit_code", wrong.from_another_row, "institution_code.matches_credit_code"),
    cell("out_of_range", "staff_count", wrong.constant("0"), "range"),
    against.dummy_date("registered_date", "range"),
    *missing("name"),
    *unreadable_sheet("address", "institution_code"),
)

_PRACTITIONER = (
    cell("malformed_number", "licence_no", wrong.without_last, "format"),
    *citizen_ids(_CITIZEN),
    cell("code_outside_list", "practice_kind", wrong.constant("外科", "9"), "code"),
    cell("too_short_code", "institution_code", wrong.without_last, "organisation_code"),
    *dates("registered_date"),
    *against.masked_names("full_name"),
    against.contradicted_sex(),
    cell("contradicts_kind", "practice_level", wrong.replaced("^3$", "1"), "matches_kind"),
    against.dummy_date("registered_date", "age"),
    *missing("full_name"),
    *repeated("scope"),
    *unreadable("full_name", "scope", "licence_no"),
)

_COVERED = (
    cell("malformed_number", "person_no", wrong.without_last, "format"),
    *citizen_ids(_CITIZEN),
    cell("code_outside_list", "insurance_type", wrong.constant("31", "职工"), "code"),
    cell("out_of_range", "contribution_base_yuan", wrong.constant("-1.00", "999999.00"), "range"),
    cell("unreadable_number", "contribution_base_yuan", wrong.constant("5,000000"), "number"),
    *dates("started_date"),
    *against.masked_names("full_name"),
    against.contradicted_sex(),
    against.dummy_date("birth_date", "matches_citizen_id"),
    against.dummy_date("started_date", "not_before_birth"),
    cell("missing_where_due", "unit_no", wrong.missing, "by_kind"),
    cell("missing_where_due", "contribution_base_yuan", wrong.missing, "by_kind"),
    *missing("full_name", _CITIZEN),
    *fillers("unit_no"),
    *repeated("division_code"),
    *unreadable("full_name", "unit_no", "person_no"),
)

_SETTLEMENT = _last(
    cell("malformed_number", "settlement_no", wrong.without_last, "format"),
    *citizen_ids(_CITIZEN),
    cell("code_outside_list", "visit_kind", wrong.constant("住院", "99"), "code"),
    cell("out_of_range", "total_yuan", wrong.constant("-5.00", "9000000.00"), "range", "balance"),
    cell("parts_make_no_total", "cash_paid_yuan", wrong.constant("9999.99"), "total_yuan.balance"),
    cell("malformed_number", "person_no", wrong.without_last, "format"),
    cell("reversed_dates", "settled_date", wrong.constant(*_LONG_AGO), "not_before_discharge"),
    cell("unreadable_number", "cash_paid_yuan", wrong.constant("壹佰元"), "number"),
    cell("reversed_validity", "discharged_date", wrong.constant(*_LONG_AGO), "not_before_admission"),
    cell("unreal_date", "settled_date", wrong.unreal_date, "date"),
    *missing("institution_name"),
    *unreadable_json("institution_name", "settlement_no"),
)

_DISABLED = (
    cell("malformed_number", "certificate_no", wrong.without_last, "format"),
    *citizen_ids(_CITIZEN),
    cell("code_outside_list", "disability_category", wrong.constant("肢体", "9"), "code"),
    cell("code_outside_list", "disability_grade", wrong.constant("重度", "5"), "code"),
    cell("reversed_validity", "valid_until_date", wrong.constant(*_LONG_AGO), "not_before_issue"),
    cell("masked_phone", "phone", wrong.masked_phone, "phone"),
    *against.masked_names("full_name"),
    against.contradicted_sex(),
    cell("number_of_another", "certificate_no", against.other_first_digit, "matches_citizen_id"),
    cell("category_contradicts_number", "disability_category", wrong.from_another_row, "matches_certificate_no"),
    cell("grade_contradicts_number", "disability_grade", wrong.from_another_row, "matches_certificate_no"),
    against.dummy_date("issued_date", "age"),
    *missing("full_name"),
    *repeated("address"),
    *unreadable("full_name", "address", "certificate_no"),
)

_SUBSIDY = (
    cell("out_of_range", "monthly_amount_yuan", wrong.constant("-80.00", "8000.00"), "range"),
    cell("malformed_number", "paid_month", wrong.constant("2026-02", "202600"), "format"),
    cell("code_outside_list", "payment_status", wrong.constant("9", "正常"), "code"),
    *dates("approved_date"),
    *against.masked_names("full_name"),
    cell("malformed_number", "certificate_no", wrong.formed(before="第"), "format"),
    cell("number_of_another", "certificate_no", against.other_first_digit, "matches_citizen_id"),
    cell("grade_not_entitled", "certificate_no", against.where("subsidy_kind", ("2",), wrong.replaced(".$", "4")), "matches_kind"),
    against.dummy_date("approved_date", "range"),
    *missing("full_name"),
    *unreadable("full_name", "certificate_no", _CITIZEN),
)

_PARTNERS_SWAPPED = Kind(
    "partners_swapped",
    "husband_citizen_id",
    ("husband_citizen_id.sex", "wife_citizen_id.sex"),
    wrong.of_column("wife_citizen_id"),
    also=(("wife_citizen_id", wrong.of_column("husband_citizen_id")),),
)

_MARRIAGE = (
    cell("malformed_number", "certificate_no", wrong.replaced(r"^J4104\d\d-", "J41-"), "format"),
    *citizen_ids("husband_citizen_id"),
    *citizen_ids("wife_citizen_id"),
    cell("code_outside_list", "husband_marital_status", wrong.constant("1", "未婚?"), "code"),
    *against.seen_too(dates("registered_date"), "future_date", "certificate_no.year"),
    *against.masked_names("husband_name", "wife_name"),
    _PARTNERS_SWAPPED,
    against.dummy_date("registered_date", "husband_age", "wife_age", "certificate_no.year"),
    cell("number_of_another_year", "certificate_no", wrong.replaced("-....-", "-1950-"), "year"),
    cell("status_after_the_wedding", "husband_marital_status", wrong.constant("20"), "unmarried"),
    cell("status_after_the_wedding", "wife_marital_status", wrong.constant("20", "21"), "unmarried"),
    *missing("wife_name", "husband_name"),
    *repeated("registry_name"),
    *unreadable_json("registry_name", "certificate_no"),
)

_ASSISTANCE = (
    cell("malformed_number", "assistance_no", wrong.without_last, "format"),
    *citizen_ids("head_citizen_id"),
    cell("out_of_range", "member_count", wrong.constant("80"), "range"),
    cell("out_of_range", "member_count", wrong.constant("0"), "range", "monthly_amount_yuan.per_member"),
    cell("fen_for_yuan", "monthly_amount_yuan", wrong.constant("60000", "124000"), "per_member"),
    against.dummy_date("approved_date", "range"),
    *against.masked_names("head_name"),
    cell("unreadable_number", "monthly_amount_yuan", wrong.constant("约600"), "number"),
    cell("code_outside_list", "assistance_kind", wrong.constant("低保", "9"), "code"),
    *dates("approved_date"),
    *missing("head_name"),
    *unreadable("head_name", "address", "assistance_no"),
)

_BIRTH_REGISTRATION = (
    *citizen_ids(_CITIZEN),
    *citizen_ids("declarant_citizen_id"),
    cell("malformed_number", "household_no", wrong.without_last, "format"),
    cell("code_outside_list", "sex", wrong.constant("3", "M"), "code"),
    cell("reversed_validity", "accepted_date", wrong.constant(*_LONG_AGO), "not_before_birth"),
    *against.masked_names("full_name"),
    against.contradicted_sex(),
    cell("birth_date_contradicts_id", "birth_date", wrong.year_before, "matches_citizen_id"),
    cell("malformed_number", "registration_no", wrong.without_last, "format"),
    cell("malformed_number", "certificate_no", wrong.replaced("^U", ""), "format"),
    cell("child_as_declarant", "declarant_citizen_id", wrong.of_column(_CITIZEN), "birth_date.declarant_age"),
    *missing("full_name", "declarant_name"),
    *fillers("certificate_no"),
    *repeated("police_station"),
    *unreadable("full_name", "police_station", "registration_no"),
)

_CONTRIBUTION = (
    *citizen_ids(_CITIZEN),
    *credit_codes("unit_credit_code"),
    cell("malformed_number", "period", wrong.constant("2026-02", "202600"), "format"),
    cell("out_of_range", "unit_due_yuan", wrong.constant("-1.00", "500000.00"), "range", "rate"),
    cell("out_of_range", "contribution_base_yuan", wrong.constant("-1.00", "999999.00"), "range", "unit_due_yuan.rate", "personal_due_yuan.rate"),
    cell("another_rate", "personal_due_yuan", wrong.constant("1.00"), "rate"),
    cell("missing_where_due", "settled_date", wrong.missing, "by_state"),
    *against.masked_names("full_name"),
    cell("code_outside_list", "settled", wrong.constant("Y", "2"), "code"),
    *dates("settled_date"),
    *missing("full_name", "unit_no"),
    *repeated("unit_no"),
    *unreadable("full_name", "unit_no", "relation_id"),
)

KINDS: dict[str, tuple[Kind, ...]] = {
    "education.school": _SCHOOL,
    "education.student": _STUDENT,
    "education.teacher": _TEACHER,
    "health.birth_certificate": _BIRTH_CERTIFICATE,
    "health.medical_institution": _INSTITUTION,
    "health.practitioner": _PRACTITIONER,
    "medical_insurance.insured_person": _COVERED,
    "medical_insurance.settlement": _SETTLEMENT,
    "disabled_federation.disabled_person": _DISABLED,
    "disabled_federation.subsidy": _SUBSIDY,
    "civil_affairs.marriage": _MARRIAGE,
    "civil_affairs.low_income_household": _ASSISTANCE,
    "public_security.birth_registration": _BIRTH_REGISTRATION,
    "human_resources.insurance_payment": _CONTRIBUTION,
}
