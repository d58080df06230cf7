"""What the buttons of a ticket's page do: each calls one action of the desk and comes back with what happened, in words."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from portal.desk.actions.arranging import merge, reopen, split
from portal.desk.actions.finding import ticket_of
from portal.desk.actions.handling import ATTACHMENT_LIMIT, acknowledge, attach, comment, reveal, verify
from portal.desk.actions.linking import decide_link
from portal.desk.actions.refusing import refuse, rule
from portal.desk.actor import Actor, DeskError, NotFound
from portal.desk.files import data_folder
from portal.pages.access import desk_page
from portal.pages.rows import row_of

Done = tuple[str, str]  # what to say, and the number of the ticket to go on with


def _acknowledge(actor: Actor, number: str, request: HttpRequest) -> Done:
    return f"已{acknowledge(actor, number).get_state_display()}", number


def _verify(actor: Actor, number: str, request: HttpRequest) -> Done:
    verify(actor, number)
    return "已开始核实", number


def _refuse(actor: Actor, number: str, request: HttpRequest) -> Done:
    refuse(actor, number, _chosen(request), request.POST.get("text", ""))
    return "已提出拒绝更正，等待数据主管部门认可", number


def _accept(actor: Actor, number: str, request: HttpRequest) -> Done:
    rule(actor, number, _chosen(request), accept=True, reason=request.POST.get("text", ""))
    return "已认可拒绝；下一次夜间核对后明细办结", number


def _reject(actor: Actor, number: str, request: HttpRequest) -> Done:
    rule(actor, number, _chosen(request), accept=False, reason=request.POST.get("text", ""))
    return "已驳回拒绝；明细回到待核实", number


def _split(actor: Actor, number: str, request: HttpRequest) -> Done:
    part = split(actor, number, _chosen(request) or [], request.POST.get("text", ""))
    return f"已拆出工单 {part.number}", part.number


def _merge(actor: Actor, number: str, request: HttpRequest) -> Done:
    into = merge(actor, number, request.POST.get("into", "").strip(), request.POST.get("text", ""))
    return f"{number} 已并入 {into.number}", into.number


def _reopen(actor: Actor, number: str, request: HttpRequest) -> Done:
    reopen(actor, number, request.POST.get("text", ""))
    return "已重新办理", number


def _comment(actor: Actor, number: str, request: HttpRequest) -> Done:
    comment(actor, number, request.POST.get("text", ""))
    return "已留言", number


def _attach(actor: Actor, number: str, request: HttpRequest) -> Done:
    file = request.FILES.get("file")
    if file is None:
        raise DeskError("请选择要上传的附件")
    actor.must("attach")
    ticket_of(actor, number)  # before the file is read
    attach(actor, number, file.name, file.read(ATTACHMENT_LIMIT + 1))
    return "附件已上传", number


def _link(actor: Actor, number: str, request: HttpRequest, *, confirm: bool) -> Done:
    actor.must("link")
    chosen = _chosen(request)
    if chosen is None or len(chosen) != 1:
        raise DeskError("关联须逐条核实：请打开一条明细的关联页面再确认或否认")
    decide_link(actor, number, chosen[0], confirm=confirm, reason=request.POST.get("text", ""))
    return f"已{'确认' if confirm else '否认'}关联；下一次夜间核对后明细办结", number


ACTIONS: dict[str, Callable[[Actor, str, HttpRequest], Done]] = {
    "acknowledge": _acknowledge,
    "verify": _verify,
    "refuse": _refuse,
    "accept": _accept,
    "reject": _reject,
    "split": _split,
    "merge": _merge,
    "reopen": _reopen,
    "comment": _comment,
    "attach": _attach,
    "link_confirm": partial(_link, confirm=True),
    "link_reject": partial(_link, confirm=False),
}


@require_POST
@desk_page
def do(request: HttpRequest, actor: Actor, number: str, action: str) -> HttpResponse:
    """One action. What cannot be done is said on the ticket's page; what may not be seen is not there (404)."""
    if action not in ACTIONS:
        raise NotFound("没有这项操作；请从工单页面进入")
    ticket_of(actor, number)
    try:
        said, go_on_with = ACTIONS[action](actor, number, request)
    except NotFound as error:  # of a row or another ticket: this one is visible
        messages.error(request, str(error))
        return redirect("pages:ticket", number=number)
    except DeskError as error:
        if type(error) is not DeskError:
            raise
        messages.error(request, str(error))
        return redirect("pages:ticket", number=number)
    messages.success(request, said)
    return redirect("pages:ticket", number=go_on_with)


def _chosen(request: HttpRequest) -> list[int] | None:
    """The ticked rows; None where all are meant, which must be said (scope=all) and is never what an empty form means."""
    if request.POST.get("scope") == "all":
        return None
    ids = [int(one) for one in request.POST.getlist("item") if one.isdecimal() and len(one) < 19]
    if not ids:
        raise DeskError("请先勾选明细，或选择“全部”")
    return ids


@require_POST
@desk_page
def reveal_row(request: HttpRequest, actor: Actor, number: str, item: int) -> HttpResponse:
    """One row in full, recorded. By POST: the address stays free of it, and no reload or prefetch looks by itself."""
    shown = reveal(actor, number, item)
    context = {"item": shown, "ticket": shown.ticket, "row": row_of(data_folder(), shown)}
    answer = render(request, "desk/reveal.html", context)
    answer["Cache-Control"] = "no-store"
    return answer
