"""异议: the form by which a user department doubts a record (E04), and what became of the doubts it raised.

The record's key is typed into the form and sent by POST only; nothing here tells whether such a record exists.
"""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.desk.actions.doubting import KEY_LIMIT, Question, raise_doubt, withdraw_doubt
from portal.desk.actions.finding import doubts_of
from portal.desk.actor import Actor, DeskError, NotAllowed
from portal.desk.models import Doubt
from portal.desk.models.tickets import LIVE
from portal.desk.register import current_catalogue
from portal.pages.access import desk_page
from yishu.catalogue.models import Resource

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """First the resource (in the address), then its form. What was typed stays when something is wrong with it."""
    actor.must("doubt")
    catalogue = current_catalogue()
    entry = catalogue.judged_resources.get(request.GET.get("resource", ""))
    typed = _typed(request, entry) if entry and request.method == "POST" else {"key": [], "item": "", "note": ""}
    status = 200
    if entry and request.method == "POST":
        try:
            raise_doubt(actor, Question(entry.department, entry.name, "|".join(typed["key"]), typed["item"], typed["note"]))
        except NotAllowed:
            raise
        except DeskError as error:
            messages.error(request, str(error))
            status = 400
        else:
            messages.success(request, "异议已提出，并已转给数据的提供部门；可在此查看办理情况")
            return redirect("pages:doubts")
    context = {
        "departments": _choices(),
        "entry": entry,
        "owner": catalogue.departments[entry.department].title if entry else "",
        "keys": _keys(entry, typed["key"]) if entry else [],
        "typed": typed,
        "limit": KEY_LIMIT,
    }
    return render(request, "desk/doubt_new.html", context, status=status)


def _typed(request: HttpRequest, entry: Resource) -> dict[str, Any]:
    return {
        "key": [request.POST.get(f"key_{name}", "").strip() for name in entry.key],
        "item": request.POST.get("item", ""),
        "note": request.POST.get("note", ""),
    }


def _keys(entry: Resource, typed: list[str]) -> list[dict[str, str]]:
    values = typed or [""] * len(entry.key)
    return [{"name": name, "title": entry.item(name).title, "value": value} for name, value in zip(entry.key, values, strict=True)]


def _choices() -> list[tuple[str, list[Resource]]]:
    """Department's title -> its resources, in the catalogue's order."""
    catalogue = current_catalogue()
    of = {name: [one for one in catalogue.judged_resources.values() if one.department == name] for name in catalogue.judged_departments}
    return [(catalogue.departments[name].title, resources) for name, resources in of.items() if resources]


@require_safe
@desk_page
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The department's own doubts (all, for bureau and auditors), newest first, each with its state."""
    page = Paginator(doubts_of(actor).order_by("-id"), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": [_row(actor, doubt) for doubt in page], "may_doubt": actor.may("doubt")}
    return render(request, "desk/doubts.html", context)


def _row(actor: Actor, doubt: Doubt) -> dict[str, Any]:
    item = doubt.item
    live = item.state in LIVE and not doubt.withdrawn_on
    return {
        "doubt": doubt,
        "item": item,
        "ticket": item.ticket,
        "subject": item.masked_subject,
        "state": "已撤回" if doubt.withdrawn_on else item.get_state_display(),
        "may_withdraw": live and actor.may("doubt") and doubt.department == actor.department,
        "may_open": actor.sees_all or item.department == actor.department,
    }


@require_POST
@desk_page
def withdraw(request: HttpRequest, actor: Actor, doubt: int) -> HttpResponse:
    withdraw_doubt(actor, doubt)
    messages.success(request, "异议已撤回")
    return redirect("pages:doubts")
