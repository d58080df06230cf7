"""The pages of a ticket's workbook: take it, bring it back, see what was found, file it. What may be done is asked in steps.py."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.desk.actions.finding import ticket_of
from portal.desk.actor import Actor, DeskError, NotAllowed, NotFound
from portal.exchange import steps
from portal.exchange.reading import UPLOAD_LIMIT
from portal.exchange.writing import write_refused
from portal.pages.access import desk_page

SHOWN = 200
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@desk_page
def download(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    return _sent(steps.download(actor, number), f"{number}.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def upload(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    ticket = ticket_of(actor, number)
    context: dict[str, Any] = {"ticket": ticket, "may_correct": actor.may("correct") and ticket.is_in_work, "limit": UPLOAD_LIMIT >> 20}
    if request.method != "POST":
        actor.must("download")
        return render(request, "exchange/upload.html", context)
    actor.must("correct")
    file = request.FILES.get("file")
    try:
        if file is None:
            raise DeskError("请选择改好的表格（xlsx 或 csv）")
        draft = steps.check_file(actor, number, (file.name or "")[-200:], file.read(UPLOAD_LIMIT + 1))
    except (NotFound, NotAllowed):
        raise
    except DeskError as error:
        return render(request, "exchange/upload.html", {**context, "error": str(error)}, status=400)
    return redirect("exchange:result", number=number, key=draft.key)


@require_safe
@desk_page
def result(request: HttpRequest, actor: Actor, number: str, key: str) -> HttpResponse:
    draft = steps.draft_of(actor, number, key)
    context = {
        "ticket": ticket_of(actor, number),
        "draft": draft,
        "refused": draft.refused[:SHOWN],
        "refused_rows": len({one["line"] for one in draft.refused}),
        "more": len(draft.refused) > SHOWN,
        "filed": steps.filed_as(draft),
    }
    return render(request, "exchange/result.html", context)


@require_POST
@desk_page
def confirm(request: HttpRequest, actor: Actor, number: str, key: str) -> HttpResponse:
    try:
        made = steps.confirm(actor, number, key)
    except (NotFound, NotAllowed):
        raise
    except DeskError as error:
        messages.error(request, str(error))
        return redirect("exchange:result", number=number, key=key)
    messages.success(request, f"已提交更正 {made.rows} 条；进入当晚的检查，通过后自动办结")
    return redirect("pages:ticket", number=number)


@require_safe
@desk_page
def refused(request: HttpRequest, actor: Actor, number: str, key: str) -> HttpResponse:
    """What was refused, as a workbook."""
    return _sent(write_refused(steps.draft_of(actor, number, key).refused), f"{number}-refused.xlsx")


def _sent(file: Any, name: str) -> HttpResponse:
    answer = FileResponse(file, as_attachment=True, filename=name, content_type=WORKBOOK)
    answer["Cache-Control"] = "private, no-store"
    return answer
