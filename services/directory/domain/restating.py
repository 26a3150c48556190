"""What a file says of an entry, laid over what is known of it: a file names days, and leaves out what stays.

Nothing is guessed: where a row contradicts what holds later, the row has to say until when it means its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from services.directory.domain.entry import Entry, facts_of, in_order
from shared.clock import SHANGHAI
from shared.contracts.directory import EntryPart
from shared.directory.periods import holds, lasts_beyond

ONE_DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)


class Contradiction(ValueError):
    """A row that can't hold beside another, or beside what is known: which of them, its column, and what would do."""

    def __init__(self, place: int, column: str, wrong: str, right: str) -> None:
        super().__init__(place, column, wrong, right)
        self.place, self.column, self.wrong, self.right = place, column, wrong, right


@dataclass(frozen=True)
class Statement:
    """A row: these facts, from a day on and before another. None is what the row leaves out.

    `for_good` says that there is no end, also where one was known.
    """

    facts: dict[str, Any]
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    for_good: bool = False


def restate(
    entry: Entry, said: Sequence[Statement], replaced_by: Sequence[str], now: datetime, usual: datetime
) -> bool:
    """Make the entry what is said; whether that changed it. A new one without a day begins at `usual`.

    Raises Contradiction.
    """
    before = list(entry.periods)
    never_held = [one for one in before if one.valid_to == one.valid_from]
    order = sorted(range(len(said)), key=lambda place: said[place].valid_from or usual)
    kept = [one for one in before if one not in never_held]
    for number, place in enumerate(order):
        following = said[order[number + 1]] if number + 1 < len(order) else None
        one = _until_the_next(said, place, following)
        period = _period(entry, kept, one, place, now, usual)
        kept = [*_left_beside(kept, period), period]
    successors = list(replaced_by) or next((one.replaced_by for one in kept if one.replaced_by), [])
    ordered = in_order([*kept, *never_held])
    if replaced_by and ordered[-1].valid_to is None:
        raise Contradiction(order[-1], "replaced_by", "has successors and no end", "the last day in 有效至")
    ordered = [replace(one, replaced_by=successors) for one in ordered]
    if [_said(entry, one) for one in ordered] == [_said(entry, one) for one in before]:
        return False
    entry.become(ordered)
    return True


def left_standing(entry: Entry, said: Sequence[Statement], now: datetime) -> EntryPart | None:
    """What goes on although the last row said of the entry lies in the past: perhaps it was meant to end it."""
    ends = [one.valid_to for one in said]
    last = max(entry.periods, key=lambda one: one.valid_from)
    is_past = all(one is not None and one <= now and one <= last.valid_from for one in ends)
    return last if is_past and holds(last, now) else None


def start_of_day(instant: datetime) -> datetime:
    """00:00 in Shanghai of the day in which an instant lies."""
    return instant.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)


def last_day(valid_to: datetime) -> str:
    """The last day on which something holds that no longer holds from an instant on."""
    return f"{(valid_to - MOMENT).astimezone(SHANGHAI):%Y-%m-%d}"


def _until_the_next(said: Sequence[Statement], place: int, following: Statement | None) -> Statement:
    one = said[place]
    if following is None:
        return one
    if one.valid_from is None or following.valid_from is None or one.valid_from == following.valid_from:
        wrong = "stands there more than once"
        raise Contradiction(place, "valid_from", wrong, "a day of its own in 有效自 for each, or an own 编号 for each")
    if one.valid_to is not None and one.valid_to > following.valid_from:
        wrong = f"overlaps the next row of the same entry, which begins on {following.valid_from:%Y-%m-%d}"
        raise Contradiction(place, "valid_to", wrong, f"at most {last_day(following.valid_from)}")
    return one if one.valid_to else replace(one, valid_to=following.valid_from)


