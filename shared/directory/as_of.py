"""What is made of a whole kind of entries, as of an instant, and kept in memory for each database.

It is made anew when an entry of the kind has changed, or when another period has begun or ended meanwhile. After the
first time it costs one look at how often kinds have changed, and that one a transaction, however many kinds are asked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Pool

from shared.contracts.directory import EntryPart
from shared.directory.copy import DirectoryCopy

STRETCHES = 3
"""Of how many stretches of time it is remembered: late news are about the one before, and come beside those of now."""

P = TypeVar("P", bound=EntryPart)
T = TypeVar("T")


@dataclass(frozen=True)
class _Kept(Generic[T]):
    """What was made, and how long it holds."""

    changes: int
    starts_at: datetime | None
    ends_at: datetime | None
    made: T

    def is_good(self, changes: int, now: datetime) -> bool:
        has_begun = self.starts_at is None or self.starts_at <= now
        return changes == self.changes and has_begun and (self.ends_at is None or now < self.ends_at)


class AsOf(Generic[P, T]):
    """`make` is given all periods of the kind and the instant."""

    def __init__(self, part: type[P], make: Callable[[Sequence[P], datetime], T]) -> None:
        self._part, self._make = part, make
        self._kept: WeakKeyDictionary[Pool, list[_Kept[T]]] = WeakKeyDictionary()

    def at(self, copy: DirectoryCopy, now: datetime) -> T:
        """As it is at an instant. Raises NotTold where the kind is not wholly known yet."""
        made: T | None = copy.made.get((self, now))
        if made is None:
            made = copy.made[self, now] = self._look_up(copy, now)
        return made

    def _look_up(self, copy: DirectoryCopy, now: datetime) -> T:
        pool, changes = copy.connection.engine.pool, copy.changes_of(self._part)
        known = self._kept.setdefault(pool, [])
        kept = next((one for one in known if one.is_good(changes, now)), None)
        if kept is None:
            copy.must_be_told()
            kept = self._made(copy.list_all(self._part), changes, now)
            if not copy.has_learned:  # what this transaction learned may never be committed
                self._kept[pool] = [kept, *(one for one in known if one.changes == changes)][:STRETCHES]
        return kept.made

    def _made(self, periods: Sequence[P], changes: int, now: datetime) -> _Kept[T]:
        ends = chain.from_iterable((one.valid_from, one.valid_to) for one in periods)
        edges = {edge for edge in ends if edge is not None}
        starts_at = max((edge for edge in edges if edge <= now), default=None)
        ends_at = min((edge for edge in edges if edge > now), default=None)
        return _Kept(changes, starts_at, ends_at, self._make(periods, now))
