"""One delivery as the ledger keeps it, and the ledger's tables.

`kind`: ordinary, or a correction, which speaks of its own keys only. `layout`: the version of the entry its file was laid out by.
`pulled_since`, `pulled_until`: what a pull asked for and reached, as text of the source's own time.
"""

import json
import sqlite3
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

ORDINARY, CORRECTION = "ordinary", "correction"
SCHEMA_VERSION = 2
STATES = {"received": "已接收", "accepted": "已入池", "held": "暂缓", "failed": "失败", "unchanged": "无变化", "superseded": "已被取代",
          "rejected": "已退回", "withdrawn": "已撤回"}  # fmt: skip

SCHEMA = """
create table if not exists delivery (
  seq integer primary key, delivery_id text not null unique, department text not null, resource text not null, as_of text not null,
  content_hash text not null, file text not null, size integer not null, received_at text not null, state text not null, state_at text not null,
  reason text, landed integer not null default 0, physical_lines integer, records integer, raw_rows integer, rejects integer,
  held_out integer, collapsed integer, set_aside integer, pool_rows integer, pool_changed integer, final_newline integer,
  unknown_columns text, faults text, release_approval text,
  actor text not null, approval text, catalogue_version text not null, profile text not null,
  kind text not null default 'ordinary', layout integer, pulled_since text, pulled_until text
);
create index if not exists delivery_by_resource on delivery (department, resource, seq);
create table if not exists delivery_event (
  delivery_id text not null references delivery (delivery_id), at text not null, state text not null, actor text not null, approval text, reason text
);
create table if not exists gate_run (
  run integer primary key, kind text not null, scope text not null, batch text not null, suite_version text not null, at text not null,
  results text, violations integer, unique (kind, scope, batch, suite_version)
);
create table if not exists night (
  night integer primary key, business_date text not null, started_at text not null, ended_at text, outcome text, faults text, actor text not null
);
create table if not exists fault (
  at text not null, step text not null, department text, resource text, message text not null, night integer
);
create table if not exists release (number integer primary key, night integer, as_of text not null, at text not null);
create table if not exists fact (name text primary key, value text not null);
"""


@dataclass(frozen=True)
class Delivery:
    """One batch for one resource, as the ledger has it. Counts are None until the step that knows them has run."""

    seq: int
    delivery_id: str
    department: str
    resource: str
    as_of: date
    content_hash: str
    file: str
    size: int
    received_at: str
    state: str
    state_at: str
    reason: str | None
    landed: bool
    physical_lines: int | None
    records: int | None
    raw_rows: int | None
    rejects: int | None
    held_out: int | None
    collapsed: int | None
    set_aside: int | None
    pool_rows: int | None
    pool_changed: int | None
    final_newline: bool | None
    unknown_columns: list[str]
    faults: list[dict[str, Any]]
    release_approval: str | None
    actor: str
    approval: str | None
    catalogue_version: str
    profile: str
    kind: str
    layout: int | None
    pulled_since: str | None
    pulled_until: str | None

    @property
    def resource_id(self) -> str:
        return f"{self.department}.{self.resource}"

    @property
    def is_correction(self) -> bool:
        return self.kind == CORRECTION


COLUMNS = [field.name for field in fields(Delivery)]
JSON_COLUMNS = ("unknown_columns", "faults")


def delivery_of(row: sqlite3.Row) -> Delivery:
    values = dict(row)
    values["as_of"] = date.fromisoformat(values["as_of"])
    values["landed"] = bool(values["landed"])
    values["final_newline"] = None if values["final_newline"] is None else bool(values["final_newline"])
    for name in JSON_COLUMNS:
        values[name] = json.loads(values[name] or "[]")
    return Delivery(**{name: values[name] for name in COLUMNS})


def add_missing_columns(connection: sqlite3.Connection) -> None:
    """A ledger begun by an older version of the platform gets the columns it lacks."""
    if connection.execute("pragma user_version").fetchone()[0] == SCHEMA_VERSION:
        return
    with sqlite3.connect(":memory:") as model:
        model.executescript(SCHEMA)
        for (table,) in model.execute("select name from sqlite_master where type = 'table'").fetchall():
            known = {row[1] for row in connection.execute(f"pragma table_info({table})")}
            for _, name, kind, required, default, _ in model.execute(f"pragma table_info({table})").fetchall():
                if name not in known:
                    rule = f" not null default {default}" if required else ""
                    connection.execute(f"alter table {table} add column {name} {kind}{rule}")
    connection.execute(f"pragma user_version = {SCHEMA_VERSION}")
