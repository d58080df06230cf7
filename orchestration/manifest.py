"""The dbt manifest, parsed only when a source of it is newer: a warm load of the definitions imports nothing of dbt's programs.

Belongs here: the generated inputs, freshness, one parse at a time. Not here: what becomes of the manifest (components/warehouse.py).
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.environment import name_build
from yishu.catalogue import Catalogue
from yishu.catalogue.dbt_export import write_dbt_inputs
from yishu.redaction import redacted

SOURCES = ("models", "macros", "tests")


class DbtProjectBroken(Exception):
    """dbt cannot read its project; the message is dbt's own."""


def fresh_manifest(catalogue: Catalogue, data: Path, dbt_dir: Path) -> Path:
    """DIR/work/manifest.json in line with the catalogue and the project. Raises DbtProjectBroken where dbt cannot parse it.

    In the data folder, as what dbt remembers of a parse holds for one build database only: the night's build then parses nothing.
    """
    manifest = data / "work" / "manifest.json"
    with parsing_alone(data):  # web server and daemon load at the same time
        write_dbt_inputs(catalogue, dbt_dir)
        if not _is_fresh(manifest, dbt_dir):
            _parse(data, dbt_dir, manifest)
    return manifest


def dbt_places(data: Path, dbt_dir: Path) -> list[str]:
    """The arguments that tell dbt where everything is; the environment that goes with them is set."""
    from yishu.lake.warehouse import build_path  # loads DuckDB, which a warm load of the definitions does without

    name_build(build_path(data.resolve()))
    target = str(data.resolve() / "work" / "dbt")
    return ["--project-dir", str(dbt_dir), "--profiles-dir", str(dbt_dir), "--target-path", target, "--log-path", target]


@contextmanager
def parsing_alone(data: Path) -> Iterator[None]:
    """One process at a time uses what dbt keeps between its parses."""
    (data / "work").mkdir(parents=True, exist_ok=True, mode=0o700)
    with (data / "work" / "dbt.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _is_fresh(manifest: Path, dbt_dir: Path) -> bool:
    if not manifest.exists():
        return False
    # A folder's own time moves when a file in it is removed or renamed.
    paths = [dbt_dir / "dbt_project.yml", dbt_dir / "profiles.yml"]
    for name in SOURCES:
        paths += [dbt_dir / name, *(dbt_dir / name).rglob("*")]
    return max(path.stat().st_mtime_ns for path in paths if path.exists()) < manifest.stat().st_mtime_ns


def _parse(data: Path, dbt_dir: Path, manifest: Path) -> None:
    from dbt.cli.main import dbtRunner

    result = dbtRunner().invoke(["--quiet", "--log-level", "none", "parse", *dbt_places(data, dbt_dir)])
    if not result.success:
        raise DbtProjectBroken(f"dbt 项目无法解析：{redacted(str(result.exception))}")
    # Whole or not at all: another process may read it now.
    copied = manifest.with_name(manifest.name + ".new")
    shutil.copyfile(data / "work" / "dbt" / "manifest.json", copied)
    os.replace(copied, manifest)
