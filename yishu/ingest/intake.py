"""Taking in what lies in the landing folder: each file becomes a delivery in the ledger, rows in raw, rejects, a file in the archive.

The order makes a crash harmless: ledger, raw (once per delivery), archive, ledger. A rerun meets the file again, finds the
delivery that it began, and goes on from there.
"""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl

from yishu.catalogue.models import Catalogue, Resource
from yishu.ingest.landing import Landed, Sidecar, from_desk, read_sidecar, sidecar_path, waiting
from yishu.ingest.parsed import Parsed
from yishu.ingest.pull import pull
from yishu.ingest.reading import read
from yishu.lake.delivery import CORRECTION, Delivery
from yishu.lake.ledger import Ledger
from yishu.lake.raw import append_raw, archive, archive_sidecar
from yishu.settings import settings


def collect(data: Path, resource: Resource, catalogue: Catalogue, *, until: date) -> list[Delivery]:
    """Take in what waits, then what the resource's table or interface has since (C03). Raises PullFailed, after what waited is safe."""
    taken = take_in(data, resource, catalogue, until=until)
    if not is_connected(data, resource):  # delivered as files, or not at all: then the clock of the resource tells
        return taken
    if pull(data, resource, business_date=until, after=watermark(Ledger(data), resource)) is None:
        return taken
    return taken + take_in(data, resource, catalogue, until=until)


def is_connected(data: Path, resource: Resource) -> bool:
    """Does the resource have a table or interface, and does this platform know where it is?"""
    source = resource.delivery.table or resource.delivery.interface
    return source is not None and settings.connection(source.connection, data) is not None


def watermark(ledger: Ledger, resource: Resource) -> str | None:
    """How far the source has been pulled; where a pull was turned down and never repeated, as far as before it."""
    pulls = [d for d in ledger.deliveries(resource.department, resource.name) if d.pulled_until is not None]
    pulls.sort(key=lambda pulled: pulled.seq)
    for place, refused in enumerate(pulls):
        again = [later for later in pulls[place + 1 :] if (later.pulled_since or "") <= (refused.pulled_since or "")]
        if refused.state in ("rejected", "withdrawn") and not again:
            return refused.pulled_since
    return pulls[-1].pulled_until if pulls else None


def take_in(data: Path, resource: Resource, catalogue: Catalogue, *, until: date) -> list[Delivery]:
    """Take in every waiting file of the resource; return the deliveries that came of them, unchanged ones included."""
    ledger = Ledger(data)
    taken = [_take_in_one(data, ledger, resource, catalogue, landed, begun) for landed, begun in _interrupted(data, ledger, resource)]
    taken += [_take_in_one(data, ledger, resource, catalogue, landed, None) for landed in waiting(data, resource, until)]
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
    stated = read_sidecar(landed.path)
    begun = begun or _begun(ledger, resource, landed, digest)
    if begun is not None and not sidecar_path(landed.path).exists():
        stated = read_sidecar(data / "archive" / begun.delivery_id / begun.file)  # put away before the interruption
    delivery = begun or _receive(ledger, resource, catalogue, landed, stated, digest, len(content), _actor(data, resource, landed, stated))
    before = _predecessor(ledger, delivery)
    if before is not None and before.content_hash == digest:
        _put_away(data, delivery, landed.path, content)
        ledger.record(delivery.delivery_id, pulled_since=stated.since, pulled_until=stated.until)
        ledger.move(delivery.delivery_id, "unchanged", actor=settings.actor, reason=f"内容与 {before.delivery_id} 相同")
        return ledger.delivery(delivery.delivery_id)
    parsed = read(content, resource, landed.path.name, landed.as_of)
    parsed.faults.update(_stated(stated, parsed, digest))
    append_raw(data, delivery, parsed.frame, _rejects(parsed))
    _put_away(data, delivery, landed.path, content)
    _record(ledger, delivery, parsed, stated)
    return ledger.delivery(delivery.delivery_id)


def _receive(
    ledger: Ledger, resource: Resource, catalogue: Catalogue, landed: Landed, stated: Sidecar, digest: str, size: int, actor: str
) -> Delivery:
    return ledger.receive(
        department=resource.department,
        resource=resource.name,
        as_of=landed.as_of,
        content_hash=digest,
        file=landed.path.name,
        size=size,
        actor=actor,
        catalogue_version=catalogue.hash,
        profile=settings.profile,
        kind=stated.kind,
    )


def _actor(data: Path, resource: Resource, landed: Landed, stated: Sidecar) -> str:
    """Whoever decided a correction of the desk; a department's own sidecar names nobody."""
    return stated.actor if stated.actor and from_desk(data, resource, landed.path) else settings.actor


def _put_away(data: Path, delivery: Delivery, file: Path, content: bytes) -> None:
    """The sidecar first: where the file lies in the archive, all that was said of it lies there too."""
    archive_sidecar(data, delivery, sidecar_path(file))
    archive(data, delivery, file, content)


def _record(ledger: Ledger, delivery: Delivery, parsed: Parsed, stated: Sidecar) -> None:
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
        layout=parsed.layout,
        approval=stated.approval,
        pulled_since=stated.since,
        pulled_until=stated.until,
    )


def _predecessor(ledger: Ledger, delivery: Delivery) -> Delivery | None:
    """The delivery whose content the pool stands on when this one's turn comes: the last accepted, unless another's turn comes before.

    Whether that other one is accepted only the gate knows: what repeats a file that is then held has never been accepted. A correction
    repeats nothing: it says what holds from now on.
    """
    pending = [
        other
        for other in ledger.deliveries(delivery.department, delivery.resource, ["received"])
        if (other.as_of, other.seq) < (delivery.as_of, delivery.seq)
    ]
    return None if pending or delivery.is_correction else ledger.last_accepted(delivery.department, delivery.resource)


def _stated(stated: Sidecar, parsed: Parsed, digest: str) -> Iterator[tuple[str, str]]:
    """What the sidecar states and the file does not hold; what a correction must have."""
    if stated.fault is not None:
        yield "delivery.count_differs", stated.fault
    elif stated.records is not None and stated.records != parsed.records:
        yield "delivery.count_differs", f"说明文件写明 {stated.records} 条，文件中有 {parsed.records} 条；请核对后重新报送"
    elif stated.sha256 is not None and stated.sha256 != digest:
        yield "delivery.count_differs", "文件的 SHA-256 与说明文件不符，可能传输有误；请重新报送"
    if stated.kind == CORRECTION and not stated.approval:
        way_out = "请在说明文件中写明 approval 后重新报送，或由数据主管部门核实后放行"
        yield "delivery.unapproved", f"更正报送会改动已接收的数据，须有批准文号（C08）；{way_out}"


def _rejects(parsed: Parsed) -> pl.DataFrame:
    schema = {"line": pl.Int64, "lines": pl.Int64, "bytes": pl.Binary, "reason": pl.String, "message": pl.String}
    return pl.DataFrame([(r.line, r.lines, r.content, r.reason, r.message) for r in parsed.rejects], schema=schema, orient="row")
