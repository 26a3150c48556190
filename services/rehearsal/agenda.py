"""What somebody is going to do, and when; and the hours at which people work."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.rehearsal.calling import Script
from shared.clock import SHANGHAI

HOUR = timedelta(hours=1)
WORK_BEGINS, WORK_ENDS = 8, 18
AWAKE_FROM, AWAKE_TO = 10, 20


@dataclass(frozen=True)
class Entry:
    at: datetime
    act: Callable[[], Script]


class Agenda:
    """One thing to do per key; putting it down again moves it."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    def put(self, key: str, at: datetime, act: Callable[[], Script]) -> None:
        self._entries[key] = Entry(at, act)

    def drop(self, *keys: str) -> None:
        for key in keys:
            self._entries.pop(key, None)

    def take_due(self, now: datetime) -> list[Script]:
        """Everything to be done by now, by instant and key, and off the agenda."""
        due = sorted((entry.at, key) for key, entry in self._entries.items() if entry.at <= now)
        return [self._entries.pop(key).act() for _, key in due]

    @property
    def next_at(self) -> datetime | None:
        return min((entry.at for entry in self._entries.values()), default=None)


def next_hour(at: datetime) -> datetime:
    """The whole hour at or after an instant, in Shanghai: for what can't wait."""
    whole = at.astimezone(SHANGHAI).replace(minute=0, second=0, microsecond=0)
    return whole if whole == at else whole + HOUR


def next_round(at: datetime) -> datetime:
    """The even hour at or after an instant: people look at their desks every two hours."""
    whole = next_hour(at)
    return whole if whole.hour % 2 == 0 else whole + HOUR


def in_working_hours(at: datetime) -> datetime:
    """The first round from then on at which an office is open; also at weekends, as the hotline's law asks."""
    return _within(at, WORK_BEGINS, WORK_ENDS)


def in_waking_hours(at: datetime) -> datetime:
    """The first round from then on at which one may ring people up."""
    return _within(at, AWAKE_FROM, AWAKE_TO)


def _within(at: datetime, first: int, last: int) -> datetime:
    local = next_round(at)
    if local.hour > last:
        local = (local + timedelta(days=1)).replace(hour=first)
    elif local.hour < first:
        local = local.replace(hour=first)
    return local