def _period(
    entry: Entry, kept: Sequence[EntryPart], one: Statement, place: int, now: datetime, usual: datetime
) -> EntryPart:
    if one.valid_from is not None:
        one = replace(one, valid_from=_known_start(kept, one.valid_from))
    if one.valid_to is not None:
        one = replace(one, valid_to=_known_end(kept, one.valid_to))
    starts_at = one.valid_from or _usual_start(entry, kept, one, place, now, usual)
    held = next((period for period in kept if period.valid_from == starts_at), None)
    says_the_same = held is not None and facts_of(entry.kind, held) == one.facts
    ends_at = None if one.for_good else one.valid_to
    if one.valid_to is None and not one.for_good:
        ends_at = held.valid_to if held and says_the_same else _usual_end(kept, starts_at, place)
    if ends_at is not None and ends_at <= starts_at:
        begins = f"{starts_at.astimezone(SHANGHAI):%Y-%m-%d}"
        right = f"{begins} or later; what has begun today ends at once by ./gongshang call directory end_entry"
        raise Contradiction(place, "valid_to", f"ends before it begins ({begins})", right)
    if held and says_the_same:
        return replace(held, valid_to=ends_at)
    return entry.period(one.facts, starts_at, ends_at)


def _known_start(kept: Sequence[EntryPart], day: datetime) -> datetime:
    """Files know days, and calls know instants: what began in the course of this day began then, the last that did."""
    return max((one.valid_from for one in kept if start_of_day(one.valid_from) == day), default=day)


def _known_end(kept: Sequence[EntryPart], ends_at: datetime) -> datetime:
    """The same for an end in the course of the last day."""
    known = [one.valid_to for one in kept if one.valid_to is not None]
    return next((end for end in known if last_day(end) == last_day(ends_at)), ends_at)


def _usual_start(
    entry: Entry, kept: Sequence[EntryPart], one: Statement, place: int, now: datetime, usual: datetime
) -> datetime:
    """What is known stays as long as it is the same; what is new holds from today on."""
    if not kept:
        if one.valid_to is not None and one.valid_to <= usual:
            raise Contradiction(place, "valid_from", "is empty, and the end lies in the past", "the first day")
        return usual
    last = max(kept, key=lambda period: period.valid_from)
    period = next((held for held in kept if holds(held, now)), last)
    if facts_of(entry.kind, period) == one.facts:
        is_over = period.valid_to is not None and period.valid_to <= now
        if is_over and one.valid_to != period.valid_to:
            wrong = f"is empty, but the entry ended on {last_day(period.valid_to)}"  # type: ignore[arg-type]
            raise Contradiction(place, "valid_from", wrong, "the day on which it begins again, or no such row")
        return period.valid_from
    return max(start_of_day(now), period.valid_from)


def _usual_end(kept: Sequence[EntryPart], starts_at: datetime, place: int) -> datetime | None:
    later = [period for period in kept if period.valid_from > starts_at]
    before = [period for period in kept if period.valid_from <= starts_at]
    if later:
        wrong = f"is empty, but from {later[0].valid_from.astimezone(SHANGHAI):%Y-%m-%d} on something else is known"
        raise Contradiction(place, "valid_to", wrong, f"{last_day(later[0].valid_from)}, or 长期 if this goes on")
    held = next((period for period in before if lasts_beyond(period, starts_at)), None)
    return held.valid_to if held else None


def _left_beside(kept: Sequence[EntryPart], new: EntryPart) -> list[EntryPart]:
    """What began earlier holds until the new one begins; what begins after its end stays."""
    left = []
    for one in kept:
        if one.valid_from < new.valid_from:
            left.append(replace(one, valid_to=new.valid_from) if lasts_beyond(one, new.valid_from) else one)
        elif new.valid_to is not None and one.valid_from >= new.valid_to:
            left.append(one)
    return left


def _said(entry: Entry, period: EntryPart) -> tuple[Any, ...]:
    return facts_of(entry.kind, period), period.valid_from, period.valid_to, list(period.replaced_by)
