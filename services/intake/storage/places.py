"""The places that are no units, such as compounds, by which an order may be located."""

from collections.abc import Sequence
from datetime import datetime

from shared.contracts.directory import PlaceEntryPart
from shared.directory.as_of import AsOf
from shared.directory.copy import DirectoryCopy
from shared.directory.periods import holds
from shared.units import NamedPlace


def places_as_of(copy: DirectoryCopy, now: datetime) -> Sequence[NamedPlace]:
    """Those that hold at an instant; the same list until one of them changes."""
    return _places.at(copy, now)


def _as_of(periods: Sequence[PlaceEntryPart], now: datetime) -> Sequence[NamedPlace]:
    return [NamedPlace(one.name, tuple(one.units), tuple(one.aliases)) for one in periods if holds(one, now)]


_places = AsOf(PlaceEntryPart, _as_of)
