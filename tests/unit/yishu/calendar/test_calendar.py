"""Working days of mainland China: the table against two independent packages, the counting against its laws, the edge
of what is known.
"""

import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest
import yaml
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


# Days on which an oracle and the notices differ, with the reason; today there are none. A library that has not yet taken over a
# notice would be listed here with the notice's number, never by loosening the comparison.
DIFFERENCES: dict[date, str] = {}


def test_the_oracles_know_every_year_that_is_compared() -> None:
    """A library that does not know a year answers Monday to Friday: it would agree with a table that lacks the year as well."""
    makeups = {year: sum(chinese_calendar.is_workday(day) for day in DAYS if day.year == year and day.weekday() >= 5) for year in range(2020, 2027)}
    assert all(makeups.values())
    assert {year: sum(CHINA.is_working_day(day) for day in DAYS if day.year == year and day.weekday() >= 5) for year in makeups} == makeups


def test_every_day_from_2020_to_2026_agrees_with_chinesecalendar() -> None:
    assert [day for day in DAYS if CALENDAR.is_working_day(day) != chinese_calendar.is_workday(day)] == list(DIFFERENCES)


def test_every_day_from_2020_to_2026_agrees_with_holidays() -> None:
    assert [day for day in DAYS if CALENDAR.is_working_day(day) != CHINA.is_working_day(day)] == list(DIFFERENCES)


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


around_new_year = st.dates(date(2020, 2, 1), date(2028, 6, 30))


def weekday_calendar(known_through: date, holidays: frozenset[date] = frozenset()) -> WorkingDayCalendar:
    return WorkingDayCalendar(date(2020, 1, 1), known_through, holidays, frozenset())


def test_a_provisional_due_date_is_settled_when_the_next_years_table_arrives() -> None:
    """The holidays of 2027 here are this test's own: what the State Council orders for 2027 is not known to it."""
    start, n = date(2026, 12, 29), 5
    before = CALENDAR.add_working_days(start, n)
    assert before == DueDate(date(2027, 1, 5), provisional=True)
    assert CALENDAR.settled(before, start, n) == before, "nothing new is known"
    next_table = replace(CALENDAR, known_through=date(2027, 12, 31), holidays=CALENDAR.holidays | {date(2027, 1, 1), date(2027, 1, 4)})
    assert next_table.settled(before, start, n) == DueDate(date(2027, 1, 7), provisional=False)


def test_a_certain_due_date_stands_whatever_is_announced_later() -> None:
    start, due = date(2026, 3, 2), DueDate(date(2026, 3, 4), provisional=False)
    changed = replace(CALENDAR, holidays=CALENDAR.holidays | {date(2026, 3, 3)})
    assert changed.settled(due, start, 2) == due


@given(around_new_year, counts, st.booleans())
def test_settling_counts_from_the_start_again_and_twice_is_once(start: date, n: int, day_after_is_first: bool) -> None:
    due = weekday_calendar(date(2026, 12, 31)).add_working_days(start, n, day_after_is_first)
    known = weekday_calendar(date(2030, 12, 31), frozenset({date(2027, 1, 1), date(2027, 2, 8)}))
    once = known.settled(due, start, n, day_after_is_first)
    assert once == (known.add_working_days(start, n, day_after_is_first) if due.provisional else due)
    assert not once.provisional and known.settled(once, start, n, day_after_is_first) == once


@pytest.mark.parametrize(
    ("day", "n", "moved"),
    [
        (date(2026, 10, 9), -2, date(2026, 9, 30)),  # the National Day holiday lies between
        (date(2026, 10, 12), -1, date(2026, 10, 10)),  # a make-up Saturday
        (date(2026, 1, 5), -1, date(2026, 1, 4)),  # a make-up Sunday after New Year
        (date(2026, 1, 4), -1, date(2025, 12, 31)),  # across the year
        (date(2026, 3, 4), 0, date(2026, 3, 4)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
    ],
)
def test_a_day_is_shifted_over_holidays_make_up_days_and_years(day: date, n: int, moved: date) -> None:
    assert CALENDAR.shift(day, n) == DueDate(moved, provisional=False)


def test_a_reminder_before_a_provisional_due_date_is_provisional() -> None:
    assert CALENDAR.shift(date(2027, 1, 5), -2).provisional


@given(st.dates(date(2020, 3, 1), date(2026, 9, 30)), counts)
def test_shifting_forth_and_back_from_a_working_day_returns_to_it(day: date, n: int) -> None:
    start = CALENDAR.shift(day, -1).date
    assert CALENDAR.shift(CALENDAR.shift(start, n).date, -n).date == start
    assert CALENDAR.shift(start, n).date == CALENDAR.add_working_days(start, n).date


@given(known_days, st.integers(0, 60), st.integers(0, 60))
def test_working_days_of_two_stretches_add_up(first: date, one: int, two: int) -> None:
    middle = first + timedelta(days=one)
    last = middle + timedelta(days=two)
    together = CALENDAR.working_days_between(first, middle) + CALENDAR.working_days_between(middle + timedelta(days=1), last)
    assert CALENDAR.working_days_between(first, last) == together


@given(known_days, counts)
def test_a_due_date_is_overdue_by_as_many_working_days_as_have_begun_since(due: date, n: int) -> None:
    assert CALENDAR.working_days_overdue(due, CALENDAR.shift(due, n).date) == n
    assert CALENDAR.working_days_overdue(due, due) == 0
    assert CALENDAR.working_days_overdue(due, due - timedelta(days=n)) == 0


def test_the_working_day_before_the_holiday_is_the_last_before_it() -> None:
    assert CALENDAR.shift(date(2026, 10, 8), -1) == DueDate(date(2026, 9, 30), provisional=False)


def test_each_known_year_names_the_notice_that_ordered_it_and_no_other_year_does() -> None:
    header = yaml.safe_load((ROOT / "catalogue" / "calendar" / "cn_mainland.yaml").read_text(encoding="utf-8"))
    for year in range(CALENDAR.known_from.year, CALENDAR.known_through.year + 1):
        titles = [header["notices"][number] for number in CALENDAR.notices_of(year)]
        assert titles and all(f"{year}年" in title for title in titles), year
    assert CALENDAR.notices_of(CALENDAR.known_through.year + 1) == ()


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
