"""Pulling what a department's table or interface holds into the landing folder, as a file of JSON lines with its sidecar (C03).

Belongs here: the file, its place, and that it appears whole or not at all. Not here: asking a database (table.py) or an interface
(interface.py); what becomes of the file (intake.py). From the landing folder on, a pull is a delivery like any other.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from yishu.catalogue.models import Resource
from yishu.ingest.landing import landing_folder, sidecar_path
from yishu.ingest.source import Line, PullFailed, Watermark
from yishu.settings import CONNECTIONS, Connection, ConnectionUnusable, settings


@dataclass(frozen=True)
class Pulled:
    """What a pull put into the landing folder. `since`, `until`: the watermark it began at and reached; None where it takes everything."""

    path: Path
    records: int
    since: str | None
    until: str | None


def pull(data: Path, resource: Resource, *, business_date: date, after: str | None) -> Pulled | None:
    """Pull the resource's table or interface. `after`: the watermark reached before; None takes everything.

    None where there is nothing to take in: the channel is file, a pull of this name still waits, or nothing has changed since.
    Raises PullFailed.
    """
    source = resource.delivery.table or resource.delivery.interface
    target = landing_folder(data, resource) / resource.delivery.pattern.replace("{as_of}", f"{business_date:%Y%m%d}")
    if source is None or target.exists():
        return None
    since = after if source.changed else None
    try:
        return _into_landing(data, resource, target, since, business_date)
    except PullFailed as failed:
        raise PullFailed(f"{resource.title}（{resource.id}）取数失败：{failed}") from None
    except ConnectionUnusable as unusable:
        raise PullFailed(f"{resource.title}（{resource.id}）取数失败：{unusable}") from None
    except OSError as error:
        place = data / "work" / "pull"
        problem = f"无法写入 {place} 或 {target.parent}（{error.strerror}）"
        raise PullFailed(f"{resource.title}（{resource.id}）取数失败：{problem}；请检查磁盘空间和权限，二者须在同一磁盘") from None


def _into_landing(data: Path, resource: Resource, target: Path, since: str | None, business_date: date) -> Pulled | None:
    folder = data / "work" / "pull" / resource.id
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    reached = Watermark(since, business_date)
    draft = folder / target.name
    records, digest = _write(draft, _lines(data, resource, folder, since, business_date), reached)
    if records == 0 and since is not None:
        draft.unlink()
        return None
    source = resource.delivery.table or resource.delivery.interface
    until = reached.text if source and source.changed else None
    stated = {"records": records, "sha256": digest, "since": since, "until": until}
    _write(sidecar_path(draft), iter([Line(json.dumps(stated, ensure_ascii=False).encode())]))
    target.parent.mkdir(parents=True, exist_ok=True)
    os.replace(sidecar_path(draft), sidecar_path(target))
    os.replace(draft, target)
    return Pulled(target, records, since, until)


def _lines(data: Path, resource: Resource, folder: Path, since: str | None, business_date: date) -> Iterator[Line]:
    if resource.delivery.table is not None:
        from yishu.ingest.table import lines as of_table  # SQLAlchemy is loaded by those who pull from a table, not by every command

        return of_table(_connection(data, resource.delivery.table.connection), resource, resource.delivery.table, since, business_date)
    assert resource.delivery.interface is not None
    from yishu.ingest.interface import lines as of_interface

    connection = _connection(data, resource.delivery.interface.connection)
    return of_interface(connection, resource.delivery.interface, folder / "pages", since, business_date)


def _connection(data: Path, name: str) -> Connection:
    found = settings.connection(name, data)
    if found is None:
        variable = f"YISHU_CONNECTION_{name.upper()}"
        raise PullFailed(f"没有名为 {name} 的连接；请设置环境变量 {variable}，或在 {data / CONNECTIONS} 中写明")
    return found


def _write(path: Path, lines: Iterator[Line], reached: Watermark | None = None) -> tuple[int, str]:
    """Write the lines so that they outlive a power cut; how many, and the SHA-256 of the file."""
    digest, records = hashlib.sha256(), 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        for line in lines:
            content = line.content + b"\n"
            file.write(content)
            digest.update(content)
            records += 1
            if reached is not None:
                reached.see(line.changed)
        file.flush()
        os.fsync(file.fileno())
    return records, digest.hexdigest()
