"""The dashboard: how each department's tickets stand, and how it has gone over the last weeks. Officers see their own department's."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.desk.actions.finding import visible_tickets
from portal.desk.actor import Actor
from portal.desk.models import ItemState, Ticket, TicketItem, TicketState
from portal.desk.models.tickets import IN_WORK, LIVE
from portal.desk.register import current_terms
from portal.pages.access import desk_page
from portal.pages.charts import Series, bars, columns
from portal.pages.days import Days

WEEKS = 12
YEAR = timedelta(days=365)
REFUSALS = (ItemState.REFUSING, ItemState.REFUSAL_ACCEPTED, ItemState.REFUSED)


@require_safe
@desk_page
def overview(request: HttpRequest, actor: Actor) -> HttpResponse:
    days = Days(current_terms(actor.name).calendar)
    tickets = visible_tickets(actor).order_by()
    table = _departments(tickets, days)
    weeks, opened, closed = _by_week(tickets, days.today)
    dimensions = sorted(_in_work(tickets, "dimension").items(), key=lambda pair: -pair[1])
    late = sorted(((row["title"], row["late"]) for row in table if row["late"]), key=lambda pair: -pair[1])
    context = {
        "table": table,
        "total": {name: sum(row[name] or 0 for row in table) for name in ("open", "rows", "late", "refusals")},
        "weeks": list(zip(weeks, opened, closed, strict=True)),
        "by_week": columns(f"近 {WEEKS} 周新开与办结的工单", weeks, [Series("新开", opened), Series("办结", closed)]),
        "dimensions": dimensions,
        "by_dimension": bars("在办工单按质量维度", [name or "未分类" for name, _ in dimensions], [n for _, n in dimensions]),
        "late": late,
        "by_department": bars("逾期工单按部门", [name for name, _ in late], [n for _, n in late], "series-late"),
        "week_count": WEEKS,
    }
    return render(request, "desk/overview.html", context)


def _departments(tickets: "QuerySet[Ticket]", days: Days) -> list[dict[str, Any]]:
    """One row a department: in a fixed number of questions, however many tickets there are."""
    work, done = Q(state__in=IN_WORK), Q(state=TicketState.CLOSED, closed_on__gte=days.today - YEAR)
    rows = tickets.values("department").annotate(
        open=Count("id", filter=work),
        rows=Sum("open_count", filter=work),
        late=Count("id", filter=work & Q(due_on__lt=days.today)),
        done=Count("id", filter=done),
        on_time=Count("id", filter=done & Q(closed_on__lte=F("due_on"))),
    )
    titles = dict(tickets.values_list("department", "department_title").distinct())
    items = TicketItem.objects.filter(department__in=titles).order_by().values("department")
    tries = {row["department"]: row["mean"] for row in items.filter(state__in=LIVE).annotate(mean=Avg("tries"))}
    refusals = {row["department"]: row["count"] for row in items.filter(state__in=REFUSALS).annotate(count=Count("id"))}
    lengths = _working_days_to_close(tickets.filter(done), days)
    table = [
        {
            **row,
            "title": titles[row["department"]],
            "share": round(100 * row["on_time"] / row["done"]) if row["done"] else None,
            "tries": tries.get(row["department"]),
            "refusals": refusals.get(row["department"], 0),
            "length": lengths.get(row["department"]),
        }
        for row in rows
    ]
    return sorted(table, key=lambda row: (-row["late"], -row["open"], row["department"]))


def _working_days_to_close(done: "QuerySet[Ticket]", days: Days) -> dict[str, float]:
    """Mean working days from opening to closing, by department."""
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    spans = done.values("department", "opened_on", "closed_on").annotate(count=Count("id"))
    for span in spans:
        of = sums[span["department"]]
        of[0] += days.between(span["opened_on"], span["closed_on"]) * span["count"]
        of[1] += span["count"]
    return {department: total / count for department, (total, count) in sums.items()}


def _by_week(tickets: "QuerySet[Ticket]", today: date) -> tuple[list[str], list[int], list[int]]:
    """Labels (the week's Monday), tickets opened, tickets closed; the current week last."""
    monday = today - timedelta(days=today.weekday())
    mondays = [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    counts = []
    for name in ("opened_on", "closed_on"):
        by_day = tickets.filter(**{f"{name}__gte": mondays[0]}).values_list(name).annotate(count=Count("id"))
        by_week: Counter[date] = Counter()
        for day, count in by_day:
            by_week[day - timedelta(days=day.weekday())] += count
        counts.append([by_week[week] for week in mondays])
    return [f"{week:%m-%d}" for week in mondays], counts[0], counts[1]


def _in_work(tickets: "QuerySet[Ticket]", name: str) -> dict[str, int]:
    return dict(tickets.filter(state__in=IN_WORK).values_list(name).annotate(count=Count("id")))
