"""Taking in what lies in the landing folder: each file becomes a delivery in the ledger, rows in raw, rejects, a file in the archive.

The order makes a crash harmless: ledger, raw (once per delivery), archive, ledger. A rerun meets the file again, finds the
delivery that it began, and goes on from there.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from yishu.catalogue.models import Catalogue, Resource
from yishu.ingest.parsed import Parsed
from yishu.ingest.reading import read
from yishu.lake.ledger import Delivery, Ledger
from yishu.lake.raw import append_raw, archive, archive_sidecar
from yishu.settings import settings

SIDECAR = ".meta.json"  # <file>.meta.json: {"records": N, "sha256": "…"}, both optional


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


def landing_folder(data: Path, resource: Resource) -> Path:
    return data / "landing" / resource.department / resource.name


def waiting(data: Path, resource: Resource, until: date) -> list[Landed]:
    """The files of the resource with as-of up to `until`, oldest first."""
    found = []
    for path in _files(landing_folder(data, resource)):
        as_of = resource.delivery.as_of(path.name, until)
        if as_of is not None and as_of <= until:
            found.append(Landed(path, as_of))
    return sorted(found, key=lambda landed: (landed.as_of, landed.path.stat().st_mtime_ns, landed.path.name))


def strays(data: Path, catalogue: Catalogue) -> list[Stray]:
    """Files that no entry expects: wrong folder, or a name that does not fit the entry's pattern."""
    found = []
    landing = data / "landing"
    for path in sorted(landing.rglob("*")):
        folder = path.parent.relative_to(landing).parts
        resource = catalogue.resources.get(".".join(folder))
        if not path.is_file() or path.name.endswith(SIDECAR) or path.name.startswith("."):
            continue
        if len(folder) != 2:
            found.append(Stray(path, "请放入 landing/<部门>/<信息资源>/ 文件夹"))
        elif resource is None:
            found.append(Stray(path, "目录中没有这个信息资源，请核对文件夹，或先登记目录"))
        elif resource.delivery.as_of(path.name, date.max) is None:
            found.append(Stray(path, f"文件名不符合目录登记的样式 {resource.delivery.pattern}，请改名后重新放入"))
    return found


def take_in(data: Path, resource: Resource, catalogue: Catalogue, *, until: date) -> list[Delivery]:
    """Take in every waiting file of the resource; return the deliveries that came of them, unchanged ones included."""
    ledger = Ledger(data)
    taken = [_take_in_one(data, ledger, resource, catalogue, landed, begun) for landed, begun in _interrupted(data, ledger, resource)]
    for landed in waiting(data, resource, until):
        digest = hashlib.sha256(landed.path.read_bytes()).hexdigest()
        taken.append(_take_in_one(data, ledger, resource, catalogue, landed, _begun(ledger, resource, landed, digest)))
    return taken


def _interrupted(data: Path, ledger: Ledger, resource: Resource) -> list[tuple[Landed, Delivery]]:
    """Deliveries whose file was archived already, but whose end the ledger does not know."""
    found = []
    for delivery in _unlanded(ledger, resource):
        archived = data / "archive" / delivery.delivery_id / delivery.file
        if archived.exists():
            found.append((Landed(archived, delivery.as_of), delivery))
    return found


def _begun(ledger: Ledger, resource: Resource, landed: Landed, digest: str) -> Delivery | None:
    """The delivery that an interrupted run began with this very file, whatever day it is meanwhile."""
    dated = "{as_of}" in resource.delivery.pattern
    for delivery in _unlanded(ledger, resource):
        same_day = delivery.as_of == landed.as_of or not dated
        if same_day and (delivery.content_hash, delivery.file) == (digest, landed.path.name):
            return delivery
    return None


def _unlanded(ledger: Ledger, resource: Resource) -> list[Delivery]:
    return [d for d in ledger.deliveries(resource.department, resource.name, ["received", "failed"]) if not d.landed]


def _take_in_one(data: Path, ledger: Ledger, resource: Resource, catalogue: Catalogue, landed: Landed, begun: Delivery | None) -> Delivery:
    content = landed.path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    delivery = begun or ledger.receive(
        department=resource.department,
        resource=resource.name,
        as_of=landed.as_of,
        content_hash=digest,
        file=landed.path.name,
        size=len(content),
        actor=settings.actor,
        catalogue_version=catalogue.hash,
        profile=settings.profile,
    )
    before = _predecessor(ledger, delivery)
    sidecar = landed.path.with_name(landed.path.name + SIDECAR)
    if before is not None and before.content_hash == digest:
        archive(data, delivery, landed.path, content)
        archive_sidecar(data, delivery, sidecar)
        ledger.move(delivery.delivery_id, "unchanged", actor=settings.actor, reason=f"内容与 {before.delivery_id} 相同")
        return ledger.delivery(delivery.delivery_id)
    parsed = read(content, resource)
    parsed.faults.update(_stated(sidecar, parsed, digest))
    append_raw(data, delivery, parsed.frame, _rejects(parsed))
    archive(data, delivery, landed.path, content)
    archive_sidecar(data, delivery, sidecar)
    _record(ledger, delivery, parsed)
    return ledger.delivery(delivery.delivery_id)


def _record(ledger: Ledger, delivery: Delivery, parsed: Parsed) -> None:
    ledger.record(
        delivery.delivery_id,
        landed=1,
        physical_lines=parsed.physical_lines,
        records=parsed.records,
        raw_rows=parsed.frame.height,
        rejects=len(parsed.rejects),
        final_newline=int(parsed.ends_with_newline),
        unknown_columns=parsed.unknown_columns,
        faults=[{"rule": rule, "message": message} for rule, message in parsed.faults.items()],
    )


def _predecessor(ledger: Ledger, delivery: Delivery) -> Delivery | None:
    """The delivery whose content the pool stands on when this one's turn comes: the last accepted, unless another's turn comes before.

    Whether that other one is accepted only the gate knows: what repeats a file that is then held has never been accepted.
    """
    pending = [
        other
        for other in ledger.deliveries(delivery.department, delivery.resource, ["received"])
        if (other.as_of, other.seq) < (delivery.as_of, delivery.seq)
    ]
    return None if pending else ledger.last_accepted(delivery.department, delivery.resource)


def _stated(sidecar: Path, parsed: Parsed, digest: str) -> Iterator[tuple[str, str]]:
    """What the sidecar states and the file does not hold."""
    if not sidecar.exists():
        return
    try:
        stated = json.loads(sidecar.read_text(encoding="utf-8-sig"))
        records, sha256 = stated.get("records"), stated.get("sha256")
    except (ValueError, AttributeError):
        yield "delivery.count_differs", f"说明文件 {sidecar.name} 不是有效的 JSON；请修正后连同数据文件重新报送"
        return
    if records is not None and records != parsed.records:
        yield "delivery.count_differs", f"说明文件写明 {records} 条，文件中有 {parsed.records} 条；请核对后重新报送"
    elif sha256 is not None and str(sha256).lower() != digest:
        yield "delivery.count_differs", "文件的 SHA-256 与说明文件不符，可能传输有误；请重新报送"


def _rejects(parsed: Parsed) -> pl.DataFrame:
    schema = {"line": pl.Int64, "lines": pl.Int64, "bytes": pl.Binary, "reason": pl.String, "message": pl.String}
    return pl.DataFrame([(r.line, r.lines, r.content, r.reason, r.message) for r in parsed.rejects], schema=schema, orient="row")


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [path for path in folder.iterdir() if path.is_file() and not path.name.endswith(SIDECAR) and not path.name.startswith(".")]
