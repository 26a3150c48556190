"""Instants on the wire: what RFC 3339 allows, no more and no less, as `date-time` in the published schemas says.

Python's own reader takes more, and takes `20261127203015+0800` for 03:01. A leap second is the first second of the
next day, as clocks of computers count it. Years before 1, and instants that UTC can't name, are refused.
"""

import re
from datetime import UTC, datetime, timedelta

RIGHT = "2026-03-02T09:00:00+08:00"

_HOUR, _SIXTY = "(?:[01][0-9]|2[0-3])", "[0-5][0-9]"
_RFC_3339 = re.compile(
    rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{_HOUR}:{_SIXTY}:(?P<second>{_SIXTY}|60)(?:\.[0-9]+)?(?:Z|[+-]{_HOUR}:{_SIXTY})"
)
_OFFSET = r"(?P<offset>z|[+-][0-9]{2}:?[0-9]{2})?"
_MEANT = (
    re.compile(
        rf"(?P<year>[0-9]{{4}})(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})t?"
        rf"(?P<hour>[0-9]{{2}})(?P<minute>[0-9]{{2}})(?P<second>[0-9]{{2}})(?P<fraction>[.,][0-9]+)?{_OFFSET}"
    ),
    re.compile(
        r"(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})(?:t| +)"
        r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?P<fraction>[.,][0-9]+)?)? *" + _OFFSET
    ),
)


class NoInstant(ValueError):
    """Not an instant of RFC 3339. `wanted` says what would be right, where it can be told for what was given."""

    def __init__(self, given: object) -> None:
        self.wanted = f"an instant as in RFC 3339 with its offset, like {_meant(given) or RIGHT}"
        super().__init__(f"must be {self.wanted}")


def read_instant(text: object) -> datetime:
    """Raises NoInstant."""
    read = _read(text.upper()) if isinstance(text, str) else None
    if read is None:
        raise NoInstant(text)
    return read


def _read(text: str) -> datetime | None:
    matched = _RFC_3339.fullmatch(text)
    if matched is None:
        return None
    try:
        if matched["second"] == "60":
            return _after_leap_second(text, matched.start("second"))
        read = datetime.fromisoformat(text)
        read.astimezone(UTC)
    except (ValueError, OverflowError):  # a 30th of February; the ends of the calendar, which UTC may not have
        return None
    return read


def _after_leap_second(text: str, place: int) -> datetime | None:
    """There is one only at the end of a day of UTC."""
    before = datetime.fromisoformat(f"{text[:place]}59{text[place + 2 :]}")
    at = before.astimezone(UTC)
    return before + timedelta(seconds=1) if (at.hour, at.minute) == (23, 59) else None


def _meant(text: object) -> str | None:
    """The same instant, rightly written; where no offset was given, with that of Beijing as an example."""
    told = text.strip().lower() if isinstance(text, str) else ""
    matched = next((found for pattern in _MEANT if (found := pattern.fullmatch(told))), None)
    if matched is None:
        return None
    part = {name: value or "" for name, value in matched.groupdict().items()}
    fraction = part["fraction"].replace(",", ".")
    offset = part["offset"].replace(":", "").upper() or "+0800"
    offset = offset if offset == "Z" else f"{offset[:3]}:{offset[3:]}"
    right = (
        f"{part['year']}-{part['month']:0>2}-{part['day']:0>2}"
        f"T{part['hour']:0>2}:{part['minute']}:{part['second']:0>2}{fraction}{offset}"
    )
    return right if _read(right) else None
