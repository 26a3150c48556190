"""A hall 议事厅: where people of a building, compound, grid, community, street or the district meet."""

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
