"""From the bytes of a CSV file to records: where each begins, which physical lines it covers, and what cannot be one.

Works on bytes, before decoding: in UTF-8 and in GB18030 the bytes of comma, quote and line feed never occur inside a
character, so structure can be found safely even where a character is broken. Lenient decoding would eat the neighbours
of a wrong byte; here a wrong byte costs its own record and nothing else.

The law, asserted by `Records.check`: each physical line belongs to one record (good or rejected), to the header, or is blank.
"""

import csv
import io
from dataclasses import dataclass

import numpy as np

from yishu.ingest.parsed import Reject, refuse_endless, refuse_hopeless

MAX_LINES_OF_A_RECORD = 64
MAX_BYTES_OF_A_RECORD = 1 << 20
MAX_COLUMNS = 2_000

ENCODING, FIELD_COUNT, NUL, QUOTE, HEADER_REPEATED = "file.encoding", "file.field_count", "file.nul", "file.quote", "file.header_repeated"
JSON = "file.json"  # a line of a JSON file that is no object of plain values
TOO_LONG = "file.too_long"

MESSAGES = {
    ENCODING: "第 {line} 行含有不符合 {encoding} 编码的字节（第 {column} 列“{title}”附近），请核对该行文字后重新导出",
    FIELD_COUNT: "第 {line} 行有 {found} 个字段，应为 {expected} 个，请检查是否缺列、多列或文字中含有未加引号的逗号",
    NUL: "第 {line} 行含有空字符（NUL），请清除后重新导出",
    QUOTE: "第 {line} 行的引号没有成对（第 {column} 列“{title}”附近），请补齐或删去引号",
    HEADER_REPEATED: "第 {line} 行重复了表头，请删去",
    TOO_LONG: "第 {line} 行长 {found} 字节，超过一条记录的上限 {expected} 字节（第 {column} 列“{title}”起），请检查是否混入了附件或漏了换行",
}


@dataclass
class Records:
    """A CSV file taken apart. `lines[i]` is the physical line where the i-th good record begins; `text` holds the good records only."""

    header: list[str]
    header_lines: int
    lines: np.ndarray
    text: bytes
    rejects: list[Reject]
    blank_lines: int
    physical_lines: int
    covered_lines: int
    ends_with_newline: bool
    ends_mid_record: bool
    first_line: int = 1

    def check(self) -> None:
        rejected = sum(reject.lines for reject in self.rejects)
        accounted = self.header_lines + self.blank_lines + self.covered_lines + rejected
        if accounted != self.physical_lines:
            raise AssertionError(f"行数不守恒：共 {self.physical_lines} 行，只说明了 {accounted} 行")


def take_apart(content: bytes, encoding: str) -> Records:
    """Find header, records and rejects: what is no record is a reject, with its reason. Raises Unreadable where there is no end of them."""
    refuse_endless(content)
    if encoding.startswith("utf-8") and content.startswith(b"\xef\xbb\xbf"):
        content = content[3:]
    codec = "utf-8" if encoding.startswith("utf-8") else encoding
    return _Reader(content, codec).read()


