"""The interface put together: who gets in, what errors look like, where its description lies. Calls: the other modules.

Nothing it serves comes from outside: the page of its description uses files of the installed library.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from portal.api import corrections, doubts, entities, tickets
from portal.api.access import DepartmentKey, Session
from portal.api.shapes import Problem
from portal.desk.actor import DeskError, NotAllowed, NotFound
from portal.pages.access import actor_at

log = logging.getLogger(__name__)
WAY_OUT = "；"
CODES = {400: "malformed", 401: "unauthenticated", 403: "not_allowed", 404: "not_found", 429: "too_many"}


def _for_members(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The description is for people with a role and for programs with a key, like every page and call."""

    def page(request: HttpRequest, **parts: Any) -> HttpResponse:
        try:
            actor = DepartmentKey()(request) or actor_at(request)
        except HttpError as error:
            return _http(request, error)
        return _nobody(request, None) if actor is None else view(request, **parts)

    return page


api = NinjaAPI(
    title="更正工单台接口",
    version="1",
    description="部门程序办理更正工单的接口。权限与页面相同：只能看到和办理本部门的工单。",
    urls_namespace="desk-api",
    auth=[DepartmentKey(), Session()],
    docs_decorator=_for_members,
)
for part in (tickets.router, corrections.router, doubts.router, entities.router):
    api.add_router("", part)


def _answer(request: HttpRequest, status: int, code: str, text: str) -> HttpResponse:
    """An error's text says what is wrong, then the way out."""
    message, _, way_out = text.partition(WAY_OUT)
    answer = api.create_response(request, Problem(code=code, message=message, way_out=way_out or None).model_dump(), status=status)
    if status == 401:
        answer["WWW-Authenticate"] = "Bearer"
    if status == 429:
        answer["Retry-After"] = "300"
    return answer


@api.exception_handler(DeskError)
def _desk(request: HttpRequest, error: DeskError) -> HttpResponse:
    status, code = (404, "not_found") if isinstance(error, NotFound) else (403, "not_allowed") if isinstance(error, NotAllowed) else (409, "cannot")
    return _answer(request, status, code, str(error))


@api.exception_handler(AuthenticationError)
def _nobody(request: HttpRequest, error: AuthenticationError | None) -> HttpResponse:
    return _answer(request, 401, "unauthenticated", "没有密钥，也没有登录；请在 Authorization 头中写 Bearer 和部门密钥")


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    status = error.status_code
    text = {400: "请求的内容不是可读的 JSON；请检查格式和编码"}.get(status, error.message)
    if "CSRF" in text:
        text = "缺少 CSRF 令牌；登录的用户须在 X-CSRFToken 头中带上页面的令牌，程序请使用部门密钥"
    return _answer(request, status, CODES.get(status, "failed"), text)


@api.exception_handler(ValidationError)
def _shape(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Names the places, never the values."""
    places = sorted({".".join(str(part) for part in one["loc"][1:] if part not in ("said",)) or "请求体" for one in error.errors})
    return _answer(request, 422, "malformed", f"这些字段缺少或不合要求：{'、'.join(places[:20])}；请对照 openapi.json 修改")


@api.exception_handler(Http404)
def _absent(request: HttpRequest, error: Http404) -> HttpResponse:
    return _answer(request, 404, "not_found", "没有这个地址；请对照 openapi.json")


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return _answer(request, 413, "too_big", "请求超过 16 MB；请分批提交")


@api.exception_handler(Exception)
def _failed(request: HttpRequest, error: Any) -> HttpResponse:
    """What failed stays in the log, by its kind only: its words may quote a value."""
    log.error("desk interface failed: %s at %s", type(error).__name__, request.resolver_match.route if request.resolver_match else "")
    return _answer(request, 500, "failed", "系统出错，不是您的请求有误；请稍后重试，仍不行请联系系统管理员")
