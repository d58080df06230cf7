"""The list of refusals (E09): who refused to correct what, on what basis, and how the authority ruled; as a page and as CSV."""

import csv
import io
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.desk.actions.finding import visible_tickets
from portal.desk.actor import Actor
from portal.desk.models import ItemState, TicketItem
from portal.desk.register import current_profile
from portal.pages.access import desk_page

PAGE = 50
STATES = (ItemState.REFUSING, ItemState.REFUSAL_ACCEPTED, ItemState.REFUSED)
HEADS = ("工单号", "部门", "信息资源", "问题", "条数", "拒绝依据", "经办人", "状态", "办结日期", "条款")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def refused_items(actor: Actor) -> "QuerySet[TicketItem]":
    """One row for each ticket, basis and state: what was refused together stands together."""
    return (
        TicketItem.objects.filter(ticket__in=visible_tickets(actor).order_by(), state__in=STATES)
        .order_by()
        .values(
            "ticket__number", "ticket__department_title", "ticket__resource_title", "ticket__message", "basis", "refused_by", "state"
        )
        .annotate(count=Count("id"), ended=Max("closed_on", filter=Q(state=ItemState.REFUSED)))
        .order_by("-ticket__number", "basis", "state")
    )  # fmt: skip


@require_safe
@desk_page
def refusals(request: HttpRequest, actor: Actor) -> HttpResponse:
    page = Paginator(refused_items(actor), PAGE).get_page(request.GET.get("page"))
    rows = [{**row, "state_title": ItemState(row["state"]).label} for row in page]
    context = {"page": page, "rows": rows, "clause": current_profile().clause_for("refused_correction"), "may_export": actor.may("export")}
    return render(request, "desk/refusals.html", context)


@require_safe
@desk_page
def export(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The whole list, for bureau and auditors. With a byte order mark: Excel reads Chinese by it."""
    actor.must("export")
    clause = current_profile().clause_for("refused_correction")
    cited = f"《{clause.regulation}》{clause.article}" if clause else ""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(HEADS)
    for row in refused_items(actor):
        lines.writerow([as_text(value) for value in (*_values(row), cited)])
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="refusals.csv"'
    return answer


def _values(row: dict[str, Any]) -> tuple[Any, ...]:
    names = ("ticket__number", "ticket__department_title", "ticket__resource_title", "ticket__message", "count", "basis", "refused_by")
    return (*(row[name] for name in names), ItemState(row["state"]).label, row["ended"] or "")


def as_text(value: Any) -> str:
    """What a person wrote must stay text when a spreadsheet opens it: no value may begin a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
