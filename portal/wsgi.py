"""The desk as a WSGI application of the chosen data folder, for any server; serve.py runs it on loopback."""

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from portal.setup import ensure_ready
from yishu.settings import settings

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@cache
def desk_application(data: Path) -> Application:
    """Django's handler over the desk of `data`; set up on first use."""
    ensure_ready(data)
    from django.core.handlers.wsgi import WSGIHandler

    return WSGIHandler()  # type: ignore[no-any-return]  # Django has no types


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    return desk_application(settings.data)(environ, start_response)
