"""What people are told when something cannot be shown or done: in Chinese, with the way out, never with what the program knows.

The errors of the desk's actions become pages here, for every view of the portal alike.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from portal.desk.actor import DeskError, NotAllowed, NotFound
from portal.pages.access import API
from yishu.catalogue.documents import CatalogueError


class Problems:
    """Middleware: an error of the desk's actions, or of the catalogue's files, is an answer, not a failure of the program."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if request.path.startswith(API):
            return None
        if isinstance(error, CatalogueError):
            return told(request, 503, "暂时不能使用", "目录或法规配置无法读取；请系统管理员运行 yishu catalogue check 并修正")
        if not isinstance(error, DeskError):
            return None
        if isinstance(error, NotFound):
            return told(request, 404, "没有这一页", str(error))
        if isinstance(error, NotAllowed):
            return told(request, 403, "不能进行这项操作", str(error))
        return told(request, 400, "没有办成", str(error))


def told(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(request, "desk/problem.html", {"title": title, "text": text}, status=status)


def malformed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return told(request, 400, "请求无法识别", "提交的内容过大或格式不对；请返回上一页检查后重试")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return told(request, 403, "没有权限", "您的账号不能打开这一页；需要时请联系数据主管部门的系统管理员")


def without_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its CSRF token: mostly a page left open over night."""
    return told(request, 403, "页面已过期", "为防止他人冒用您的登录，表单须从本站页面提交；请返回上一页，刷新后重新提交")


def absent(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return told(request, 404, "没有这一页", "地址可能已经变化，或不属于您的部门；请从收件箱重新进入")


def failed(request: HttpRequest) -> HttpResponse:
    """Rendered without the request: whatever failed, this must not fail again."""
    context: dict[str, Any] = {"title": "系统出错", "text": "问题不在您的操作；请稍后重试，仍不行请把时间和所做的事告诉系统管理员"}
    return HttpResponse(render_to_string("desk/problem.html", context), status=500)
