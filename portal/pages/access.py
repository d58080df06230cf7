"""Who gets a page at all: signed in, and with a role. What the role may do is asked by each action (portal/desk/actor.py).

Deny by default: `SignedIn` refuses every address that is not named as free of it, `desk_page` every account without a role.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.desk.actions.finding import actor_of
from portal.desk.actor import Actor

API = "/desk/api/"  # asks for its tokens itself, and answers in JSON


class SignedIn(LoginRequiredMiddleware):
    """Whoever has not signed in is led to the door."""

    def process_view(self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any) -> HttpResponse | None:
        if request.path.startswith(API):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


def actor_at(request: HttpRequest) -> Actor | None:
    """The actor behind the request, asked for once."""
    if not hasattr(request, "desk_actor"):
        user = getattr(request, "user", None)
        request.desk_actor = actor_of(user) if user is not None else None
    return request.desk_actor


def desk_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for people with a role: called with request, actor and the address's parts."""

    @wraps(view)
    def page(request: HttpRequest, **parts: Any) -> HttpResponse:
        actor = actor_at(request)
        if actor is None:
            return render(request, "desk/no_role.html", status=403)
        return view(request, actor, **parts)

    return page
