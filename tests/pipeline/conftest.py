"""Nights through the real command, each in a process of its own: what an operator types."""

import pytest

from tests.cities import TOWN, WHOLE, City, after_first_night, delivered


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> City:
    """A city for the tests of a module, which run in the order they are written: after its first night, a copy of the one that is made
    once a test run. A module that says TESTS_THE_FIRST_NIGHT gets every resource, three days of deliveries and no night yet.
    """
    root = tmp_path_factory.mktemp("city")
    if getattr(request.module, "TESTS_THE_FIRST_NIGHT", False):
        return delivered(root, WHOLE)
    return after_first_night(root, TOWN, tmp_path_factory)
