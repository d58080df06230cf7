"""A release beside the rows of tests/portal/rows.py: four persons and a firm, without a night. What a night makes of decisions is tested
with real ones (tests/pipeline/test_who_is_who.py)."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from tests.portal.rows import IDS
from yishu.lake import delta
from yishu.lake.identities import entity_id

FIRM, OLD_NUMBER = "91350100M000100Y43", "3501002000001"
AS_OF, LATER = date(2026, 3, 1), date(2026, 3, 5)
DELIVERY = "public_security.resident.20260301.000000000000"
ROW = "department string, resource string, delivery_id string, row_number bigint"
TABLES = {
    "identity": "entity string, entity_id string, kind string, identifier string, valid_from date, valid_to date, basis string",
    "provenance": "entity string, entity_id string, attribute string, " + ROW,
    "conflict": "entity string, entity_id string, attribute string, value string, " + ROW,
}


def publish(data: Path, persons: Sequence[tuple[str, date]] = tuple(zip(IDS, (AS_OF, AS_OF, AS_OF, LATER), strict=True))) -> None:
    """Each person with the day since which it is known, and one row of the register, the person's place in IDS after the head line."""
    folder = data / "releases" / "000001"
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "city.duckdb")) as connection:
        for schema, entities in (("base_person", ["person"]), ("base_legal_entity", ["legal_entity", "branch"])):
            connection.execute(f"create schema {schema}")
            for name, columns in TABLES.items():
                connection.execute(f"create table {schema}.{name} ({columns})")
            for name in entities:
                connection.execute(f"create table {schema}.{name} (entity_id string, known_since date)")
        for line, (one, since) in enumerate(persons, start=2):
            place = ["person", entity_id(one)]
            connection.execute("insert into base_person.person values (?, ?)", [place[1], since])
            connection.execute("insert into base_person.identity values (?, ?, 'citizen_id', ?, ?, null, '-')", [*place, one, since])
            source = ["public_security", "resident", DELIVERY, line]
            connection.execute("insert into base_person.provenance values (?, ?, 'full_name', ?, ?, ?, ?)", [*place, *source])
            connection.execute("insert into base_person.conflict values (?, ?, 'full_name', '张三', ?, ?, ?, ?)", [*place, *source])
        firm = ["legal_entity", entity_id(FIRM)]
        connection.execute("insert into base_legal_entity.legal_entity values (?, ?)", [firm[1], AS_OF])
        for kind, number in (("credit_code", FIRM), ("registration_no", OLD_NUMBER)):
            connection.execute("insert into base_legal_entity.identity values (?, ?, ?, ?, ?, null, '-')", [*firm, kind, number, AS_OF])
    _pool(data)
    release = {"number": 1, "as_of": AS_OF.isoformat(), "pin": {"public_security.resident": 0}}
    (folder / "release.json").write_text(json.dumps(release), encoding="utf-8")
    (data / "published").symlink_to(folder, target_is_directory=True)


def _pool(data: Path) -> None:
    rows = pl.DataFrame({"_key": IDS, "citizen_id": IDS, "_delivery_id": DELIVERY, "_row_number": range(2, len(IDS) + 2)})
    delta.replace(data / "pool" / "public_security" / "resident", rows.cast({"_row_number": pl.Int64}), key="1", actor="night")
