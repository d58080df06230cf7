"""Working days of mainland China, make-up days (调休) included, as a table that says how far it is known and which notice ordered what.

Belongs here: what is a working day, counting them, and whether the answer is certain. Not here: how many days a deadline has (law.py).
The next year's holidays are published each November; until the table has them, a date beyond it is reckoned by Monday–Friday and
marked provisional, never passed off as certain; when the table has them, `settled` counts it again.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from yishu.catalogue.documents import CatalogueError, Fault, parse, read_document

NAME = "cn_mainland"
SATURDAY = 5
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class DueDate:
    """A day counted in working days; provisional where it lies outside what the table knows."""

    date: date
    provisional: bool


class Header(BaseModel):
    """What the table covers and which notices ordered its days (cn_mainland.yaml)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    known_from: date
    known_through: date
    notices: dict[str, str] = Field(min_length=1)

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.known_through < self.known_from:
            raise ValueError("known_through 早于 known_from；请核对日历的起止日期")
        return self


@dataclass(frozen=True)
class WorkingDayCalendar:
    """Monday to Friday, less the holidays, plus the make-up days."""

    known_from: date
    known_through: date
    holidays: frozenset[date]
    makeup_days: frozenset[date]
    sources: dict[date, str] = field(default_factory=dict)  # exception -> number of the State Council's notice that ordered it

    @classmethod
    def load(cls, catalogue_dir: Path) -> Self:
        """The calendar in catalogue/calendar/. Raises CatalogueError with file, line and way out."""
        files = [catalogue_dir / "calendar" / f"{NAME}.{ending}" for ending in ("yaml", "csv")]
        missing = [Fault(file, 1, "（整个文件）", "没有工作日日历", "请恢复该文件；没有它不能计算期限") for file in files if not file.is_file()]
        if missing:
            raise CatalogueError(missing)
        header = parse(read_document(files[0]), Header)
        days = list(_exceptions(files[1], header))
        return cls(
            header.known_from,
            header.known_through,
            frozenset(day for day, kind, _ in days if kind == "holiday"),
            frozenset(day for day, kind, _ in days if kind == "makeup"),
            {day: source for day, _, source in days},
        )

    def is_working_day(self, day: date) -> bool:
        return day in self.makeup_days or (day.weekday() < SATURDAY and day not in self.holidays)

    def is_known(self, day: date) -> bool:
        return self.known_from <= day <= self.known_through

    def add_working_days(self, start: date, n: int, day_after_is_first: bool = True) -> DueDate:
        """The n-th working day from `start`, counted from the day after it, or from itself where the profile says so.

        Raises ValueError for n < 1: a deadline of no days is a mistake in the profile, not a date.
        """
        if n < 1:
            raise ValueError(f"工作日数须为正整数，现为 {n}")
        day = start + ONE_DAY if day_after_is_first else start
        left = n - self.is_working_day(day)
        while left:
            day += ONE_DAY
            left -= self.is_working_day(day)
        return DueDate(day, provisional=not (self.is_known(start) and self.is_known(day)))

    def settled(self, due: DueDate, start: date, n: int, day_after_is_first: bool = True) -> DueDate:
        """A provisional due date counted again from what it was counted from; one that was certain stands, whatever is announced later.

        Still provisional, and perhaps another date, while the table does not reach it.
        """
        return self.add_working_days(start, n, day_after_is_first) if due.provisional else due

    def shift(self, day: date, n: int) -> DueDate:
        """The n-th working day after the day, or before it where n is negative; the day itself, working or not, for 0."""
        step, moved = ONE_DAY if n > 0 else -ONE_DAY, day
        left = abs(n)
        while left:
            moved += step
            left -= self.is_working_day(moved)
        return DueDate(moved, provisional=not (self.is_known(day) and self.is_known(moved)))

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days lie from `first` to `last`, both included; 0 where `last` is earlier."""
        return sum(self.is_working_day(first + timedelta(days=n)) for n in range((last - first).days + 1))

    def working_days_overdue(self, due: date, on: date) -> int:
        """How many working days have begun since the due date, that of `on` included; 0 until the due date has passed."""
        return self.working_days_between(due + ONE_DAY, on)

    def notices_of(self, year: int) -> tuple[str, ...]:
        """The numbers of the notices that ordered that year's exceptions, each once; none beyond what is known."""
        return tuple(dict.fromkeys(source for day, source in sorted(self.sources.items()) if day.year == year))


def _exceptions(file: Path, header: Header) -> Iterator[tuple[date, str, str]]:
    """The days of the table. Refuses a day that is no exception, stands twice or names no known notice: each would be
    miscounted in silence.
    """
    faults: list[Fault] = []
    seen: set[date] = set()
    with file.open(encoding="utf-8", newline="") as lines:
        for line, row in enumerate(csv.DictReader(lines), start=2):
            problem = _problem(row, header, seen)
            if problem:
                faults.append(Fault(file, line, *problem))
                continue
            day = date.fromisoformat(row["date"])
            seen.add(day)
            yield day, row["kind"], row["source"]
    if faults:
        raise CatalogueError(faults)


def _problem(row: dict[str, str], header: Header, seen: set[date]) -> tuple[str, str, str] | None:
    try:
        day = date.fromisoformat(row["date"] or "")
    except (KeyError, ValueError):
        return "date", f"不是日期：{row.get('date')!r}", "请写成 YYYY-MM-DD"
    if row.get("kind") not in ("holiday", "makeup"):
        return "kind", f"不能是 {row.get('kind')!r}", "可选值：holiday（放假）、makeup（调休上班）"
    if day in seen:
        return "date", f"{day} 写了两次", "请删去一行"
    if not header.known_from <= day <= header.known_through:
        return "date", f"{day} 不在日历的起止日期之内", f"请同时修改 {NAME}.yaml 的 known_through"
    if (row["kind"] == "holiday") == (day.weekday() >= SATURDAY):
        return "kind", f"{day} 不是例外（周末本不上班，平日本要上班）", "请删去该行，或改正 kind"
    if row.get("source") not in header.notices:
        return "source", f"没有登记通知 {row.get('source')!r}", f"请在 {NAME}.yaml 的 notices 登记该通知"
    return None
