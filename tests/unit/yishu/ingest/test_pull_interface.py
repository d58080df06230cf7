"""Interfaces pulled page by page from a real HTTP server that fails on purpose: tried again, resumed, never half-taken."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.unit.yishu.ingest.conftest import entry
from yishu.catalogue.models import Resource
from yishu.ingest import interface
from yishu.ingest.intake import collect
from yishu.ingest.pull import pull
from yishu.ingest.source import PullFailed

DAY = date(2026, 3, 1)
TOKEN = "geheim-4711"
Trouble = Callable[[BaseHTTPRequestHandler, int], bool]


class Office:
    """The department's interface: rows, pages, and a trouble for chosen requests."""

    def __init__(self) -> None:
        self.rows: list[Any] = []
        self.asked: list[int] = []
        self.queries: list[dict[str, str]] = []
        self.troubles: list[Trouble] = []
        self.one_at_a_time = threading.Lock()
        self.total: Callable[[int], Any] = lambda page: len(self.rows)
        office = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:  # the name is the library's
                office.answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/api"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(handler.path).query).items()}
        page, size = int(query["page"]), int(query["size"])
        self.asked.append(page)
        self.queries.append(query)
        with self.one_at_a_time:  # an answer is out before its trouble is taken off the list
            if self.troubles and self.troubles[0](handler, page):
                self.troubles.pop(0)
                return
        if handler.headers.get("Authorization") != f"Bearer {TOKEN}":
            reply(handler, 401, b"{}")
            return
        told = {"data": {"rows": self.rows[(page - 1) * size : page * size]}, "total": self.total(page)}
        reply(handler, 200, json.dumps(told, ensure_ascii=False).encode())

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def reply(handler: BaseHTTPRequestHandler, code: int, body: bytes, **headers: str) -> bool:
    handler.send_response(code)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)
    return True


def failing(code: int, **headers: str) -> Trouble:
    return lambda handler, page: reply(handler, code, b"busy", **headers)


