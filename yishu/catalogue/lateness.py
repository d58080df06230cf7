"""When a resource is late (B09, C04): the periods its frequency makes, when each is due, and since when nothing came for one.

Belongs here: dates in, dates out. Not here: which delivery was the last (the ledger's), how many days of grace the bureau gives
(the entry's `due_working_days`, else the profile's local default: no regulation gives a number).

A period is due some working days after its end. A delivery speaks for the period its as-of date lies in and for all before it.
A resource of which nothing ever came is measured from the first period that began after the data folder was first delivered to.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from yishu.catalogue.calendar import ONE_DAY, DueDate, WorkingDayCalendar
from yishu.catalogue.law import Profile
from yishu.catalogue.models import Resource

DAILY = frozenset({"realtime", "daily"})
MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
A_WEEK, MONTHS_OF_A_YEAR = 7, 12


@dataclass(frozen=True)
class Period:
    """The days for which one delivery is due, both ends included."""

    start: date
    end: date


@dataclass(frozen=True)
class Lateness:
    """How a resource stands on a day. A resource without a clock has neither periods nor a due date and is never late."""

    last_due: Period | None = None  # the newest period whose due date has passed
    awaited: Period | None = None  # the first period that nothing was delivered for
    due: date | None = None  # when `awaited` is due
    late: bool = False
    since: date | None = None
    working_days: int = 0
    provisional: bool = False


def has_clock(frequency: str) -> bool:
    """Does the frequency make periods at all? An irregular resource comes when there is something to tell."""
    return frequency in DAILY or frequency == "weekly" or frequency in MONTHS


def grace_of(resource: Resource, profile: Profile) -> int | None:
    """Working days from the end of a period to its due date; None where the resource has no clock."""
    if not has_clock(resource.frequency):
        return None
    if resource.due_working_days is not None:
        return resource.due_working_days
    days: dict[str, int] = profile.local_defaults.delivery_grace_working_days.value.model_dump()
    return days[resource.frequency]


def period_of(frequency: str, day: date) -> Period:
    """The period in which the day lies. ValueError for a frequency that makes none."""
    if frequency in DAILY:
        return Period(day, day)
    if frequency == "weekly":
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + timedelta(days=A_WEEK - 1))
    if frequency not in MONTHS:
        raise ValueError(f"更新周期 {frequency} 没有报送期")
    months = MONTHS[frequency]
    first = (day.month - 1) // months * months + 1
    return Period(date(day.year, first, 1), _last_day(day.year, first + months - 1))


def following(frequency: str, period: Period) -> Period:
    """The next period."""
    return period_of(frequency, period.end + ONE_DAY)


def due_date(period: Period, grace: int, calendar: WorkingDayCalendar) -> DueDate:
    """The last day on which a delivery for the period is in time; without grace, the period's own last day."""
    if grace:
        return calendar.add_working_days(period.end, grace)
    return DueDate(period.end, provisional=not calendar.is_known(period.end))


def last_due(frequency: str, grace: int, on: date, calendar: WorkingDayCalendar) -> Period:
    """The newest period whose due date lies before the day."""
    period = period_of(frequency, on)
    while due_date(period, grace, calendar).date >= on:
        period = period_of(frequency, period.start - ONE_DAY)
    return period


def lateness(
    frequency: str, grace: int | None, *, delivered: date | None, first_received: date | None, on: date, calendar: WorkingDayCalendar
) -> Lateness:
    """How a resource stands at the end of the day `on`.

    delivered: the newest as-of date it was delivered for, None for never. first_received: the day the data folder was first
    delivered to by anyone; None where nobody has delivered yet, and nobody is late.
    """
    if grace is None or not has_clock(frequency):
        return Lateness()
    newest = last_due(frequency, grace, on, calendar)
    awaited = _awaited(frequency, delivered, first_received)
    if awaited is None:
        return Lateness(last_due=newest)
    due = due_date(awaited, grace, calendar)
    provisional = due.provisional or not calendar.is_known(on)
    if on <= due.date:
        return Lateness(newest, awaited, due.date, provisional=provisional)
    since = due.date + ONE_DAY
    return Lateness(newest, awaited, due.date, True, since, calendar.working_days_between(since, on), provisional)


def _awaited(frequency: str, delivered: date | None, first_received: date | None) -> Period | None:
    """The first period that nothing was delivered for; of a resource never delivered, the first whole one since the folder began."""
    if delivered is not None:
        return following(frequency, period_of(frequency, delivered))
    if first_received is None:
        return None
    period = period_of(frequency, first_received)
    return period if period.start == first_received else following(frequency, period)


def _last_day(year: int, month: int) -> date:
    following_month = date(year + month // MONTHS_OF_A_YEAR, month % MONTHS_OF_A_YEAR + 1, 1)
    return following_month - ONE_DAY
