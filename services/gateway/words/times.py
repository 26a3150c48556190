"""Instants and lengths of time as people here read them: `3月12日 17:00 (周四)`, `还剩 2 天 3 小时`."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel.support import NullTranslations

from services.gateway.words.catalogue import CHINESE, translations
from shared.clock import SHANGHAI

WEEKDAYS = "一二三四五六日"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True)
class Times:
    """Says instants in one language, as seen at `now`: a year is named only where it is another one."""

    language: str
    now: datetime

    @property
    def _words(self) -> NullTranslations:
        return translations(self.language)

    def when(self, at: datetime) -> str:
        """Day, weekday and time: `3月12日 17:00 (周四)`."""
        local = at.astimezone(SHANGHAI)
        if self.language == CHINESE:
            return f"{self._day(local)} {local:%H:%M} (周{WEEKDAYS[local.weekday()]})"
        return f"{DAYS[local.weekday()]} {self._day(local)}, {local:%H:%M}"

    def day(self, at: datetime | date) -> str:
        """The day alone, with its weekday: `3月12日 (周四)`."""
        local = at.astimezone(SHANGHAI) if isinstance(at, datetime) else at
        if self.language == CHINESE:
            return f"{self._day(local)} (周{WEEKDAYS[local.weekday()]})"
        return f"{DAYS[local.weekday()]} {self._day(local)}"

    def short(self, at: datetime | date) -> str:
        """The day alone: `3月12日`."""
        return self._day(at.astimezone(SHANGHAI) if isinstance(at, datetime) else at)

    def hour(self, at: datetime) -> str:
        """The time of day: `17:00`."""
        return f"{at.astimezone(SHANGHAI):%H:%M}"

    def weekday(self, at: datetime) -> str:
        """`周四`."""
        number = at.astimezone(SHANGHAI).weekday()
        return f"周{WEEKDAYS[number]}" if self.language == CHINESE else DAYS[number]

    def day_number(self, at: datetime) -> str:
        """The day of the month alone, for a block of a date."""
        return str(at.astimezone(SHANGHAI).day)

    def month_name(self, at: datetime) -> str:
        """`3月`."""
        number = at.astimezone(SHANGHAI).month
        return f"{number}月" if self.language == CHINESE else MONTHS[number - 1][:3]

    def period(self, period_id: str) -> str:
        """A period by the month in which it begins, from `2026-03`: `2026年3月`."""
        year, _, month = period_id.partition("-")
        if self.language == CHINESE:
            return f"{year}年{int(month)}月"
        return f"{MONTHS[int(month) - 1]} {year}"

    def left(self, due_at: datetime) -> str:
        """How long there is still: `还剩 2 天 3 小时`; or how long it has been over: `已超期 3 小时`."""
        remaining = due_at - self.now
        if remaining >= timedelta():
            return self._words.ugettext("还剩 %(length)s") % {"length": self.lasting(remaining)}
        return self._words.ugettext("已超期 %(length)s") % {"length": self.lasting(-remaining)}

    def lasting(self, span: timedelta) -> str:
        """The two largest units of it: `2 天 3 小时`, `45 分钟`."""
        minutes = int(span.total_seconds() // 60)
        days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
        if days:
            named = [self._days(days), self._hours(hours) if hours else ""]
        elif hours:
            named = [self._hours(hours), self._minutes(rest) if rest else ""]
        else:
            named = [self._minutes(rest) if rest else self._words.ugettext("不到 1 分钟")]
        return " ".join(part for part in named if part)

    def _days(self, number: int) -> str:
        return self._counted(self._words.ungettext("%(num)d 天", "%(num)d 天", number), number)

    def _hours(self, number: int) -> str:
        return self._counted(self._words.ungettext("%(num)d 小时", "%(num)d 小时", number), number)

    def _minutes(self, number: int) -> str:
        return self._counted(self._words.ungettext("%(num)d 分钟", "%(num)d 分钟", number), number)

    def _counted(self, text: str, number: int) -> str:
        return text % {"num": number}

    def _day(self, local: date) -> str:
        is_far = local.year != self.now.astimezone(SHANGHAI).year
        if self.language == CHINESE:
            return f"{local.year}年{local.month}月{local.day}日" if is_far else f"{local.month}月{local.day}日"
        named = f"{local.day} {MONTHS[local.month - 1]}"
        return f"{named} {local.year}" if is_far else named
