"""The desk is a guest in the night's process: it leaves time zone, logging and other folders as they were."""

import logging
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal.desk import service
from portal.settings import database, django_settings
from portal.setup import ensure_ready
from tests.portal.nights import RESIDENT, Desk, failing, open_files
from yishu.settings import ROOT


def python(code: str, **environment: str) -> str:
    """Run in a fresh interpreter: what is asked here happens once a process."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_the_service_does_not_import_django() -> None:
    code = "import sys, portal.desk.evidence, portal.setup; print('django' in sys.modules, 'polars' in sys.modules)"
    assert python(code) == "False False"
    assert python("import sys; import portal.desk.service; print('django' in sys.modules)") == "False"


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_setting_up_leaves_the_time_zone_of_the_process(tmp_path: Path, zone: str) -> None:
    code = (
        "import os, sys, time; from pathlib import Path; from portal.setup import ensure_ready\n"
        "zone = lambda: (os.environ.get('TZ'), time.tzname)\n"
        f"before = zone(); ensure_ready(Path({str(tmp_path)!r})); print('django' in sys.modules, before == zone())"
    )
    assert python(code, TZ=zone) == "True True"


def test_a_time_zone_changed_meanwhile_is_put_back(empty_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()

    def changes_it(*_: object) -> None:
        os.environ["TZ"] = "Asia/Shanghai"
        time.tzset()

    monkeypatch.setattr("portal.setup._migrate", changes_it)
    ensure_ready(empty_desk.data)
    assert (os.environ["TZ"], time.tzname[0]) == ("UTC", "UTC")


def test_setting_up_leaves_logging_alone(tmp_path: Path) -> None:
    handlers = list(logging.getLogger().handlers)
    service.list_tickets(tmp_path)
    assert logging.getLogger().handlers == handlers
    assert logging.getLogger("django").handlers == []


def test_no_handle_and_no_lock_stays_after_a_call(empty_desk: Desk) -> None:
    empty_desk.night([failing()])
    assert open_files(empty_desk.data) == []
    assert sorted(path.name for path in empty_desk.data.iterdir()) == ["desk.key", "desk.sqlite3"]
    with sqlite3.connect(empty_desk.data / "desk.sqlite3", timeout=0) as other:
        other.execute("begin exclusive")
    other.close()


def test_no_handle_stays_after_a_call_that_failed(empty_desk: Desk) -> None:
    with pytest.raises(service.TicketNotFound):
        service.show_ticket(empty_desk.data, "T1")
    assert open_files(empty_desk.data) == []


def test_only_the_owner_may_read_the_desks_files(tmp_path: Path) -> None:
    service.list_tickets(tmp_path / "new")
    assert {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "new").iterdir()} == {
        "desk.key": 0o600,
        "desk.sqlite3": 0o600,
    }


def test_a_database_that_others_could_read_is_closed_to_them(empty_desk: Desk) -> None:
    (empty_desk.data / "desk.sqlite3").chmod(0o644)
    service.list_tickets(empty_desk.data)
    assert (empty_desk.data / "desk.sqlite3").stat().st_mode & 0o777 == 0o600


def test_two_data_folders_in_one_process_do_not_mix(empty_desk: Desk, tmp_path: Path) -> None:
    other = Desk(tmp_path / "other", empty_desk.profile, empty_desk.calendar)
    empty_desk.night([failing(RESIDENT)])
    assert other.tickets() == []
    other.night([failing(RESIDENT, rule="phone.phone")])
    assert [ticket["rule"] for ticket in empty_desk.tickets()] == ["sex.code"]
    assert [ticket["rule"] for ticket in other.tickets()] == ["phone.phone"]


def test_a_database_deleted_meanwhile_is_made_anew(empty_desk: Desk) -> None:
    empty_desk.night([failing()])
    (empty_desk.data / "desk.sqlite3").unlink()
    assert empty_desk.tickets() == []


def test_the_key_is_made_once_a_folder(tmp_path: Path) -> None:
    first, again, other = (
        django_settings(folder, None)["SECRET_KEY"] for folder in (tmp_path / "a", tmp_path / "a", tmp_path / "b")
    )
    assert first == again != other
    assert len(first) >= 50


def test_the_migrations_say_what_the_models_say(empty_desk: Desk) -> None:
    ensure_ready(empty_desk.data)
    from django.core.management import call_command

    call_command("makemigrations", "desk", check=True, dry_run=True, verbosity=0)


def test_the_address_of_a_server_is_read_from_database_url(tmp_path: Path) -> None:
    server = database(tmp_path, "postgresql://desk:p%40ss@db.example.invalid:5433/yishu?sslmode=require")
    assert server["ENGINE"] == "django.db.backends.postgresql"
    assert [server[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "yishu",
        "desk",
        "p@ss",
        "db.example.invalid",
        "5433",
    ]
    assert server["OPTIONS"] == {"sslmode": "require"}


def test_a_server_without_its_driver_is_named_with_the_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.setup.yishu_settings.database_url", "postgresql://desk@db.example.invalid/yishu")
    monkeypatch.setattr("portal.setup.find_spec", lambda _: None)
    with pytest.raises(RuntimeError, match="psycopg"):
        ensure_ready(tmp_path)


@pytest.mark.parametrize("address", ["mysql://desk@db/yishu", "postgresql://desk@db", "yishu"])
def test_an_address_of_another_kind_is_refused_without_repeating_its_password(tmp_path: Path, address: str) -> None:
    with pytest.raises(ValueError, match="postgresql://") as caught:
        database(tmp_path, address)
    assert address not in str(caught.value)
