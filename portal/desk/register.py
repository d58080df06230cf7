"""The catalogue, the law and the calendar as the desk's own pages and actions use them, read again when a file changes."""

from datetime import date
from functools import lru_cache
from pathlib import Path

from django.utils import timezone

from portal.desk.terms import TicketTerms
from yishu.catalogue.calendar import WorkingDayCalendar
from yishu.catalogue.law import Profile, load_profile
from yishu.catalogue.loading import load_catalogue
from yishu.catalogue.models import Catalogue
from yishu.settings import settings


def current_terms(actor: str, on: date | None = None) -> TicketTerms:
    """On what terms a ticket is opened now, by hand. `on`: another day than today in Asia/Shanghai."""
    return TicketTerms(on or timezone.localdate(), actor, current_profile(), _calendar(*_state()), current_catalogue())


def current_catalogue() -> Catalogue:
    return _catalogue(*_state())


def current_profile() -> Profile:
    return _profile(*_state())


def _state() -> tuple[Path, str, int]:
    """The folder, the profile, and when a file of the folder changed last."""
    folder = settings.catalogue
    newest = max((path.stat().st_mtime_ns for path in folder.rglob("*") if path.suffix in (".yaml", ".csv")), default=0)
    return folder, settings.profile, newest


@lru_cache(maxsize=2)
def _catalogue(folder: Path, profile: str, newest: int) -> Catalogue:
    return load_catalogue(folder, profile)


@lru_cache(maxsize=2)
def _profile(folder: Path, profile: str, newest: int) -> Profile:
    return load_profile(profile, folder)


@lru_cache(maxsize=2)
def _calendar(folder: Path, profile: str, newest: int) -> WorkingDayCalendar:
    return WorkingDayCalendar.load(folder)
