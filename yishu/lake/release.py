"""A release: the folder DIR/releases/<n> and the symbolic link DIR/published, whose replacement is the only commit.

Belongs here: deciding whether the build may be published, writing the folder, moving the link, sweeping what a crash left.
Not here: building (dbt, warehouse.py), the checks of whole tables (whole_gate.py), masks (release_masking.py). Open readers
keep the release they opened; before the link moves, nothing of a new release can be seen.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from yishu.catalogue.law import Profile
from yishu.catalogue.models import Catalogue
from yishu.lake import delta
from yishu.lake.ledger import Ledger
from yishu.lake.lock import SHANGHAI, writing
from yishu.lake.release_docs import carry_over
from yishu.lake.release_files import write_databases
from yishu.lake.table_contract import TableContract, dbt_project_hash, table_contracts
from yishu.lake.warehouse import build_path, pin_digest
from yishu.lake.whole_gate import Fault, gate_whole, mixed_pins
from yishu.settings import settings

KEPT_RELEASES = 5


@dataclass(frozen=True)
class ReleaseOutcome:
    """`number` of the release that is published now (None: there is none), whether this call published it, and why (not)."""

    number: int | None
    published: bool
    reason: str


def inputs_hash(
    data: Path,
    catalogue: Catalogue,
    pin: Mapping[str, int],
    as_of: date,
    *,
    profile: Profile,
    dbt_dir: Path | None = None,
) -> str:
    """The name of all that decides a release's content: same inputs, same tables, no new release."""
    inputs = {
        "pin": pin_digest(pin),
        "as_of": as_of.isoformat(),
        "catalogue": catalogue.hash,
        "dbt": dbt_project_hash(dbt_dir or settings.dbt_dir),
        "profile": [profile.name, profile.version],
        "under_check": _under_check_hash(data / "under_check"),
    }
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


def published_release(data: Path) -> dict[str, Any] | None:
    """The release.json of what is published, or None."""
    path = data / "published" / "release.json"
    return dict(json.loads(path.read_text("utf-8"))) if path.exists() else None


def publish(
    data: Path,
    catalogue: Catalogue,
    pin: Mapping[str, int],
    as_of: date,
    *,
    profile: Profile,
    inputs_hash: str,
    actor: str,
    dbt_dir: Path | None = None,
    again: bool = False,
) -> ReleaseOutcome:
    """Publish the build database, unless its inputs are those of the published release or a table has a fault as a whole.

    again: publish also where the inputs are the same: what was made of them is found to be another (`yishu rebuild`).

    A refusal is an outcome, not an exception: the last release stays served and the reason names tables (D01, E02).
    """
    dbt_dir = dbt_dir or settings.dbt_dir
    with writing(data, "release"):
        _sweep(data)
        last = published_release(data)
        number = int(last["number"]) if last else None
        if last and last["inputs_hash"] == inputs_hash and not again:
            Ledger(data).released(int(last["number"]), date.fromisoformat(last["as_of"]))  # a crash may have come between
            return ReleaseOutcome(number, False, f"输入与第 {number} 次发布相同，无需再发布")
        contracts = table_contracts(dbt_dir)
        refusal = _refusal(data, contracts, pin_digest(pin), as_of)
        if refusal:
            return ReleaseOutcome(number, False, refusal)
        stated = {**_stated(catalogue, pin, as_of, profile, dbt_dir), "inputs_hash": inputs_hash, "actor": actor}
        new = _next_number(data)
        _commit(data, _write(data, new, contracts, catalogue, stated))
        Ledger(data).released(new, as_of)
        _retire(data)
        return ReleaseOutcome(new, True, f"第 {new} 次发布，数据日期 {as_of}")


def _stated(catalogue: Catalogue, pin: Mapping[str, int], as_of: date, profile: Profile, dbt_dir: Path) -> dict[str, Any]:
    """What release.json says of what the release was made from, and when it was."""
    return {
        "pin": dict(sorted(pin.items())),
        "pin_digest": pin_digest(pin),
        "as_of": as_of.isoformat(),
        "catalogue_hash": catalogue.hash,
        "dbt_project_hash": dbt_project_hash(dbt_dir),
        "profile": profile.name,
        "profile_version": profile.version,
        "published_at": datetime.now(SHANGHAI).isoformat(timespec="seconds"),
    }


def _refusal(data: Path, contracts: Mapping[str, TableContract], pin: str, as_of: date) -> str | None:
    """Why the build may not be published, or None."""
    build = build_path(data)
    if not build.exists():
        return "没有构建库（work/build.duckdb）；请先运行构建"
    faults = gate_whole(build, data / "published", contracts)
    missing = {fault.table for fault in faults if fault.kind == "missing"}
    mixed = mixed_pins(build, sorted(contracts.keys() - missing), pin, as_of)
    if mixed:
        return f"各表所依据的版本不一致，不予发布：{_joined(mixed)}。请从同一版本重新构建全部表"
    return f"整表检查未通过，不予发布：{_joined(faults)}" if faults else None


def _joined(faults: list[Fault]) -> str:
    return "；".join(fault.message for fault in faults)


def _write(data: Path, number: int, contracts: Mapping[str, TableContract], catalogue: Catalogue, stated: dict[str, Any]) -> Path:
    """Write the whole release beside its place, flush it, then give it its name."""
    folder = data / "releases" / str(number)
    temporary = folder.with_name(f"{number}.tmp-{os.getpid()}")
    temporary.mkdir(parents=True, mode=0o700)
    tables = write_databases(data, build_path(data), temporary, contracts, catalogue)
    described = json.dumps({"number": number, **stated, "tables": tables}, ensure_ascii=False, indent=2)
    (temporary / "release.json").write_text(described, encoding="utf-8")
    for file in temporary.iterdir():
        file.chmod(0o600)
        _flush(file)
    carry_over(data / "published", temporary)
    _flush(temporary)
    os.rename(temporary, folder)
    _flush(folder.parent)
    return folder


def _commit(data: Path, folder: Path) -> None:
    link = data / f"published.tmp-{os.getpid()}"
    link.symlink_to(Path("releases") / folder.name)
    os.replace(link, data / "published")
    _flush(data)


def _sweep(data: Path) -> None:
    """Remove what a crash left: folders that never got their number, links that never took their place."""
    for folder in (data / "releases").glob("*.tmp-*"):
        shutil.rmtree(folder)
    for link in data.glob("published.tmp-*"):
        link.unlink()


def _retire(data: Path) -> None:
    """Remove the oldest releases; an analyst with one of the kept ones open is not disturbed, the published one never goes."""
    published = (data / "published").resolve().name
    older = sorted((n for n in _numbers(data) if str(n) != published), reverse=True)
    for number in older[KEPT_RELEASES:]:
        shutil.rmtree(data / "releases" / str(number))


def _numbers(data: Path) -> list[int]:
    return [int(folder.name) for folder in (data / "releases").glob("*") if folder.name.isdecimal()]


def _next_number(data: Path) -> int:
    # One more than any folder, published or not: a crash before the link moved leaves a complete folder that was never seen.
    return max(_numbers(data), default=0) + 1


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _under_check_hash(path: Path) -> str:
    if not delta.exists(path):
        return ""
    rows = delta.read(path).unique()
    return hashlib.sha256(rows.select(sorted(rows.columns)).sort(pl.all()).write_csv().encode()).hexdigest()
