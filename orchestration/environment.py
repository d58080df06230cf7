"""The variables that other programs read: where Dagster keeps its runs, where dbt builds, no telemetry.

The only place of orchestration that sets the environment; nothing here reads it (yishu/settings.py does). A child process
finds the same data folder and profile as its parent.
"""

import os
from pathlib import Path

from yishu.settings import settings

NO_TELEMETRY = {"DBT_SEND_ANONYMOUS_USAGE_STATS": "0", "GX_ANALYTICS_ENABLED": "False", "DO_NOT_TRACK": "1"}
DAGSTER_YAML = """\
# 由 yishu 生成。可按需修改（例如改用 PostgreSQL 存储）；文件存在时不会被覆盖。
telemetry:
  enabled: false
# 不弹出邀请用户上网登记的窗口：这里没有互联网。
nux:
  enabled: false
# 夜间任务与手工运行共用一把锁：同时只运行一个，其余排队等候。
concurrency:
  runs:
    max_concurrent_runs: 1
"""
WORKSPACE_YAML = """\
# 由 yishu 生成，每次启动界面时重写。
load_from:
  - python_module:
      module_name: orchestration.definitions
      location_name: yishu
"""


def dagster_home(data: Path) -> Path:
    """DIR/dagster, made if absent, named to Dagster and without telemetry."""
    home = data.resolve() / "dagster"
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    configuration = home / "dagster.yaml"
    if not configuration.exists():
        configuration.write_text(DAGSTER_YAML, encoding="utf-8")
    os.environ.update(NO_TELEMETRY, DAGSTER_HOME=str(home))
    return home


def workspace(data: Path) -> Path:
    """DIR/dagster/workspace.yaml: the code location under the name that pyproject.toml gives it, for web server and daemon alike."""
    file = dagster_home(data) / "workspace.yaml"
    file.write_text(WORKSPACE_YAML, encoding="utf-8")
    return file


def name_build(build: Path) -> None:
    """Tell dbt's profile where the build database is."""
    os.environ.update(NO_TELEMETRY, YISHU_BUILD=str(build))


def for_children(data: Path) -> dict[str, str]:
    """The environment of a process that serves the same data folder under the same choices."""
    chosen = {
        "YISHU_DATA": str(data.resolve()), "YISHU_PROFILE": settings.profile, "YISHU_CATALOGUE": str(settings.catalogue),
        "YISHU_SUITES": str(settings.suites), "YISHU_DBT": str(settings.dbt), "DAGSTER_HOME": str(dagster_home(data)),
        "YISHU_DESK_URL": settings.desk_url,
    }
    return {**os.environ, **NO_TELEMETRY, **chosen}
