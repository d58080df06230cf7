"""What every page shows: who is signed in, the law's words, and the warning when that law does not apply any more (A11)."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from portal.desk.register import current_profile
from portal.pages.access import actor_at
from yishu.catalogue.documents import CatalogueError


def desk(request: HttpRequest) -> dict[str, Any]:
    """A catalogue that cannot be read takes the labels away, not the page that says so."""
    actor = actor_at(request)
    sees = {"sees_outbox": actor is not None and actor.may("outbox"), "sees_entities": actor is not None and actor.may("look_up")}
    try:
        profile = current_profile()
    except CatalogueError:
        return {"actor": actor, **sees, "law_warning": "目录或法规配置无法读取；请系统管理员运行 yishu catalogue check"}
    return {
        "actor": actor,
        **sees,
        "terms": profile.terms,
        "authority_title": profile.authority_title,
        "law_title": profile.title,
        "law_warning": profile.validity_warning(timezone.localdate()),
    }
