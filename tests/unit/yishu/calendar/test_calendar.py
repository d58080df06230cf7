"""Working days of mainland China: the table against two independent packages, the counting against its laws, the edge
of what is known.
"""

import csv
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishu.catalogue.calendar import DueDate, WorkingDayCalendar
from yishu.catalogue.documents import CatalogueError
from yishu.settings import ROOT

CALENDAR = WorkingDayCalendar.load(ROOT / "catalogue")
CHINA = holidays.country_holidays("CN", years=range(2020, 2027))
DAYS = [date(2020, 1, 1) + timedelta(days=n) for n in range((date(2026, 12, 31) - date(2020, 1, 1)).days + 1)]

known_days = st.dates(date(2020, 1, 1), date(2026, 9, 30))
counts = st.integers(1, 40)


def test_every_day_from_2020_to_2026_agrees_with_chinesecalendar() -> None:
    assert [day for day in DAYS if CALENDAR.is_working_day(day) != chinese_calendar.is_workday(day)] == []


def test_every_day_from_2020_to_2026_agrees_with_holidays() -> None:
    assert [day for day in DAYS if CALENDAR.is_working_day(day) != CHINA.is_working_day(day)] == []


@pytest.mark.parametrize(("year", "working_days"), [(2024, 251), (2025, 248), (2026, 248)])
def test_a_year_has_its_number_of_working_days(year: int, working_days: int) -> None:
    assert sum(CALENDAR.is_working_day(day) for day in DAYS if day.year == year) == working_days


def test_make_up_days_of_2026_are_worked_at_weekends() -> None:
    worked = [day for day in DAYS if day.year == 2026 and day.weekday() >= 5 and CALENDAR.is_working_day(day)]
    assert worked == [date(2026, month, day) for month, day in [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]]


@pytest.mark.parametrize(("start", "due"), [(date(2026, 9, 28), date(2026, 10, 13)), (date(2026, 2, 10), date(2026, 2, 26))])
def test_seven_working_days_across_a_long_holiday(start: date, due: date) -> None:
    assert CALENDAR.add_working_days(start, 7) == DueDate(due, provisional=False)


def test_the_day_itself_counts_where_the_profile_says_so() -> None:
    monday = date(2026, 3, 2)
    assert CALENDAR.add_working_days(monday, 1, day_after_is_first=False).date == monday
    assert CALENDAR.add_working_days(monday, 1).date == date(2026, 3, 3)


def test_a_start_on_a_holiday_counts_from_the_first_working_day() -> None:
    assert CALENDAR.add_working_days(date(2026, 10, 3), 1, day_after_is_first=False).date == date(2026, 10, 8)


def test_beyond_what_is_known_only_weekends_are_left_out_and_the_date_is_provisional() -> None:
    assert CALENDAR.add_working_days(date(2026, 12, 28), 5) == DueDate(date(2027, 1, 4), provisional=True)
    assert CALENDAR.add_working_days(date(2027, 2, 5), 1) == DueDate(date(2027, 2, 8), provisional=True)


def test_the_last_day_that_is_known_is_certain() -> None:
    assert CALENDAR.add_working_days(date(2026, 12, 30), 1) == DueDate(date(2026, 12, 31), provisional=False)


def test_a_day_before_what_is_known_is_provisional() -> None:
    assert CALENDAR.add_working_days(date(2019, 12, 31), 1).provisional


@pytest.mark.parametrize("n", [0, -1])
def test_a_deadline_of_no_days_is_refused(n: int) -> None:
    with pytest.raises(ValueError, match="正整数"):
        CALENDAR.add_working_days(date(2026, 3, 2), n)


@given(known_days, counts, st.booleans())
def test_the_due_date_is_a_working_day_exactly_n_working_days_on(start: date, n: int, day_after_is_first: bool) -> None:
    due = CALENDAR.add_working_days(start, n, day_after_is_first).date
    first = start + timedelta(days=day_after_is_first)
    assert CALENDAR.is_working_day(due)
    assert sum(CALENDAR.is_working_day(first + timedelta(days=k)) for k in range((due - first).days + 1)) == n


@given(known_days, st.integers(0, 30), counts)
def test_a_later_start_is_never_due_earlier(start: date, later: int, n: int) -> None:
    assert CALENDAR.add_working_days(start, n).date <= CALENDAR.add_working_days(start + timedelta(days=later), n).date


@given(known_days, counts, counts)
def test_counting_in_two_stretches_is_counting_in_one(start: date, n: int, m: int) -> None:
    assert CALENDAR.add_working_days(CALENDAR.add_working_days(start, n).date, m).date == CALENDAR.add_working_days(start, n + m).date


def test_the_table_lists_exceptions_only_each_with_its_notice() -> None:
    with (ROOT / "catalogue" / "calendar" / "cn_mainland.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["date"] for row in rows] == sorted(row["date"] for row in rows)
    assert len(rows) == len(CALENDAR.holidays) + len(CALENDAR.makeup_days)


HEADER = "title: 试\nknown_from: 2026-01-01\nknown_through: 2026-12-31\nnotices: {甲: 乙}\n"


def calendar_of(folder: Path, line: str, header: str = HEADER) -> Path:
    (folder / "calendar").mkdir()
    (folder / "calendar" / "cn_mainland.yaml").write_text(header, encoding="utf-8")
    (folder / "calendar" / "cn_mainland.csv").write_text(f"date,kind,name,source\n2026-01-01,holiday,元旦,甲\n{line}\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("2026-13-01,holiday,元旦,甲", "不是日期"),
        ("2026-01-02,off,元旦,甲", "可选值"),
        ("2026-01-01,holiday,元旦,甲", "写了两次"),
        ("2027-01-01,holiday,元旦,甲", "known_through"),
        ("2026-01-03,holiday,元旦,甲", "不是例外"),
        ("2026-01-05,makeup,元旦,甲", "不是例外"),
        ("2026-01-02,holiday,元旦,丙", "没有登记通知"),
        ("2026-01-02,holiday", "没有登记通知"),
    ],
)
def test_a_day_that_would_be_miscounted_is_refused_with_its_line(tmp_path: Path, line: str, words: str) -> None:
    with pytest.raises(CatalogueError, match=words) as caught:
        WorkingDayCalendar.load(calendar_of(tmp_path, line))
    assert [fault.line for fault in caught.value.faults] == [3]


def test_a_table_that_ends_before_it_begins_is_refused(tmp_path: Path) -> None:
    header = HEADER.replace("2026-12-31", "2025-12-31")
    with pytest.raises(CatalogueError, match="known_through"):
        WorkingDayCalendar.load(calendar_of(tmp_path, "2026-01-02,holiday,元旦,甲", header))


def test_a_catalogue_without_a_calendar_is_refused_with_the_missing_file_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"cn_mainland\.yaml"):
        WorkingDayCalendar.load(tmp_path)
