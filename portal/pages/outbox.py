"""通知发送: what was told to departments and what still waits, for the bureau and auditors; the button that has a message sent once more.

Neither addresses nor texts stand here: who was told, by which way, and whether it arrived.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from portal.desk.actor import Actor
from portal.desk.models import Message, MessageState
from portal.desk.models.leaving import ENDED_UNSENT
from portal.desk.register import current_catalogue, current_profile
from portal.notify.outbox import ask_again, visible_messages
from portal.notify.receivers import BUREAU
from portal.notify.sending import MOST_TRIES
from portal.pages.access import desk_page

PAGE = 50
TABS = (("unsent", "未送达"), ("all", "全部"))


@require_safe
@desk_page
def outbox(request: HttpRequest, actor: Actor) -> HttpResponse:
    found = visible_messages(actor)
    tab = "all" if request.GET.get("tab") == "all" else "unsent"
    page = Paginator(found if tab == "all" else found.exclude(state=MessageState.SENT), PAGE).get_page(request.GET.get("page"))
    titles = {BUREAU: current_profile().authority_title} | {name: owner.title for name, owner in current_catalogue().departments.items()}
    context = {"page": page, "rows": [_row(actor, message, titles) for message in page], "tabs": TABS, "tab": tab, "most_tries": MOST_TRIES}
    return render(request, "desk/outbox.html", context)


def _row(actor: Actor, message: Message, titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "message": message,
        "title": titles.get(message.department, message.department),
        "is_failed": message.state in ENDED_UNSENT,
        "may_resend": message.state in ENDED_UNSENT and actor.may("resend"),
    }


@require_POST
@desk_page
def resend(request: HttpRequest, actor: Actor, message: int) -> HttpResponse:
    if ask_again(actor, message, timezone.now()):
        messages.success(request, "已改为待发送；下一次发送时发出（默认每 15 分钟一次）")
    else:
        messages.error(request, "没有再发：只有“结果不明”和“多次失败”的通知可以再发；请核对最新状态")
    return redirect("pages:outbox")
