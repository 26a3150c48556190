"""Ends what was made for exercises where something is entered in its place, and what belongs to it."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from services.directory.domain.entry import Entry
from services.directory.domain.exercise import GIVING_WAY, place_of
from services.directory.domain.kinds import ALL
from services.directory.storage.repository import DirectoryStore
from shared.contracts.directory import ShiftPart
from shared.contracts.directory_words import Origin


def give_way(work: DirectoryStore, entered: Sequence[Entry], now: datetime) -> list[Entry]:
    """The made entries that end because of these, ended: from now on, so that the past keeps its names."""
    return list({(one.kind.name, one.id): one for one in _ended(work, entered, now)}.values())


def _ended(work: DirectoryStore, entered: Sequence[Entry], now: datetime) -> Iterator[Entry]:
    themselves = {(entry.kind.name, entry.id) for entry in entered}
    for name in GIVING_WAY:
        starts = _starts(name, entered)
        units = {str(vars(entry.periods[-1])["unit"]) for entry in entered if entry.kind.name == name}
        for made in work.entries.all_in(ALL[name], units) if starts else ():
            starts_at = starts.get(place_of(name, vars(made.periods[-1])))
            if (name, made.id) in themselves:
                continue
            if made.is_exercise and starts_at is not None and _end(made, max(starts_at, now)):
                yield made
                yield from _belonging(work, made, max(starts_at, now))


def _starts(name: str, entered: Sequence[Entry]) -> dict[tuple[object, ...] | None, datetime]:
    """From when on there is something entered, for each place."""
    starts: dict[tuple[object, ...] | None, datetime] = {}
    for entry in entered:
        for period in entry.periods if entry.kind.name == name else ():
            if period.origin is Origin.ENTERED:
                place = place_of(name, vars(period))
                starts[place] = min(period.valid_from, starts.get(place, period.valid_from))
    return starts


def _belonging(work: DirectoryStore, made: Entry, at: datetime) -> Iterator[Entry]:
    """An organisation's desks and staff, and a desk's shifts."""
    if made.kind.name == "organisation":
        unit = str(vars(made.periods[-1])["unit"])
        for name in ("desk", "staff"):
            for entry in work.entries.all_in(ALL[name], [unit]):
                if vars(entry.periods[-1])["organisation"] == made.id and entry.is_exercise and _end(entry, at):
                    yield entry
                    yield from _belonging(work, entry, at)
    if made.kind.name == "desk":
        shifts = work.entries.list_about(ShiftPart, [made.id], at)
        for entry in work.entries.load(ALL["shift"], [shift.id for shift in shifts]).values():
            if entry.is_exercise and _end(entry, at):
                yield entry


def _end(made: Entry, at: datetime) -> bool:
    last = made.periods[-1]
    if last.valid_to is not None and last.valid_to <= at:
        return False
    made.end(max(at, last.valid_from + timedelta(seconds=1)), ())
    return True
