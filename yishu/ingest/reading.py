"""One way in for every format: the bytes of a delivery against its catalogue entry."""

from yishu.catalogue.models import Resource
from yishu.ingest.csv_file import read_csv
from yishu.ingest.json_lines import read_json_lines
from yishu.ingest.parsed import Parsed
from yishu.ingest.workbook import read_workbook

_READERS = {"csv": read_csv, "jsonl": read_json_lines, "xlsx": read_workbook}


def read(content: bytes, resource: Resource) -> Parsed:
    """Read a delivery in the format its entry states. Bad content never raises: it ends as rejects or as faults of the delivery."""
    return _READERS[resource.delivery.format](content, resource)
