"""What the directory has told before a test begins: a few units, and whatever else a test names."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any
from weakref import finalize

from sqlalchemy import Connection, Engine, MetaData, StaticPool, create_engine

from shared.contracts.base import Event
from shared.contracts.directory import (
    DeskPart,
    DirectoryToldV1,
    DutyPart,
    EntryPart,
    OrganisationPart,
    ShiftPart,
    UnitPart,
)
from shared.contracts.directory_words import Lead, OrganisationKind, Origin, UnitKind
from shared.directory.copy import DirectoryCopy
from shared.directory.dated import DatedUnits
from shared.directory.kinds import BY_PART
from shared.directory.tables import directory_tables
from shared.units import Tier, Unit, UnitDirectory, parent_of, tier_of
from shared.units.files import read_neighbours

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


OFFICES = {
    Tier.GRID: ("网格服务组", "网格巡查组", "楼门长工作组"),
    Tier.COMMUNITY: ("社区服务站", "社区居委会"),
    Tier.STREET: ("市民诉求处置中心", "城市管理办公室"),
    Tier.DISTRICT: ("区城市管理指挥中心", "区城市管理委员会"),
}
LED_FROM = {
    Tier.GRID: ("noise", "parking", "sanitation", "pets"),
    Tier.COMMUNITY: ("property_management", "elevator"),
    Tier.STREET: ("heating", "road", "other"),
}


@cache
def few_duties() -> Sequence[DutyPart]:
    """Some categories, each led from a tier on by the offices of that tier and above, and assisted below it."""
    return [
        an_entry(
            DutyPart,
            f"{category}-{tier}-{rank}",
            category=category,
            tier=tier,
            lead=Lead.LEADS if tier >= lowest else Lead.ASSISTS,
            organisation=name,
            rank=rank,
        )
        for lowest, categories in LED_FROM.items()
        for category in categories
        for tier in Tier
        for rank, name in enumerate(OFFICES[tier], start=1)
    ]


def office(unit_code: str, name: str, **values: Any) -> OrganisationPart:
    """A department of a unit; its id is that of the unit with the name."""
    usual = {"name": name, "kind": OrganisationKind.DEPARTMENT, "unit": unit_code}
    made: OrganisationPart = an_entry(OrganisationPart, f"{unit_code}/{name}", **(usual | values))
    return made


def desk_of(organisation: OrganisationPart, id: str = "", **values: Any) -> DeskPart:
    """A desk that takes everything, with a leader."""
    usual = {
        "name": "综合岗",
        "organisation": organisation.id,
        "unit": organisation.unit,
        "leader": f"{organisation.id}/leader",
        "leader_name": f"{organisation.name}主任",
    }
    made: DeskPart = an_entry(DeskPart, id or f"{organisation.id}/desk", **(usual | values))
    return made


def shift_of(desk: DeskPart, name: str, id: str = "", **values: Any) -> ShiftPart:
    """Somebody is at a desk day and night, unless the values say otherwise."""
    usual = {"desk": desk.id, "person": f"{desk.id}/{name}", "person_name": name}
    made: ShiftPart = an_entry(ShiftPart, id or f"{desk.id}/{name}", **(usual | values))
    return made


@cache
def few_desks() -> Sequence[EntryPart]:
    """In two streets and all units inside them, and in the district, every office with a desk and somebody at it."""
    codes = [one.id for one in few_units() if one.id == DISTRICT or one.id[:9] in ("110105017", "110105018")]
    offices = [office(code, name) for code in codes for name in OFFICES[tier_of(code)]]
    desks = [desk_of(one) for one in offices]
    return [*offices, *desks, *(shift_of(desk, "李明") for desk in desks)]


def tell_few(engine: Engine) -> None:
    """The few units, and that this was all."""
    tell(engine)


def tell_streets(engine: Engine) -> None:
    """Units that ship, ours and those elsewhere, and that this was all; of the communities those of a few streets."""
    tell(engine, units=map(unit_entry, [*filter(_is_near, UnitDirectory.load()), *read_neighbours()]))


def _is_near(unit: Unit) -> bool:
    return unit.tier > Tier.COMMUNITY or unit.code.startswith(STREETS)


@cache
def shipped_copy() -> DirectoryCopy:
    """The units that ship, in memory; one for all, so look only."""
    return a_copy(units=map(unit_entry, [*UnitDirectory.load(), *read_neighbours()]))


@cache
def shipped() -> DatedUnits:
    """The units that ship, as a service knows them."""
    return DatedUnits(UnitDirectory.load(), {}, {}, neighbours=read_neighbours())


def changed(*entries: EntryPart, at: datetime = LONG_AGO) -> Event:
    """The event that tells of these, all of one kind."""
    event: Any = BY_PART[type(entries[0])].event
    told: Event = event(unit_code=DISTRICT, entries=list(entries), changed_at=at)
    return told


def tell(engine: Engine, *entries: EntryPart, units: Iterable[UnitPart] | None = None) -> None:
    """Put into a service's copy a few units (or `units`), these entries, and that this was all."""
    with engine.begin() as connection:
        _tell(DirectoryCopy(connection), entries, units)


def a_copy(*entries: EntryPart, units: Iterable[UnitPart] | None = None) -> DirectoryCopy:
    """What `tell` puts into a service's copy, for tests without a database: in memory, to be looked at."""
    # The last to hold the copy may be collected in any thread, and its connection is closed there.
    engine = create_engine("sqlite://", connect_args={"check_same_thread": False}, poolclass=StaticPool)
    metadata = MetaData()
    directory_tables(metadata)
    connection = engine.connect()
    metadata.create_all(connection)
    _tell(DirectoryCopy(connection), entries, units)
    connection.commit()
    copy = DirectoryCopy(connection)
    finalize(copy, close, connection)
    return copy


def close(connection: Connection) -> None:
    """With the database that is in it."""
    connection.close()
    connection.engine.dispose()


def _tell(copy: DirectoryCopy, entries: Iterable[EntryPart], units: Iterable[UnitPart] | None) -> None:
    copy.replace(BY_PART[UnitPart], list(few_units() if units is None else units))
    by_kind: dict[type, list[EntryPart]] = defaultdict(list)
    for entry in entries:
        by_kind[type(entry)].append(entry)
    for some in by_kind.values():
        copy.learn(changed(*some))
    copy.learn(DirectoryToldV1(unit_code=DISTRICT, entries=0, told_at=LONG_AGO))
