"""A hall 议事厅: where people of a building, compound, grid, community, street or the district meet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class HallKind(StrEnum):
    """Where a hall sits."""

    ENTRANCE = "entrance"
    COMPOUND = "compound"
    GRID = "grid"
    COMMUNITY = "community"
    STREET = "street"
    DISTRICT = "district"
    ONLINE = "online"


@dataclass(eq=False)
class Hall:
    """One hall, with what the directory publishes about it."""

    id: str
    unit_code: str
    kind: HallKind
    name: str
    address: str
    opening_hours: str
    contact: str


def halls_for_sessions(own: Iterable[Hall], above: Iterable[Hall], order: Sequence[HallKind]) -> list[Hall]:
    """The halls a unit's sessions may use, its own first and then those of the unit above, each by preferred kind."""

    def fit(halls: Iterable[Hall]) -> list[Hall]:
        return sorted(
            (hall for hall in halls if hall.kind in order), key=lambda hall: (order.index(hall.kind), hall.id)
        )

    return fit(own) + fit(above)
