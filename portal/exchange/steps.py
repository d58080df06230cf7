"""The steps of a correction as pages and the interface take them: download, check, confirm. Rights are asked first in each."""

from collections.abc import Sequence
from typing import IO

from django.db import transaction
from django.utils import timezone

from portal.desk.actions.correcting import Filing, file_correction
from portal.desk.actions.finding import items_of, ticket_of
from portal.desk.actions.handling import in_work_of
from portal.desk.actor import Actor
from portal.desk.concluding import note
from portal.desk.files import data_folder
from portal.desk.models import Correction, EventKind, Ticket
from portal.desk.outgoing import as_of
from portal.exchange import drafts
from portal.exchange.checking import Checked, check
from portal.exchange.drafts import Draft
from portal.exchange.reading import UploadedRow, read_upload
from portal.exchange.rows import LiveRow, entry_of, live_rows, stamp_of
from portal.exchange.writing import write_workbook


def download(actor: Actor, number: str) -> IO[bytes]:
    """The ticket's live rows as a workbook; masked for people of no department. That it was taken is kept. Raises DeskError."""
    actor.must("download")
    ticket = ticket_of(actor, number)
    entry = entry_of(ticket)
    rows = _live(ticket)
    masked = actor.sees_all
    book = write_workbook(ticket, entry, rows, masked=masked)
    with transaction.atomic():
        said = f"{len(rows)} 条{'（已脱敏）' if masked else ''}"
        note(ticket, EventKind.DOWNLOADED, actor.name, timezone.localdate(), said).save()
    return book


def check_file(actor: Actor, number: str, name: str, content: bytes) -> Draft:
    """An uploaded workbook or CSV file, checked row by row; nothing is filed. Raises DeskError."""
    actor.must("correct")
    entry = entry_of(in_work(actor, number))
    return check_rows(actor, number, name, read_upload(name, content, entry))


def check_rows(actor: Actor, number: str, name: str, uploaded: Sequence[UploadedRow]) -> Draft:
    actor.must("correct")
    ticket = in_work(actor, number)
    checked: Checked = check(data_folder(), ticket, entry_of(ticket), _live(ticket), uploaded, as_of(data_folder()))
    return drafts.keep(data_folder(), actor, number, name, checked)


def draft_of(actor: Actor, number: str, key: str) -> Draft:
    """Raises NotFound."""
    actor.must("correct")
    ticket_of(actor, number)
    return drafts.find(data_folder(), actor, number, key)


def confirm(actor: Actor, number: str, key: str) -> Correction:
    """File what was right. Twice confirmed is filed once. Raises DeskError."""
    draft = draft_of(actor, number, key)
    found = drafts.rows_of(data_folder(), draft)
    return file_correction(actor, number, Filing(draft.key, draft.name, found.stamps, found.rows, draft.unchanged), stamp_of)


def filed_as(draft: Draft) -> Correction | None:
    return Correction.objects.filter(stored=draft.key).first()


def in_work(actor: Actor, number: str) -> Ticket:
    with transaction.atomic():
        return in_work_of(actor, number)


def _live(ticket: Ticket) -> list[LiveRow]:
    return live_rows(data_folder(), items_of(ticket, None), entry_of(ticket))
