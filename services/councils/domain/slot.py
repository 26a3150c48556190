"""The hours at which sessions may begin, and how long before one its notice must be out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from shared.calendars import Days
from shared.calendars.periods import WorkingDays
from shared.clock import SHANGHAI


class Holidays(WorkingDays, Protocol):
    """What must be known of the calendar. Days are days in Shanghai."""

    def holiday_on(self, day: date) -> str: ...


@dataclass(frozen=True)
class SlotHours:
    """Beginnings in Shanghai time: people meet after work, or by daylight on days off, and on some holidays not at all.

    `left_free` are names of holidays, as the calendar has them; one notice may be about several at once.
    """

    working_day: Sequence[time]
    day_off: Sequence[time]
    left_free: Sequence[str]

    def on(self, day: date, calendar: Holidays) -> list[datetime]:
        """The slots of a day, as instants in UTC."""
        if any(name in calendar.holiday_on(day) for name in self.left_free):
            return []
        hours = self.working_day if calendar.is_working_day(day) else self.day_off
        return [datetime.combine(day, hour, SHANGHAI).astimezone(UTC) for hour in sorted(hours)]


def slots_between(start_at: datetime, end_at: datetime, hours: SlotHours, calendar: Holidays) -> Iterator[datetime]:
    """All slots from one instant to another, both included, in order."""
    day, last = start_at.astimezone(SHANGHAI).date(), end_at.astimezone(SHANGHAI).date()
    while day <= last:
        for slot in hours.on(day, calendar):
            if start_at <= slot <= end_at:
                yield slot
        day += timedelta(days=1)


def earliest_start(announced_at: datetime, notice: Days | timedelta, calendar: WorkingDays) -> datetime:
    """The first instant at which a session may begin whose notice is published at `announced_at`.

    A notice in days has run its whole length by then; an urgent one, in hours, is counted from the moment.
    """
    if isinstance(notice, timedelta):
        return announced_at + notice
    return notice.ends_at(announced_at, calendar)
