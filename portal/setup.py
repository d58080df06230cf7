"""Gets Django ready for one data folder, late, leaving the process's time zone and logging as they were.

Belongs here: set-up, migration, switching between data folders, closing connections. Not here: what the settings are
(settings.py), what the desk does (desk/service.py). Importing this module does not import Django.
"""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

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
        is_new = "sqlite3" in wanted["DATABASES"]["default"]["ENGINE"] and create_private(
            data.resolve() / DATABASE_FILE
        )
        _migrate(data.resolve(), is_new)


@contextmanager
def desk(data: Path) -> Iterator[None]:
    """The desk of `data` for the length of a block; afterwards no handle and no lock stays on its database."""
    ensure_ready(data)
    from django.db import connections

    try:
        yield
    finally:
        connections.close_all()


def _configure(wanted: dict[str, Any]) -> None:
    import django
    from django.apps import apps
    from django.conf import settings

    if "postgresql" in wanted["DATABASES"]["default"]["ENGINE"] and find_spec("psycopg") is None:
        raise RuntimeError(
            "DATABASE_URL 指向 PostgreSQL，但没有安装驱动；请安装 psycopg[binary]，或去掉 DATABASE_URL 使用 SQLite"
        )
    if not settings.configured:
        settings.configure(**wanted)
    if not apps.ready:
        django.setup()


def _point_at(wanted: dict[str, Any]) -> None:
    """Another data folder than last time in this process: same applications, another database and key."""
    from django.conf import settings
    from django.db import connections

    settings.DATA_FOLDER = wanted["DATA_FOLDER"]
    current = settings.DATABASES["default"]
    if current["NAME"] == wanted["DATABASES"]["default"]["NAME"]:
        return
    connections.close_all()
    # The very dictionary that each thread's connection reads when it opens.
    current.update(wanted["DATABASES"]["default"])
    settings.SECRET_KEY = wanted["SECRET_KEY"]


def _migrate(data: Path, is_new: bool) -> None:
    """Once a process and database; a file that was replaced or deleted meanwhile is another database."""
    file = data / DATABASE_FILE
    known = (str(file), file.stat().st_ino if file.exists() else 0)
    if known in _migrated and not is_new:
        return
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    _migrated.add(known)


@contextmanager
def _time_zone_kept() -> Iterator[None]:
    """Django's set-up can put TIME_ZONE into the process's TZ; DuckDB and Dagster would then read other dates."""
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
