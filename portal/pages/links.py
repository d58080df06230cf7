"""The page of one proposed link: the record with its values masked, how likely the link is and why, and what the officer says to it."""

import json
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.desk.actions.finding import ticket_of
from portal.desk.actions.linking import link_of
from portal.desk.actor import Actor
from portal.desk.files import data_folder
from portal.desk.models import TicketItem
from portal.desk.register import current_catalogue
from portal.pages.access import desk_page
from portal.pages.rows import Cell, masked, row_of
from yishu.linkage.proposing import proposals
from yishu.masking import mask_value


@dataclass(frozen=True)
class Step:
    """One step of the waterfall: what was compared, how it agrees, its weight and the sum so far, in bits."""

    title: str
    level: str
    weight: float
    total: float

    @property
    def speaks(self) -> str:
        return "支持" if self.weight > 0 else "反对" if self.weight < 0 else "无影响"


@require_safe
@desk_page
def link_page(request: HttpRequest, actor: Actor, number: str, item: int) -> HttpResponse:
    ticket = ticket_of(actor, number)
    proposed = link_of(ticket, item)
    found = _proposal(proposed)
    context = {
        "ticket": ticket,
        "item": proposed,
        "subject": proposed.masked_subject,
        "entity": mask_value(proposed.proposal, _key_type(proposed)),
        "cells": _masked_cells(proposed),
        "probability": found["probability"] if found else None,
        "steps": _steps(found["waterfall"]) if found else [],
        "model": found["model"] if found else "",
        "may_decide": actor.may("link"),
        "in_work": ticket.is_in_work,
        "may_reveal": actor.may("reveal"),
    }
    return render(request, "desk/link.html", context)


def _proposal(item: TicketItem) -> dict[str, Any] | None:
    """The proposal as the lake has it now; None once it has been decided about, or is another."""
    entity = item.rule.rpartition(".")[2]
    here = (pl.col("entity") == entity) & (pl.col("department") == item.department) & (pl.col("resource") == item.resource)
    found = proposals(data_folder()).filter(here & (pl.col("source_key") == item.subject) & (pl.col("entity_key") == item.proposal))
    return found.row(0, named=True) if found.height else None


def _steps(waterfall: str) -> list[Step]:
    steps, total = [], 0.0
    for step in json.loads(waterfall):
        total += step["weight"]
        steps.append(Step(step["title"], step["level"], step["weight"], round(total, 2)))
    return steps


def _key_type(item: TicketItem) -> str:
    entry = current_catalogue().resources.get(f"{item.department}.{item.resource}")
    return next((one.type for one in entry.items if one.name == item.proposal_item), "text") if entry else "text"


def _masked_cells(item: TicketItem) -> list[Cell]:
    """The record as its department wrote it, masked: enough to recognise it. In full it stands behind 查看, which is recorded."""
    return masked(row_of(data_folder(), item), item.department, item.resource)
