"""Coordinate systems: there and back is the same point, by our formulas and by those of others, and figures of known points."""

import numpy as np
import prcoords
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.rules.coordinates import BD09, CGCS2000, GCJ02, PROJECTED, SYSTEMS, from_cgcs2000, to_cgcs2000

LONGITUDES, LATITUDES = st.floats(73.5, 134.9), st.floats(18.2, 53.5)
METRES_A_DEGREE = 111_320.0
CENTIMETRE = 0.01 / METRES_A_DEGREE


def pair(east: float, north: float) -> tuple[np.ndarray, np.ndarray]:
    return np.array([east]), np.array([north])


@given(LONGITUDES, LATITUDES, st.sampled_from([GCJ02, BD09]))
def test_there_and_back_is_the_same_point_to_a_billionth_of_a_degree(longitude: float, latitude: float, system: str) -> None:
    east, north = from_cgcs2000(*pair(longitude, latitude), system)
    back = to_cgcs2000(east, north, system)
    assert abs(back[0][0] - longitude) < 1e-9 and abs(back[1][0] - latitude) < 1e-9


@settings(deadline=None)  # PROJ reads its database once a system
@given(st.floats(112.5, 124.4), LATITUDES, st.sampled_from(PROJECTED))
def test_a_projected_point_comes_back_within_a_centimetre(longitude: float, latitude: float, system: str) -> None:
    back = to_cgcs2000(*from_cgcs2000(*pair(longitude, latitude), system), system)
    assert abs(back[0][0] - longitude) < CENTIMETRE and abs(back[1][0] - latitude) < CENTIMETRE


@given(LONGITUDES, LATITUDES)
def test_the_map_systems_are_those_that_others_know(longitude: float, latitude: float) -> None:
    point = prcoords.Coords(lat=latitude, lon=longitude)
    for system, theirs in ((GCJ02, prcoords.wgs_gcj(point, False)), (BD09, prcoords.wgs_bd(point, False))):
        east, north = from_cgcs2000(*pair(longitude, latitude), system)
        assert abs(east[0] - theirs.lon) < CENTIMETRE and abs(north[0] - theirs.lat) < CENTIMETRE, system


def test_known_points_of_projected_systems_have_their_figures() -> None:
    # Computed with PROJ 9.5 by its own command line: 117.2 E 34.26 N.
    east, north = to_cgcs2000(*pair(518_420.487, 3_792_519.972), "EPSG:4548")
    assert (round(east[0], 7), round(north[0], 7)) == (117.2, 34.26)
    east, north = to_cgcs2000(*pair(39_518_420.487, 3_792_519.972), "EPSG:4527")
    assert (round(east[0], 7), round(north[0], 7)) == (117.2, 34.26)


def test_maps_shift_points_of_the_city_by_hundreds_of_metres() -> None:
    for system in (GCJ02, BD09):
        east, north = from_cgcs2000(*pair(113.3, 33.74), system)
        assert 200 < METRES_A_DEGREE * float(np.hypot(east[0] - 113.3, north[0] - 33.74)) < 2_000


def test_arrays_keep_their_order_and_what_is_no_point_harms_no_neighbour() -> None:
    east, north = np.array([113.3, np.nan, 33.7, 1e12, 113.4]), np.array([33.7, 33.7, 113.3, 0.0, 33.8])
    for system in SYSTEMS[:3]:
        longitude, latitude = to_cgcs2000(east, north, system)
        alone = to_cgcs2000(east[4:], north[4:], system)
        assert len(longitude) == len(latitude) == 5
        assert np.isnan(longitude[1])
        assert np.isnan(longitude[2:4]).all() or system == CGCS2000
        assert (longitude[4], latitude[4]) == (alone[0][0], alone[1][0])


def test_an_unknown_system_is_named_with_those_that_are_known() -> None:
    with pytest.raises(KeyError, match="EPSG:4490"):
        to_cgcs2000(*pair(113.3, 33.7), "EPSG:2000")
