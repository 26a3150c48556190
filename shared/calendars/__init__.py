"""Which days and hours are worked: State Council days off and make-up workdays, and what is provisional beyond them."""

from shared.calendars.calendar import BadCalendarFile, Calendar, DayKind, shipped
from shared.calendars.periods import Days

__all__ = ["BadCalendarFile", "Calendar", "DayKind", "Days", "shipped"]
