"""When a resource is late: by its frequency and working days, held against a reading that goes day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yishu.catalogue import load_catalogue
from yishu.catalogue.calendar import WorkingDayCalendar
from yishu.catalogue.lateness import Lateness, grace_of, lateness, period_of
from yishu.catalogue.law import load_profile
from yishu.settings import ROOT

CALENDAR = WorkingDayCalendar.load(ROOT / "catalogue")
CLOCKS = ["realtime", "daily", "weekly", "monthly", "quarterly", "half_yearly", "yearly"]
DAYS = st.dates(date(2023, 1, 1), date(2026, 6, 30))
ONE = timedelta(days=1)


def same_period(frequency: str, a: date, b: date) -> bool:
    """Do two days lie in one period? Said once more, in other words than the code's."""
    return {
        "realtime": a == b,
        "daily": a == b,
        "weekly": a.isocalendar()[:2] == b.isocalendar()[:2],
        "monthly": (a.year, a.month) == (b.year, b.month),
        "quarterly": (a.year, (a.month + 2) // 3) == (b.year, (b.month + 2) // 3),
        "half_yearly": (a.year, a.month > 6) == (b.year, b.month > 6),
        "yearly": a.year == b.year,
    }[frequency]


def naive(frequency: str, grace: int, delivered: date, on: date) -> tuple[bool, date | None]:
    """Walk from the delivery to the end of the next period, then count working days one by one; late from the day after the last."""
    day = delivered
    while same_period(frequency, day, delivered):
        day += ONE
    first_of_next = day
    while same_period(frequency, day, first_of_next):
        day += ONE
    day -= ONE  # the end of the period that is awaited
    left = grace
    while left:
        day += ONE
        left -= CALENDAR.is_working_day(day)
    return (on > day, day + ONE if on > day else None)


@settings(deadline=None)
@given(frequency=st.sampled_from(CLOCKS), grace=st.integers(0, 20), delivered=DAYS, after=st.integers(0, 800))
def test_lateness_agrees_with_walking_day_by_day(frequency: str, grace: int, delivered: date, after: int) -> None:
    on = delivered + timedelta(days=after)
    found = lateness(frequency, grace, delivered=delivered, first_received=delivered, on=on, calendar=CALENDAR)
    assert (found.late, found.since) == naive(frequency, grace, delivered, on)
    working = [found.since + timedelta(days=n) for n in range((on - found.since).days + 1)] if found.since else []
    assert found.working_days == sum(CALENDAR.is_working_day(day) for day in working)


@given(frequency=st.sampled_from(CLOCKS), day=DAYS)
def test_periods_cover_every_day_once(frequency: str, day: date) -> None:
    period = period_of(frequency, day)
    assert period.start <= day <= period.end and period_of(frequency, period.start) == period_of(frequency, period.end) == period
    assert period_of(frequency, period.end + ONE).start == period.end + ONE
    assert same_period(frequency, period.start, period.end) and not same_period(frequency, period.start, period.end + ONE)


@given(frequency=st.sampled_from(CLOCKS), grace=st.integers(0, 20), delivered=DAYS, on=DAYS)
def test_a_newer_delivery_never_makes_later(frequency: str, grace: int, delivered: date, on: date) -> None:
    older = lateness(frequency, grace, delivered=delivered, first_received=delivered, on=on, calendar=CALENDAR)
    newer = lateness(frequency, grace, delivered=delivered + ONE, first_received=delivered, on=on, calendar=CALENDAR)
    assert newer.working_days <= older.working_days


def test_a_holiday_moves_the_due_date() -> None:
    """2026-02-15 to 02-23 are off, 02-14 and 02-28 are worked."""
    found = lateness("weekly", 2, delivered=date(2026, 2, 8), first_received=None, on=date(2026, 2, 25), calendar=CALENDAR)
    assert (found.due, found.late) == (date(2026, 2, 25), False)
    assert lateness("weekly", 2, delivered=date(2026, 2, 8), first_received=None, on=date(2026, 2, 26), calendar=CALENDAR).late


def test_an_irregular_resource_has_no_clock() -> None:
    assert lateness("irregular", None, delivered=None, first_received=date(2026, 1, 1), on=date(2026, 9, 1), calendar=CALENDAR) == Lateness()


def test_a_resource_that_never_came_is_measured_from_the_first_whole_period_of_the_folder() -> None:
    def state(on: date) -> Lateness:
        return lateness("monthly", 5, delivered=None, first_received=date(2026, 3, 10), on=on, calendar=CALENDAR)

    assert not state(date(2026, 5, 11)).late and state(date(2026, 5, 13)).late
    assert lateness("monthly", 5, delivered=None, first_received=None, on=date(2026, 9, 1), calendar=CALENDAR).late is False


def test_beyond_the_known_holidays_the_answer_is_provisional() -> None:
    day = CALENDAR.known_through
    assert lateness("daily", 1, delivered=day, first_received=None, on=day + ONE, calendar=CALENDAR).provisional


@pytest.mark.parametrize("frequency", CLOCKS)
def test_grace_comes_from_the_entry_else_from_the_bureau(frequency: str) -> None:
    profile = load_profile("pingdingshan", ROOT / "catalogue")
    entry = load_catalogue().resources["taxation.tax_credit"].model_copy(update={"frequency": frequency})
    local = profile.local_defaults.delivery_grace_working_days
    assert grace_of(entry, profile) == getattr(local.value, frequency) and local.local
    assert grace_of(entry.model_copy(update={"due_working_days": 3}), profile) == 3
    assert grace_of(entry.model_copy(update={"frequency": "irregular"}), profile) is None
