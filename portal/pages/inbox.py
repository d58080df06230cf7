"""The inbox: which tickets an actor has to do with, sorted by when they are due. Counts stand on the tickets; no item is read here.

Searching and filtering speak of tickets only: a filter on subjects would confirm a guessed identifier (H11).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal.desk.actions.finding import visible_tickets
from portal.desk.actions.handling import acknowledge
from portal.desk.actor import Actor, DeskError
from portal.desk.models import Origin, Severity, Ticket, TicketState
from portal.desk.models.tickets import IN_WORK
from portal.desk.register import current_terms
from portal.pages.access import desk_page
from portal.pages.days import Days

PAGE = 50
SEARCH_LIMIT = 100
TABS = (("work", "在办"), ("late", "逾期"), ("new", "待受理"), ("refusing", "拒绝待认可"), ("closed", "已办结"))
DUE = (("late", "已逾期"), ("3", "3 天内到期"), ("7", "7 天内到期"), ("30", "30 天内到期"))
EXACT = ("resource", "origin", "severity")
# What the list shows; history and texts of a ticket stay in the database.
SHOWN = (
    "number", "department_title", "resource_title", "message", "rule", "severity", "origin", "state", "due_on", "due_provisional", "due_basis",
    "due_article", "item_count", "open_count", "refusing_count", "opened_on", "closed_on",
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What was asked for in the address. Unknown values ask for nothing."""

    tab: str
    search: str
    chosen: Mapping[str, str]

    @classmethod
    def of(cls, query: Mapping[str, str], actor: Actor) -> "Wanted":
        names = (*EXACT, "due", *(("department",) if actor.sees_all else ()))
        tab = query.get("tab", "")
        known = tab if tab in dict(TABS) else TABS[0][0]
        return cls(known, query.get("q", "").strip()[:SEARCH_LIMIT], {name: query[name][:200] for name in names if query.get(name)})

    def narrow(self, tickets: "QuerySet[Ticket]", today: date) -> "QuerySet[Ticket]":
        """Everything but the tab."""
        for name, value in self.chosen.items():
            tickets = tickets.filter(_due(value, today) if name == "due" else Q(**{name: value}))
        if self.search:
            parts = ("number", "message", "rule", "resource_title")
            either = Q()
            for part in parts:
                either |= Q(**{f"{part}__icontains": self.search})
            tickets = tickets.filter(either)
        return tickets


def in_tab(tab: str, today: date) -> Q:
    work = Q(state__in=IN_WORK)
    return {
        "work": work,
        "late": work & Q(due_on__lt=today),
        "new": Q(state=TicketState.RAISED),
        "refusing": work & Q(refusing_count__gt=0),
        "closed": Q(state=TicketState.CLOSED),
    }[tab]


def _due(value: str, today: date) -> Q:
    if value == "late":
        return Q(due_on__lt=today)
    return Q(due_on__range=(today, today + timedelta(days=int(value)))) if value in dict(DUE) else Q()


@require_safe
@desk_page
def inbox(request: HttpRequest, actor: Actor) -> HttpResponse:
    days = Days(current_terms(actor.name).calendar)
    wanted = Wanted.of(request.GET, actor)
    visible = visible_tickets(actor)
    found = wanted.narrow(visible, days.today)
    counts = found.order_by().aggregate(**{tab: Count("id", filter=in_tab(tab, days.today)) for tab, _ in TABS})
    order = ("-closed_on", "number") if wanted.tab == "closed" else ("due_on", "number")
    paginator = Paginator(found.filter(in_tab(wanted.tab, days.today)).only(*SHOWN).order_by(*order), PAGE)
    paginator.count = counts[wanted.tab]  # counted with the others; else one more question
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "tabs": [{"name": name, "title": title, "count": counts[name], "address": _address(wanted, name)} for name, title in TABS],
        "wanted": wanted,
        "page": page,
        "rows": [_row(ticket, days) for ticket in page],
        "filters": _filters(visible, actor, wanted),
        "may_acknowledge": actor.may("acknowledge") and wanted.tab != "closed",
        "here": _address(wanted, wanted.tab),
    }
    return render(request, "desk/inbox.html", context)


def _row(ticket: Ticket, days: Days) -> dict[str, Any]:
    closed = ticket.state == TicketState.CLOSED
    return {
        "ticket": ticket,
        "left": "" if closed else days.left(ticket.due_on),
        "urgency": "calm" if closed else days.urgency(ticket.due_on),
        "is_new": ticket.state == TicketState.RAISED,
    }


def _address(wanted: Wanted, tab: str) -> str:
    from urllib.parse import urlencode

    return "?" + urlencode({"tab": tab, **({"q": wanted.search} if wanted.search else {}), **wanted.chosen})


def _filters(visible: "QuerySet[Ticket]", actor: Actor, wanted: Wanted) -> list[dict[str, Any]]:
    """The select boxes: name, label, options, what is chosen."""
    pairs = sorted(set(visible.order_by().values_list("department", "department_title", "resource", "resource_title").distinct()))
    departments = dict(pair[:2] for pair in pairs)
    of_department = [pair for pair in pairs if pair[0] == wanted.chosen.get("department", pair[0])]
    boxes = [
        ("resource", "信息资源", sorted({pair[2:] for pair in of_department})),
        ("origin", "来源", Origin.choices),
        ("severity", "严重程度", Severity.choices),
        ("due", "期限", DUE),
    ]
    if actor.sees_all:
        boxes.insert(0, ("department", "部门", sorted(departments.items())))
    return [{"name": name, "label": label, "options": options, "chosen": wanted.chosen.get(name, "")} for name, label, options in boxes]


@require_POST
@desk_page
def acknowledge_many(request: HttpRequest, actor: Actor) -> HttpResponse:
    """受理 for the ticked tickets; what cannot be taken up is named, the rest is done."""
    actor.must("acknowledge")
    numbers = request.POST.getlist("number")[:PAGE]
    done = 0
    for number in numbers:
        try:
            acknowledge(actor, number)
            done += 1
        except DeskError as error:
            messages.error(request, f"{number[:20]}：{error}")
    if done:
        messages.success(request, f"已受理 {done} 张工单")
    if not numbers:
        messages.error(request, "请先勾选要受理的工单")
    back = request.POST.get("back", "")
    return redirect("/desk/" + (back if back.startswith("?") else ""))
