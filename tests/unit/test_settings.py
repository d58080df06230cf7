"""Settings come from the environment, have defaults that work in a fresh clone, and are read in one place."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from yishu.settings import ROOT, Settings

NAMES = (
    "YISHU_DATA",
    "YISHU_PROFILE",
    "YISHU_CATALOGUE",
    "YISHU_SUITES",
    "YISHU_DBT",
    "YISHU_ACTOR",
    "DATABASE_URL",
    "YISHU_DATABASE_URL",
    "YISHU_ALERT_WEBHOOK",
    "YISHU_ALERT_COMMAND",
)


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """None of our variables is set, whatever the machine has."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_a_fresh_clone_needs_no_settings(environment: pytest.MonkeyPatch) -> None:
    settings = Settings()
    assert (settings.data, settings.profile, settings.actor) == (ROOT / "data", "pingdingshan", "night")
    assert settings.database_url is None and settings.alert_webhook is None and settings.alert_command is None


def test_the_default_folders_are_those_of_the_project(environment: pytest.MonkeyPatch) -> None:
    settings = Settings()
    assert (settings.catalogue_dir / "authority").is_dir()
    assert (settings.suites_dir / "raw").is_dir()
    assert (settings.dbt_dir / "dbt_project.yml").is_file()


def test_every_choice_can_be_made_by_a_variable(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("YISHU_DATA", "elsewhere")
    environment.setenv("YISHU_PROFILE", "lishui")
    environment.setenv("YISHU_ALERT_COMMAND", "mail-the-operator")
    settings = Settings()
    assert (settings.data, settings.profile, settings.alert_command) == (
        Path("elsewhere"),
        "lishui",
        "mail-the-operator",
    )


def test_the_desks_database_has_the_name_that_everybody_uses(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_URL", "postgresql://db.invalid/desk")
    assert Settings().database_url == "postgresql://db.invalid/desk"


def test_a_choice_made_later_is_checked_too(environment: pytest.MonkeyPatch) -> None:
    settings = Settings()
    with pytest.raises(ValidationError):
        settings.data = 3  # type: ignore[assignment]  # the mistake under test
