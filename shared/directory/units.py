"""The units of a database as of an instant, kept in memory until they change or the next of them begins or ends."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from weakref import WeakKeyDictionary

from sqlalchemy import Pool

from shared.contracts.directory import UnitPart
from shared.contracts.vocabulary import UnitKind
from shared.directory.copy import DirectoryCopy, holds
from shared.directory.dated import DatedUnits
from shared.units import Unit, tier_of


class _Kept:
    """What one database said, and how long it holds."""

    def __init__(self, changes: int, periods: Sequence[UnitPart], now: datetime) -> None:
        ends = chain.from_iterable((one.valid_from, one.valid_to) for one in periods)
        edges = sorted({edge for edge in ends if edge is not None})
        self.changes = changes
        self.starts_at = max((edge for edge in edges if edge <= now), default=None)
        self.ends_at = min((edge for edge in edges if edge > now), default=None)
        self.units = _as_of(periods, now)

    def is_good(self, changes: int, now: datetime) -> bool:
        has_begun = self.starts_at is None or self.starts_at <= now
        return changes == self.changes and has_begun and (self.ends_at is None or now < self.ends_at)


_kept: WeakKeyDictionary[Pool, _Kept] = WeakKeyDictionary()


def units_as_of(copy: DirectoryCopy, now: datetime) -> DatedUnits:
    """The units at an instant. Raises NotTold where they are not all known yet.

    Kept in memory: after the first time it costs one look at the number of changes.
    """
    pool, changes = copy.connection.engine.pool, copy.changes_of(UnitPart)
    kept = _kept.get(pool)
    if kept is None or not kept.is_good(changes, now):
        copy.must_be_told()
        kept = _kept[pool] = _Kept(changes, copy.list_all(UnitPart), now)
    return kept.units


def _as_of(periods: Sequence[UnitPart], now: datetime) -> DatedUnits:
    ours = [one for one in periods if one.kind is not UnitKind.ELSEWHERE]
    valid = [one for one in ours if holds(one, now)]
    ended = {one.id: one.replaced_by for one in ours if not holds(one, now) and one.valid_from <= now}
    return DatedUnits(map(unit_from, valid), {one.id: one.parent for one in valid}, ended)


def unit_from(period: UnitPart) -> Unit:
    """As the finder of places and the lists of units want it."""
    return Unit(
        period.id,
        period.name,
        tier_of(period.id),
        period.kind.value,
        population=period.population,
        aliases=tuple(period.aliases),
        other_codes=tuple(period.other_codes),
        is_rural=period.is_rural,
    )
