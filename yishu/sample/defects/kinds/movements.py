"""Defects of the registers of changed ids, persons from abroad, moves, guardians and residence; and of personal defaulters and forests."""

from collections.abc import Iterable

from yishu.sample.defects import within_rows as against
from yishu.sample.defects import wrong_values as wrong
from yishu.sample.defects.kind import Kind, cell, citizen_ids, dates, fillers, missing, repeated, unreadable, unreadable_json

_CITIZEN = "citizen_id"
_NO_DIVISION = wrong.constant("410401", "410400", "410412")


def _move(way: str) -> Iterable[Kind]:
    yield from citizen_ids(_CITIZEN, key=True)
    yield from dates("moved_date")
    yield from against.masked_names("full_name")
    yield cell("code_outside_list", "reason", wrong.constant("9", "工作"), "code")
    yield cell("malformed_number", f"{way}_division_code", wrong.without_last, "format")
    yield from fillers("migration_permit_no", "entry_permit_no")
    yield from missing("full_name", "police_station")
    yield from repeated("police_station")
    yield from unreadable("full_name", "police_station", _CITIZEN)


_IDENTIFIER_CHANGE = (
    *citizen_ids(_CITIZEN),
    *dates("changed_date"),
    *against.masked_names("full_name"),
    cell("code_outside_list", "reason", wrong.constant("9", "重号码"), "code"),
    *missing("full_name", "police_station"),
    *repeated("police_station"),
    *unreadable("full_name", "police_station", "former_citizen_id"),
)

_TRAVEL_DOCUMENT = (
    *dates("registered_date"),
    *dates("birth_date"),
    *against.masked_names("full_name"),
    cell("lower_case_name", "latin_name", wrong.lower_case, "format"),
    cell("code_outside_list", "nationality", wrong.constant("美国人", "000"), "code"),
    cell("code_outside_list", "residence_division_code", _NO_DIVISION, "code"),
    cell("code_outside_list", "sex", wrong.constant("男士", "3"), "code"),
    *missing("full_name", "sex", "nationality"),
    *repeated("residence_address"),
    *unreadable("full_name", "residence_address", "document_no"),
)

_GUARDIAN = (
    *(kind for kind in citizen_ids(_CITIZEN, key=True) if kind.name != "old_15_digit_id"),  # no minor was born when ids had 15 digits
    *against.masked_names("full_name", "guardian_name"),
    cell("code_outside_list", "relation", wrong.constant("00", "99"), "code"),
    cell("masked_phone", "guardian_phone", wrong.masked_phone, "phone"),
    *missing("full_name", "guardian_name"),
    *repeated("guardian_name"),
    *unreadable("full_name", "guardian_name", _CITIZEN),
)

_RESIDENCE = (
    *citizen_ids(_CITIZEN, key=True),
    *dates("registered_date"),
    *against.masked_names("full_name"),
    cell("malformed_number", "home_division_code", wrong.without_last, "format"),
    cell("code_outside_list", "residence_division_code", _NO_DIVISION, "code"),
    cell("code_outside_list", "reason", wrong.constant("9", "打工"), "code"),
    cell("masked_phone", "phone", wrong.masked_phone, "phone"),
    cell("misspelt_name", "full_name", wrong.other_character),
    *missing("full_name", "residence_address"),
    *fillers("residence_permit_no"),
    *repeated("residence_address"),
    *unreadable("full_name", "residence_address", _CITIZEN),
)

_PERSONAL_DEFAULTER = (
    *citizen_ids(_CITIZEN),
    *against.masked_names("name"),
    cell("code_outside_list", "performance", wrong.constant("未履行", "3"), "code"),
    cell("malformed_number", "case_no", wrong.replaced("（(\\d{4})）", "(${1})"), "format"),
    cell("out_of_range", "amount_yuan", wrong.constant("-5"), "range"),
    cell("unreadable_number", "amount_yuan", wrong.constant("壹佰万元", "1,000,000"), "number"),
    *dates("listed_date"),
    *missing("name", "court_name"),
    *unreadable_json("name", "case_no"),
)

_FOREST_RIGHT = (
    *citizen_ids("holder_citizen_id"),
    *against.masked_names("holder_name"),
    cell("malformed_number", "certificate_no", wrong.without_last, "format"),
    cell("code_outside_list", "forest_kind", wrong.constant("9", "竹林"), "code"),
    cell("code_outside_list", "division_code", _NO_DIVISION, "code"),
    cell("out_of_range", "area_mu", wrong.constant("0", "-3.0"), "range"),
    cell("area_with_unit", "area_mu", wrong.formed(after="亩"), "number"),
    *dates("valid_from_date"),
    *missing("holder_name", "location"),
    *fillers("tree_species"),
    *repeated("location"),
    *unreadable("holder_name", "location", "certificate_no"),
)

KINDS: dict[str, tuple[Kind, ...]] = {
    "public_security.identifier_change": _IDENTIFIER_CHANGE,
    "public_security.travel_document": _TRAVEL_DOCUMENT,
    "public_security.move_in": tuple(_move("from")),
    "public_security.move_out": tuple(_move("to")),
    "public_security.guardian": _GUARDIAN,
    "public_security.residence_registration": _RESIDENCE,
    "court.personal_defaulter": _PERSONAL_DEFAULTER,
    "natural_resources.forest_right": _FOREST_RIGHT,
}
