"""The filters of the templates: instants, lengths, shares and money in words, codes by name, shapes as drawings."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

from services.board.reading.whole import ClockShown, LedgerLine, TimelineLine
from services.gateway import places, reader
from services.gateway.drawing import bars, charts, tiles
from services.gateway.words.catalogue import CHINESE, translations, zh
from services.gateway.words.clock_lines import line_of, reason_of
from services.gateway.words.facts import Fact, facts_of
from services.gateway.words.happenings import happening
from services.gateway.words.names import name_of
from services.gateway.words.times import DAYS, WEEKDAYS
from shared.clock import SHANGHAI

TIMES = ("when", "day", "short", "hour", "weekday", "left", "lasting", "day_number", "month_name", "period")
WAN = 1_000_000
"""One wan yuan 万元 in fen."""


def said(text: str) -> str:
    """A Chinese text of ours in the reader's language."""
    return str(translations(reader.look().language).ugettext(text)) if text else ""


def named(code: str, kind: str) -> str:
    """What a code of this kind is called."""
    return said(name_of(kind, code))


def machine(at: datetime | date) -> str:
    """For a `datetime` attribute."""
    return at.astimezone(SHANGHAI).isoformat(timespec="minutes") if isinstance(at, datetime) else at.isoformat()


def last_day(ends_at: datetime) -> str:
    """The last day of a display that ends at 24:00 of it."""
    return reader.times().day(ends_at - timedelta(seconds=1))


def percent(ratio: float | None) -> str:
    return "—" if ratio is None else f"{ratio * 100:.1f}%"


def yuan(fen: int) -> str:
    """Money as people say it: 3.2 万元, 800 元."""
    if fen >= WAN and reader.look().language == CHINESE:
        return said(zh("%(number)s 万元")) % {"number": f"{fen / WAN:.2f}".rstrip("0").rstrip(".")}
    return said(zh("%(number)s 元")) % {"number": f"{fen / 100:,.2f}".removesuffix(".00")}


def whole(number: float) -> str:
    """With its thousands apart."""
    return f"{number:,.0f}"


def short_name(unit_name: str) -> str:
    """A street's name for a small tile, without what kind of unit it is."""
    return next(
        (unit_name.removesuffix(kind) for kind in ("街道", "地区", "乡") if unit_name.endswith(kind)), unit_name
    )


def weekday_name(number: int) -> str:
    """Monday is 0."""
    return f"周{WEEKDAYS[number]}" if reader.look().language == CHINESE else DAYS[number]


def _facts(line: TimelineLine) -> list[Fact]:
    return facts_of(line, reader.times())


def _reason(line: LedgerLine) -> list[Fact]:
    return reason_of(line.reason, line.by, reader.times())


def _clock_line(text: str) -> list[Fact]:
    return line_of(text, reader.times())


def _as_clock_bar(clock: ClockShown) -> bars.ClockBar:
    return bars.clock_bar(clock, reader.times().now)


def _by_times(name: str) -> Callable[[Any], str]:
    return lambda at: str(getattr(reader.times(), name)(at))


def _by_reader(filter: Callable[..., Any]) -> Callable[..., Any]:
    """It depends on who reads: Jinja must not work it out when it compiles, even where all it is given stands there."""

    @pass_context
    @wraps(filter)
    def say(_: Context, *given: object) -> object:
        return filter(*given)

    return say


_OF_READER: Mapping[str, Callable[..., Any]] = {
    **{name: _by_times(name) for name in TIMES},
    "said": said,
    "happening": lambda event_type: said(happening(event_type)),
    "facts": _facts,
    "reason": _reason,
    "clock_line": _clock_line,
    "named": named,
    "said_options": lambda options: [(value, said(text)) for value, text in options.items()],
    "last_day": last_day,
    "yuan": yuan,
    "weekday_name": weekday_name,
    "as_clock_bar": _as_clock_bar,
}
FILTERS: Mapping[str, Callable[..., Any]] = {
    **{name: _by_reader(filter) for name, filter in _OF_READER.items()},
    "unit_name": places.unit_name,
    "instant": datetime.fromisoformat,
    "machine": machine,
    "percent": percent,
    "whole": whole,
    "short_name": short_name,
    "placed": tiles.placed,
    "heat_steps": charts.heat_steps,
    "as_vote_bar": bars.vote_bar,
}
