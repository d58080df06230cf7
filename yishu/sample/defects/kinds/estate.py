"""The kinds of land, houses and addresses, and of pensions: codes of units and parcels, coordinates, areas, storeys."""

from collections.abc import Iterable

from yishu.sample.defects import within_rows as against
from yishu.sample.defects import wrong_values as wrong
from yishu.sample.defects.kind import Kind, cell, citizen_ids, dates, fillers, missing, repeated, unreadable, unreadable_json

_CITIZEN, _UNIT, _PARCEL, _AREA = "citizen_id", "unit_code", "parcel_code", "floor_area_square_metres"
_LONGITUDE, _LATITUDE = "longitude_degrees", "latitude_degrees"
# About what the shift of GCJ-02 maps comes to in this city.
_MAP_SHIFT_EAST, _MAP_SHIFT_NORTH = 0.005931, -0.001412
_NOT_A_DIVISION_NOW = wrong.constant("410401", "410412", "410424")  # the last one was 襄城县, until 1997


def _coordinates() -> Iterable[Kind]:
    """Points as surveys, spreadsheets and maps spoil them."""
    both = (f"{_LONGITUDE}.range", f"{_LATITUDE}.range")
    yield Kind("swapped_coordinates", _LONGITUDE, both, wrong.of_column(_LATITUDE), also=((_LATITUDE, wrong.of_column(_LONGITUDE)),))
    yield Kind("zero_coordinates", _LONGITUDE, both, wrong.constant("0", "0.000000"), also=((_LATITUDE, wrong.constant("0", "0.000000")),))
    yield cell("outside_the_city", _LATITUDE, wrong.raised(1.5, 6), "range")
    yield cell("outside_the_city", _LONGITUDE, wrong.raised(-3.2, 6), "range")
    yield cell("degree_sign", _LONGITUDE, wrong.formed(after="°"), "number")
    yield cell("full_width_digits", _LATITUDE, wrong.full_width_digits, "number")
    shifted = wrong.raised(_MAP_SHIFT_EAST, 6), wrong.raised(_MAP_SHIFT_NORTH, 6)
    yield Kind("coordinates_of_another_datum", _LONGITUDE, (), shifted[0], also=((_LATITUDE, shifted[1]),))


def _units(item: str = _UNIT) -> Iterable[Kind]:
    yield cell("printed_with_spaces", item, wrong.spaced_unit, "form")
    yield cell("lower_case_code", item, wrong.lower_case, "form")
    yield cell("too_short_code", item, wrong.without_last, "real_estate_unit")
    yield cell("homestead_of_the_state", item, wrong.homestead_of_the_state, "real_estate_unit")
    yield cell("letter_o_for_zero", item, wrong.letter_o, "real_estate_unit")


def _parcels() -> Iterable[Kind]:
    yield cell("printed_with_spaces", _PARCEL, wrong.spaced_parcel, "form")
    yield cell("lower_case_code", _PARCEL, wrong.lower_case, "form")
    yield cell("too_short_code", _PARCEL, wrong.without_last, "parcel_code")
    yield cell("homestead_of_the_state", _PARCEL, wrong.homestead_of_the_state, "parcel_code")


def _areas(item: str) -> Iterable[Kind]:
    yield cell("area_with_unit", item, wrong.formed(after="㎡"), "number")
    yield cell("area_with_unit", item, wrong.formed(after="平方米"), "number")
    yield cell("full_width_digits", item, wrong.full_width_digits, "number")
    yield cell("unreadable_number", item, wrong.decimal_comma, "number")
    yield cell("out_of_range", item, wrong.constant("0", "0.00", "-85.20"), "range")


def _storeys() -> Iterable[Kind]:
    yield cell("storey_above_the_roof", "storey", wrong.constant("48", "99"), "within_storeys")
    yield cell("out_of_range", "storeys", wrong.constant("999"), "range")
    yield cell("unreadable_number", "storey", wrong.formed(after="层"), "number")
    yield cell("unreadable_number", "storeys", wrong.formed(before="共", after="层"), "number")


def _registered(item: str = "registered_date") -> Iterable[Kind]:
    yield from dates(item)
    yield cell("open_end", item, wrong.open_end, "not_future")


_PARCELS = (
    *_parcels(),
    *_coordinates(),
    *_areas("area_square_metres"),
    *_registered(),
    *missing("division_code", "location", "right_kind", "land_use", _LONGITUDE, _LATITUDE),
    cell("code_outside_list", "division_code", _NOT_A_DIVISION_NOW, "code"),
    cell("code_of_another_division", "division_code", wrong.from_another_row, "parcel_code.division"),
    cell("right_contradicts_code", "right_kind", wrong.replaced("^3$", "5"), "parcel_code.matches_kind", "right_nature.matches_kind"),
    cell("nature_contradicts_right", "right_nature", against.where("right_kind", ("3",), wrong.constant("202")), "matches_kind"),
    cell("code_outside_list", "right_kind", wrong.constant("99", "宅基地"), "code"),
    cell("code_outside_list", "right_nature", wrong.constant("103", "租赁"), "code"),
    cell("code_outside_list", "land_use", wrong.constant("071", "住宅"), "code"),
    cell("code_outside_list", "status", wrong.constant("9", "有效"), "code"),
    *repeated("location"),
    *unreadable_json("location", _PARCEL),
)

