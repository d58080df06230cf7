"""The download of a supervision notice, for the bureau, auditors and the department it was sent to. Reads only."""

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from portal.desk.actions.finding import actor_of
from portal.desk.actor import Actor
from portal.desk.files import stored_path
from portal.desk.models import Notice
from portal.supervision.wording import TITLE

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def visible_notices(actor: Actor | None) -> "QuerySet[Notice]":
    """The notices that the actor may see: all for who sees all, one's own department's for everybody else."""
    if actor is None:
        return Notice.objects.none()
    if actor.sees_all:
        return Notice.objects.all()
    return Notice.objects.filter(department=actor.department) if actor.department else Notice.objects.none()


@require_safe
@login_required
def notice(request: HttpRequest, pk: int) -> FileResponse:
    """The document; 404 alike for a notice that is not there and for another department's."""
    found = visible_notices(actor_of(request.user)).filter(pk=pk).first()
    if found is None or not stored_path(found.stored).is_file():
        raise Http404("没有这份督办通知书，或不属于您的部门")
    file = stored_path(found.stored).open("rb")
    response = FileResponse(file, content_type=DOCX, as_attachment=True, filename=f"{TITLE}_{found.number}.docx")
    response["Cache-Control"] = "no-store"
    return response
