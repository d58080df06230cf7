"""Where things are and what the operator chose. The only module that reads the environment.

Every value can be set as `YISHU_<NAME>` (and `DATABASE_URL` for the desk), or by the command line, which sets
the field on `settings` before anything else is loaded.
"""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Paths, the chosen profile and the operator's alert. Secrets come from here or from 0600 files, never from the catalogue."""

    model_config = SettingsConfigDict(env_prefix="YISHU_", validate_assignment=True)

    root: Path = ROOT
    data: Path = ROOT / "data"
    catalogue: Path = ROOT / "catalogue"
    suites: Path = ROOT / "expectations" / "suites"
    dbt: Path = ROOT / "dbt_project"
    profile: str = "pingdingshan"
    actor: str = Field(default="night", description="who is named on commits and in the ledger (C08)")
    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    alert_webhook: str | None = None
    alert_command: str | None = Field(default=None, description="program that gets the alert on its standard input, e.g. a mail script")

    @property
    def catalogue_dir(self) -> Path:
        return self.catalogue

    @property
    def suites_dir(self) -> Path:
        return self.suites

    @property
    def dbt_dir(self) -> Path:
        return self.dbt


settings = Settings()
