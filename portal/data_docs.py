"""Serves the published Data Docs to those who see all departments. Not here: how the pages are made.

The pages are static files of the data folder; only pages and their style sheet are given out, never a file beside them.
"""

import re
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from portal.desk.actor import Actor, NotAllowed
from portal.pages.access import desk_page

INDEX = "index.html"
# What the site's own paths look like: no way up, no hidden name.
_PATH = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.-]*/)*[A-Za-z0-9_][A-Za-z0-9_.-]*\.(html|css)")
_TYPES = {"html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8"}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "private, no-cache",  # the next night's pages have the same addresses
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


@require_safe
@desk_page
def data_docs(request: HttpRequest, actor: Actor, path: str = "") -> HttpResponse:
    """One page, or 404 in words. For bureau and auditors: the pages speak of all departments."""
    if not actor.sees_all:
        raise NotAllowed("数据质量文档涉及全部部门，由数据主管部门和审计查看；本部门的问题见收件箱")
    root = Path(settings.DATA_FOLDER) / "published" / "data_docs"
    if not root.is_dir():
        return _absent("尚未发布数据质量文档", "夜间任务发布之后，这里会有当晚的检查结果。")
    kind = _PATH.fullmatch(path or INDEX)
    content = _content(root.resolve(), path or INDEX) if kind else None
    if kind is None or content is None:
        return _absent("没有这一页", "可能是规则或信息资源已经改名或取消。")
    return HttpResponse(content, content_type=_TYPES[kind[1]], headers=HEADERS)


def _content(root: Path, path: str) -> bytes | None:
    """The file's bytes; None where it is not there or, by whatever link, lies elsewhere."""
    file = (root / path).resolve()
    if not file.is_relative_to(root):
        return None
    try:
        return file.read_bytes()
    except OSError:
        return None


def _absent(title: str, way_out: str) -> HttpResponse:
    page = (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<h1>{escape(title)}</h1><p>{escape(way_out)}</p><p><a href="/data-docs/">数据质量文档</a>　<a href="/desk/">更正工单台</a></p>'
    )
    return HttpResponse(page, status=404, content_type=_TYPES["html"], headers=HEADERS)
