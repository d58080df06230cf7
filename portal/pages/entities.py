"""主体身份: an entity looked up by an identifier, its identifiers and source rows, and what is decided about who is who (C02, D04).

The identifier is sent by POST only and leads to the desk's own number of the entity; everything is masked until somebody of the bureau opens
it, which is recorded. Not here: what a decision needs (portal/desk/actions/joining.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.desk.actions import identifying, joining
from portal.desk.actions.telling import events_of, is_standing
from portal.desk.actor import Actor, DeskError, NotAllowed
from portal.desk.files import data_folder
from portal.desk.models import EntityFile
from portal.desk.register import current_catalogue
from portal.pages.access import desk_page
from portal.pages.rows import Cell, line_of, masked
from yishu.catalogue.duplicates import IDENTIFIERS
from yishu.lake.identities import subjects
from yishu.lake.published_entity import Known, PublishedEntity, SourceRow
from yishu.masking import mask_subject

TITLES = IDENTIFIERS | {"tax_no": "税务登记证号", "document": "证件种类和号码"}
MOST_ROWS = 100


@dataclass(frozen=True)
class ShownIdentifier:
    """kind: in words; value: masked unless it was opened; says: the table or decision that says so."""

    kind: str
    value: str
    known: Known
    says: str


@dataclass(frozen=True)
class ShownRow:
    """name: what a form calls it."""

    name: str
    row: SourceRow
    department: str
    resource: str
    cells: list[Cell]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def look_up_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """By POST, so that the identifier stands in no address; what was typed is not shown again."""
    actor.must("look_up")
    catalogue, entity, status = current_catalogue(), request.POST.get("entity", ""), 200
    if request.method == "POST":
        try:
            return redirect("pages:entity", file=identifying.look_up(actor, entity, request.POST.get("identifier", "")).pk)
        except NotAllowed:
            raise
        except DeskError as error:
            messages.error(request, str(error))
            status = 400
    kinds = [(name, catalogue.authority[name].title, "、".join(TITLES.get(one, one) for one in of)) for name, of in subjects(catalogue).items()]
    context = {"kinds": kinds, "entity": entity, "limit": identifying.IDENTIFIER_LIMIT}
    return render(request, "desk/entities.html", context, status=status)


@require_safe
@desk_page
def entity_page(request: HttpRequest, actor: Actor, file: int) -> HttpResponse:
    found = identifying.file_of(actor, file)
    return render(request, "desk/entity.html", _context(actor, found, identifying.published(found), opened=False))


@require_POST
@desk_page
def reveal(request: HttpRequest, actor: Actor, file: int) -> HttpResponse:
    """In full, recorded. By POST: no reload or prefetch looks by itself."""
    found, published = identifying.open_identifiers(actor, file)
    answer = render(request, "desk/entity.html", _context(actor, found, published, opened=True))
    answer["Cache-Control"] = "no-store"
    return answer


def deciding(said: Callable[..., str]) -> Callable[..., HttpResponse]:
    """A form of the entity's page: what cannot be done is said there, what was done as well."""

    @require_POST
    @desk_page
    @wraps(said)
    def page(request: HttpRequest, actor: Actor, file: int, **parts: int) -> HttpResponse:
        actor.must("identify")
        identifying.file_of(actor, file)
        try:
            messages.success(request, said(request, actor, file, **parts) + "；下一次夜间任务后生效")
        except NotAllowed:
            raise
        except DeskError as error:
            messages.error(request, str(error))
        return redirect("pages:entity", file=file)

    return page


@deciding
def merge_with(request: HttpRequest, actor: Actor, file: int) -> str:
    done = joining.merge(actor, file, request.POST.get("identifier", ""), request.POST.get("reason", ""), request.POST.get("basis", ""))
    return f"已决定合并，标识 {done.target} 并入{'本主体' if done.file_id == file else '另一主体'}，主体编号随较早的一个"


@deciding
def split_off(request: HttpRequest, actor: Actor, file: int) -> str:
    rows, identifier = request.POST.getlist("row")[:MOST_ROWS], request.POST.get("identifier", "")
    done = joining.split(actor, file, rows, identifier, request.POST.get("reason", ""), request.POST.get("basis", ""))
    return f"已决定把 {done.rows} 行拆分到标识 {done.target}"


@deciding
def revoke_decision(request: HttpRequest, actor: Actor, file: int, decision: int) -> str:
    return f"已{joining.revoke(actor, file, decision, request.POST.get('reason', ''), request.POST.get('basis', '')).get_kind_display()}"


def _context(actor: Actor, file: EntityFile, published: PublishedEntity | None, *, opened: bool) -> dict[str, object]:
    return {
        "file": file,
        "title": current_catalogue().authority[file.entity].title,
        "published": published,
        "identifiers": [_identifier(one, opened) for one in published.known] if published else [],
        "rows": [_row(one, opened) for one in published.rows[:MOST_ROWS]] if published else [],
        "more_rows": published is not None and len(published.rows) > MOST_ROWS,
        "opened": opened,
        "events": [(one, is_standing(one), one.other if one.file_id == file.pk else one.file) for one in events_of(file)],
        "may_decide": actor.may("identify"),
        "may_open": actor.may("open_entity"),
        "limit": identifying.IDENTIFIER_LIMIT,
        "today": timezone.localdate(),
    }


def _identifier(known: Known, opened: bool) -> ShownIdentifier:
    value = known.identifier if opened else mask_subject(known.identifier, [known.kind])
    entry = current_catalogue().resources.get(known.basis)
    says = entry.title if entry else "工单台合并决定" if known.basis.startswith("desk:") else "来源数据"
    return ShownIdentifier(TITLES.get(known.kind, known.kind), value, known, says)


def _row(row: SourceRow, opened: bool) -> ShownRow:
    catalogue = current_catalogue()
    entry, owner = catalogue.resources.get(f"{row.department}.{row.resource}"), catalogue.departments.get(row.department)
    cells = line_of(data_folder(), row.department, row.resource, row.delivery_id, row.row_number)
    shown = cells if opened else masked(cells, row.department, row.resource)
    return ShownRow(joining.row_name(row), row, owner.title if owner else row.department, entry.title if entry else row.resource, shown)