def breaking_off(handler: BaseHTTPRequestHandler, page: int) -> bool:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"data": {"rows": [')
    handler.close_connection = True
    return True


def on(page: int, trouble: Trouble) -> Trouble:
    return lambda handler, asked: asked == page and trouble(handler, asked)


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr(interface, "BACKOFF_SECONDS", 0)
    started = Office()
    monkeypatch.setenv("YISHU_CONNECTION_OFFICE", started.url)
    monkeypatch.setenv("YISHU_CONNECTION_OFFICE_TOKEN", TOKEN)
    yield started
    started.stop()


def things(**source: Any) -> Resource:
    told = {"connection": "office", "path": "/v1/things", "rows": "data.rows", "page_size": 2, **source}
    plain = entry("jsonl").model_dump(mode="json", by_alias=True)
    mode = "append" if source.get("since") else "snapshot"
    plain["delivery"] = {"channel": "interface", "pattern": "things_{as_of}.jsonl", "mode": mode, "interface": told}
    return Resource.model_validate(plain)


def row(number: int, **more: Any) -> dict[str, Any]:
    return {"NUMBER": number, "NAME": f"物{number}", "PLACE": "甲", **more}


def pulled(data: Path, resource: Resource, after: str | None = None) -> list[Any]:
    found = pull(data, resource, business_date=DAY, after=after)
    assert found is not None
    lines = [json.loads(line) for line in found.path.read_text("utf-8").splitlines()]
    sidecar = json.loads(found.path.with_name(found.path.name + ".meta.json").read_text("utf-8"))
    assert sidecar["records"] == found.records == len(lines)
    return lines


def failure(data: Path, resource: Resource) -> str:
    with pytest.raises(PullFailed) as caught:
        pull(data, resource, business_date=DAY, after=None)
    told = str(caught.value)
    assert TOKEN not in told and "请" in told and not list(data.rglob("landing/**/things*"))
    return told


def test_all_pages_come_in_order_with_the_token_and_numbers_as_written(office: Office, tmp_path: Path) -> None:
    office.rows = [row(110105194912310029), row(2), row(3, NAME=1.10), row(4), row(5)]
    found = pulled(tmp_path, things())
    assert [record["NUMBER"] for record in found] == ["110105194912310029", "2", "3", "4", "5"] and found[2]["NAME"] == "1.1"
    assert office.asked == [1, 2, 3]


@pytest.mark.parametrize("count", [0, 1, 2, 4])
def test_any_number_of_rows_ends_where_it_ends(office: Office, tmp_path: Path, count: int) -> None:
    office.rows = [row(number) for number in range(count)]
    assert len(pulled(tmp_path, things())) == count and len(office.asked) == max(1, (count + 1) // 2)


@pytest.mark.parametrize(
    "trouble", [failing(500), failing(503, Retry_After="0"), failing(429, Retry_After="0"), breaking_off], ids=["500", "503", "429", "reset"]
)
def test_a_page_that_fails_once_is_asked_for_again(office: Office, tmp_path: Path, trouble: Trouble) -> None:
    office.rows = [row(number) for number in range(5)]
    office.troubles = [on(2, trouble)]
    assert len(pulled(tmp_path, things())) == 5 and office.asked == [1, 2, 2, 3]


def test_an_interrupted_pull_goes_on_after_the_last_good_page(office: Office, tmp_path: Path) -> None:
    office.rows = [row(number) for number in range(6)]
    office.troubles = [on(3, failing(500))] * interface.TRIES
    assert "第 3 页" in failure(tmp_path, things())
    office.asked.clear()
    assert [record["NUMBER"] for record in pulled(tmp_path, things())] == [str(number) for number in range(6)]
    assert office.asked == [3]


def test_a_source_that_changed_meanwhile_is_asked_from_the_beginning(office: Office, tmp_path: Path) -> None:
    office.rows = [row(number) for number in range(6)]
    office.troubles = [on(3, failing(500))] * interface.TRIES
    failure(tmp_path, things())
    office.rows.insert(0, row(99))
    office.asked.clear()
    assert len(pulled(tmp_path, things())) == 7 and office.asked[0] == 3 and office.asked[1:] == [1, 2, 3, 4]


def test_a_total_that_never_holds_still_is_told(office: Office, tmp_path: Path) -> None:
    office.rows = [row(number) for number in range(6)]
    office.total = lambda page: 6 + page
    assert "总数一再变化" in failure(tmp_path, things())


def test_an_increment_asks_with_the_watermark_and_keeps_the_next(office: Office, tmp_path: Path) -> None:
    office.rows = [row(1, PLACE="2026-02-27"), row(2, PLACE="2026-02-28")]
    resource = things(since="since", changed="PLACE")
    found = pull(tmp_path, resource, business_date=DAY, after="2026-02-26")
    assert found is not None and (found.since, found.until) == ("2026-02-26", "2026-02-28")
    assert {query.get("since") for query in office.queries} == {"2026-02-26"}


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (failing(403), "没有访问权限"),
        (failing(404), "没有这个接口"),
        (failing(302, Location="http://127.0.0.1:1/"), "转到了别的地址"),
        (lambda handler, page: reply(handler, 200, b"<html>"), "不是有效的 JSON"),
        (lambda handler, page: reply(handler, 200, b'{"data": []}'), "没有记录列表"),
        (lambda handler, page: reply(handler, 200, b'{"data": {"rows": []}}'), "没有记录总数"),
    ],
)
def test_what_trying_again_cannot_mend_is_told_at_once(office: Office, tmp_path: Path, trouble: Trouble, words: str) -> None:
    office.troubles = [trouble]
    assert words in failure(tmp_path, things()) and office.asked == [1]


def test_a_wrong_token_is_told_without_the_token(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YISHU_CONNECTION_OFFICE_TOKEN", TOKEN + "x")
    assert "令牌无效" in failure(tmp_path, things())


def test_a_page_without_end_is_given_up(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interface, "MOST_PAGE_BYTES", 100)
    office.rows = [row(number, NAME="长" * 200) for number in range(2)]
    assert "超过" in failure(tmp_path, things())


def test_plain_http_to_another_machine_is_refused_before_anything_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YISHU_CONNECTION_OFFICE", "http://office.invalid/api")
    assert "http 不加密" in failure(tmp_path, things())


def test_nobody_listening_is_told_after_some_tries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interface, "BACKOFF_SECONDS", 0)
    monkeypatch.setenv("YISHU_CONNECTION_OFFICE", "http://127.0.0.1:1/api")
    assert f"试了 {interface.TRIES} 次" in failure(tmp_path, things())


def test_what_an_interface_gives_ends_in_pool_and_rejects_like_any_file(lake: Any, office: Office) -> None:
    told = {"connection": "office", "path": "/v1/persons", "rows": "data.rows", "page_size": 2}
    lake.change("snapshot", delivery={"channel": "interface", "format": "jsonl", "pattern": "snapshot_{as_of}.jsonl", "interface": told})
    lake.change("snapshot", gate={"max_held_out": 0.9})
    person = {"SFZH": "11010519491231002X", "XM": "张三", "XB": "1", "CSRQ": "1949-12-31", "JE": 2.5}
    office.rows = [person, {**person, "XM": ["嵌套"]}, "不是对象"]
    collect(lake.data, lake.resource("snapshot"), lake.catalogue, until=lake.day(1))
    (done,) = lake.night(1, ["snapshot"])
    assert (done.state, done.records, done.raw_rows, done.rejects) == ("accepted", 3, 1, 2)
    assert lake.names() == {"11010519491231002X": "张三"}
