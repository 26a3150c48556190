"""Ends what was made for exercises where something is entered in its place."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.directory.domain.entry import Entry
from services.directory.domain.exercise import GIVING_WAY, gives_way
from services.directory.domain.kinds import ALL
from services.directory.storage.repository import DirectoryStore
from shared.bus.moment import Moment
from shared.contracts.vocabulary import Origin


def give_way(work: DirectoryStore, entered: Sequence[Entry], now: datetime) -> list[Entry]:
    """The made entries that end because of these, ended: from now on, so that the past keeps its names."""
    ended: list[Entry] = []
    for name in sorted(GIVING_WAY & {entry.kind.name for entry in entered}):
        some = [entry for entry in entered if entry.kind.name == name and not entry.is_exercise]
        units = {str(vars(entry.periods[-1])["unit"]) for entry in some}
        for made in work.entries.all_in(ALL[name], units) if units else ():
            starts = [_starts_at(made, entry) for entry in some]
            instants = [max(start, now) for start in starts if start is not None]
            if instants and _end(made, min(instants)):
                ended.append(made)
    return ended


def end_made(work: DirectoryStore, entered: Sequence[Entry], at: Moment) -> list[Entry]:
    """The same, put down."""
    ended = give_way(work, entered, at.now)
    for entry in ended:
        work.entries.save([entry])
    return ended


def _starts_at(made: Entry, entered: Entry) -> datetime | None:
    """From when on one stands in the place of the other; None where it does not."""
    one = made.periods[-1]
    instead = [period for period in entered.periods if period.origin is Origin.ENTERED and gives_way(one, period)]
    return min((period.valid_from for period in instead), default=None) if made.is_exercise else None


def _end(made: Entry, at: datetime) -> bool:
    last = made.periods[-1]
    if last.valid_to is not None and last.valid_to <= at:
        return False
    made.end(max(at, last.valid_from + timedelta(seconds=1)), ())
    return True
