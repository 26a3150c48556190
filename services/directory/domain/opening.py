"""Opening hours as people write them, 周一至周五 09:00-21:00；周六、周日 09:00-17:30, read into the week they mean.

Also the days of duty rosters, which are written in the same way.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from itertools import pairwise

from shared.contracts.directory_words import DayKind

WEEK = tuple(DayKind)[:7]
RIGHT = "hours like 周一至周五 09:00-21:00；周六、周日 09:00-17:30, or 全天"
RIGHT_DAYS = "days like 周一至周五, 周六、周日, 每天, 工作日 or 休息日"
MIDNIGHT = time(0)

_LETTERS = "一二三四五六日"
_DAY = re.compile(r"(?:周|星期|礼拜)?([一二三四五六日天])")
_SPAN = re.compile(r"(?:周|星期|礼拜)?([一二三四五六日天])(?:至|到|-|~)(?:周|星期|礼拜)?([一二三四五六日天])")
_WORDS = {
    "每天": WEEK,
    "每日": WEEK,
    "全周": WEEK,
    "周末": WEEK[5:],
    "双休日": WEEK[5:],
    "工作日": (DayKind.WORKING_DAY,),
    "休息日": (DayKind.DAY_OFF,),
    "节假日": (DayKind.DAY_OFF,),
    "法定节假日": (DayKind.DAY_OFF,),
}
_TIMES = re.compile(r"(\d{1,2})[:点时](\d{1,2})?分?(?:至|到|-|~)(次日|第二天)?(\d{1,2})[:点时](\d{1,2})?分?")
_WHOLE_DAY = ("全天", "24小时", "全天24小时", "全天开放")
_SIGNS = str.maketrans({"—": "-", "–": "-", "－": "-", "～": "~", "〜": "~", "\N{RATIO}": ":", "，": ",", "；": ";"})


class Unreadable(ValueError):
    """Words that can't be read as days or hours: what is wrong with them."""


@dataclass(frozen=True)
class Opening:
    """Open on a kind of day, from `starts` until `ends`; 00:00 is the end of the day."""

    day: DayKind
    starts: time
    ends: time


def weekly_openings(words: str) -> list[Opening]:
    """Every interval in the order of the week. Raises Unreadable, which says what can't be read."""
    found = [opening for part in re.split("[;\n]", _plain(words)) if part for opening in _openings(part)]
    if not found:
        raise Unreadable("names no hours")
    ordered = sorted(found, key=lambda one: (list(DayKind).index(one.day), one.starts))
    for one, following in pairwise(ordered):
        if one.day is following.day and (one.ends == MIDNIGHT or following.starts < one.ends):
            raise Unreadable(f"opens twice at the same time on one day ({following.starts:%H:%M})")
    return ordered


def days_in(words: str) -> list[DayKind]:
    """The kinds of days that are named, each once. Raises Unreadable."""
    found = [day for part in re.split("[、,;/]", _plain(words)) if part for day in _days(part)]
    return [day for day in DayKind if day in found]


def days_in_words(days: Iterable[str]) -> str:
    """As `days_in` reads them."""
    named = set(days)
    if named >= set(WEEK):
        return "每天"
    words = [f"周{letter}" for day, letter in zip(WEEK, _LETTERS, strict=True) if day in named]
    if [day for day in WEEK if day in named] == list(WEEK[:5]):
        words = ["周一至周五"]
    kinds = {DayKind.WORKING_DAY: "工作日", DayKind.DAY_OFF: "休息日"}
    return "、".join([*words, *(word for day, word in kinds.items() if day in named)])


def _plain(words: str) -> str:
    return "".join(unicodedata.normalize("NFKC", words.translate(_SIGNS)).translate(_SIGNS).split(" "))


def _openings(part: str) -> list[Opening]:
    """One part between semicolons: days, then hours; hours alone are those of every day."""
    first = re.search(r"\d|全天", part)
    if first is None:
        raise Unreadable(f"has no hours in {part}")
    before = re.split("[、,]", part[: first.start()].rstrip(":"))
    days = list(dict.fromkeys(day for one in before for day in _days(one)))
    hours = [_hours(one) for one in re.split("[、,]", part[first.start() :]) if one]
    return [Opening(day, starts, ends) for day in days or WEEK for starts, ends in hours]


def _days(part: str) -> tuple[DayKind, ...]:
    if not part:
        return ()
    if part in _WORDS:
        return _WORDS[part]
    if span := _SPAN.fullmatch(part):
        first, last = (_LETTERS.index(letter.replace("天", "日")) for letter in span.groups())
        if first > last:
            raise Unreadable(f"goes backwards in {part}")
        return WEEK[first : last + 1]
    if day := _DAY.fullmatch(part):
        return (WEEK[_LETTERS.index(day[1].replace("天", "日"))],)
    raise Unreadable(f"has {part}, which is no day")


def _hours(words: str) -> tuple[time, time]:
    if words in _WHOLE_DAY:
        return MIDNIGHT, MIDNIGHT
    found = _TIMES.fullmatch(words)
    if found is None:
        raise Unreadable(f"has {words}, which is no time from and until")
    starts, ends = _time(found[1], found[2]), _time(found[4], found[5])
    if found[3] or (ends != MIDNIGHT and ends <= starts):
        raise Unreadable(f"ends before it begins in {words}; hours after midnight belong to the day after")
    return starts, ends


def _time(hour: str, minute: str | None) -> time:
    if int(hour) > 24 or int(minute or 0) > 59 or (int(hour) == 24 and int(minute or 0)):
        raise Unreadable(f"has {hour}:{minute or '00'}, which is no time of day")
    return time(int(hour) % 24, int(minute or 0))
