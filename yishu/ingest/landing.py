"""What lies in the landing folder: files that fit an entry, their sidecars, and strays that nobody expects.

Not here: what becomes of them (intake.py). Nothing is moved or read but sidecars.
"""

import fcntl
import json
import os
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from yishu.catalogue.delivery_terms import CORRECTION
from yishu.catalogue.models import Catalogue, Resource
from yishu.lake import delivery

SIDECAR = ".meta.json"  # <file>.meta.json: {"records": N, "sha256": "…", "kind": "correction", "approval": "…"}, all optional
# Names under which programs keep a file that they have not finished, and Excel its lock.
_UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload", ".partial", ".swp")
_NOT_OURS = (".", "~$")
DESK = "desk"  # corrections decided at the desk lie in landing/desk/<department>/<resource>/, under names of its own
CORRECTION_OF_DESK = re.compile(rf"{CORRECTION}(\d{{8}})_[0-9A-Za-z-]+_[0-9a-f]{{16}}\.(?:csv|jsonl|xlsx|parquet)")


@dataclass(frozen=True)
class Landed:
    """A file in the landing folder and the date it speaks of."""

    path: Path
    as_of: date


@dataclass(frozen=True)
class Stray:
    """A file in the landing folder that no catalogue entry expects; it stays where it is and is reported (B13)."""

    path: Path
    why: str


@dataclass(frozen=True)
class Sidecar:
    """What the department states about a file. `fault`: why it cannot be used, for the department; null where all is well."""

    records: int | None = None
    sha256: str | None = None
    kind: str = delivery.ORDINARY
    approval: str | None = None
    since: str | None = None
    until: str | None = None
    fault: str | None = None
    actor: str | None = None  # who decided it; believed only of what the desk has written


def landing_folder(data: Path, resource: Resource) -> Path:
    return data / "landing" / resource.department / resource.name


def desk_folder(data: Path, resource: Resource) -> Path:
    return data / "landing" / DESK / resource.department / resource.name


def from_desk(data: Path, resource: Resource, path: Path) -> bool:
    """Is this a file that the desk has written for the resource?"""
    return path.parent == desk_folder(data, resource)


def waiting(data: Path, resource: Resource, until: date) -> list[Landed]:
    """The finished files of the resource with as-of up to `until`, oldest first, corrections of a day last."""
    dated = [
        *((path, resource.delivery.as_of(path.name, until)) for path in _files(landing_folder(data, resource))),
        *((path, _decided_on(path)) for path in _files(desk_folder(data, resource))),
    ]
    found = [Landed(path, as_of) for path, as_of in dated if as_of is not None and as_of <= until and not being_written(path)]
    return sorted(found, key=lambda one: (one.as_of, one.path.name.startswith(CORRECTION), one.path.stat().st_mtime_ns, one.path.name))


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if _is_data(path) and not path.is_symlink()] if folder.is_dir() else []


def _decided_on(path: Path) -> date | None:
    """The day of a correction of the desk; None where the name is none of its own."""
    named = CORRECTION_OF_DESK.fullmatch(path.name)
    try:
        return date.fromisoformat(named[1]) if named else None
    except ValueError:
        return None


def strays(data: Path, catalogue: Catalogue) -> list[Stray]:
    """Files that no entry expects: wrong folder, or a name that does not fit the entry's pattern."""
    found = []
    landing = data / "landing"
    for path in sorted(landing.rglob("*")):
        if not _is_data(path) and not path.is_symlink():
            continue
        folder = path.parent.relative_to(landing).parts
        decided = len(folder) == 3 and folder[0] == DESK
        resource = catalogue.resources.get(".".join(folder[1:] if decided else folder))
        if len(folder) != 2 and not decided:
            found.append(Stray(path, "请放入 landing/<部门>/<信息资源>/ 文件夹"))
        elif resource is None:
            found.append(Stray(path, "目录中没有这个信息资源，请核对文件夹，或先登记目录"))
        elif path.is_symlink():
            found.append(Stray(path, "是链接，不是文件；请放入文件本身"))
        elif decided:
            if _decided_on(path) is None:
                found.append(Stray(path, f"landing/{DESK}/ 只收更正工单台写出的更正；报送请放入 landing/<部门>/<信息资源>/，更正请在工单台提交"))
        elif resource.delivery.as_of(path.name, date.max) is None:
            wanted = resource.delivery.pattern
            found.append(Stray(path, f"文件名不符合目录登记的样式 {wanted}（{{as_of}} 为数据日期，如 20260301），请按登记的格式和名称重新放入"))
    return found


def being_written(path: Path) -> bool:
    """Has some program the file open for writing? Such a file waits for the next night.

    Asks the kernel for a lease, which it refuses while there is a writer. Where the file is not ours or the file system knows no
    leases nobody can tell; then a file that breaks off is held, and replaced by the whole one.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return True  # gone or not readable yet
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return False


def sidecar_path(file: Path) -> Path:
    return file.with_name(file.name + SIDECAR)


def read_sidecar(file: Path) -> Sidecar:
    """What the sidecar states; where there is none, what the file's name does."""
    kind = delivery.CORRECTION if file.name.startswith(CORRECTION) else delivery.ORDINARY
    path = sidecar_path(file)
    if not path.exists():
        return Sidecar(kind=kind)
    try:
        stated = json.loads(path.read_text(encoding="utf-8-sig"))
        records, sha256 = stated.get("records"), stated.get("sha256")
        texts = {name: str(stated[name]) if stated.get(name) else None for name in ("approval", "since", "until", "actor")}
        kind = delivery.CORRECTION if stated.get("kind") == delivery.CORRECTION else kind
        if records is not None and (isinstance(records, bool) or not isinstance(records, int)):
            raise ValueError("records")
    except (ValueError, AttributeError, RecursionError):
        return Sidecar(kind=kind, fault=f"说明文件 {path.name} 不是有效的 JSON（records 应为整数）；请修正后连同数据文件重新报送")
    return Sidecar(records, str(sha256).lower() if sha256 is not None else None, kind, **texts)


def _is_data(path: Path) -> bool:
    return path.is_file() and not path.name.endswith((SIDECAR, *_UNFINISHED)) and not path.name.startswith(_NOT_OURS)
