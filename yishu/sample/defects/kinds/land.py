"""The kinds of divisions, boundaries, names of places, grid cells and facilities: what is wrong with codes, systems and points."""

from collections.abc import Iterable

from yishu.sample.defects import wrong_values as wrong
from yishu.sample.defects.kind import Kind, cell, dates, missing


def _turned(east: str, north: str) -> Kind:
    """Named by no rule of the row: in figures of several systems only the place tells."""
    return Kind("swapped_axes", east, (), wrong.of_column(north), also=((north, wrong.of_column(east)),))


def _of_another_division() -> Iterable[Kind]:
    yield cell("filed_under_another_division", "division_code", wrong.from_another_row)


KINDS: dict[str, tuple[Kind, ...]] = {
    "civil_affairs.division": (
        cell("code_outside_list", "level", wrong.constant("村居", "7"), "code"),
        *missing("division_name"),
        cell("nobodys_parent", "parent_code", wrong.constant("410499", "410402999")),
    ),
    "natural_resources.boundary": (
        cell("out_of_range", "area_square_kilometres", wrong.constant("-1", "0"), "range"),
        cell("unreadable_number", "area_square_kilometres", wrong.formed(after="平方公里"), "number"),
    ),
    "civil_affairs.place_name": (
        cell("code_outside_list", "kind", wrong.constant("村庄", "9"), "code"),
        cell("degree_sign", "longitude_degrees", wrong.formed(after="°"), "number"),
        *dates("approved_date"),
        *missing("place_name", "latitude_degrees"),
        _turned("longitude_degrees", "latitude_degrees"),
        *_of_another_division(),
    ),
    "city_management.grid_cell": (
        cell("malformed_number", "grid_code", wrong.without_last, "format"),
        cell("out_of_range", "area_square_metres", wrong.constant("0", "-200.00"), "range"),
        cell("cell_of_another_village", "village_code", wrong.from_another_row, "grid_code.village"),
        *missing("grid_name", "centre_east_metres"),
        _turned("centre_east_metres", "centre_north_metres"),
    ),
    "city_management.facility": (
        cell("code_outside_list", "facility_kind", wrong.constant("厕所", "8"), "code"),
        cell("code_outside_list", "coordinate_system", wrong.constant("西安80", "WGS84"), "code"),
        cell("wrong_system_stated", "coordinate_system", wrong.from_another_row),
        *dates("installed_date"),
        *missing("coordinate_system", "east"),
        _turned("east", "north"),
        *_of_another_division(),
    ),
}
