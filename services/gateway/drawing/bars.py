"""The bars of a clock and of a vote, on a rail that is a thousand long."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.board.reading.meetings import CountShown
from services.board.reading.whole import ClockShown, LedgerKind, LedgerLine

RAIL = 1000


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a bar: what it is (a class of the style sheet), where it begins and how long it is."""

    kind: str
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class ClockBar:
    """From when the clock began to when it is due, or to now if that is later; `due` is where it runs out."""

    parts: Sequence[Part]
    due: int
    has_held: bool
    has_more: bool


@dataclass(frozen=True, slots=True)
class VoteBar:
    """Votes over those present, with the tick that was needed; below it who was present over who was invited."""

    parts: Sequence[Part]
    needed: int
    present: int
    quorum: int


def clock_bar(clock: ClockShown, now: datetime) -> ClockBar:
    """What has counted is spent, what rested is held, and what was given on top of the first limit is more."""
    until = min(now, _ended_at(clock.ledger) or now)
    last = max(clock.due_at, until, clock.started_at + timedelta(seconds=1))
    scale = Scale(clock.started_at, last)
    rests = _rests(clock.ledger, until)
    counted = _between(clock.started_at, until, rests)
    first_due = next((one.due_at for one in clock.ledger if one.due_at), clock.due_at)
    is_extended = any(one.kind is LedgerKind.EXTENDED for one in clock.ledger) and first_due < clock.due_at
    parts = [scale.part("spent", *span) for span in counted] + [scale.part("held", *span) for span in rests]
    if is_extended:
        parts.append(scale.part("more", first_due, clock.due_at))
    return ClockBar(parts, scale.at(clock.due_at), bool(rests), is_extended)


def vote_bar(count: CountShown) -> VoteBar:
    """Nobody present draws an empty bar."""
    base = max(count.present, count.votes_needed, 1)
    parts, x = [], 0
    for kind, votes in (("for", count.votes_for), ("against", count.votes_against), ("abstained", count.abstained)):
        width = votes * RAIL // base
        parts.append(Part(kind, x, width))
        x += width
    asked = max(count.invited, count.quorum_needed, 1)
    return VoteBar(
        parts, count.votes_needed * RAIL // base, count.present * RAIL // asked, count.quorum_needed * RAIL // asked
    )


@dataclass(frozen=True, slots=True)
class Scale:
    """Instants along the rail."""

    begins: datetime
    ends: datetime

    def at(self, instant: datetime) -> int:
        share = (instant - self.begins) / (self.ends - self.begins)
        return round(RAIL * min(max(share, 0.0), 1.0))

    def part(self, kind: str, begins: datetime, ends: datetime) -> Part:
        x = self.at(begins)
        return Part(kind, x, max(self.at(ends) - x, 0))


Span = tuple[datetime, datetime]


def _rests(ledger: Sequence[LedgerLine], until: datetime) -> list[Span]:
    rests: list[Span] = []
    begun: datetime | None = None
    for line in ledger:
        if line.kind is LedgerKind.PAUSED and begun is None:
            begun = line.at
        elif line.kind is LedgerKind.RESUMED and begun is not None:
            rests.append((begun, line.at))
            begun = None
    return [*rests, (begun, until)] if begun is not None and begun < until else rests


def _between(begins: datetime, ends: datetime, rests: Sequence[Span]) -> list[Span]:
    counted, at = [], begins
    for rest_begins, rest_ends in rests:
        counted.append((at, min(rest_begins, ends)))
        at = rest_ends
    return [(one, other) for one, other in [*counted, (at, ends)] if one < other]


def _ended_at(ledger: Sequence[LedgerLine]) -> datetime | None:
    ends = (LedgerKind.MET, LedgerKind.ENDED)
    return next((one.at for one in reversed(ledger) if one.kind in ends), None)
