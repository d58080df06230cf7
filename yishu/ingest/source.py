"""What a pull gets from a source: records as lines, a failure in words, and the times that tell how far it has come.

Belongs here: which writings of a time can be compared, and the greatest one that may count as a watermark. Not here: asking a source
(table.py, interface.py). What is written in no known form, or lies ahead of every clock (9999-12-31), never moves the watermark: it would
hide all that comes after it.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from yishu.lake.lock import SHANGHAI


class PullFailed(Exception):
    """Nothing could be pulled: what, where and the way out, in Chinese. Never holds a secret or a value of a row."""


@dataclass(frozen=True)
class Line:
    """One record as a JSON line without its end, and the time it was changed, as the source writes it."""

    content: bytes
    changed: str | None = None


@dataclass(frozen=True)
class Form:
    """One way to write a local time, in which the order of texts is the order of times."""

    written: re.Pattern[str]
    pattern: str  # of strftime, to the second: a text with fractions of it begins so
    like: str  # of SQL


_FRACTION = r"(?:\.\d{1,9})?"
FORMS = (
    Form(re.compile(rf"\d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d{_FRACTION}"), "%Y-%m-%d %H:%M:%S", "____-__-__ __:__:__%"),
    Form(re.compile(rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d{_FRACTION}"), "%Y-%m-%dT%H:%M:%S", "____-__-__T__:__:__%"),
    Form(re.compile(rf"\d{{4}}/\d\d/\d\d \d\d:\d\d:\d\d{_FRACTION}"), "%Y/%m/%d %H:%M:%S", "____/__/__ __:__:__%"),
    Form(re.compile(r"\d{14}"), "%Y%m%d%H%M%S", "______________"),
    Form(re.compile(r"\d{4}-\d\d-\d\d"), "%Y-%m-%d", "____-__-__"),
    Form(re.compile(r"\d{8}"), "%Y%m%d", "________"),
)
_EPOCH = re.compile(r"(\d{10})(\d{3})?")


def form_of(text: str) -> Form | None:
    """The form in which the text writes a real time; None where it writes none."""
    return next((form for form in FORMS if form.written.fullmatch(text.strip()) and _in_form(text.strip(), form) is not None), None)


def time_of(text: str) -> datetime | None:
    """The local time (Asia/Shanghai) that a text writes: one of the forms, ISO 8601 with an offset, or seconds or milliseconds since 1970."""
    text = text.strip()
    form = form_of(text)
    if form is not None:
        return _in_form(text, form)
    epoch = _EPOCH.fullmatch(text)
    try:
        if epoch:
            return datetime.fromtimestamp(int(text) / (1000 if epoch[2] else 1), SHANGHAI).replace(tzinfo=None)
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    return found.astimezone(SHANGHAI).replace(tzinfo=None) if found.tzinfo else None


def _in_form(text: str, form: Form) -> datetime | None:
    whole, _, fraction = text.partition(".")
    try:
        return datetime.strptime(whole, form.pattern) + timedelta(microseconds=int(f"{fraction:0<6.6}"))
    except ValueError:
        return None


class Watermark:
    """The greatest time seen so far that may count, as its source writes it."""

    def __init__(self, after: str | None, business_date: date) -> None:
        self.text = after
        self._time = time_of(after) if after else None
        self._now = max(datetime.now(SHANGHAI).replace(tzinfo=None), datetime.combine(business_date, time.max))

    def see(self, text: str | None) -> None:
        found = time_of(text) if text else None
        if found is not None and found <= self._now and (self._time is None or found > self._time):
            self.text, self._time = text, found
