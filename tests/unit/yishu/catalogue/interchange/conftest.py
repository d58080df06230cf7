"""The real catalogue, loaded once."""

import pytest

from yishu.catalogue import Catalogue, load_catalogue


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()
