"""Opening hours as offices write them (周一至周五 9:00-21:00；周六、周日 9:00-17:30), read to ask whether it is open.

What can't be read without guessing is not read: whoever asks then knows only that the hours are not known.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from shared.clock import SHANGHAI

Span = tuple[int, int]
"""Minutes from midnight; the end may lie after the next one."""

_DAY_MINUTES = 24 * 60
_WEEK = "一二三四五六日"
_TO = "至到~-"
_CLOCK = r"(上午|下午|晚上|中午)?(\d{1,2})(?::(\d{2})|[点时](半|\d{2}分?)?)"
_SPAN = re.compile(f"{_CLOCK}[{_TO}]{_CLOCK}")
_ALL_DAY = re.compile("(全日|24小时)(开放)?")
_DAY = re.compile(f"([{_WEEK}])(?:[{_TO}]([{_WEEK}]))?")
_SAME = {"每天": "一至日", "每日": "一至日", "全周": "一至日", "工作日": "一至五", "双休日": "六日", "周末": "六日"}
_SAME |= {"法定节假日": "六日", "节假日": "六日", "休息日": "六日"}
_FILLING = re.compile("[,、和及]")
_WRITTEN = str.maketrans({"—": "-", "–": "-", "－": "-", "～": "~", "〜": "~", "∶": ":", "。": ";", "天": "日"})


@dataclass(frozen=True)
class OpeningHours:
    """When something is open, by day of the week, Monday 0; the hours are those of Shanghai."""

    spans: Mapping[int, Sequence[Span]]

    def covers(self, start_at: datetime, length: timedelta) -> bool:
        """Whether it is open all the time from an instant on."""
        local = start_at.astimezone(SHANGHAI)
        begins = local.hour * 60 + local.minute
        ends = begins + length.total_seconds() / 60
        today = self.spans.get(local.weekday(), ())
        before = [(a - _DAY_MINUTES, b - _DAY_MINUTES) for a, b in self.spans.get((local.weekday() - 1) % 7, ())]
        return any(a <= begins and ends <= b for a, b in (*today, *before))


@lru_cache(maxsize=4096)
def read_hours(text: str) -> OpeningHours | None:
    """None for what can't be read: other words, an hour that there is not, a clause without hours."""
    plain = "".join(unicodedata.normalize("NFKC", _with_days(text)).translate(_WRITTEN).split())
    spans: dict[int, list[Span]] = {}
    for clause in filter(None, re.split("[;\\n]", plain)):
        read = _clause(clause)
        if read is None:
            return None
        for day in read[0]:
            spans.setdefault(day, []).extend(read[1])
    return OpeningHours(spans) if spans else None


def _with_days(text: str) -> str:
    for words, days in _SAME.items():
        text = text.replace(words, days)
    return text


def _clause(clause: str) -> tuple[list[int], list[Span]] | None:
    """The days of one clause and its hours. Without days it is about all of them."""
    hours = [_span(match) for match in _SPAN.finditer(clause)]
    rest, all_day = _ALL_DAY.subn("", _SPAN.sub("", clause))
    if all_day:
        hours.append((0, _DAY_MINUTES))
    days = _days(re.sub("每?(周|星期|礼拜)", "", rest.replace(":", "")))
    good = [span for span in hours if span is not None]
    return (days, good) if days is not None and good and len(good) == len(hours) else None


def _days(words: str) -> list[int] | None:
    rest = _FILLING.sub("", _DAY.sub("", words))
    if rest:
        return None
    days: list[int] = []
    for match in _DAY.finditer(words):
        first, last = match[1], match[2] or match[1]
        count = (_WEEK.index(last) - _WEEK.index(first)) % 7 + 1
        days += [(_WEEK.index(first) + number) % 7 for number in range(count)]
    return days or list(range(7))


def _span(match: re.Match[str]) -> Span | None:
    first, last = match.groups()[:4], match.groups()[4:]
    begins, ends = _minutes(*first), _minutes(last[0] or first[0], *last[1:])
    if begins is None or ends is None:
        return None
    return begins, ends if ends > begins else ends + _DAY_MINUTES


def _minutes(part: str | None, hour: str, minute: str | None, spoken: str | None) -> int | None:
    hours = int(hour) + (12 if part in ("下午", "晚上") and int(hour) < 12 else 0)
    minutes = 30 if spoken == "半" else int(minute or (spoken or "0").removesuffix("分"))
    return hours * 60 + minutes if minutes < 60 and hours * 60 + minutes <= _DAY_MINUTES else None
