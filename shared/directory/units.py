"""The units of a database as of an instant, kept in memory until they change or the next of them begins or ends."""

from collections.abc import Sequence
from datetime import datetime

from shared.contracts.directory import UnitPart
from shared.contracts.directory_words import UnitKind
from shared.directory.as_of import AsOf
from shared.directory.copy import DirectoryCopy
from shared.directory.dated import DatedUnits
from shared.directory.periods import holds
from shared.units import Unit, tier_of


def units_as_of(copy: DirectoryCopy, now: datetime) -> DatedUnits:
    """The units at an instant. Raises NotTold where they are not all known yet."""
    return _units.at(copy, now)


def units_from(periods: Sequence[UnitPart], now: datetime) -> DatedUnits:
    """The units at an instant, of all periods there are."""
    ours = [one for one in periods if one.kind is not UnitKind.ELSEWHERE]
    valid = [one for one in ours if holds(one, now)]
    ended = {one.id: one.replaced_by for one in ours if not holds(one, now) and one.valid_from <= now}
    elsewhere = (unit_from(one) for one in periods if one.kind is UnitKind.ELSEWHERE and holds(one, now))
    return DatedUnits(map(unit_from, valid), {one.id: one.parent for one in valid}, ended, neighbours=elsewhere)


_units = AsOf(UnitPart, units_from)


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
