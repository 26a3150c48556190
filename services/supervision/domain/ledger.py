"""The ledger of a clock: what it may count, what it has counted, and why; its due time always derives from it.

A deadline is never kept by itself. A ledger knows the budget, every segment of time since the start (counting, on hold,
closed) and every extension; `due_at` is what they add up to. Ledgers are values: a change makes a new one with one more
entry, and no change can move the start, give counted time back or rewrite a past segment; only a correction of the
class of urgency gives it another budget. That is why a resident's
clock never resets: there is nothing to reset it with.

A holder's has two things more: what its orders need of its budget, and what is waited for, such as a called session.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

NOTHING = timedelta(0)
EVERY_HOUR = "every_hour"
"""The calendar of clocks that run day and night, on workdays and holidays alike, as the hotline's do."""


class SegmentKind(StrEnum):
    """Whether time counts: it does, somebody put the clock on hold, or the issue was closed."""

    COUNTING = "counting"
    PAUSED = "paused"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of time of one kind, who began it and why. Only the last one of a ledger has no end."""

    kind: SegmentKind
    begins_at: datetime
    ends_at: datetime | None = None
    by: str
    reason: str = ""

    def length(self, now: datetime) -> timedelta:
        """How much of it has passed by `now`."""
        end = now if self.ends_at is None else min(self.ends_at, now)
        return max(end - self.begins_at, NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """More time, granted once and for all."""

    at: datetime
    length: timedelta
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Something is waited for, whatever the orders need: so much may be counted at least."""

    at: datetime
    counted: timedelta
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What a clock has counted and what it may count. Make one with `begin`."""

    budget: timedelta
    rule_version: str
    calendar_version: str = EVERY_HOUR
    segments: tuple[Segment, ...]
    extensions: tuple[Extension, ...] = ()
    needed: timedelta | None = None
    waits: tuple[Wait, ...] = ()

    @classmethod
    def begin(cls, *, at: datetime, budget: timedelta, rule_version: str, by: str) -> Self:
        """A ledger that counts from `at`. A budget below nothing is nothing: due at once."""
        first = Segment(kind=SegmentKind.COUNTING, begins_at=at, by=by)
        return cls(budget=max(budget, NOTHING), rule_version=rule_version, segments=(first,))

    @property
    def started_at(self) -> datetime:
        return self.segments[0].begins_at

    @property
    def current(self) -> Segment:
        return self.segments[-1]

    @property
    def is_counting(self) -> bool:
        return self.current.kind is SegmentKind.COUNTING

    @property
    def allowance(self) -> timedelta:
        """The budget with all extensions, no more than is needed of it, and no less than what is waited for."""
        granted = self.budget + self.extended
        allowed = granted if self.needed is None else min(granted, self.needed)
        return max([allowed, *(one.counted for one in self.waits)])

    @property
    def extended(self) -> timedelta:
        """All that was granted beside the budget."""
        return sum((extension.length for extension in self.extensions), NOTHING)

    @property
    def due_at(self) -> datetime:
        """When the allowance is used up. On hold: the earliest it can be, as if counting went on where it stopped."""
        return self.reached_at(self.allowance)

    def counted(self, now: datetime) -> timedelta:
        """The time used up by `now`."""
        counting = (segment for segment in self.segments if segment.kind is SegmentKind.COUNTING)
        return sum((segment.length(now) for segment in counting), NOTHING)

    def remaining(self, now: datetime) -> timedelta:
        """What is left of the allowance by `now`; below nothing when overdue."""
        return self.allowance - self.counted(now)

    def reached_at(self, counted: timedelta) -> datetime:
        """When so much time has been or will be counted, as things stand."""
        rest = counted
        for segment in self.segments:
            if segment.kind is not SegmentKind.COUNTING:
                continue
            if segment.ends_at is None or segment.begins_at + rest <= segment.ends_at:
                return segment.begins_at + rest
            rest -= segment.ends_at - segment.begins_at
        return self.current.begins_at + rest

    def pause(self, *, at: datetime, by: str, reason: str) -> Self:
        """On hold. Changes nothing unless the clock is counting, so that the first reason stays on record."""
        return self._switch(SegmentKind.PAUSED, at, by, reason) if self.is_counting else self

    def close(self, *, at: datetime, by: str, reason: str) -> Self:
        """Counting is over, perhaps until a relapse."""
        return self._switch(SegmentKind.CLOSED, at, by, reason)

    def before_closing(self) -> Self:
        """As it stood before it was closed, for the clock that takes the place of one that should not have ended."""
        if self.current.kind is not SegmentKind.CLOSED:
            raise ValueError("the ledger is not closed")
        *before, last, _ = self.segments
        return replace(self, segments=(*before, replace(last, ends_at=None)))

    def go_on(self, *, at: datetime, by: str, reason: str = "") -> Self:
        """Count again from where it stopped."""
        return self._switch(SegmentKind.COUNTING, at, by, reason)

    def extend(self, length: timedelta, *, at: datetime, by: str, reason: str) -> Self:
        """Grant more time. Nothing or less than nothing grants nothing: an allowance never shrinks."""
        if length <= NOTHING:
            return self
        return replace(self, extensions=(*self.extensions, Extension(at=at, length=length, by=by, reason=reason)))

    def fit(self, needed: timedelta | None) -> Self:
        """Of the budget and its extensions only so much is needed; all of them for None."""
        return replace(self, needed=needed)

    def wait_until(self, until: datetime, *, since: datetime, by: str, reason: str) -> Self:
        """Not due before `until`, as things stood at `since`; time on hold after that moves it. Twice is once."""
        since = max(since, self.started_at)
        wait = Wait(at=since, counted=self.counted(since) + until - since, by=by, reason=reason)
        return self if wait in self.waits else replace(self, waits=(*self.waits, wait))

    def correct(self, budget: timedelta) -> Self:
        """Another budget from the start on, as the first was of the wrong class. What was counted stays counted."""
        return replace(self, budget=max(budget, NOTHING))

    def _switch(self, kind: SegmentKind, at: datetime, by: str, reason: str) -> Self:
        """End the current segment and begin another. News from before the last entry counts from that entry on."""
        if kind is self.current.kind:
            return self
        at = max(at, self.current.begins_at)
        ended = replace(self.current, ends_at=at)
        begun = Segment(kind=kind, begins_at=at, by=by, reason=reason)
        return replace(self, segments=(*self.segments[:-1], ended, begun))
