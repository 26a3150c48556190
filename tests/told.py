"""What the directory has told before a test begins: a few units, and whatever else a test names."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Engine

from shared.contracts.base import Event
from shared.contracts.directory import DirectoryToldV1, EntryPart, UnitPart
from shared.contracts.vocabulary import Origin, UnitKind
from shared.directory.copy import DirectoryCopy
from shared.directory.kinds import BY_PART
from shared.units import Tier, Unit, UnitDirectory, parent_of

DISTRICT = "110105"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def an_entry(part: type[EntryPart], id: str, **values: Any) -> Any:
    """A period of an entry that has held for long and goes on."""
    usual = {"revision": 1, "origin": Origin.ENTERED, "valid_from": LONG_AGO}
    return part(id=id, **(usual | values))


def unit_entry(unit: Unit, **values: Any) -> UnitPart:
    made: UnitPart = an_entry(
        UnitPart,
        unit.code,
        **({"name": unit.name, "kind": UnitKind(unit.kind), "parent": parent_of(unit.code) or ""} | values),
    )
    return made


STREETS = ("110105001", "110105002", "110105015", "110105016", "110105017", "110105018")


@cache
def few_units() -> Sequence[UnitPart]:
    """The district with its streets, and in some streets the same few communities with a grid each."""
    shipped = [unit_entry(unit) for unit in UnitDirectory.load() if unit.tier in (Tier.DISTRICT, Tier.STREET)]
    communities = [
        Unit(f"{street}00{n}", f"第{n}社区居委会", Tier.COMMUNITY, "neighbourhood")
        for street in STREETS
        for n in range(1, 8)
    ]
    grids = [Unit(f"{unit.code}00{n}", f"第{n}网格", Tier.GRID, "grid") for unit in communities for n in range(1, 6)]
    return [*shipped, *map(unit_entry, [*communities, *grids])]


def changed(*entries: EntryPart, at: datetime = LONG_AGO) -> Event:
    """The event that tells of these, all of one kind."""
    event: Any = BY_PART[type(entries[0])].event
    told: Event = event(unit_code=DISTRICT, entries=list(entries), changed_at=at)
    return told


def tell(engine: Engine, *entries: EntryPart, units: Iterable[UnitPart] | None = None) -> None:
    """Put into a service's copy a few units (or `units`), these entries, and that this was all."""
    with engine.begin() as connection:
        copy = DirectoryCopy(connection)
        copy.replace(BY_PART[UnitPart], list(few_units() if units is None else units))
        for entry in entries:
            copy.learn(changed(entry))
        copy.learn(DirectoryToldV1(unit_code=DISTRICT, entries=0, told_at=LONG_AGO))
