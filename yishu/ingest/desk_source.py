"""The desk as a source: what people decided there, written as files into landing/desk (DESIGN.md, section 2, "The desk is a source").

Belongs here: the form of an annotation and of a correction of the desk, and files that a night finds whole or not at all. Not here: who may
decide what (portal), how a night takes the files in (intake.py) and what it makes of them (yishu/lake/annotations.py). A file's name holds
the digest of its content: written again after a crash it is the same file, and once it has been taken in it is not written again.
"""

import csv
import hashlib
import io
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from yishu.catalogue.delivery_terms import CORRECTION
from yishu.catalogue.models import Resource
from yishu.ingest.landing import CORRECTION_OF_DESK, DESK, desk_folder, sidecar_path
from yishu.ingest.parsed import OPERATION
from yishu.lake.delivery import CORRECTION as CORRECTION_KIND
from yishu.lake.ledger import Ledger

ANNOTATION = "annotation"
Kind = Literal[
    "doubt", "doubt_withdrawn", "refusal_accepted", "refusal_revoked", "link_confirmed", "link_rejected", "entities_merged", "merge_revoked",
    "row_split", "split_revoked",
]  # fmt: skip
_SHEET_ROWS, _CELL_CHARACTERS = 1_048_575, 32_767


class UnwritableCorrection(ValueError):
    """Why no correction can be made of these rows, for the officer."""


@dataclass(frozen=True)
class Annotation:
    """One decision (catalogue/departments/desk/annotation.yaml). subject: the canonical key of the pool, or the subject of the violation.

    rule: that of the violation refused; of a doubt `doubt_rule(item_name)`. A `doubt_withdrawn` repeats rule and subject of its doubt.
    entity_key: of a link, the key of the entity that the record was, or was not, found to be about; its rule is that of the proposal. Of a
    split, the identifier to which the record belongs (`link_rule`). Of a merger, the identifier that stays; its subject is the one that goes,
    its rule `merge_rule(kind)`, and it speaks of no department's record: department and resource are the desk's own.
    note: the doubter's message or the basis of the refusal; it stays in the desk and in desk.annotation, no violation carries it.
    """

    annotation_id: str
    kind: Kind
    department: str
    resource: str
    rule: str
    subject: str
    actor: str
    decided_on: date
    item_name: str = ""
    value_hash: str = ""
    note: str = ""
    ticket: str = ""
    entity_key: str = ""


def doubt_rule(item_name: str | None) -> str:
    """The rule under which a doubt about an item, or about the record as a whole, becomes a violation (E04)."""
    return f"doubt.{item_name or 'record'}"


def write_annotations(data: Path, annotations: Sequence[Annotation], as_of: date) -> Path | None:
    """Write one file of decisions for the nights from `as_of` on; the path it has or had, None where there is nothing to say.

    Order counts: of two words on one subject the later holds. The same annotation twice is one; the same annotations, one delivery.
    Raises ValueError where one annotation_id says two things.
    """
    said: dict[str, Annotation] = {}
    for one in annotations:
        if said.setdefault(one.annotation_id, one) != one:
            raise ValueError(f"决定编号 {one.annotation_id} 有两种内容；每个决定须有自己的编号")
    if not said:
        return None
    lines = [json.dumps(_plain(asdict(one)), ensure_ascii=False) + "\n" for one in said.values()]
    content = "".join(lines).encode()
    path = data / "landing" / DESK / ANNOTATION / f"{ANNOTATION}_{as_of:%Y%m%d}_{_digest(content)}.jsonl"
    if not _taken_in(data, DESK, ANNOTATION, path.name):
        _put(path, content)
    return path


