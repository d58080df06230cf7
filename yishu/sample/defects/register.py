"""Which kinds of defects each resource suffers, and the rules that can see them: `KINDS` by resource id.

Rule ids are those of the gate: `<item>.<kind of rule>` from the catalogue, suite rules from expectations/suites. A
kind without rules is one that no rule can see; it is in the truth all the same. Every row has at most one defect, so
that the truth is exact.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from yishu.sample.defects import wrong_values as wrong

Manner = Literal["cell", "copy", "conflict", "header"]
_CITIZEN, _CREDIT = "citizen_id", "credit_code"


@dataclass(frozen=True)
class Kind:
    """One way a resource goes wrong: `make` changes the cell of `item`; `rules` are whole ids; `structural` rows are
    held out or rejected.

    manner: cell = in place; copy = the row twice; conflict = a second row of the key that differs in `item`; header
    = the header again. `correctable` is false where an exchange by increments cannot take the wrong row back.
    """

    name: str
    item: str | None
    rules: tuple[str, ...]
    make: wrong.Wrong | None
    manner: Manner = "cell"
    structural: bool = False
    correctable: bool = True


def _cell(
    name: str, item: str, make: wrong.Wrong, *rules: str, structural: bool = False, correctable: bool = True
) -> Kind:
    return Kind(
        name,
        item,
        tuple(rule if "." in rule else f"{item}.{rule}" for rule in rules),
        make,
        structural=structural,
        correctable=correctable,
    )


def _missing(*items: str) -> Iterable[Kind]:
    return (_cell("missing_required", item, wrong.missing, "not_null") for item in items)


def _citizen_ids(item: str, *, key: bool = False, correctable: bool = True) -> Iterable[Kind]:
    broken = (
        ("wrong_check_digit", wrong.wrong_check_digit),
        ("letter_o_for_zero", wrong.letter_o),
        ("swapped_digits", wrong.swapped_digits),
        ("masked_id", wrong.masked_id),
        ("too_short_id", wrong.without_last),
    )
    # Masked numbers of a key would collide with each other.
    yield from (
        _cell(name, item, make, "citizen_id", correctable=correctable)
        for name, make in broken
        if not (key and name == "masked_id")
    )
    yield _cell("old_15_digit_id", item, wrong.old_citizen_id, "form")
    yield _cell("lower_case_x", item, wrong.lower_case_x, "form")
    yield _cell("stray_space", item, wrong.formed(after=" "), "form")


def _dates(item: str) -> Iterable[Kind]:
    yield _cell("unreal_date", item, wrong.unreal_date, "date")
    yield _cell("unreal_date", item, wrong.thirteenth_month, "date")
    yield _cell("garbled_time", item, wrong.garbled_time, "date")
    yield _cell("future_date", item, wrong.future_date, "not_future")


def _fillers(*items: str) -> Iterable[Kind]:
    return (_cell("filler_word", item, wrong.filler_where_empty, "filler") for item in items)


def _repeated(item: str) -> Iterable[Kind]:
    yield Kind("repeated_row", None, ("key.repeated",), None, "copy")
    yield Kind("conflicting_rows", item, ("key.conflict",), wrong.from_another_row, "conflict")


def _unreadable(item: str, address: str, key: str, *, quotes: bool = True, header: bool = True) -> Iterable[Kind]:
    """Lines that are no records, and rows without key. `quotes`: not where fields run over lines, a stray quote
    would take a neighbour along."""

    def broken(name: str, place: str, make: wrong.Wrong, rule: str) -> Kind:
        return Kind(name, place, (rule,), make, structural=True)

    yield broken("missing_key", key, wrong.missing, f"{key}.not_null")
    yield broken("wrong_bytes", item, wrong.formed(after=wrong.MARK_HALF_CHARACTER), "file.encoding")
    yield broken("field_too_many", address, wrong.split_by_comma, "file.field_count")
    yield broken("nul_byte", item, wrong.formed(after=wrong.MARK_NUL), "file.nul")
    yield broken("field_too_few", item, wrong.formed(after=wrong.MARK_NO_COMMA), "file.field_count")
    if quotes:
        yield broken("stray_quote", item, wrong.formed(before=wrong.MARK_QUOTE), "file.quote")
    if header:
        yield Kind("repeated_header", None, ("file.header_repeated",), None, "header", structural=True)


_CREDIT_CODES = (
    _cell("letter_o_for_zero", _CREDIT, wrong.letter_o, "credit_code"),
    _cell("swapped_digits", _CREDIT, wrong.swapped_digits, "credit_code"),
    _cell("too_short_code", _CREDIT, wrong.without_last, "credit_code"),
    _cell("lower_case_code", _CREDIT, wrong.lower_case, "form"),
    _cell("hyphenated_code", _CREDIT, wrong.hyphenated, "form"),
    _cell("stray_space", _CREDIT, wrong.formed(after=" "), "form"),
)

_RESIDENT = (
    *_citizen_ids(_CITIZEN, key=True),
    *_missing("full_name", "sex", "ethnicity", "birth_date", "household_no", "registered_division_code"),
    _cell("sex_contradicts_id", "sex", wrong.other_sex, "matches_citizen_id"),
    _cell("dummy_birth_date", "birth_date", wrong.dummy_date, "matches_citizen_id"),
    _cell("birth_date_contradicts_id", "birth_date", wrong.year_before, "matches_citizen_id"),
    _cell("unreal_date", "birth_date", wrong.unreal_date, "date"),
    _cell("garbled_time", "birth_date", wrong.garbled_time, "date"),
    _cell("code_outside_list", "ethnicity", wrong.constant("00", "99", "中原"), "code"),
    _cell("code_outside_list", "marital_status", wrong.constant("1", "99", "未婚?"), "code"),
    _cell("code_outside_list", "household_relation", wrong.constant("00", "99"), "code"),
    _cell("code_outside_list", "registered_division_code", wrong.constant("410401", "410400", "410412"), "code"),
    _cell("malformed_number", "household_no", wrong.without_last, "format"),
    _cell("masked_phone", "phone", wrong.masked_phone, "phone"),
    _cell("phone_too_short", "phone", wrong.without_last, "phone"),
    *_fillers("former_name", "phone"),
    _cell("filler_for_required", "household_no", wrong.constant("暂无", "无"), "not_null"),
    _cell("misspelt_name", "full_name", wrong.other_character),
    _cell("unreported_move", "registered_address", wrong.from_another_row),
    _cell("nobodys_id", _CITIZEN, wrong.nobodys_citizen_id),
    *_repeated("registered_address"),
    *_unreadable("full_name", "registered_address", _CITIZEN),
)

_DEATH = (
    *_citizen_ids(_CITIZEN, key=True, correctable=False),
    *_missing("full_name", "death_date", "cancelled_date"),
    _cell("unreal_date", "death_date", wrong.unreal_date, "date"),
    _cell("garbled_time", "death_date", wrong.garbled_time, "date"),
    *_dates("cancelled_date"),
    _cell("filler_word", "certificate_no", wrong.constant("暂无", "N/A"), "filler"),
    *_unreadable("full_name", "certificate_no", _CITIZEN, header=False),
)

_INSURED_PERSON = (
    *_citizen_ids(_CITIZEN),
    *_missing(_CITIZEN, "full_name", "insurance_type", "insured_status"),
    *_dates("started_date"),
    _cell("unreal_date", "birth_date", wrong.unreal_date, "date"),
    _cell("code_outside_list", "sex", wrong.constant("3", "M"), "code"),
    _cell("code_outside_list", "insurance_type", wrong.constant("99", "110"), "code"),
    _cell("code_outside_list", "insured_status", wrong.constant("8", "正常参保"), "code"),
    _cell("unreadable_number", "contribution_base_yuan", wrong.decimal_comma, "number"),
    _cell("unreadable_number", "contribution_base_yuan", wrong.constant("5,000000", "五千元"), "number"),
    _cell("out_of_range", "contribution_base_yuan", wrong.constant("-1.00", "456000.00"), "range"),
    _cell("malformed_number", "person_no", wrong.without_last, "format"),
    *_fillers("unit_no", "contribution_base_yuan"),
    _cell("filler_for_required", _CITIZEN, wrong.constant("暂无", "无"), "not_null"),
    _cell("misspelt_name", "full_name", wrong.other_character),
    _cell("former_unit", "unit_no", wrong.from_another_row),
    _cell("nobodys_id", _CITIZEN, wrong.nobodys_citizen_id),
    *_repeated("started_date"),
    *_unreadable("full_name", "full_name", "person_no"),
)

_INSURED_UNIT = (
    *_CREDIT_CODES,
    _cell("eighteen_zeros", _CREDIT, wrong.constant("0" * 18), "credit_code"),
    _cell("zeros_and_x", _CREDIT, wrong.constant("0" * 17 + "X"), "credit_code"),
    _cell("personal_id_as_code", _CREDIT, wrong.personal_id, "credit_code"),
    _cell("organisation_code", _CREDIT, wrong.organisation_code, "credit_code"),
    *_missing(_CREDIT, "unit_name", "insured_count"),
    *_dates("insured_date"),
    _cell("code_outside_list", "division_code", wrong.constant("410401", "410499"), "code"),
    _cell("masked_phone", "phone", wrong.replaced(r"^(.{4}).{4}", "${1}****"), "phone"),
    _cell("unreadable_number", "insured_count", wrong.formed(after="人"), "number"),
    _cell("out_of_range", "insured_count", wrong.constant("-3", "9999999"), "range"),
    _cell("misspelt_name", "unit_name", wrong.replaced("平顶山", "平顶上")),
    *_repeated("address"),
    *_unreadable("unit_name", "address", "unit_no"),
)

_ELDERLY_ALLOWANCE = (
    *_citizen_ids(_CITIZEN, key=True),
    *_missing("full_name", "residence_division_code", "allowance_level", "monthly_amount_yuan", "status"),
    *_dates("granted_date"),
    _cell("code_outside_list", "sex", wrong.constant("M", "先生"), "code"),
    _cell("code_outside_list", "allowance_level", wrong.constant("5", "一档"), "code"),
    _cell("code_outside_list", "status", wrong.constant("9", "已去世"), "code"),
    _cell("unreadable_number", "monthly_amount_yuan", wrong.formed(after="元/月"), "number"),
    _cell("unreadable_number", "monthly_amount_yuan", wrong.decimal_comma, "number"),
    _cell("out_of_range", "monthly_amount_yuan", wrong.constant("-60", "60000"), "range"),
    _cell("masked_phone", "phone", wrong.masked_phone, "phone"),
    *_fillers("phone"),
    _cell("misspelt_name", "full_name", wrong.other_character),
    _cell("unreported_move", "residence_address", wrong.from_another_row),
    *_repeated("residence_address"),
    *_unreadable("full_name", "residence_address", _CITIZEN),
)

_ENTERPRISE = (
    *_CREDIT_CODES,
    *_citizen_ids("representative_citizen_id"),
    *_missing("name", "entity_type", "representative_name", "division_code", "established_date", "status"),
    *_dates("established_date"),
    _cell("code_outside_list", "entity_type", wrong.constant("0", "1130"), "code"),
    _cell("code_outside_list", "industry_code", wrong.constant("98", "8040", "00"), "code"),
    _cell("code_outside_list", "status", wrong.constant("4", "开业"), "code"),
    _cell(
        "unreadable_number",
        "registered_capital_wan_yuan",
        wrong.constant("100万元", "5,000000", "叁佰万元整"),
        "number",
    ),
    _cell("out_of_range", "registered_capital_wan_yuan", wrong.constant("-100.00"), "range"),
    *_fillers("registration_no", "representative_citizen_id"),
    _cell("misspelt_name", "representative_name", wrong.other_character),
    _cell("nobodys_id", "representative_citizen_id", wrong.nobodys_citizen_id),
    _cell("unreported_move", "address", wrong.from_another_row),
    *_repeated("name"),
    *_unreadable("name", "address", _CREDIT, quotes=False),
)

KINDS: dict[str, tuple[Kind, ...]] = {
    "public_security.resident": _RESIDENT,
    "public_security.death": _DEATH,
    "human_resources.insured_person": _INSURED_PERSON,
    "human_resources.insured_unit": _INSURED_UNIT,
    "civil_affairs.elderly_allowance": _ELDERLY_ALLOWANCE,
    "market_regulation.enterprise": _ENTERPRISE,
}
