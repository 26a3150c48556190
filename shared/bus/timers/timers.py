"""Timers as a unit of work sets and cancels them, and as they fire."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import MetaData

from shared.bus.tables import bus_tables
from shared.storage.work import Work
from shared.storage.writes import Writes

_timers = bus_tables(MetaData()).timers


@dataclass(frozen=True)
class Due:
    """A timer that fires: what kind, for what, and when it was due."""

    kind: str
    ref: str
    due_at: datetime


class Timers:
    """Instants at which the service wants to look again. One timer per (kind, ref); setting it again moves it."""

    def __init__(self, work: Work) -> None:
        self._set: dict[tuple[str, str], tuple[datetime, str]] = {}
        self._cancelled: set[tuple[str, str]] = set()
        self._marked = (self._set, self._cancelled)
        work.parts.append(self)

    def set(self, kind: str, ref: str, due_at: datetime, *, subject: str = "") -> None:
        """Wake `@timer(kind)` with `ref` once at or soon after `due_at`, also if it fired before.

        It waits, a minute at most, for what was in the inbox by then, and for events of its `subject` that are kept.
        """
        self._cancelled.discard((kind, ref))
        self._set[(kind, ref)] = (due_at, subject)

    def cancel(self, kind: str, ref: str) -> None:
        """Forget a timer; nothing happens if there is none."""
        self._set.pop((kind, ref), None)
        self._cancelled.add((kind, ref))

    def mark(self) -> None:
        self._marked = (self._set.copy(), self._cancelled.copy())

    def restore(self) -> None:
        self._set, self._cancelled = self._marked

    def flush(self, writes: Writes) -> None:
        gone = [{"kind": kind, "ref": ref} for kind, ref in sorted(self._cancelled)]
        self._cancelled.clear()
        writes.delete(_timers, gone, only="fired_at IS NULL")
        fresh = {"fired_at": None, "attempts": 0, "next_attempt_at": None, "error": None, "parked_at": None}
        rows = [
            {"kind": kind, "ref": ref, "due_at": due_at, "subject": subject} | fresh
            for (kind, ref), (due_at, subject) in sorted(self._set.items())
        ]
        self._set.clear()
        writes.insert(_timers, rows, replace="kind, ref")
