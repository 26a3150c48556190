"""Points in time as spreadsheets and exports write them. Only what can be read in one way is read.

`2026/3/2 9:12`, `2026年3月2日 9时12分`, `2026-03-02T09:12:00+08:00`, the stamp `20261127203015+0800`, and with AM or PM
the American `07/20/2020 10:51:12 AM`. Without AM or PM nobody can tell day from month in `03/02/2026`.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from shared.clock import SHANGHAI

RIGHT = "a time like 2026-03-02 09:12:00, or a date cell"
EARLIEST_YEAR = 1970
CLOCK = r"(?:[T ]+(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,](?P<part>\d{1,9}))?)?)?"
ZONE = r" ?(?P<half>[AP]M)? ?(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?"
FORMS = tuple(
    re.compile(form + ZONE, re.ASCII | re.IGNORECASE)
    for form in (
        rf"(?P<year>\d{{4}})(?P<sign>[-/.])(?P<month>\d{{1,2}})(?P=sign)(?P<day>\d{{1,2}}){CLOCK}",
        rf"(?P<one>\d{{1,2}})(?P<sign>[-/.])(?P<two>\d{{1,2}})(?P=sign)(?P<year>\d{{4}}){CLOCK}",
        r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"
        r"(?:T?(?P<hour>\d\d)(?P<minute>\d\d)(?:(?P<second>\d\d)(?:\.(?P<part>\d{1,9}))?)?)?",
    )
)
CHINESE_CLOCK = re.compile(r"(\d{1,2})[时点](\d{1,2})分(?:(\d{1,2})秒)?", re.ASCII)
HALF = re.compile(r"(上午|下午) ?([\d:.]+)")


class NoInstant(ValueError):
    """The text is no time, or not only one."""


@dataclass(frozen=True)
class Times:
    """What a file leaves out: the zone of times without one, and whether a day stands before its month."""

    zone: tzinfo = SHANGHAI
    day_first: bool | None = None


def instant_in(text: str, times: Times = Times()) -> datetime:
    """Aware, in Shanghai's time. Raises NoInstant with what is wrong."""
    written = _latin(text)
    for form in FORMS:
        found = form.fullmatch(written)
        if found:
            return in_shanghai(_instant(found.groupdict(), times), times)
    raise NoInstant("is no time that can be read")


def in_shanghai(instant: datetime, times: Times) -> datetime:
    """The same instant as everybody writes it, whoever wrote it. Raises NoInstant for years that no order has."""
    if not EARLIEST_YEAR <= instant.year < 9999:
        raise NoInstant(f"is in the year {instant.year}; an empty date cell often shows as 1900")
    aware = instant if instant.tzinfo else instant.replace(tzinfo=times.zone)
    return aware.astimezone(SHANGHAI)


def _latin(text: str) -> str:
    """Chinese dates and halves of the day in the signs of all others."""
    written = " ".join(unicodedata.normalize("NFKC", text).split())
    written = re.sub(r" ?(?:星期|周)[一二三四五六日天] ?", " ", written)
    written = re.sub(r"(\d)年(\d{1,2})月(\d{1,2})日 ?", r"\1-\2-\3 ", written)
    written = CHINESE_CLOCK.sub(lambda found: ":".join(part for part in found.groups() if part), written)
    written = HALF.sub(lambda found: f"{found[2]} {'AM' if found[1] == '上午' else 'PM'}", written)
    return " ".join(written.split())


def _instant(found: dict[str, str | None], times: Times) -> datetime:
    month, day = _month_and_day(found, times)
    hour, half = int(found["hour"] or 0), (found["half"] or "").upper()
    if half and not 1 <= hour <= 12:
        raise NoInstant(f"has the hour {hour} with {half}")
    try:
        return datetime(
            int(found["year"] or 0),
            month,
            day,
            hour % 12 + 12 * (half == "PM") if half else hour,
            int(found["minute"] or 0),
            int(found["second"] or 0),
            int((found["part"] or "").ljust(6, "0")[:6]),
            tzinfo=_zone(found["zone"]),
        )
    except ValueError as fault:
        raise NoInstant(f"is no time: {fault}") from None


def _month_and_day(found: dict[str, str | None], times: Times) -> tuple[int, int]:
    if "one" not in found:
        return int(found["month"] or 0), int(found["day"] or 0)
    one, two = int(found["one"] or 0), int(found["two"] or 0)
    day_first = times.day_first
    if day_first is None and found["half"] and found["sign"] == "/":
        day_first = False
    if day_first is None:
        raise NoInstant("does not say which is the day and which the month")
    return (two, one) if day_first else (one, two)


def _zone(written: str | None) -> tzinfo | None:
    if not written:
        return None
    if written.upper() in ("Z", "UTC"):
        return UTC
    ahead = timedelta(hours=int(written[1:3]), minutes=int(written[-2:]))
    return timezone(-ahead if written[0] == "-" else ahead)
