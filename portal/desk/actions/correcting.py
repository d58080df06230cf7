"""更正: checked rows are filed as a correction, which reaches the lake as a delivery through the ordinary gate (DESIGN.md, section 1).

Filing ends nothing: a row ends when a night has seen it pass. Not here: which rows are right (portal/exchange/checking.py).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from portal.desk import bulk
from portal.desk.actions.finding import items_of
from portal.desk.actions.handling import begin_verifying, in_work_of
from portal.desk.actor import Actor, DeskError, NotFound
from portal.desk.concluding import note
from portal.desk.files import data_folder, store
from portal.desk.models import Correction, EventKind, TicketItem
from portal.desk.outgoing import as_of, flush_after_commit


@dataclass(frozen=True)
class Filing:
    """Checked rows of one upload. key: filed once under it; stamps: item -> what it stood on when it was checked; rows: whole, by our names."""

    key: str
    name: str
    stamps: Mapping[int, str]
    rows: Sequence[Mapping[str, str]]
    unchanged: int


def file_correction(actor: Actor, number: str, filing: Filing, stamp_of: Callable[[TicketItem], str]) -> Correction:
    """提交更正. The same filing again is the one that was made. Raises DeskError for nothing to file, and where rows have moved on."""
    actor.must("correct")
    with transaction.atomic():
        ticket = in_work_of(actor, number)
        made = Correction.objects.filter(ticket=ticket, stored=filing.key).first()
        if made is not None:
            return made
        if not filing.stamps:
            raise DeskError("没有可以提交的更正；请改正表格后重新上传")
        try:
            items = items_of(ticket, list(filing.stamps))
        except NotFound:
            raise DeskError("检查之后有明细已办结或移到别的工单；请重新下载、更正、上传") from None
        if any(stamp_of(item) != filing.stamps[item.pk] for item in items):
            raise DeskError("检查之后又有新的报送；请重新下载、更正、上传")
        begin_verifying(ticket, actor)
        today = timezone.localdate()
        store(json.dumps(list(filing.rows), ensure_ascii=False).encode(), filing.key)
        made = Correction.objects.create(
            ticket=ticket,
            name=filing.name[:255],
            stored=filing.key,
            rows=len(items),
            unchanged=filing.unchanged,
            actor=actor.name,
            filed_on=as_of(data_folder()),
        )
        # Without history rows: event and correction say it, and for 100,000 of them everybody else would wait half a minute.
        for some in bulk.batches([item.pk for item in items]):
            TicketItem.objects.filter(pk__in=some).update(filed_on=today)
        note(ticket, EventKind.CORRECTION_FILED, actor.name, today, f"{len(items)} 条（{filing.name}）").save()
    flush_after_commit()
    return made