class _Reader:
    """One pass over the lines of a file; only lines with quotes or with broken bytes are looked at one by one."""

    def __init__(self, content: bytes, codec: str) -> None:
        self.codec = codec
        self.content = content
        self.ends_with_newline = content.endswith(b"\n") or not content
        data = np.frombuffer(content, dtype=np.uint8)
        feeds = np.flatnonzero(data == 0x0A)
        ends = feeds if self.ends_with_newline else np.append(feeds, len(content))
        self.starts = np.concatenate(([0], ends[:-1] + 1)) if len(ends) else np.zeros(0, dtype=np.int64)
        self.ends = ends  # exclusive, without the line feed
        self.count = len(ends)
        self.commas = self._per_line(data, 0x2C)
        self.quotes = self._per_line(data, 0x22)
        self.nuls = self._per_line(data, 0x00)
        stripped = self.ends - ((self.ends > self.starts) & (data[np.maximum(self.ends - 1, 0)] == 0x0D) if self.count else 0)
        self.lengths = stripped - self.starts
        self.blank = self.lengths <= 0
        self.rejects: list[Reject] = []
        self.header: list[str] = []

    def _per_line(self, data: np.ndarray, byte: int) -> np.ndarray:
        places = np.flatnonzero(data == byte)
        return np.searchsorted(places, self.ends) - np.searchsorted(places, self.starts)

    def line(self, number: int) -> bytes:
        return self.content[self.starts[number] : self.starts[number] + self.lengths[number]]

    def read(self) -> Records:
        first = int(np.argmin(self.blank)) if self.count and not self.blank.all() else self.count
        if first == self.count:
            return self._records(np.zeros(0, dtype=bool), {}, 0, self.count)
        self.header = self._header(first)
        return self._body(first)

    def _header(self, first: int) -> list[str]:
        """The column names; none where the line is no header, or one of more columns than any table has."""
        if self.lengths[first] > MAX_BYTES_OF_A_RECORD or self.commas[first] > MAX_COLUMNS:
            return []
        try:
            rows = _parse(self.line(first).decode(self.codec))
        except (UnicodeDecodeError, csv.Error):
            return []
        return [name.strip() for name in rows[0]] if len(rows) == 1 else []

    def _body(self, first: int) -> Records:
        width = len(self.header)
        good = np.zeros(self.count, dtype=bool)
        body = np.arange(self.count) > first
        simple = body & ~self.blank & (self.quotes == 0) & (self.nuls == 0) & (self.lengths <= MAX_BYTES_OF_A_RECORD)
        good |= simple & (self.commas == width - 1)
        spans: dict[int, int] = {}
        number = first + 1
        troubled = np.flatnonzero(body & ~self.blank & ~good)
        for candidate in troubled:
            if candidate < number:
                continue  # already inside a record that began above
            number = self._one(int(candidate), width, good, spans)
        self._reject_undecodable(good, spans)
        self._reject_repeated_header(good, first)
        inside = np.zeros(self.count, dtype=bool)
        for start, span in spans.items():
            inside[start + 1 : start + span] = True
        for reject in self.rejects:
            inside[reject.line : reject.line - 1 + reject.lines] = True
        blank = int((self.blank & ~inside).sum())
        return self._records(good, spans, 1, blank)

    def _one(self, start: int, width: int, good: np.ndarray, spans: dict[int, int]) -> int:
        """Judge the record that begins at a line with quotes, NULs or a wrong number of commas; return the next line to look at."""
        span, reason, found = self._extent(start, width)
        good[start : start + span] = False
        if reason == TOO_LONG:
            size = int(self.lengths[start])
            self._reject(start, span, reason, found=size, expected=MAX_BYTES_OF_A_RECORD, position=min(size, MAX_BYTES_OF_A_RECORD))
        elif reason is None:
            good[start] = True
            spans[start] = span
        else:
            self._reject(start, span, reason, found=found, expected=width)
        return start + span

    def _extent(self, start: int, width: int) -> tuple[int, str | None, int]:
        """How many lines the record covers, why it is none, and how many fields were found."""
        if self.lengths[start] > MAX_BYTES_OF_A_RECORD:
            return 1, TOO_LONG, 0
        if self.quotes[start] == 0:
            return 1, NUL if self.nuls[start] else FIELD_COUNT, int(self.commas[start]) + 1
        span = self._quoted_span(start)
        rows = self._rows(start, span) if span else None
        if rows is None:
            return 1, QUOTE, 0
        if self.nuls[start : start + span].any():
            return span, NUL, 0
        if self._holds_a_record(start, span, width):
            # Two stray quotes, or a field that looks like a record: no reading is safe, so all of it goes back.
            return span, QUOTE, 0
        if len(rows) != 1 or len(rows[0]) != width:
            return span, FIELD_COUNT, len(rows[0]) if rows else 0
        return span, None, width

    def _quoted_span(self, start: int) -> int:
        """Lines until the quotes are balanced; 0 where they are not, within what one record may reasonably cover."""
        quotes = int(self.quotes[start])
        span = 1
        while quotes % 2:
            following = start + span
            if following >= self.count or span >= MAX_LINES_OF_A_RECORD:
                return 0
            if self.ends[following] - self.starts[start] > MAX_BYTES_OF_A_RECORD:
                return 0
            quotes += int(self.quotes[following])
            span += 1
        return span

    def _rows(self, start: int, span: int) -> list[list[str]] | None:
        """The lines as CSV, None where their quotes make none."""
        end = start + span - 1
        try:
            return _parse(self.content[self.starts[start] : self.starts[end] + self.lengths[end]].decode(self.codec, "replace"))
        except csv.Error:
            return None

    def _holds_a_record(self, start: int, span: int, width: int) -> bool:
        """Is a line after the first a whole record by itself?"""
        for following in range(start + 1, start + span):
            if self.commas[following] >= width - 1 > 0 and self.quotes[following] % 2 == 0:
                rows = self._rows(following, 1)
                if rows is not None and len(rows) == 1 and len(rows[0]) == width:
                    return True
        return False

    def _reject_undecodable(self, good: np.ndarray, spans: dict[int, int]) -> None:
        try:
            self.content.decode(self.codec)
        except UnicodeDecodeError:
            for start in np.flatnonzero(good):
                span = spans.get(int(start), 1)
                end = int(start) + span - 1
                chunk = self.content[self.starts[start] : self.starts[end] + self.lengths[end]]
                try:
                    chunk.decode(self.codec)
                except UnicodeDecodeError as error:
                    good[start] = False
                    spans.pop(int(start), None)
                    self._reject(int(start), span, ENCODING, position=error.start)

    def _reject_repeated_header(self, good: np.ndarray, first: int) -> None:
        header = self.line(first)
        for start in np.flatnonzero(good & (self.lengths == len(header))):
            if self.line(int(start)) == header:
                good[start] = False
                self._reject(int(start), 1, HEADER_REPEATED)

    def _reject(self, start: int, span: int, reason: str, *, found: int = 0, expected: int = 0, position: int | None = None) -> None:
        end = start + span - 1
        content = self.content[self.starts[start] : self.starts[end] + self.lengths[end]]
        if position is None and reason == QUOTE:
            position = max(content.rfind(b'"'), 0)
        column = content[:position].count(b",") + 1 if position is not None else 0
        title = self.header[column - 1] if 0 < column <= len(self.header) else ""
        message = MESSAGES[reason].format(line=start + 1, encoding=self.codec.upper(), column=column, title=title, found=found, expected=expected)
        self.rejects.append(Reject(start + 1, span, content, reason, message))
        refuse_hopeless(len(self.rejects), start + 1)

    def _records(self, good: np.ndarray, spans: dict[int, int], header_lines: int, blank: int) -> Records:
        starts = np.flatnonzero(good)
        pieces = [
            self._rewritten(start, spans[start]) if start in spans else self.content[self.starts[start] : self.starts[end] + self.lengths[end]]
            for start, end in _runs(starts, spans, self.lengths - (self.ends - self.starts))
        ]
        covered = len(starts) + sum(span - 1 for span in spans.values())
        self.rejects.sort(key=lambda reject: reject.line)
        last = self.count - 1
        cut = not self.ends_with_newline and any(r.line + r.lines - 2 == last and r.reason != HEADER_REPEATED for r in self.rejects)
        records = Records(
            self.header, header_lines, starts + 1, b"\n".join(pieces), self.rejects, blank, self.count, covered, self.ends_with_newline, cut,
            int(np.argmin(self.blank)) + 1 if header_lines else 1,
        )  # fmt: skip
        records.check()
        return records

    def _rewritten(self, start: int, span: int) -> bytes:
        """A record with quotes, quoted anew: readers differ on quotes in the middle of a field, and must not be left to guess."""
        end = start + span - 1
        (row,) = _parse(self.content[self.starts[start] : self.starts[end] + self.lengths[end]].decode(self.codec))
        out = io.StringIO(newline="")
        csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="").writerow(row)
        return out.getvalue().encode(self.codec)


def _runs(starts: np.ndarray, spans: dict[int, int], stripped: np.ndarray) -> list[tuple[int, int]]:
    """Neighbouring records as (first line, last line), so that bytes are copied run by run; a record with quotes is its own run."""
    if not len(starts):
        return []
    alone = np.zeros(len(starts), dtype=bool)
    if spans:
        alone[np.searchsorted(starts, np.fromiter(spans, dtype=np.int64))] = True
    # A line that lost its carriage return cannot be copied together with the next: the run would bring the byte back.
    alone |= stripped[starts] != 0
    breaks = np.flatnonzero((np.diff(starts) != 1) | alone[1:] | alone[:-1])
    firsts = starts[np.concatenate(([0], breaks + 1))]
    lasts = starts[np.concatenate((breaks, [len(starts) - 1]))]
    return [(int(first), int(last)) for first, last in zip(firsts, lasts, strict=True)]


def _parse(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))
