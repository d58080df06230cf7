"""What the bureau decides by itself where a regulation is silent: each value with its reason, none with an article.

Belongs here: which choices there are. Not here: what a regulation says (parameters.py, correction.py).
"""

from typing import Annotated

from pydantic import Field

from yishu.catalogue.correction import Told, WorkingDays
from yishu.catalogue.dimensions import DimensionMap
from yishu.catalogue.statements import LocalDefault, Statement, Text

GraceDays = Annotated[int, Field(ge=0, le=250)]


class DeliveryGrace(Statement):
    """Working days from the end of a period to its due date, by frequency. An irregular resource has no period."""

    realtime: GraceDays
    daily: GraceDays
    weekly: GraceDays
    monthly: GraceDays
    quarterly: GraceDays
    half_yearly: GraceDays
    yearly: GraceDays


class OfficerTitles(Statement):
    """What to call those who answer for a department's data where P05 has no word."""

    data_officer: Text
    head: Text


class LocalDefaults(Statement):
    """The numbers and names the software cannot do without and the law may not give.

    May be left out: `told_of_doubt` where P19 says who is told, `doubt_ticket_working_days` where P20 has a number for doubts or theirs
    is that of gates.
    """

    gate_ticket_working_days: LocalDefault[WorkingDays]
    doubt_ticket_working_days: LocalDefault[WorkingDays] | None = None
    day_after_is_first: LocalDefault[bool]
    reminder_working_days_before: LocalDefault[WorkingDays]
    head_after_working_days_overdue: LocalDefault[WorkingDays]
    notice_after_working_days_overdue: LocalDefault[WorkingDays]
    told_of_doubt: LocalDefault[Annotated[tuple[Told, ...], Field(min_length=1)]] | None = None
    officer_titles: LocalDefault[OfficerTitles]
    delivery_grace_working_days: LocalDefault[DeliveryGrace]
    quality_dimensions: LocalDefault[DimensionMap]
