"""What an entry says of its places is held against the systems there are and the items it has."""

from typing import Any

import pytest
from pydantic import ValidationError

from expectations.rules.coordinates import SYSTEMS
from yishu.catalogue import load_catalogue
from yishu.catalogue.models import Resource
from yishu.catalogue.places import Boundaries, Coordinates

POINT = {"east": "x", "north": "y"}


def test_a_system_that_is_not_known_is_refused_with_those_that_are() -> None:
    with pytest.raises(ValidationError, match="EPSG:4490"):
        Coordinates(**POINT, system="EPSG:2000")
    with pytest.raises(ValidationError, match="EPSG:4490"):
        Boundaries(geometry="g", code="c", title="t", valid_from="f", valid_until="u", system="WGS-84")


@pytest.mark.parametrize("systems", [{}, {"system": "GCJ-02", "system_item": "z"}])
def test_the_system_is_stated_once(systems: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="坐标系须写明一次"):
        Coordinates(**POINT, **systems)


def test_an_item_that_is_not_the_table_s_is_named_with_its_place() -> None:
    entry = load_catalogue().resources["public_security.door_plate"].model_dump(by_alias=True)
    with pytest.raises(ValidationError, match="coordinates 的 east: nowhere 不是本表的信息项"):
        Resource(**{**entry, "coordinates": {"east": "nowhere", "north": "latitude_degrees", "system": "GCJ-02"}})


def test_the_code_list_of_systems_has_each_that_can_be_converted() -> None:
    assert tuple(load_catalogue().codes["coordinate_system"].entries) == SYSTEMS