def write_correction(
    data: Path, resource: Resource, rows: Sequence[Mapping[str, str | None]], as_of: date, *, name: str, actor: str, approval: str
) -> Path:
    """Write a correction of whole rows as the department would deliver it: its format, encoding and columns, every value as text.

    rows: each with a value (None or "" = none) for every item, by our names or all by the department's columns; with operations, `_operation`
    (I, U, D; without it U). name: what tells corrections of a day apart (ticket or upload). approval: the ticket (C08). Whoever decided,
    `actor`, is the ledger's actor. Raises UnwritableCorrection where the rows do not fit the entry. The path that the file has or had.
    """
    if not rows or not approval:
        raise UnwritableCorrection("没有要更正的行" if not rows else "更正须有批准文号或工单号（C08）；请填写后再提交")
    header = resource.columns
    table = [[row.get(column) or "" for column in header] for row in (_by_column(resource, row) for row in rows)]
    told = _encoded(json.dumps([table, approval], ensure_ascii=False), "utf-8")
    ending = resource.delivery.format
    file = f"{CORRECTION}{as_of:%Y%m%d}_{_plain_name(name)}_{_digest(told)}.{ending}"
    assert CORRECTION_OF_DESK.fullmatch(file), file
    path = desk_folder(data, resource) / file
    if not _taken_in(data, resource.department, resource.name, file):
        content = _WRITERS[ending](header, table, resource)
        sidecar = {"kind": CORRECTION_KIND, "approval": approval, "actor": actor, "records": len(table)}
        _put(sidecar_path(path), json.dumps(sidecar, ensure_ascii=False).encode())  # first: no night may find the file without it
        _put(path, content)
    return path


def _by_column(resource: Resource, row: Mapping[str, str | None]) -> dict[str, str | None]:
    """The row under the department's own column names. Raises UnwritableCorrection for unknown and for missing columns."""
    columns = {item.name: item.column for item in resource.items}
    operation = resource.delivery.operation
    if operation:
        columns[OPERATION] = operation
    named = dict(row) if set(row) <= set(columns.values()) and not set(row) <= set(columns) else None
    if named is None:
        if unknown := [name for name in row if name not in columns]:
            raise UnwritableCorrection(f"《{resource.title}》没有列 {'、'.join(unknown)}；请按下载的表格填写，不要增改列名")
        named = {columns[name]: value for name, value in row.items()}
    if operation:
        named[operation] = named.get(operation) or "U"
    if missing := [item.title for item in resource.items if item.column not in named]:
        raise UnwritableCorrection(f"缺少列 {'、'.join(missing)}；更正须报整行，请按下载的表格填写")
    if any("\0" in (value or "") for value in named.values()):
        raise UnwritableCorrection("有的值含有空字符（NUL）；请清除后再提交")
    return named


def _csv(header: Sequence[str], table: Sequence[Sequence[str]], resource: Resource) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(table)
    return _encoded(out.getvalue(), resource.delivery.encoding)


def _json_lines(header: Sequence[str], table: Sequence[Sequence[str]], resource: Resource) -> bytes:
    lines = (json.dumps({name: value or None for name, value in zip(header, row, strict=True)}, ensure_ascii=False) + "\n" for row in table)
    return _encoded("".join(lines), "utf-8")


def _workbook(header: Sequence[str], table: Sequence[Sequence[str]], resource: Resource) -> bytes:
    import xlsxwriter

    if len(table) > _SHEET_ROWS or any(len(value) > _CELL_CHARACTERS for row in table for value in row):
        raise UnwritableCorrection(f"超出工作表的上限（{_SHEET_ROWS} 行，每格 {_CELL_CHARACTERS} 字）；请分批提交")
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "constant_memory": True}) as book:
        sheet = book.add_worksheet(resource.delivery.sheet)
        for line, row in enumerate([header, *table]):
            for place, value in enumerate(row):
                if value:  # as text whatever it looks like: a formula of an upload must never be one again
                    sheet.write_string(line, place, value)
    return out.getvalue()


def _parquet(header: Sequence[str], table: Sequence[Sequence[str]], resource: Resource) -> bytes:
    import polars as pl

    out = io.BytesIO()
    rows = [[value or None for value in row] for row in table]
    pl.DataFrame(rows, schema=dict.fromkeys(header, pl.String), orient="row").write_parquet(out)
    return out.getvalue()


_WRITERS = {"csv": _csv, "jsonl": _json_lines, "xlsx": _workbook, "parquet": _parquet}


def _encoded(text: str, encoding: str) -> bytes:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        raise UnwritableCorrection("有的文字不能写成文件（不成对的代理字符）；请清除后再提交") from error


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value if value != "" else None for name, value in values.items()}


def _plain_name(name: str) -> str:
    return re.sub(r"[^0-9A-Za-z-]+", "-", name).strip("-")[:60] or "desk"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _taken_in(data: Path, department: str, resource: str, file: str) -> bool:
    return any(delivery.file == file and delivery.landed for delivery in Ledger(data).deliveries(department, resource))


def _put(path: Path, content: bytes) -> None:
    """The file, private to its owner, whole or not at all: what is being written bears a name that no night takes."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    os.replace(draft, path)
