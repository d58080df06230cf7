"""The ledger of deliveries: what came, in which order, what became of it, who decided. SQLite, DIR/ledger.sqlite3.

Steps hand over by the ledger, never by a run: each asks it for what is pending. It is also the evidence that checks ran
(E11) and the register of deliveries (B18). What a delivery contains is in raw; what is wrong with it, in violations.

States: received -> accepted | held | failed | unchanged; later superseded, rejected, withdrawn.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from yishu.lake.delivery import COLUMNS, JSON_COLUMNS, ORDINARY, SCHEMA, Delivery, add_missing_columns, delivery_of
from yishu.lake.lock import SHANGHAI


class ProfileDiffers(Exception):
    """The data folder was begun under another profile; one folder holds one jurisdiction."""


# Files whose tables this process has seen to: every step makes ledgers by the dozen.
_prepared: set[tuple[str, int]] = set()


class Ledger:
    """The ledger of one data folder. Each method is one transaction; the file is private to its owner (0600)."""

    def __init__(self, data: Path) -> None:
        data.mkdir(parents=True, exist_ok=True)
        self.path = data / "ledger.sqlite3"
        if not self.path.exists():
            self.path.touch(mode=0o600)
        if (file := (str(self.path), self.path.stat().st_ino)) in _prepared:
            return
        with self._transaction() as connection:
            connection.execute("pragma journal_mode = wal")
            connection.executescript(SCHEMA)
            add_missing_columns(connection)
        _prepared.add(file)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.path, timeout=30)
        connection.row_factory = sqlite3.Row
        try:
            with connection:
                yield connection
        finally:
            connection.close()

    # deliveries ---------------------------------------------------------------------------------------------------------------

    def receive(
        self,
        *,
        department: str,
        resource: str,
        as_of: date,
        content_hash: str,
        file: str,
        size: int,
        actor: str,
        catalogue_version: str,
        profile: str,
        kind: str = ORDINARY,
    ) -> Delivery:
        """Enter a delivery as received. Content that came before under the same date gets an id of its own (A, B, A)."""
        with self._transaction() as connection:
            base = f"{department}.{resource}.{as_of:%Y%m%d}.{content_hash[:12]}"
            same = connection.execute("select count(*) from delivery where delivery_id = ? or delivery_id like ? || '.%'", (base, base)).fetchone()[0]
            id_ = base if same == 0 else f"{base}.{same + 1}"
            now = _now()
            connection.execute(
                "insert into delivery (delivery_id, department, resource, as_of, content_hash, file, size, received_at, state, state_at, actor, "
                "catalogue_version, profile, kind) values (?, ?, ?, ?, ?, ?, ?, ?, 'received', ?, ?, ?, ?, ?)",
                (id_, department, resource, as_of.isoformat(), content_hash, file, size, now, now, actor, catalogue_version, profile, kind),
            )
            self._event(connection, id_, "received", actor, None, None)
        return self.delivery(id_)

    def enter(self, delivery: Delivery) -> None:
        """Enter a delivery as another ledger has it, with its number and its id, as received: what a rebuild goes on from."""
        values = {**asdict(delivery), "as_of": delivery.as_of.isoformat(), "state": "received"}
        values |= {name: json.dumps(values[name], ensure_ascii=False) for name in JSON_COLUMNS}
        with self._transaction() as connection:
            marks = ", ".join(f":{name}" for name in COLUMNS)
            connection.execute(f"insert into delivery ({', '.join(COLUMNS)}) values ({marks})", values)
            self._event(connection, delivery.delivery_id, "received", delivery.actor, None, None)

    def record(self, delivery_id: str, **values: Any) -> None:
        """Set counts and other findings of a delivery."""
        for name in JSON_COLUMNS:
            if name in values:
                values[name] = json.dumps(values[name], ensure_ascii=False)
        assignments = ", ".join(f"{name} = ?" for name in values if name in COLUMNS)
        with self._transaction() as connection:
            connection.execute(f"update delivery set {assignments} where delivery_id = ?", (*values.values(), delivery_id))

    def move(self, delivery_id: str, state: str, *, actor: str, approval: str | None = None, reason: str | None = None) -> None:
        """Change a delivery's state and keep who, when and why (C08)."""
        with self._transaction() as connection:
            connection.execute("update delivery set state = ?, state_at = ?, reason = ? where delivery_id = ?", (state, _now(), reason, delivery_id))
            self._event(connection, delivery_id, state, actor, approval, reason)

    @staticmethod
    def _event(connection: sqlite3.Connection, delivery_id: str, state: str, actor: str, approval: str | None, reason: str | None) -> None:
        connection.execute("insert into delivery_event values (?, ?, ?, ?, ?, ?)", (delivery_id, _now(), state, actor, approval, reason))

    def delivery(self, delivery_id: str) -> Delivery:
        """Raises KeyError where there is none."""
        with self._transaction() as connection:
            row = connection.execute("select * from delivery where delivery_id = ?", (delivery_id,)).fetchone()
        if row is None:
            raise KeyError(delivery_id)
        return delivery_of(row)

    def deliveries(self, department: str | None = None, resource: str | None = None, states: Sequence[str] | None = None) -> list[Delivery]:
        """Deliveries in order of work: as-of, then receipt."""
        clauses, values = ["1 = 1"], []
        for name, value in (("department", department), ("resource", resource)):
            if value is not None:
                clauses.append(f"{name} = ?")
                values.append(value)
        if states is not None:
            clauses.append(f"state in ({', '.join('?' * len(states))})")
            values += states
        with self._transaction() as connection:
            rows = connection.execute(f"select * from delivery where {' and '.join(clauses)} order by as_of, seq", values).fetchall()
        return [delivery_of(row) for row in rows]

    def events(self, delivery_id: str | None = None) -> list[dict[str, Any]]:
        """What happened to one delivery, or to all, in order."""
        return self._rows("select * from delivery_event where delivery_id = coalesce(?, delivery_id) order by rowid", (delivery_id,))

    def last_accepted(self, department: str, resource: str) -> Delivery | None:
        """The ordinary delivery accepted last: the one that the pool stands on, but for corrections."""
        with self._transaction() as connection:
            row = connection.execute(
                "select d.* from delivery d join delivery_event e using (delivery_id) where d.department = ? and d.resource = ? "
                "and d.state = 'accepted' and d.kind = 'ordinary' and e.state = 'accepted' order by e.rowid desc limit 1",
                (department, resource),
            ).fetchone()
        return None if row is None else delivery_of(row)

    def acceptances(self, department: str, resource: str) -> list[Delivery]:
        """Every delivery that was ever accepted, in the order in which the pool took them in, whatever became of it later."""
        with self._transaction() as connection:
            rows = connection.execute(
                "select d.* from delivery d join (select delivery_id, min(rowid) as place from delivery_event where state = 'accepted' "
                "group by delivery_id) e using (delivery_id) where d.department = ? and d.resource = ? order by e.place",
                (department, resource),
            ).fetchall()
        return [delivery_of(row) for row in rows]

    # gate runs, nights, facts ---------------------------------------------------------------------------------------------------

    def gate_run(self, kind: str, scope: str, batch: str, suite_version: str) -> int:
        """The number of this run of a gate; the same run asked for again (after a crash) has the same number."""
        key = (kind, scope, batch, suite_version)
        with self._transaction() as connection:
            connection.execute("insert or ignore into gate_run (kind, scope, batch, suite_version, at) values (?, ?, ?, ?, ?)", (*key, _now()))
            row = connection.execute("select run from gate_run where kind = ? and scope = ? and batch = ? and suite_version = ?", key).fetchone()
        return int(row[0])

    def gate_run_anew(self, kind: str, scope: str, batch: str, suite_version: str) -> int:
        """As gate_run, for gates that judge one scope again and again: what returns after something else is a run of its own."""
        last = self.last_gate_run(kind, scope)
        if last is not None and (last["batch"], last["suite_version"].partition("@")[0]) == (batch, suite_version):
            return int(last["run"])
        return self.gate_run(kind, scope, batch, f"{suite_version}@{last['run']}" if last else suite_version)

    def gate_result(self, run: int, results: Sequence[dict[str, Any]], violations: int) -> None:
        """Keep what the run found, rule by rule: the proof that the checks ran (E11)."""
        self.gate_results([(run, results, violations)])

    def gate_results(self, runs: Sequence[tuple[int, Sequence[dict[str, Any]], int]]) -> None:
        """As gate_result, for runs that end together: all of them are finished, or none."""
        rows = [(json.dumps(list(results), ensure_ascii=False), violations, run) for run, results, violations in runs]
        with self._transaction() as connection:
            connection.executemany("update gate_run set results = ?, violations = ? where run = ?", rows)

    def last_gate_run(self, kind: str, scope: str, batch: str | None = None) -> dict[str, Any] | None:
        """The newest finished run of a gate (over one batch, if named), its `results` as a list; None where it never ran."""
        where = "kind = ? and scope = ? and batch = coalesce(?, batch) and results is not null"
        rows = self._rows(f"select * from gate_run where {where} order by run desc limit 1", (kind, scope, batch))
        return None if not rows else {**rows[0], "results": json.loads(rows[0]["results"])}

    def last_gate_runs(self, kind: str, ending: str) -> list[dict[str, Any]]:
        """The newest finished run of each scope of a kind that ends so."""
        scopes = self._rows("select distinct scope from gate_run where kind = ? and substr(scope, -length(?)) = ?", (kind, ending, ending))
        return [run for row in scopes if (run := self.last_gate_run(kind, row["scope"])) is not None]

    def gate_runs(self) -> list[dict[str, Any]]:
        return self._rows("select * from gate_run order by run")

    def finished_runs(self, kind: str | None = None, scope: str | None = None) -> list[dict[str, Any]]:
        """Every finished run in order, without its results: they are long, and there are many."""
        columns = "run, kind, scope, batch, suite_version, at, violations"
        where = "results is not null and kind = coalesce(?, kind) and scope = coalesce(?, scope)"
        return self._rows(f"select {columns} from gate_run where {where} order by run", (kind, scope))

    def runs(self, numbers: Sequence[int]) -> list[dict[str, Any]]:
        """These runs whole, `results` as text."""
        return self._rows("select * from gate_run where run in (select value from json_each(?)) order by run", (json.dumps(list(numbers)),))

    def states_passed(self) -> list[tuple[str, str]]:
        """(delivery_id, state): every state that any delivery has passed through."""
        return [(row["delivery_id"], row["state"]) for row in self._rows("select distinct delivery_id, state from delivery_event")]

    def unfinished_run(self, kind: str, scope: str) -> int | None:
        """The newest run, where it has not finished: a crash came between."""
        rows = self._rows("select run, results from gate_run where kind = ? and scope = ? order by run desc limit 1", (kind, scope))
        return int(rows[0]["run"]) if rows and rows[0]["results"] is None else None

    def begin_night(self, business_date: date, actor: str) -> int:
        with self._transaction() as connection:
            cursor = connection.execute(
                "insert into night (business_date, started_at, actor) values (?, ?, ?)", (business_date.isoformat(), _now(), actor)
            )
        return int(cursor.lastrowid or 0)

    def end_night(self, night: int, outcome: str, faults: Sequence[str]) -> None:
        with self._transaction() as connection:
            connection.execute(
                "update night set ended_at = ?, outcome = ?, faults = ? where night = ?",
                (_now(), outcome, json.dumps(list(faults), ensure_ascii=False), night),
            )

    def nights(self) -> list[dict[str, Any]]:
        return self._rows("select * from night order by night")

    def released(self, number: int, as_of: date) -> None:
        """A release has become public, in the night that is open, or by hand; once a number. Days of history are those of releases (D04)."""
        with self._transaction() as connection:
            connection.execute(
                "insert or ignore into release values (?, (select max(night) from night where ended_at is null), ?, ?)",
                (number, as_of.isoformat(), _now()),
            )

    def releases(self) -> list[dict[str, Any]]:
        return self._rows("select * from release order by number")

    def fault(self, step: str, message: str, *, department: str | None = None, resource: str | None = None) -> None:
        """A step went wrong without stopping the night; the night ends degraded."""
        with self._transaction() as connection:
            connection.execute(
                "insert into fault values (?, ?, ?, ?, ?, (select max(night) from night where ended_at is null))",
                (_now(), step, department, resource, message),
            )

    def faults(self, night: int | None = None) -> list[dict[str, Any]]:
        return self._rows("select * from fault where ? is null or night = ? order by rowid", (night, night))

    def remember(self, name: str, value: str) -> None:
        with self._transaction() as connection:
            connection.execute("insert into fact values (?, ?) on conflict (name) do update set value = excluded.value", (name, value))

    def recall(self, name: str) -> str | None:
        with self._transaction() as connection:
            row = connection.execute("select value from fact where name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def hold_profile(self, profile: str, may_follow: Callable[[str], bool] = lambda known: False) -> None:
        """One profile a data folder, recorded at first use. Raises ProfileDiffers.

        may_follow: may this profile take over from that one? (An expired regulation gives way to the one above it.)
        """
        known = self.recall("profile")
        if known is None or (known != profile and may_follow(known)):
            self.remember("profile", profile)
        elif known != profile:
            raise ProfileDiffers(f"{self.path.parent} 是按 {known} 建立的，不能改用 {profile}。请换一个 --data 目录，或去掉 --profile")

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        with self._transaction() as connection:
            return [dict(row) for row in connection.execute(sql, values).fetchall()]


def _now() -> str:
    return datetime.now(SHANGHAI).isoformat(timespec="microseconds")
