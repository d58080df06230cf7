"""Gets Django ready for one data folder, late and without a trace on the process: time zone and logging stay as they were.

Belongs here: set-up, migration, switching between data folders, closing connections. Not here: what the settings are (settings.py),
what the desk does (desk/service.py). Importing this module does not import Django.
"""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.private_files import create_private
from portal.settings import DATABASE_FILE, django_settings
from yishu.settings import settings as yishu_settings

_turn = threading.RLock()
_migrated: set[tuple[str, int]] = set()


def ensure_ready(data: Path) -> None:
    """Django set up, pointed at the desk of `data`, its tables up to date. Cheap when it already is."""
    with _turn, _time_zone_kept():
        wanted = django_settings(data.resolve(), yishu_settings.database_url)
        _configure(wanted)
        _point_at(wanted)
        if "sqlite3" in wanted["DATABASES"]["default"]["ENGINE"]:
            create_private(data.resolve() / DATABASE_FILE)
        _migrate(data.resolve())


@contextmanager
def desk(data: Path) -> Iterator[None]:
    """The desk of `data` for the length of a block; afterwards no handle and no lock stays on its database."""
    ensure_ready(data)
    from django.db import connections

    try:
        yield
    finally:
        connections.close_all()


def _configure(wanted: dict[str, object]) -> None:
    import django
    from django.apps import apps
    from django.conf import settings

    if not settings.configured:
        settings.configure(**wanted)
    if not apps.ready:
        django.setup()


def _point_at(wanted: dict[str, object]) -> None:
    """Another data folder than last time in this process: same applications, another database and key."""
    from django.conf import settings
    from django.db import connections

    if settings.DATABASES["default"]["NAME"] == wanted["DATABASES"]["default"]["NAME"]:  # type: ignore[index]  # a plain dict of Django's
        return
    connections.close_all()
    del connections["default"]
    settings.SECRET_KEY = wanted["SECRET_KEY"]
    settings.DATABASES = wanted["DATABASES"]
    connections.settings = connections.configure_settings(wanted["DATABASES"])


def _migrate(data: Path) -> None:
    file = data / DATABASE_FILE
    known = (str(file), file.stat().st_ino if file.exists() else 0)
    if known in _migrated:
        return
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    _migrated.add(known)


@contextmanager
def _time_zone_kept() -> Iterator[None]:
    """Django's set-up can put TIME_ZONE into the process's TZ; DuckDB and Dagster would then read other dates than before."""
    before = os.environ.get("TZ")
    try:
        yield
    finally:
        if os.environ.get("TZ") != before:
            if before is None:
                del os.environ["TZ"]
            else:
                os.environ["TZ"] = before
            time.tzset()
