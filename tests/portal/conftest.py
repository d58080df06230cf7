"""Fixtures of the desk's tests: the real law and calendar, and an empty desk for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.desk import service
from portal.setup import desk
from tests.portal.at_the_desk import SUBJECTS
from tests.portal.nights import Desk, failing
from tests.portal.published import publish
from tests.portal.rows import IDS, ODD, desk_with_rows, resident
from yishu.catalogue import load_catalogue
from yishu.catalogue.calendar import WorkingDayCalendar
from yishu.catalogue.law import Profile, load_profile
from yishu.settings import ROOT


@pytest.fixture(scope="session")
def profile() -> Profile:
    return load_profile("pingdingshan", ROOT / "catalogue")


@pytest.fixture(scope="session")
def calendar() -> WorkingDayCalendar:
    return WorkingDayCalendar.load(ROOT / "catalogue")


@pytest.fixture(scope="session")
def migrated_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with its tables and nothing in them, copied for each test: migrating takes longer than most tests."""
    folder = tmp_path_factory.mktemp("desk")
    service.list_tickets(folder)
    return folder


@pytest.fixture
def empty_desk(migrated_folder: Path, tmp_path: Path, profile: Profile, calendar: WorkingDayCalendar) -> Desk:
    shutil.copytree(migrated_folder, tmp_path / "data")
    return Desk(tmp_path / "data", profile, calendar)


@pytest.fixture
def busy(empty_desk: Desk) -> Iterator[Desk]:
    """One ticket of the police with three rows, the desk open for actions."""
    empty_desk.catalogue = load_catalogue(ROOT / "catalogue", empty_desk.profile.name)
    empty_desk.night([failing(subject, row_number=row) for row, subject in enumerate(SUBJECTS, start=2)])
    with desk(empty_desk.data):
        yield empty_desk


@pytest.fixture
def filled(empty_desk: Desk) -> Iterator[Desk]:
    """A desk over a lake that has the ticket's rows."""
    with desk_with_rows(empty_desk, [resident(IDS[0], **ODD), *(resident(one) for one in IDS[1:])]) as place:
        yield place


@pytest.fixture
def known(empty_desk: Desk) -> Iterator[Desk]:
    """A desk beside a release that knows the persons of IDS."""
    with desk_with_rows(empty_desk, [resident(one) for one in IDS]) as place:
        publish(place.data)
        yield place
