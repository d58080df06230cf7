"""Tables of an exchange database (前置库), pulled from a real SQLite file and a real PostgreSQL: what changed, in one snapshot, nothing lost."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.unit.yishu.ingest.postgres import PASSWORD, Postgres
from yishu.ingest import table
from yishu.ingest.intake import collect, watermark
from yishu.ingest.pull import Pulled, pull
from yishu.ingest.source import PullFailed
from yishu.settings import settings

ZHANG, LI, WANG = "11010519491231002X", "410403198503020024", "610104196209276908"
COLUMNS = ["CZ", "SFZH", "XM", "XB", "CSRQ", "JE", "cd_time"]
KINDS = {"CSRQ": "date", "JE": "numeric(10,2)", "cd_time": "timestamp"}
DAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    started = Postgres()
    yield started
    started.stop()


class Source:
    """A table of the exchange database, and what the department does to it."""

    def __init__(self, url: str, name: str = "jhk") -> None:
        self.url, self.name = url, name
        self.engine = sa.create_engine(url, poolclass=sa.NullPool)
        self.sqlite = url.startswith("sqlite")
        columns = ", ".join(f'"{column}" {"text" if self.sqlite else KINDS.get(column, "text")}' for column in COLUMNS)
        self.run(f'drop table if exists "{name}"', f'create table "{name}" ({columns})')

    def run(self, *statements: str) -> None:
        with self.engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def put(self, operation: str, id_: str, name: str, changed: str, amount: str = "1.50") -> None:
        values = f"'{operation}', '{id_}', '{name}', '1', '1990-01-02', {amount}, '{changed}'"
        self.run(f'delete from "{self.name}" where "SFZH" = \'{id_}\'', f'insert into "{self.name}" values ({values})')


@pytest.fixture(params=["sqlite", "postgresql"])
def source(request: pytest.FixtureRequest, tmp_path: Path, server: Postgres, monkeypatch: pytest.MonkeyPatch) -> Source:
    made = Source(f"sqlite:///{tmp_path / 'exchange.sqlite3'}" if request.param == "sqlite" else server.url())
    monkeypatch.setenv("YISHU_CONNECTION_EXCHANGE", made.url)
    return made


@pytest.fixture
def town(lake: Any) -> Any:
    """The lake with a resource that is pulled by cd_time."""
    terms = {"channel": "table", "format": "jsonl", "pattern": "upsert_{as_of}.jsonl"}
    lake.change("upsert", delivery={**terms, "table": {"connection": "exchange", "name": "jhk", "changed": "cd_time"}})
    return lake


def overlapping(town: Any, minutes: int) -> None:
    town.change("upsert", delivery={"table": {"connection": "exchange", "name": "jhk", "changed": "cd_time", "overlap_minutes": minutes}})


def night(town: Any, day: int) -> list[Any]:
    """The pull, then what the night does."""
    resource = town.resource("upsert")
    collect(town.data, resource, town.catalogue, until=town.day(day))
    return list(town.night(day, ["upsert"]))


def records(pulled: Pulled | None) -> list[dict[str, str | None]]:
    assert pulled is not None
    return [json.loads(line) for line in pulled.path.read_text("utf-8").splitlines()]


def pulled(town: Any, after: str | None = None, day: int = 1) -> Pulled | None:
    return pull(town.data, town.resource("upsert"), business_date=town.day(day), after=after)


def test_the_first_pull_takes_all_and_the_next_what_changed_since(town: Any, source: Source) -> None:
    source.put("I", ZHANG, "张三", "2026-02-27 08:00:00")
    source.put("I", LI, "李四", "2026-02-28 09:30:00", amount="2.25")
    (first,) = night(town, 1)
    assert (first.state, first.records, first.pulled_since, first.pulled_until) == ("accepted", 2, None, "2026-02-28 09:30:00")
    assert town.pool("upsert").select("full_name", "birth_date", "amount_yuan").rows() == [
        ("张三", date(1990, 1, 2), 1.5), ("李四", date(1990, 1, 2), 2.25)]  # fmt: skip
    source.put("U", ZHANG, "张叁", "2026-03-01 10:00:00")
    source.put("D", LI, "李四", "2026-03-01 11:00:00")
    source.put("I", WANG, "王五", "2026-03-01 12:00:00.250000")
    (second,) = night(town, 2)
    assert (second.records, second.pulled_since) == (3, "2026-02-28 09:30:00")
    assert town.names("upsert") == {ZHANG: "张叁", WANG: "王五"}


def test_rows_of_the_very_same_time_are_not_lost(town: Any, source: Source) -> None:
    source.put("I", ZHANG, "张三", "2026-03-01 08:00:00")
    night(town, 1)
    source.put("I", LI, "李四", "2026-03-01 08:00:00")
    night(town, 2)
    assert town.names("upsert") == {ZHANG: "张三", LI: "李四"}


def test_what_was_committed_late_with_an_older_time_comes_within_the_overlap(town: Any, source: Source) -> None:
    overlapping(town, 60)
    source.put("I", ZHANG, "张三", "2026-03-01 08:00:00")
    night(town, 1)
    source.put("I", LI, "李四", "2026-03-01 07:15:00")
    source.put("I", WANG, "王五", "2026-03-01 06:15:00")
    night(town, 2)
    assert town.names("upsert") == {ZHANG: "张三", LI: "李四"}, "an hour, and no more"


def test_a_night_without_changes_changes_nothing(town: Any, source: Source) -> None:
    source.put("I", ZHANG, "张三", "2026-03-01 08:00:00")
    night(town, 1)
    version = town.version("upsert")
    for day in (2, 3):
        night(town, day)
    assert town.version("upsert") == version and town.names("upsert") == {ZHANG: "张三"}
    assert watermark(town.ledger, town.resource("upsert")) == "2026-03-01 08:00:00"


def test_rows_without_a_time_come_every_night_and_times_ahead_of_the_clock_hide_nothing(town: Any, source: Source) -> None:
    source.put("I", ZHANG, "张三", "9999-12-31 00:00:00")
    source.run(f'insert into "jhk" ("CZ", "SFZH", "XM") values (\'I\', \'{LI}\', \'李四\')')
    night(town, 1)
    source.put("I", WANG, "王五", "2026-03-01 12:00:00")
    night(town, 2)
    assert set(town.names("upsert")) == {ZHANG, LI, WANG}


def test_a_pull_that_was_turned_down_is_made_again(town: Any, source: Source) -> None:
    source.put("I", ZHANG, "张三", "2026-02-27 08:00:00")
    night(town, 1)
    town.change("upsert", gate={"max_held_out": 0.0})
    source.put("I", LI, "李四", "2026-03-01 08:00:00")
    source.run('insert into "jhk" ("CZ", "SFZH", "XM", "cd_time") values (\'I\', \'\', \'无名\', \'2026-03-01 09:00:00\')')
    (held,) = night(town, 2)
    assert held.state == "held"
    town.ledger.move(held.delivery_id, "rejected", actor="bureau", approval="1", reason="缺标识")
    source.run("delete from \"jhk\" where \"SFZH\" = ''")
    source.put("I", WANG, "王五", "2026-03-02 08:00:00")
    night(town, 3)
    assert set(town.names("upsert")) == {ZHANG, LI, WANG}
    assert watermark(town.ledger, town.resource("upsert")) == "2026-03-02 08:00:00"


def test_what_others_commit_while_rows_stream_is_not_half_seen(
    town: Any, source: Source, server: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    if source.sqlite:
        source.run("pragma journal_mode = wal")
    ids = [f"41040319850302{number:04d}" for number in range(60)]
    for id_ in ids:
        source.put("I", id_, "旧", "2026-03-01 08:00:00")
    monkeypatch.setattr(table, "CHUNK", 10)
    moved: list[int] = []

    def text(value: Any, column: str, where: str, plain: Any = table._text) -> Any:
        if column == "XM" and len(moved) < 1:
            moved.append(1)
            source.run('update "jhk" set "XM" = \'新\'', f'delete from "jhk" where "SFZH" = \'{ids[-1]}\'')
        return plain(value, column, where)

    monkeypatch.setattr(table, "_text", text)
    assert {(record["SFZH"], record["XM"]) for record in records(pulled(town))} == {(id_, "旧") for id_ in ids} and moved


def test_a_snapshot_table_is_taken_whole_every_time(lake: Any, source: Source) -> None:
    terms = {"channel": "table", "format": "jsonl", "pattern": "snapshot_{as_of}.jsonl"}
    lake.change("snapshot", delivery={**terms, "table": {"connection": "exchange", "name": "jhk"}})
    source.put("I", ZHANG, "张三", "2026-03-01 08:00:00")
    source.put("I", LI, "李四", "2026-03-01 08:00:00")
    resource = lake.resource("snapshot")
    collect(lake.data, resource, lake.catalogue, until=lake.day(1))
    lake.night(1, ["snapshot"])
    source.run(f'delete from "jhk" where "SFZH" = \'{LI}\'')
    collect(lake.data, resource, lake.catalogue, until=lake.day(2))
    lake.night(2, ["snapshot"])
    assert lake.names() == {ZHANG: "张三"}


def test_a_pull_that_breaks_off_leaves_nothing_in_the_landing_folder(town: Any, source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    for id_ in (ZHANG, LI, WANG):
        source.put("I", id_, "某", "2026-03-01 08:00:00")

    class Killed(BaseException):
        pass

    def text(value: Any, column: str, where: str) -> Any:
        if value == WANG:
            raise Killed
        return str(value)

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(table, "_text", text)
        pulled(town)
    assert not list((town.data / "landing").rglob("upsert*"))
    assert len(records(pulled(town))) == 3


def test_a_file_of_the_day_that_waits_is_taken_in_first(town: Any, source: Source) -> None:
    source.put("I", ZHANG, "张三", "2026-03-01 08:00:00")
    assert pulled(town) is not None and pulled(town) is None


# What goes wrong at the source ----------------------------------------------------------------------------------------------------


def failure(town: Any, day: int = 1) -> str:
    with pytest.raises(PullFailed) as caught:
        pulled(town, day=day)
    told = str(caught.value)
    assert PASSWORD not in told and "请" in told and "upsert" in told
    return told


def test_a_missing_table_and_a_missing_column_are_named_with_what_there_is(town: Any, source: Source) -> None:
    source.run('alter table "jhk" rename column "XM" to "XINGMING"')
    told = failure(town)
    assert "缺少列：XM" in told and "XINGMING" in told
    source.run('drop table "jhk"')
    assert "没有连接 exchange 的表 jhk" in failure(town)


def test_a_column_that_is_no_text_is_refused_by_name(town: Any, source: Source) -> None:
    kind, value = ("blob", "x'ff00'") if source.sqlite else ("bytea", "'\\xff00'")
    source.run('alter table "jhk" drop column "XM"', f'alter table "jhk" add column "XM" {kind}')
    source.run(f'insert into "jhk" ("SFZH", "XM") values (\'{ZHANG}\', {value})')
    told = failure(town)
    assert "列 XM 是二进制" in told and ZHANG not in told


def test_strange_names_of_tables_and_columns_are_quoted(lake: Any, source: Source) -> None:
    odd = 'a"b; drop'
    quoted = odd.replace('"', '""')
    source.run(f'create table "{quoted}" ("{quoted}" text, "XM" text)', f'insert into "{quoted}" values (\'{ZHANG}\', \'张三\')')
    terms = {"channel": "table", "format": "jsonl", "pattern": "s_{as_of}.jsonl"}
    lake.change("snapshot", delivery={**terms, "table": {"connection": "exchange", "name": odd}})
    entry = lake.resource("snapshot")
    items = [entry.items[0].model_copy(update={"column": odd}), entry.items[1]]
    found = pull(lake.data, entry.model_copy(update={"items": items}), business_date=DAY, after=None)
    assert records(found) == [{odd: ZHANG, "XM": "张三"}]
    source.run(f'drop table "{quoted}"')


def test_a_refused_login_an_unknown_host_and_database_are_told_without_the_password(
    town: Any, server: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    for url, words in {
        server.url(password="falsch-" + PASSWORD): "登录被拒绝",
        server.url(database="nirgends"): "没有这个数据库",
        server.url().replace(str(server.port), "1"): "连不上数据库",
        "mysql://u:" + PASSWORD + "@127.0.0.1/x": "不支持",
        "sqlite:////nirgends/x.sqlite3": "打不开",
    }.items():
        monkeypatch.setenv("YISHU_CONNECTION_EXCHANGE", url)
        assert words in failure(town)


def test_a_pull_that_fails_is_a_fault_of_the_night_and_what_waited_is_safe(town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YISHU_CONNECTION_EXCHANGE", "sqlite:////nirgends/x.sqlite3")
    row = json.dumps(dict(zip([*COLUMNS[:-1]], ["I", ZHANG, "张三", "1", "1990-01-02", "1"], strict=True)), ensure_ascii=False)
    town.put("upsert", row.encode() + b"\n").rename(town.data / "landing/office/upsert/upsert_20260228.jsonl")
    with pytest.raises(PullFailed):
        collect(town.data, town.resource("upsert"), town.catalogue, until=DAY)
    assert town.night(1, ["upsert"])[0].state == "accepted"


def test_without_a_connection_files_come_in_its_place(town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "data", town.data)
    monkeypatch.delenv("YISHU_CONNECTION_EXCHANGE", raising=False)
    assert collect(town.data, town.resource("upsert"), town.catalogue, until=DAY + timedelta(days=1)) == []


def test_connections_come_from_a_private_file_as_well(town: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    town.data.mkdir()
    made = Source(f"sqlite:///{town.data / 'exchange.sqlite3'}")
    made.put("I", ZHANG, "张三", "2026-03-01 08:00:00")
    file = town.data / "connections.yaml"
    file.write_text("exchange: {url: 'sqlite:///exchange.sqlite3'}\n", encoding="utf-8")
    file.chmod(0o644)
    assert "chmod 0600" in failure(town)
    file.chmod(0o600)
    assert len(records(pulled(town))) == 1
