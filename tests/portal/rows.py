"""A lake with one delivery of residents as their department wrote it, and a ticket on some of its rows."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import polars as pl

from portal.setup import desk
from tests.portal.nights import Desk, failing
from yishu.catalogue import load_catalogue
from yishu.lake.ledger import Ledger
from yishu.lake.raw import REJECT_SCHEMA, append_raw
from yishu.settings import ROOT, settings

IDS = ["11010519491231002X", "110105194912310038", "110105194912310054", "110105194912310070"]
NUMBER = "T20260301-0001"
# Values that a spreadsheet would take for something else.
ODD = {"registered_address": '=HYPERLINK("http://127.0.0.1")\n第二行', "former_name": "+1", "household_relation": "@02"}


def resident(citizen_id: str, **values: str) -> dict[str, str]:
    usual = {
        "citizen_id": citizen_id, "full_name": "张三", "former_name": "", "sex": "7", "ethnicity": "01", "birth_date": "1949-12-31",
        "marital_status": "10", "household_no": "012345678", "household_relation": "02", "registered_division_code": "410402",
        "registered_address": "建设路1号", "phone": "13800138000",
    }  # fmt: skip
    return usual | values


@contextmanager
def desk_with_rows(place: Desk, rows: Sequence[Mapping[str, str]], rule: str = "sex.code", column: str = "sex") -> Iterator[Desk]:
    """The desk with one ticket about all of the rows, which stand in the lake from line 2 on."""
    place.catalogue = load_catalogue(ROOT / "catalogue", place.profile.name)
    ledger = Ledger(place.data)
    delivery = ledger.receive(
        department="public_security", resource="resident", as_of=date(2026, 3, 1), content_hash="0" * 64, file="resident_20260301.csv",
        size=1, actor="night", catalogue_version="-", profile="pingdingshan",
    )  # fmt: skip
    names = [item.name for item in place.catalogue.resources["public_security.resident"].items]
    frame = pl.DataFrame(
        {"_row_number": range(2, len(rows) + 2), **{name: [row[name] or None for row in rows] for name in names}},
        schema={"_row_number": pl.Int64, **dict.fromkeys(names, pl.String)},
    )
    rejects = pl.DataFrame(schema={name: kind for name, kind in REJECT_SCHEMA.items() if name in ("line", "lines", "bytes", "reason", "message")})
    append_raw(place.data, delivery, frame, rejects)
    ledger.record(delivery.delivery_id, landed=1)
    told = {"delivery_id": delivery.delivery_id, "rule": rule, "column": column}
    place.night([failing(row["citizen_id"], row_number=line, **told) for line, row in enumerate(rows, start=2)])
    before = settings.data
    settings.data = place.data
    try:
        with desk(place.data):
            yield place
    finally:
        settings.data = before


def items_of(number: str = NUMBER) -> list[Any]:
    from portal.desk.models import TicketItem

    return list(TicketItem.objects.select_related("ticket").filter(ticket__number=number).order_by("row_number"))
