"""Working days and working hours, with make-up workdays, until late in the last announced year; provisional beyond it.

Days are days in Shanghai, instants are aware. Provisional days (weekends and the statutory holidays, without the
make-up workdays nobody has announced yet) must be computed anew when the notice comes: compare `version`. The last days
of a year are provisional too: what New Year makes of them is in the next year's notice, as that for 2019 decided
2018-12-29 to 12-31.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from shared.calendars.files import ANNOUNCED, PROVISIONAL, BadCalendarFile, NamedDay, fingerprint, read_days
from shared.clock import SHANGHAI

Interval = tuple[datetime, datetime]
LAST_SURE_DAY = (12, 23)
"""Of a year whose next is not announced: New Year's holiday, and the weekend worked for it, have never begun before."""
OFFICE_HOURS = ((time(9), time(12)), (time(13), time(18)))
_ONE_DAY = timedelta(days=1)

__all__ = ["OFFICE_HOURS", "BadCalendarFile", "Calendar", "DayKind", "Interval"]


class DayKind(StrEnum):
    """What sort of day it is."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP_WORKDAY = "make_up_workday"


class Calendar:
    """Says which days and hours are worked. Immutable; a new notice makes a new calendar with another version."""

    def __init__(
        self,
        announced: Mapping[date, NamedDay],
        provisional: Mapping[date, NamedDay],
        version: str,
        hours: tuple[tuple[time, time], ...] = OFFICE_HOURS,
    ) -> None:
        if not announced:
            raise BadCalendarFile("no announced days")
        if any(start >= end for start, end in hours) or list(hours) != sorted(hours) or not hours:
            raise BadCalendarFile("working hours must be intervals in order, each ending after it starts")
        self.version = version
        self.official_from = min(announced)
        self.official_until = date(max(announced).year, *LAST_SURE_DAY)
        self._days = {**provisional, **announced}
        self._hours = hours

    @classmethod
    def load(cls, announced: Path | None = None, provisional: Path | None = None) -> "Calendar":
        """Reads an operator's files, or the ones that ship. Raises BadCalendarFile."""
        paths = (announced or ANNOUNCED, provisional or PROVISIONAL)
        days = read_days(paths[0], announced=True)
        if not days:
            raise BadCalendarFile(f"{paths[0]}: has no days")
        version = f"{max(days).year}-{fingerprint(paths)}"
        return cls(days, read_days(paths[1], announced=False), version)

    def is_official(self, day: date) -> bool:
        """Whether a notice covers the day; if not, what is said of it is provisional."""
        return self.official_from <= day <= self.official_until

    def kind_of(self, day: date) -> DayKind:
        named = self._days.get(day)
        if named is None:
            return DayKind.WEEKEND if day.weekday() >= 5 else DayKind.WORKDAY
        if named.is_day_off:
            return DayKind.HOLIDAY
        return DayKind.MAKE_UP_WORKDAY if day.weekday() >= 5 else DayKind.WORKDAY

    def is_working_day(self, day: date) -> bool:
        return self.kind_of(day) in (DayKind.WORKDAY, DayKind.MAKE_UP_WORKDAY)

    def holiday_on(self, day: date) -> str:
        """What a day off is off for, or several names at once; empty on plain weekends and on working days."""
        named = self._days.get(day)
        return named.name if named and named.is_day_off else ""

    def describe(self, day: date) -> str:
        """One line for people: what the day is, why, and whether that is final."""
        named = self._days.get(day)
        reason = f" ({named.name})" if named else ""
        standing = "" if self.is_official(day) else ", provisional: not announced yet"
        return f"{day}: {self.kind_of(day).replace('_', '-')}{reason}{standing}"

    def working_intervals(self, day: date) -> tuple[Interval, ...]:
        """The hours worked on a day, as instants in UTC; none on a day off."""
        if not self.is_working_day(day):
            return ()
        return tuple((_instant(day, start), _instant(day, end)) for start, end in self._hours)

    def add_working_days(self, start_on: date, n: int) -> date:
        """The n-th working day after a day, which doesn't count itself. With 0 it is the day itself."""
        if n < 0:
            raise ValueError(f"can't add {n} working days")
        day = start_on
        while n:
            day += _ONE_DAY
            n -= self.is_working_day(day)
        return day

    def working_days_between(self, start_on: date, end_on: date) -> int:
        """Working days after the first day, up to and with the last; so it undoes `add_working_days`."""
        days = (end_on - start_on).days
        if days < 0:
            raise ValueError(f"{end_on} is before {start_on}")
        return sum(self.is_working_day(start_on + timedelta(days=offset)) for offset in range(1, days + 1))

    def add_working_time(self, instant: datetime, length: timedelta) -> datetime:
        """The instant at which so much working time has passed. It ends with an interval rather than at the next."""
        if length < timedelta(0):
            raise ValueError(f"can't add {length} of working time")
        if not length:
            return instant
        for start, end in self._intervals_from(instant):
            begins = max(start, instant)
            if begins + length <= end:
                return begins + length
            length -= end - begins
        raise AssertionError("working days never end")

    def working_time_between(self, start_at: datetime, end_at: datetime) -> timedelta:
        """How much working time lies between two instants."""
        passed = timedelta(0)
        for start, end in self._intervals_from(start_at):
            if start >= end_at:
                break
            passed += min(end, end_at) - max(start, start_at)
        return passed

    def _intervals_from(self, instant: datetime) -> Iterator[Interval]:
        """All intervals that end after an instant, in order, without end."""
        day = instant.astimezone(SHANGHAI).date()
        while True:
            for start, end in self.working_intervals(day):
                if end > instant:
                    yield start, end
            day += _ONE_DAY


def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, SHANGHAI).astimezone(UTC)


@cache
def shipped() -> Calendar:
    """The calendar that ships; read when first needed."""
    return Calendar.load()
