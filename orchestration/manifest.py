"""The dbt manifest, parsed only when a source of it is newer: a warm load of the definitions imports nothing of dbt's programs.

Belongs here: the generated inputs, freshness, one parse at a time. Not here: what becomes of the manifest (components/warehouse.py).
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration.environment import name_build
from yishu.catalogue import Catalogue
from yishu.catalogue.dbt_export import write_dbt_inputs

SOURCES = ("models", "macros", "tests")


class DbtProjectBroken(Exception):
    """dbt cannot read its project; the message is dbt's own."""


def fresh_manifest(catalogue: Catalogue, dbt_dir: Path) -> Path:
    """target/manifest.json in line with the catalogue and the project. Raises DbtProjectBroken where dbt cannot parse it."""
    manifest = dbt_dir / "target" / "manifest.json"
    manifest.parent.mkdir(exist_ok=True)
    with _alone(manifest.parent / "parsing.lock"):  # web server and daemon load at the same time
        write_dbt_inputs(catalogue, dbt_dir)
        if not _is_fresh(manifest, dbt_dir):
            _parse(dbt_dir, manifest)
    return manifest


def _is_fresh(manifest: Path, dbt_dir: Path) -> bool:
    if not manifest.exists():
        return False
    # A folder's own time moves when a file in it is removed or renamed.
    paths = [dbt_dir / "dbt_project.yml", dbt_dir / "profiles.yml"]
    for name in SOURCES:
        paths += [dbt_dir / name, *(dbt_dir / name).rglob("*")]
    return max(path.stat().st_mtime_ns for path in paths if path.exists()) < manifest.stat().st_mtime_ns


def _parse(dbt_dir: Path, manifest: Path) -> None:
    from dbt.cli.main import dbtRunner

    # The name of the database is the file's: the same as at build time, or every relation would be called otherwise.
    name_build(dbt_dir / "target" / "build.duckdb")
    target = manifest.parent / "parse"
    arguments = ["--project-dir", str(dbt_dir), "--profiles-dir", str(dbt_dir), "--target-path", str(target), "--log-path", str(target)]
    result = dbtRunner().invoke(["--quiet", "--log-level", "none", "parse", *arguments])
    if not result.success:
        raise DbtProjectBroken(f"dbt 项目无法解析：{result.exception}")
    os.replace(target / "manifest.json", manifest)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
