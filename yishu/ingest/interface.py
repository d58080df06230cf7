"""The records of a department's HTTP interface, page by page, as JSON lines.

Belongs here: asking, trying again, and going on after the last good page. Not here: where the lines go (pull.py), what is a record
(json_lines.py: nested values stay, and that reader rejects the line by itself). A page that came whole is kept as a file until all have come; what
was interrupted asks for no page twice, as long as the interface still counts the same total.
"""

import ipaddress
import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from yishu.catalogue.delivery_terms import InterfaceSource
from yishu.ingest.source import Line, PullFailed
from yishu.settings import Connection

TRIES, BACKOFF_SECONDS = 5, 0.5
CONNECT_SECONDS, READ_SECONDS = 10, 30
MOST_PAGE_BYTES = 64 << 20
MOST_PAGES = 100_000
_STATE = "state.json"
_AGAIN = frozenset({429, 500, 502, 503, 504})
_REASONS = {
    400: "接口不认得请求参数；请核对目录中的 page、size、since",
    401: "令牌无效或已过期；请更新连接的令牌",
    403: "没有访问权限；请部门为本平台开通该接口",
    404: "没有这个接口；请核对目录中的 path 和连接地址",
}


class _Changed(Exception):
    """The interface counts another total than when the pull began."""


def lines(connection: Connection, source: InterfaceSource, pages: Path, since: str | None, business_date: date) -> Iterator[Line]:
    """Every record of the interface changed since. Raises PullFailed; then what has come so far is kept in `pages`."""
    where = f"连接 {connection.name} 的接口 {source.path}"
    with _session(connection, where) as session:
        for attempt in ("first", "again"):
            try:
                count = _fetch(session, connection, source, pages, since, where)
                break
            except _Changed:
                shutil.rmtree(pages)
                if attempt == "again":
                    raise PullFailed(f"{where}：取数期间记录总数一再变化；请部门提供稳定的快照，或稍后再取") from None
    for number in range(1, count + 1):
        for record in _parsed((pages / f"{number}.json").read_bytes(), source, where)[0]:
            yield _line(record, source)
    shutil.rmtree(pages)


def _fetch(session: requests.Session, connection: Connection, source: InterfaceSource, pages: Path, since: str | None, where: str) -> int:
    """Bring every page that is not there yet; return how many there are. Raises _Changed, PullFailed."""
    asked = {"since": since, "page_size": source.page_size, "path": source.path}
    total, rows, number = _resumed(pages, source, asked, where)
    while total is None or rows < total or number == 0:
        number += 1
        if number > MOST_PAGES:
            raise PullFailed(f"{where}：超过 {MOST_PAGES} 页仍未结束；请核对目录中的 page、size 参数名（接口可能没有翻页）")
        content = _page(session, connection, source, number, since, where)
        records, stated = _parsed(content, source, where)
        if number > 1 and stated != total:
            raise _Changed
        total = stated
        _keep(pages / f"{number}.json", content)
        _keep(pages / _STATE, json.dumps({**asked, "total": total, "pages": number}).encode())
        rows += len(records)
        if len(records) < source.page_size:
            break
    if total is not None and rows != total:
        raise _Changed
    return number


def _resumed(pages: Path, source: InterfaceSource, asked: dict[str, Any], where: str) -> tuple[int | None, int, int]:
    """Total, rows and pages that an interrupted pull of the same kind has brought; otherwise nothing, and a clean folder."""
    try:
        state = json.loads((pages / _STATE).read_bytes())
        same = {name: state[name] for name in asked} == asked
        number = int(state["pages"])
        rows = sum(len(_parsed((pages / f"{n}.json").read_bytes(), source, where)[0]) for n in range(1, number + 1)) if same else 0
    except (OSError, ValueError, KeyError, TypeError):
        same = False
    if same:
        return state["total"], rows, number
    shutil.rmtree(pages, ignore_errors=True)
    pages.mkdir(mode=0o700, parents=True)
    return None, 0, 0


def _keep(file: Path, content: bytes) -> None:
    """Whole or not at all."""
    draft = file.with_suffix(".part")
    draft.write_bytes(content)
    draft.replace(file)


# Asking ----------------------------------------------------------------------------------------------------------------------


