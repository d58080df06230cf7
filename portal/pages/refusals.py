"""The list of refusals (E09) as a page and as CSV. What stands in it is decided in portal/supervision/refusals.py."""

import csv
import io
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.desk.actor import Actor
from portal.desk.register import current_profile
from portal.pages.access import desk_page
from portal.supervision.refusals import Refusal
from portal.supervision.refusals import refusals as list_of

PAGE = 50
HEADS = ("工单号", "部门", "信息资源", "规则", "条数", "拒绝依据", "经办人", "提出日期", "状态", "条款")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@require_safe
@desk_page
def refusals(request: HttpRequest, actor: Actor) -> HttpResponse:
    page = Paginator(list_of(actor), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "clause": current_profile().clause_for("refused_correction"), "may_export": actor.may("export")}
    return render(request, "desk/refusals.html", context)


@require_safe
@desk_page
def export(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The whole list, for bureau and auditors. With a byte order mark: Excel reads Chinese by it."""
    actor.must("export")
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(HEADS)
    for refusal in list_of(actor):
        lines.writerow([as_text(value) for value in _values(refusal)])
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="refusals.csv"'
    return answer


def _values(one: Refusal) -> tuple[Any, ...]:
    clause = f"《{one.clause.regulation}》{one.clause.article}" if one.clause else ""
    about = (one.number, one.department_title, one.resource_title, one.rule, one.row_count)
    return (*about, one.basis, one.refused_by, one.refused_on or "", one.status, clause)


def as_text(value: Any) -> str:
    """What a person wrote must stay text when a spreadsheet opens it: no value may begin a formula."""
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
