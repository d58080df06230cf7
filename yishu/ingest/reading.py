"""One way in for every format: the bytes of a delivery against its catalogue entry."""

from collections.abc import Callable
from datetime import date

from yishu.catalogue.delivery_terms import ARCHIVE
from yishu.catalogue.models import Resource
from yishu.ingest.csv_file import read_csv
from yishu.ingest.json_lines import read_json_lines
from yishu.ingest.parsed import Parsed, Table, Unreadable, nothing, under_our_names
from yishu.ingest.unpacking import unpacked
from yishu.ingest.workbook import read_parquet, read_workbook

Reader = Callable[[bytes, Resource, date], Table]
_READERS: dict[str, Reader] = {"csv": read_csv, "jsonl": read_json_lines, "xlsx": read_workbook, "parquet": read_parquet}


def read(content: bytes, resource: Resource, file_name: str, as_of: date) -> Parsed:
    """Read a delivery in the format its entry states, out of its zip archive if it came in one.

    Bad content never raises: it ends as rejects or as faults of the delivery.
    """
    try:
        data = unpacked(content) if file_name.endswith(ARCHIVE) else content
        table = _READERS[resource.delivery.format](data, resource, as_of)
    except Unreadable as unreadable:
        table = nothing("delivery.unreadable", str(unreadable))
    return under_our_names(table, resource, as_of)
