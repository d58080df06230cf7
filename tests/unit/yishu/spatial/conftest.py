"""A town of two villages beside a second county: squares of a tenth of a degree."""

from datetime import date

import polars as pl
import pytest

from yishu.spatial.boundaries import SCHEMA, Boundaries, in_force

TODAY = date(2026, 3, 1)
LONG_AGO = date(2000, 1, 1)


def square(west: float, south: float, east: float, north: float) -> str:
    return f"POLYGON (({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}))"


def boundary_rows(*rows: tuple[str, str, date, date | None], system: str = "EPSG:4490") -> pl.DataFrame:
    """(code, WKT, from, until) as SCHEMA; each is called by its code."""
    return pl.DataFrame([(code, f"名{code}", shape, since, until, system) for code, shape, since, until in rows], schema=SCHEMA, orient="row")


CITY = (
    ("410402001001", square(113.0, 33.0, 113.1, 33.1), LONG_AGO, None),
    ("410402001002", square(113.1, 33.0, 113.2, 33.1), LONG_AGO, None),
    ("410402001", square(113.0, 33.0, 113.2, 33.1), LONG_AGO, None),
    ("410402", square(113.0, 33.0, 113.2, 33.2), LONG_AGO, None),
    ("410403", square(113.2, 33.0, 113.4, 33.2), LONG_AGO, None),
)


@pytest.fixture
def city() -> Boundaries:
    return in_force(boundary_rows(*CITY), TODAY)
