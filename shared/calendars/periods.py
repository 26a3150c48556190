"""Periods 期间 counted in days, as the law counts them: displays, notices, objections; one way for all services.

The first day is not counted (民法典 201), and a last day on which nobody works moves on to the next working day; it
ends at 24:00 (203). Limits of orders are lengths of time, and no such periods.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from shared.clock import SHANGHAI

_ONE_DAY = timedelta(days=1)


class WorkingDays(Protocol):
    """What must be known of the calendar. Days are days in Shanghai."""

    def is_working_day(self, day: date) -> bool: ...

    def add_working_days(self, start_on: date, n: int) -> date: ...


@dataclass(frozen=True)
class Days:
    """So many days. When `working`, only working days are counted."""

    count: int
    working: bool = False

    def last_day(self, begins_on: date, calendar: WorkingDays) -> date:
        """The last day of the period that what happens on a day sets going."""
        if self.working:
            return calendar.add_working_days(begins_on, self.count)
        last = begins_on + timedelta(days=self.count)
        return last if calendar.is_working_day(last) else calendar.add_working_days(last, 1)

    def ends_at(self, begins_at: datetime, calendar: WorkingDays) -> datetime:
        """24:00 of the last day: the first instant at which the period is over."""
        last = self.last_day(begins_at.astimezone(SHANGHAI).date(), calendar)
        return datetime.combine(last + _ONE_DAY, time(), SHANGHAI).astimezone(UTC)
