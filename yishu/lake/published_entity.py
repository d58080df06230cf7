"""One entity as the published release has it: by which identifiers it goes, since when, and which rows of which sources it is made of.

Reads the engineers' file while somebody waits. Not here: who may look and what is masked (portal), who is who today (identities.py).
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from yishu.catalogue.models import Catalogue
from yishu.lake.release import published_release
from yishu.lake.release_files import ENGINEER_FILE

_MODEST: dict[str, str | bool | int | float | list[str]] = {"enable_external_access": False, "memory_limit": "1GB"}  # beside the desk's own work


class NothingPublished(LookupError):
    """There is no release yet."""


@dataclass(frozen=True)
class Known:
    """An identifier and the days on which the entity went by it; until None: to this day. basis: the resource that says so, or desk:<decision>."""

    kind: str
    identifier: str
    since: date | None
    until: date | None
    basis: str


@dataclass(frozen=True)
class SourceRow:
    """A row that the golden record rests on or that contradicts it: the line of a delivery."""

    department: str
    resource: str
    delivery_id: str
    row_number: int


@dataclass(frozen=True)
class PublishedEntity:
    """known: the earliest first; rows: by department, resource, delivery, line."""

    entity: str
    entity_id: str
    release: int
    as_of: date
    known_since: date
    known: list[Known]
    rows: list[SourceRow]


def find_entities(data: Path, catalogue: Catalogue, identifier: str, entities: Collection[str]) -> list[tuple[str, str]]:
    """(kind of entity, entity id) of those that go by the identifier, of whatever kind it is. Raises NothingPublished."""
    with _published(data) as (connection, _):
        found = []
        there = {row[0] for row in connection.execute("select table_schema from information_schema.tables where table_name = 'identity'").fetchall()}
        for schema in dict.fromkeys(catalogue.authority[name].schema_ for name in entities):
            if schema not in there:  # of a catalogue that is newer than the release
                continue
            asked = f"select distinct entity, entity_id from {schema}.identity where identifier = ? order by all"
            found += [(name, id_) for name, id_ in connection.execute(asked, [identifier]).fetchall() if name in entities]
        return found


def read_entity(data: Path, catalogue: Catalogue, entity: str, entity_id: str) -> PublishedEntity | None:
    """The entity, or None where the release has none of that id: it has become part of another. Raises NothingPublished.

    A row that says nothing but what a higher source says as well stands in neither provenance nor conflict, and is not told.
    """
    schema, of = catalogue.authority[entity].schema_, [entity, entity_id]
    with _published(data) as (connection, release):
        since = connection.execute(f'select known_since from {schema}."{entity}" where entity_id = ?', of[1:]).fetchone()
        if since is None:
            return None
        here = "where entity = ? and entity_id = ?"
        identity = f"select kind, identifier, valid_from, valid_to, basis from {schema}.identity {here} order by 3, 4, 1, 2"
        known = [Known(*row) for row in connection.execute(identity, of).fetchall()]
        sides = (f"select department, resource, delivery_id, row_number from {schema}.{table} {here}" for table in ("provenance", "conflict"))
        rows = [SourceRow(*row) for row in connection.execute(f"{' union '.join(sides)} order by all", [*of, *of]).fetchall()]
    return PublishedEntity(entity, entity_id, int(release["number"]), date.fromisoformat(release["as_of"]), since[0], known, rows)


def published_pin(data: Path) -> dict[str, int]:
    """Resource id -> version of its pool that the release was made of. Raises NothingPublished."""
    release = published_release(data)
    if release is None:
        raise NothingPublished
    return dict(release["pin"])


@contextmanager
def _published(data: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, dict[str, Any]]]:
    """Resolved once: the link may move to a new release while we read."""
    folder = (data / "published").resolve()
    release = published_release(data)
    if release is None or not (folder / ENGINEER_FILE).exists():
        raise NothingPublished
    with duckdb.connect(str(folder / ENGINEER_FILE), read_only=True, config=_MODEST) as connection:
        yield connection, release
