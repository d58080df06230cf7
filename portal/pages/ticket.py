"""The page of one ticket: what is wrong, by when and on what basis, which rows, what was done. Reads only; acting.py acts."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.desk.actions.finding import ticket_of, visible_tickets
from portal.desk.actions.refusing import NOT_REFUSABLE
from portal.desk.actor import Actor, NotFound
from portal.desk.concluding import MARKED_ORIGINS
from portal.desk.files import stored_path
from portal.desk.models import Doubt, ItemState, Origin, Severity, Ticket, TicketItem, TicketState
from portal.desk.models.tickets import LIVE
from portal.desk.register import current_catalogue, current_terms
from portal.pages.access import desk_page
from portal.pages.days import Days
from portal.pages.offers import offers
from yishu.catalogue.law import Profile
from yishu.catalogue.models import Catalogue, Resource
from yishu.masking import mask_value

PAGE = 50
EVENTS_SHOWN = 200
STANDARDS = {"citizen_id": "GB 11643", "credit_code": "GB 32100", "date": "GB/T 7408"}


@require_safe
@desk_page
def ticket_page(request: HttpRequest, actor: Actor, number: str) -> HttpResponse:
    ticket = ticket_of(actor, number)
    terms = current_terms(actor.name)
    days = Days(terms.calendar)
    catalogue = current_catalogue()
    entry = catalogue.resources.get(f"{ticket.department}.{ticket.resource}")
    items = _items(ticket, request.GET.get("items", ""))
    page = Paginator(items.order_by("row_number", "id"), PAGE).get_page(request.GET.get("page"))
    events = list(ticket.events.order_by("-id")[: EVENTS_SHOWN + 1])
    context = {
        "ticket": ticket,
        "in_work": ticket.is_in_work,
        "left": days.left(ticket.due_on) if ticket.is_in_work else "",
        "urgency": days.urgency(ticket.due_on) if ticket.is_in_work else "calm",
        "deadline": _deadline(ticket, terms.profile),
        "told": [_told(name, terms.profile) for name in ticket.told],
        "officer_title": terms.profile.officer_title,
        "head_title": terms.profile.head_title,
        "service": terms.profile.serve_while_checking if _is_served_under_check(ticket) else None,
        "column": _column(ticket, catalogue, entry),
        "page": page,
        "items": [_item(item, ticket, entry) for item in page],
        "only": request.GET.get("items", ""),
        "can_act_on_rows": ticket.is_in_work and any(actor.may(right) for right in ("refuse", "split", "rule")),
        "may_reveal": actor.may("reveal"),
        "offers": offers(actor, ticket),
        "has_rows": ticket.origin not in NOT_REFUSABLE,
        "is_linkage": ticket.origin == Origin.LINKAGE,
        "events": events[:EVENTS_SHOWN],
        "more_events": len(events) > EVENTS_SHOWN,
        "attachments": ticket.attachments.all(),
        **_relations(actor, ticket),
    }
    return render(request, "desk/ticket.html", context)


def _items(ticket: Ticket, only: str) -> "QuerySet[TicketItem]":
    """All, or those still live, or those whose refusal waits."""
    items = TicketItem.objects.filter(ticket=ticket)
    states = {"live": LIVE, "refusing": (ItemState.REFUSING,)}.get(only)
    return items.filter(state__in=states) if states else items


def _item(item: TicketItem, ticket: Ticket, entry: Resource | None) -> dict[str, Any]:
    item.ticket = ticket  # its key types mask the subject; asked for once, not once a row
    kind = next((one.type for one in entry.items if one.name == item.proposal_item), "text") if entry else "text"
    return {"it": item, "subject": item.masked_subject, "proposal": mask_value(item.proposal, kind), "live": item.state in LIVE}


def _column(ticket: Ticket, catalogue: Catalogue, entry: Resource | None) -> dict[str, str]:
    """The item the rule is about: its title, the department's own column, and the standard it should follow."""
    item = next((item for item in entry.items if item.name == ticket.column), None) if entry else None
    if item is None:
        return {"title": ticket.column, "column": "", "standard": ""}
    codes = catalogue.codes.get(item.codes or "")
    standard = f"{codes.standard}《{codes.title}》" if codes else STANDARDS.get(item.type, "")
    return {"title": item.title, "column": item.column, "standard": standard}


def _deadline(ticket: Ticket, profile: Profile) -> dict[str, Any]:
    """The law's words are quoted only where they are those under which the ticket was opened."""
    same = (ticket.profile_name, ticket.profile_version) == (profile.name, profile.version)
    now = profile.deadline_of(ticket.origin) if same else None
    as_then = now if now and now.basis == ticket.due_basis else None
    return {
        "reference": as_then.reference if as_then else ticket.due_article,
        "quote": as_then.quote if as_then else None,
        "reason": as_then.reason if as_then else None,
        "covers": "校核" if as_then and as_then.covers == "verification" else profile.terms.correction,
        "other_version": not same,
    }


def _told(name: str, profile: Profile) -> str:
    return {"source_side": profile.terms.source_side, "authority": profile.authority_title}.get(name, name)


def _is_served_under_check(ticket: Ticket) -> bool:
    return ticket.is_in_work and ticket.origin in MARKED_ORIGINS and ticket.severity == Severity.CONTENT


def _relations(actor: Actor, ticket: Ticket) -> dict[str, Any]:
    visible = visible_tickets(actor)
    return {
        "doubts": Doubt.objects.filter(item__ticket=ticket)[:PAGE] if ticket.origin == Origin.DOUBT else [],
        "parts": visible.filter(split_from=ticket).exclude(pk=ticket.pk),
        "whole": visible.filter(pk=ticket.split_from_id).exclude(pk=ticket.pk).first(),
        "absorbed": visible.filter(merged_into=ticket),
        "into": visible.filter(pk=ticket.merged_into_id).first(),
        "closed": ticket.state == TicketState.CLOSED,
        "notices": ticket.notices.all(),
    }


@require_safe
@desk_page
def attachment(request: HttpRequest, actor: Actor, number: str, attachment: int) -> HttpResponse:
    """Always a download, never shown: what a colleague uploaded must not run here."""
    found = ticket_of(actor, number).attachments.filter(pk=attachment).first()
    if found is None or not stored_path(found.stored).is_file():
        raise NotFound("没有这个附件，或文件已不在")
    return FileResponse(stored_path(found.stored).open("rb"), as_attachment=True, filename=found.name, content_type="application/octet-stream")