_REAL_ESTATE_UNITS = (
    *_units(),
    *_parcels(),
    cell("unit_on_another_parcel", _PARCEL, wrong.from_another_row, "matches_unit_code"),
    cell("right_contradicts_code", "right_kind", wrong.replaced("^4$", "6"), "unit_code.matches_kind"),
    cell("number_of_another_year", "certificate_no", wrong.replaced(r"\(....\)", "(1950)"), "year"),
    *_areas(_AREA),
    *_storeys(),
    *fillers("storey", "storeys"),
    *against.seen_too(against.seen_too(_registered(), "future_date", "certificate_no.year"), "open_end", "certificate_no.year"),
    *missing(_PARCEL, "certificate_no", "owner_name", "owner_id", "right_kind", "planned_use", "status"),
    cell("code_outside_list", "owner_id_kind", wrong.constant("1", "身份证"), "code"),
    cell("code_outside_list", "right_kind", wrong.constant("99", "房产"), "code"),
    cell("code_outside_list", "planned_use", wrong.constant("10", "成套住宅"), "code"),
    cell("code_outside_list", "status", wrong.constant("9", "有效"), "code"),
    cell("malformed_number", "certificate_no", wrong.replaced(r"\((\d{4})\)", "（${1}）"), "format"),
    cell("malformed_number", "certificate_no", wrong.replaced("号$", ""), "format"),
    cell("masked_id", "owner_id", wrong.masked_id, "matches_kind"),
    cell("misspelt_name", "owner_name", wrong.other_character),
    *repeated("location"),
    *unreadable("owner_name", "location", _UNIT),
)

_HOUSES = (
    *_units(),
    *_areas(_AREA),
    *_storeys(),
    *_registered("completed_date"),
    against.dummy_date("completed_date", "range"),
    *missing("house_no", "planned_use"),
    cell("code_outside_list", "planned_use", wrong.constant("成套住宅", "9"), "code"),
    cell("code_outside_list", "structure", wrong.constant("框剪", "7"), "code"),
    cell("measured_anew", _AREA, wrong.raised(1.35, 2)),
    cell("malformed_number", "house_no", wrong.without_last, "format"),
    *fillers("structure", "completed_date"),
    *repeated("location"),
    *unreadable("house_no", "location", _UNIT),
)

_DOOR_PLATES = (
    *_coordinates(),
    Kind("measured_at_the_gate", _LONGITUDE, (), wrong.raised(0.00041, 6), also=((_LATITUDE, wrong.raised(0.00041, 6)),)),
    cell("older_name", "town", wrong.replaced("街道$", "办事处")),
    *missing("town", "full_address", "police_station"),
    cell("missing_required", "division_code", wrong.missing, "not_null"),
    cell("malformed_number", "address_code", wrong.without_last, "format"),
    cell("code_of_another_division", "division_code", wrong.from_another_row, "address_code.division"),
    cell("code_outside_list", "division_code", _NOT_A_DIVISION_NOW, "code"),
    cell("misspelt_name", "town", wrong.other_character),
    cell("unreported_move", "full_address", wrong.from_another_row),
    *fillers("street", "door_plate_no", "community"),
    *repeated("full_address"),
    *unreadable("police_station", "full_address", "address_code"),
)

_STANDARD_ADDRESSES = (
    *_coordinates(),
    *missing("province", "town", "community", "street", "quarter", "room", "full_address"),
    cell("malformed_number", "address_code", wrong.without_last, "format"),
    cell("code_of_another_division", "division_code", wrong.from_another_row, "address_code.division"),
    cell("code_outside_list", "division_code", _NOT_A_DIVISION_NOW, "code"),
    cell("code_outside_list", "status", wrong.constant("停用", "3"), "code"),
    cell("filler_for_required", "full_address", wrong.constant("暂无", "无"), "not_null"),
    cell("filler_for_required", "unit", wrong.constant("-", "N/A"), "not_null"),
    cell("misspelt_name", "community", wrong.other_character),
    *repeated("full_address"),
    *unreadable_json("full_address", "address_code"),
)

_PENSIONS = (
    *citizen_ids(_CITIZEN),
    *missing(_CITIZEN, "full_name", "insurance_type", "monthly_amount_yuan", "payment_status"),
    *against.seen_too(dates("retired_date"), "future_date", "retired_date.age"),
    cell("code_outside_list", "insurance_type", wrong.constant("99", "职工养老"), "code"),
    cell("code_outside_list", "payment_status", wrong.constant("9", "正常"), "code"),
    cell("unreadable_number", "monthly_amount_yuan", wrong.formed(after="元"), "number"),
    cell("full_width_digits", "monthly_amount_yuan", wrong.full_width_digits, "number"),
    cell("out_of_range", "monthly_amount_yuan", wrong.constant("-123.00", "999999.00"), "range"),
    cell("malformed_number", "person_no", wrong.without_last, "format"),
    cell("malformed_month", "paid_month", wrong.replaced("^(....)(..)$", "${1}13"), "format"),
    cell("malformed_month", "paid_month", wrong.replaced("^(....)(..)$", "${1}年${2}月"), "format"),
    *fillers("retired_date"),
    cell("filler_for_required", _CITIZEN, wrong.constant("暂无", "无"), "not_null"),
    *against.masked_names("full_name"),
    against.dummy_date("retired_date", "age"),
    cell("misspelt_name", "full_name", wrong.other_character),
    cell("nobodys_id", _CITIZEN, wrong.nobodys_citizen_id),
    *repeated("monthly_amount_yuan"),
    *unreadable("full_name", "full_name", "person_no"),
)

KINDS: dict[str, tuple[Kind, ...]] = {
    "natural_resources.parcel": _PARCELS,
    "natural_resources.real_estate_unit": _REAL_ESTATE_UNITS,
    "housing.house": _HOUSES,
    "public_security.door_plate": _DOOR_PLATES,
    "civil_affairs.standard_address": _STANDARD_ADDRESSES,
    "human_resources.pension": _PENSIONS,
}
