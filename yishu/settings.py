"""Where things are and what the operator chose. The only module that reads the environment.

Every value can be set as `YISHU_<NAME>` (and `DATABASE_URL` for the desk), or by the command line, which sets
the field on `settings` before anything else is loaded.
"""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
CONNECTIONS = "connections.yaml"  # in the data folder: {<name>: {url: …, token: …}}
_SQLITE = "sqlite:///"


class ConnectionUnusable(Exception):
    """A connection that is not there or may not be used: which, why, and the way out, in Chinese. Never holds its secrets."""


@dataclass(frozen=True)
class Connection:
    """Where a department's exchange database or interface is reached, and with what. Shown without its secrets."""

    name: str
    url: SecretStr
    token: SecretStr | None = None


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
    desk_url: str = Field(default="http://127.0.0.1:8000", description="where people reach the desk, no slash at the end")
    mail_from: str = Field(default="yishu@localhost", description="sender of the desk's digests; how mail leaves: connection smtp")
    bureau_mail: str | None = Field(default=None, description="where the bureau gets its digest; none: its officers' accounts have addresses")
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

    def connection(self, name: str, data: Path | None = None) -> Connection | None:
        """The connection of this name: from YISHU_CONNECTION_<NAME> (and …_TOKEN), else from connections.yaml of the data folder.

        None where neither knows it. A relative path of SQLite is relative to the data folder. Raises ConnectionUnusable.
        """
        data = data or self.data
        variable = f"YISHU_CONNECTION_{name.upper()}"
        if name.endswith("_token"):
            raise ConnectionUnusable(f"连接名 {name} 不能以 _token 结尾（{variable} 是令牌的变量名）；请在目录中改用别的连接名")
        if os.environ.get(variable):
            return _connection(name, os.environ[variable], os.environ.get(f"{variable}_TOKEN"), data)
        stated = _stated_connections(data / CONNECTIONS).get(name)
        if stated is None:
            return None
        if not isinstance(stated, dict) or not isinstance(stated.get("url"), str) or not isinstance(stated.get("token", ""), str | None):
            raise ConnectionUnusable(f"{data / CONNECTIONS} 中连接 {name} 的写法不对；请写 url（文字）和可选的 token（文字）")
        return _connection(name, stated["url"], stated.get("token"), data)


def _connection(name: str, url: str, token: str | None, data: Path) -> Connection:
    if url.startswith(_SQLITE) and not url.startswith((f"{_SQLITE}/", f"{_SQLITE}:")):
        url = f"{_SQLITE}{data.resolve() / url.removeprefix(_SQLITE)}"
    return Connection(name, SecretStr(url), SecretStr(token) if token else None)


def _stated_connections(file: Path) -> dict[str, Any]:
    """What the file of connections states. It holds passwords: who else may read it has them too."""
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConnectionUnusable(f"无法读取 {file}（{error.strerror}）；它须是文件（不是链接），并归运行本平台的用户所有") from None
    with os.fdopen(handle, encoding="utf-8") as opened:
        state = os.fstat(handle)
        if state.st_uid != os.geteuid():
            raise ConnectionUnusable(f"{file} 归其他用户所有；请执行 chown {os.geteuid()} {file} 后重试")
        if stat.S_IMODE(state.st_mode) & 0o077:
            raise ConnectionUnusable(f"{file} 含有口令，其他用户也能读写；请执行 chmod 0600 {file} 后重试")
        try:
            stated = yaml.safe_load(opened)
        except (yaml.YAMLError, ValueError) as error:
            line = getattr(getattr(error, "problem_mark", None), "line", None)
            place = f"第 {line + 1} 行附近" if line is not None else "（须为 UTF-8）"
            raise ConnectionUnusable(f"{file} 不是有效的 YAML{place}；请修正缩进、冒号或引号") from None
    if not isinstance(stated or {}, dict):
        raise ConnectionUnusable(f"{file} 应写成「连接名: {{url: …, token: …}}」；请修正")
    return stated or {}


settings = Settings()
