"""What was typed, row by row: does it belong to the ticket, has anything changed, and would it pass the gate tonight?

The same checks for a workbook, a CSV file and rows of the interface. Nothing is filed here (actions/correcting.py).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from portal.desk.models import Ticket
from portal.desk.register import current_catalogue
from portal.exchange.form import MOST_CHARACTERS, typed_into
from portal.exchange.reading import UploadedRow
from portal.exchange.rows import LiveRow
from yishu.catalogue.models import Resource
from yishu.gate.trial import Trial, known_keys, try_rows
from yishu.ingest.parsed import OPERATION

NOT_OF_THE_TICKET = "明细编号不属于这张工单，或该明细已办结"
STALE = "下载之后这一行又有新的报送"
AGAIN = "请重新下载表格，在新表格中更正"


@dataclass(frozen=True)
class Refused:
    """A row that is not filed: where, what is wrong, and the way out. column: the heading, "" for the row as a whole."""

    line: int
    item: str
    column: str
    reason: str
    way_out: str


@dataclass(frozen=True)
class Accepted:
    """A row that can be filed: rows are whole, verbatim but for what was typed, by our names."""

    item: int
    stamp: str
    rows: list[dict[str, str]]


@dataclass
class Checked:
    accepted: list[Accepted] = field(default_factory=list)
    unchanged: int = 0
    refused: list[Refused] = field(default_factory=list)
    remaining: int = 0  # accepted rows in which another rule is still broken
    rekeyed: int = 0  # accepted rows whose old key stays until the department's next whole delivery


@dataclass(frozen=True)
class _Change:
    row: UploadedRow
    live: LiveRow
    values: dict[str, str]


def check(data: Path, ticket: Ticket, entry: Resource, live: Sequence[LiveRow], uploaded: Iterable[UploadedRow], on: date) -> Checked:
    """on: the day whose data the correction speaks of."""
    done = Checked()
    changes = _changes({str(row.item.pk): row for row in live}, list(uploaded), entry, done)
    codes = current_catalogue().codes
    before = try_rows(_frame([(change.row.line, change.live.values) for change in changes], entry), entry, codes, on)
    after = try_rows(_frame([(change.row.line, change.values) for change in changes], entry), entry, codes, on)
    judge = _Judge(ticket, entry, before, after, _taken(data, entry, before, after))
    for change in changes:
        if refusals := judge.refusals(change):
            done.refused += refusals
        else:
            done.accepted.append(judge.accepted(change))
            done.remaining += judge.remaining(change)
            done.rekeyed += judge.is_rekeyed(change) and not entry.delivery.operation
    done.refused.sort(key=lambda refused: refused.line)
    return done


def _changes(live: Mapping[str, LiveRow], uploaded: list[UploadedRow], entry: Resource, done: Checked) -> list[_Change]:
    """The rows in which something was typed; what cannot be taken goes to `done.refused`, what says nothing new is counted."""
    times = Counter(row.item for row in uploaded)
    changes = []
    for row in uploaded:
        found = live.get(row.item)
        if fault := _fault(row, found, times[row.item]):
            done.refused.append(fault)
            continue
        assert found is not None
        values = typed_into(found.values, row.values)
        if values == found.values:
            done.unchanged += 1
        elif fault := _unwritable(row, values, entry):
            done.refused.append(fault)
        else:
            changes.append(_Change(row, found, values))
    return changes


def _fault(row: UploadedRow, live: LiveRow | None, times: int) -> Refused | None:
    def refused(reason: str, way_out: str, column: str = "") -> Refused:
        return Refused(row.line, row.item, column, reason, way_out)

    if row.trouble:
        reason, _, way_out = row.trouble.partition("；")
        return refused(reason, way_out, row.column)
    if live is None:
        return refused(NOT_OF_THE_TICKET, "请不要改动明细编号；不是本工单的行请删去")
    if times > 1:
        return refused("同一明细出现了两次以上", "请只保留一行")
    if row.stamp != live.stamp:
        return refused(STALE, AGAIN)
    return None


def _unwritable(row: UploadedRow, values: Mapping[str, str], entry: Resource) -> Refused | None:
    for item in entry.items:
        value = values[item.name]
        try:
            value.encode(entry.delivery.encoding)
        except UnicodeEncodeError:
            return Refused(row.line, row.item, item.title, "有不能写成文件的字符", "请清除后重新填写")
        if "\0" in value:
            return Refused(row.line, row.item, item.title, "有空字符（NUL）", "请清除后重新填写")
        if entry.delivery.format == "xlsx" and len(value) > MOST_CHARACTERS:
            return Refused(row.line, row.item, item.title, f"超过 {MOST_CHARACTERS} 字", "请缩短")
    return None


def _frame(rows: Sequence[tuple[int, Mapping[str, str]]], entry: Resource) -> pl.DataFrame:
    columns: dict[str, pl.Series] = {"_row_number": pl.Series([line for line, _ in rows], dtype=pl.Int64)}
    for item in entry.items:
        columns[item.name] = pl.Series([values[item.name] or None for _, values in rows], dtype=pl.String)
    if entry.delivery.operation:
        columns[OPERATION] = pl.Series(["U"] * len(rows), dtype=pl.String)
    return pl.DataFrame(columns)


def _taken(data: Path, entry: Resource, before: Trial, after: Trial) -> set[str]:
    """Of the keys that rows would be given anew: those that another record has, or that two rows would be given."""
    new = [key for line, key in after.keys.items() if key is not None and key != before.keys[line]]
    standing = {key for line, key in after.keys.items() if key is not None and key == before.keys[line]}
    return known_keys(data, entry, new) | {key for key, times in Counter(new).items() if times > 1} | (set(new) & standing)


class _Judge:
    """What the gate says of each row, put in the words of the form."""

    def __init__(self, ticket: Ticket, entry: Resource, before: Trial, after: Trial, taken: set[str]) -> None:
        self.ticket, self.entry, self.before, self.after, self.taken = ticket, entry, before, after, taken
        self.titles = {item.name: item.title for item in entry.items}
        self.is_about_the_key = ticket.column in entry.key or ticket.rule.startswith("key.")

    def refusals(self, change: _Change) -> list[Refused]:
        line, was = change.row.line, {finding.rule for finding in self.before.found.get(change.row.line, [])}
        told = []
        for finding in self.after.found.get(line, []):
            item = finding.column or ""
            typed = change.values.get(item) != change.live.values.get(item)
            if finding.rule == self.ticket.rule:
                reason, way_out = "仍不符合本工单的规则", "请改成正确的值，或对该明细提出拒绝更正"
            elif finding.severity == "structural":
                reason, way_out = "将不能入池", "请补正后重新上传"
            elif finding.severity == "content" and (typed or finding.rule not in was):
                reason, way_out = "更正后的值不符合规则", "请改成正确的值后重新上传"
            else:  # of another ticket, or advice
                continue
            told.append(Refused(line, change.row.item, self.titles.get(item, ""), f"{reason}：{finding.message}", way_out))
        return told or self._of_the_key(change)

    def _of_the_key(self, change: _Change) -> list[Refused]:
        line, (old, new) = change.row.line, self._keys(change)
        if old == new:
            return []
        column = "、".join(self.titles[name] for name in self.entry.key)
        if not self.is_about_the_key:
            return [Refused(line, change.row.item, column, "本工单不涉及标识，标识不能修改", "请恢复原值；标识有误的请另行报送")]
        if new in self.taken:
            return [Refused(line, change.row.item, column, "改成的标识已是另一条记录的标识", "请核对；两条记录确为重复的，请在下次报送中删去一条")]
        return []

    def _keys(self, change: _Change) -> tuple[str | None, str | None]:
        return self.before.keys[change.row.line], self.after.keys[change.row.line]

    def is_rekeyed(self, change: _Change) -> bool:
        old, new = self._keys(change)
        return old is not None and old != new

    def accepted(self, change: _Change) -> Accepted:
        """Where rows can be deleted, a row whose key is corrected deletes the old one in the same delivery."""
        rows = [dict(change.values)]
        if self.entry.delivery.operation:
            rows[0][OPERATION] = "U"
            if self.is_rekeyed(change):
                rows.insert(0, {**change.live.values, OPERATION: "D"})
        return Accepted(change.live.item.pk, change.live.stamp, rows)

    def remaining(self, change: _Change) -> int:
        return int(any(finding.severity != "advisory" for finding in self.after.found.get(change.row.line, [])))