def _session(connection: Connection, where: str) -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no proxy and no password from somebody else's environment
    if connection.token is not None:
        session.headers["Authorization"] = f"Bearer {connection.token.get_secret_value()}"
    retry = Retry(total=TRIES - 1, backoff_factor=BACKOFF_SECONDS, backoff_jitter=BACKOFF_SECONDS, status_forcelist=_AGAIN,
                  respect_retry_after_header=True, raise_on_status=False, allowed_methods=frozenset({"GET"}))  # fmt: skip
    address = urlsplit(connection.url.get_secret_value())
    if address.scheme not in ("http", "https") or not address.hostname:
        raise PullFailed(f"{where}：连接地址不是 https 地址；请填写以 https 开头的地址")
    if address.scheme == "http" and not _is_loopback(address.hostname):
        raise PullFailed(f"{where}：http 不加密，令牌和个人信息会外泄；请部门提供 https 地址")
    session.mount(f"{address.scheme}://", HTTPAdapter(max_retries=retry))
    return session


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _page(session: requests.Session, connection: Connection, source: InterfaceSource, number: int, since: str | None, where: str) -> bytes:
    """One page's bytes, tried again where that may help; a body that breaks off is a failed try like any other."""
    asked = {source.page: str(number), source.size: str(source.page_size), **({source.since: since} if source.since and since is not None else {})}
    url = connection.url.get_secret_value().rstrip("/") + "/" + source.path.lstrip("/")
    for left in reversed(range(TRIES)):
        try:
            with session.get(url, params=asked, timeout=(CONNECT_SECONDS, READ_SECONDS), stream=True, allow_redirects=False) as answer:
                return _body(answer, number, where)
        except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError):
            if not left:
                raise PullFailed(f"{where}：第 {number} 页试了 {TRIES} 次，连接不上或中途断开；请检查网络和接口服务，下次从这一页继续") from None
        except requests.RequestException as error:
            raise PullFailed(f"{where}：第 {number} 页请求失败（{type(error).__name__}）；请核对连接地址") from None
    raise AssertionError("the last try returns or raises")


def _body(answer: requests.Response, number: int, where: str) -> bytes:
    if answer.status_code in _AGAIN:
        raise PullFailed(f"{where}：第 {number} 页试了 {TRIES} 次仍报错（{answer.status_code}）；请部门检查接口服务，下次从这一页继续")
    if answer.is_redirect:
        raise PullFailed(f"{where}：接口转到了别的地址，令牌不能跟着走；请把新地址写进连接")
    if answer.status_code != requests.codes.ok:
        raise PullFailed(f"{where}：{_REASONS.get(answer.status_code, f'接口报错（{answer.status_code}）；请联系部门的接口管理员')}")
    content = b""
    for chunk in answer.iter_content(1 << 20):
        content += chunk
        if len(content) > MOST_PAGE_BYTES:
            raise PullFailed(f"{where}：第 {number} 页超过 {MOST_PAGE_BYTES >> 20} MiB；请在目录中减小 page_size")
    stated = answer.headers.get("Content-Length")
    if stated and stated.isdigit() and not answer.headers.get("Content-Encoding") and len(content) != int(stated):
        raise requests.ConnectionError("the body broke off")
    return content


# What an answer holds --------------------------------------------------------------------------------------------------------


def _parsed(content: bytes, source: InterfaceSource, where: str) -> tuple[list[Any], int | None]:
    """The records of a page and the total it states. Numbers stay as they were written."""
    try:
        answer = json.loads(content, parse_int=_Number, parse_float=_Number)
    except (ValueError, RecursionError):
        raise PullFailed(f"{where}：应答不是有效的 JSON；请核对连接地址和 path") from None
    records = _at(answer, source.rows)
    if not isinstance(records, list):
        raise PullFailed(f"{where}：应答中没有记录列表 {source.rows}；请核对目录中的 rows")
    total = None if source.total is None else _at(answer, source.total)
    if source.total is not None and not (isinstance(total, str) and total.isdigit()):
        raise PullFailed(f"{where}：应答中没有记录总数 {source.total}；请核对目录中的 total（没有总数的写 null）")
    return records, None if total is None else int(total)


def _at(answer: Any, path: str) -> Any:
    for part in path.split("."):
        answer = answer.get(part) if isinstance(answer, dict) else None
    return answer


class _Number(str):
    """A number of the answer, as text: an id of 18 digits must not become a float."""


def _line(record: Any, source: InterfaceSource) -> Line:
    changed = record.get(source.changed) if source.changed and isinstance(record, dict) else None
    return Line(json.dumps(record, ensure_ascii=False).encode(errors="surrogatepass"), changed if isinstance(changed, str) else None)
