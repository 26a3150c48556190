"""What the directory 名录 tells: who and where, from when to when.

An entry has one or more periods, each with what held from `valid_from` on and before `valid_to`. All periods of an
entry come in one event, and a higher `revision` takes the place of all that was told of the entry before. Residents'
names and nobody's phone are ever told; officeholders' names are public.
"""

from datetime import datetime

from marshmallow import validate

from shared.contracts.base import Event, Part, checked, each, event, listed, part, text
from shared.contracts.directory_words import (
    DayKind,
    DeputyRole,
    HallKind,
    Lead,
    OrganisationKind,
    Origin,
    PlaceKind,
    Standing,
    UnitKind,
)
from shared.contracts.fields import FullMatch
from shared.units.codes import Tier

UNIT_CODE = FullMatch("[0-9]{6}([0-9]{3}){0,3}", error="Must be a unit code: 6, 9, 12 or 15 digits.")
ID = validate.Length(min=1, max=120)
NAME = validate.Length(min=1, max=200)
TIME_OF_DAY = FullMatch("([01][0-9]|2[0-3]):[0-5][0-9]", error="Must be a time of day like 09:00.")


@part
class EntryPart(Part):
    """One period of an entry. `valid_to` is the first instant at which it no longer holds."""

    id: str = checked(ID)
    revision: int = checked(validate.Range(min=1))
    origin: Origin
    valid_from: datetime
    valid_to: datetime | None = None
    replaced_by: list[str] = listed(each(ID, most=50))


@part
class UnitFacts(Part):
    """A unit 单位; its entry's id is its code. `other_codes` are other codes of the same unit."""

    name: str = checked(NAME)
    kind: UnitKind
    parent: str = text(longest=15, shortest=0, default="")
    aliases: list[str] = listed(each(NAME, most=50))
    other_codes: list[str] = listed(each(ID, most=20))
    population: int | None = checked(validate.Range(min=0), default=None)
    households: int | None = checked(validate.Range(min=0), default=None)
    is_rural: bool | None = None


@part
class PlaceFacts(Part):
    """A place 场所: it may lie in several units. `within` is the place that it is a part of."""

    name: str = checked(NAME)
    kind: PlaceKind
    units: list[str] = listed(each(UNIT_CODE, most=50))
    within: str = text(longest=120, shortest=0, default="")
    aliases: list[str] = listed(each(NAME, most=50))
    address: str = text(shortest=0, default="")
    households: int | None = checked(validate.Range(min=0), default=None)


@part
class OrganisationFacts(Part):
    """An organisation 机构. It belongs to `unit`, and serves `serves` (none: its own unit and all inside)."""

    name: str = checked(NAME)
    kind: OrganisationKind
    standing: Standing = Standing.COMMANDED
    unit: str = checked(UNIT_CODE)
    serves: list[str] = listed(each(UNIT_CODE))
    aliases: list[str] = listed(each(NAME, most=50))
    place: str = text(longest=120, shortest=0, default="")
    contact: str = text(shortest=0, default="")


@part
class ContractFacts(Part):
    """A contract of a property company 物业服务合同 for a place; it runs as long as the entry holds."""

    organisation: str = checked(ID)
    place: str = checked(ID)
    subject: str = text(shortest=0, default="")


@part
class DeskFacts(Part):
    """A desk 岗位 of an organisation, to which work goes. It takes these categories; with none named, all."""

    name: str = checked(NAME)
    organisation: str = checked(ID)
    unit: str = checked(UNIT_CODE)
    categories: list[str] = listed(each(validate.Length(max=40), most=200))
    leader: str = text(longest=120, shortest=0, default="", says="the person who is responsible for it 责任领导")
    contact: str = text(shortest=0, default="")


@part
class ShiftFacts(Part):
    """Who is on duty at a desk: on these days from `starts` until `ends`, which may lie after midnight."""

    desk: str = checked(ID)
    person: str = checked(ID)
    days: list[str] = listed(each(validate.OneOf([day.value for day in DayKind]), most=9))
    starts: str = checked(TIME_OF_DAY, default="00:00")
    ends: str = checked(TIME_OF_DAY, default="00:00")


@part
class ActingFacts(Part):
    """Somebody acts for a person 代理, at one desk or at all of theirs, as long as the entry holds."""

    person: str = checked(ID)
    acting: str = checked(ID)
    desk: str = text(longest=120, shortest=0, default="")
    reason: str = text(shortest=0, default="")


@part
class StaffFacts(Part):
    """A member of an organisation's staff. `login` is the subject of their tokens, `roles` what they may be there."""

    person: str = checked(ID)
    person_name: str = checked(NAME)
    organisation: str = checked(ID)
    unit: str = checked(UNIT_CODE)
    post: str = text(shortest=0, default="")
    login: str = text(shortest=0, default="")
    roles: list[str] = listed(each(validate.Length(min=1, max=40), most=20))


@part
class DeputyFacts(Part):
    """A deputy of a unit, of one of the thirteen categories, or an expert in a field, for a term."""

    person: str = checked(ID)
    person_name: str = checked(NAME)
    unit: str = checked(UNIT_CODE)
    role: DeputyRole = DeputyRole.DEPUTY
    category: str = text(longest=60)


@part
class HallFacts(Part):
    """A hall 议事厅, with what is published about it. `closed_on` lists days (2026-10-01) on which it does not open."""

    name: str = checked(NAME)
    unit: str = checked(UNIT_CODE)
    kind: HallKind
    address: str = checked(NAME)
    opening_hours: str = text(says="in words: 周一至周五 09:00-21:00；周六、周日 09:00-17:30")
    closed_on: list[str] = listed(each(FullMatch("[0-9]{4}-[0-9]{2}-[0-9]{2}"), most=400))
    contact: str = checked(NAME)
    capacity: int | None = checked(validate.Range(min=1), default=None)
    longitude: float | None = checked(validate.Range(min=-180, max=180), default=None)
    latitude: float | None = checked(validate.Range(min=-90, max=90), default=None)
    link: str = text(longest=500, shortest=0, default="")
    place: str = text(longest=120, shortest=0, default="")


@part
class DutyFacts(Part):
    """A line of the duty list 职责清单: in a category, organisations of this name at this tier lead or assist.

    `rank` is the order of competence, 1 first. `organisation` is a name, such as 城市管理办公室, that each unit of the
    tier has an organisation of, or the id of one organisation.
    """

    category: str = checked(FullMatch("[a-z_]{1,40}"))
    tier: Tier
    lead: Lead
    organisation: str = checked(NAME)
    rank: int = checked(validate.Range(min=1, max=1000))


@part
class UnitPart(UnitFacts, EntryPart):
    """A period of a unit."""


@part
class PlaceEntryPart(PlaceFacts, EntryPart):
    """A period of a place."""


@part
class OrganisationPart(OrganisationFacts, EntryPart):
    """A period of an organisation."""


@part
class ContractPart(ContractFacts, EntryPart):
    """A period of a contract."""


@part
class DeskPart(DeskFacts, EntryPart):
    """A period of a desk."""

    leader_name: str = text(shortest=0, default="")


@part
class ShiftPart(ShiftFacts, EntryPart):
    """A period of a shift."""

    person_name: str = text(shortest=0, default="")


@part
class ActingPart(ActingFacts, EntryPart):
    """A period in which somebody acts for another."""

    acting_name: str = text(shortest=0, default="")


@part
class StaffPart(StaffFacts, EntryPart):
    """A period of a member of staff."""


@part
class DeputyPart(DeputyFacts, EntryPart):
    """A period, mostly a term, of a deputy or expert."""


@part
class HallPart(HallFacts, EntryPart):
    """A period of a hall."""


@part
class DutyPart(DutyFacts, EntryPart):
    """A period of a line of the duty list."""


@event(publisher="directory", subject="unit_code")
class UnitsChangedV1(Event):
    """Units, each with all its periods. `unit_code` is what they belong to."""

    unit_code: str
    entries: list[UnitPart]
    changed_at: datetime


@event(publisher="directory", subject="unit_code")
class PlacesChangedV1(Event):
    """Places, each with all its periods."""

    unit_code: str
    entries: list[PlaceEntryPart]
    changed_at: datetime


@event(publisher="directory", subject="unit_code")
class OrganisationsChangedV1(Event):
    """Organisations, each with all its periods."""

    unit_code: str
    entries: list[OrganisationPart]
    changed_at: datetime


@event(publisher="directory", subject="unit_code")
class ContractsChangedV1(Event):
    """Contracts, each with all its periods."""

    unit_code: str
    entries: list[ContractPart]
    changed_at: datetime


@event(publisher="directory", subject="unit_code")
class DesksChangedV1(Event):
    """Desks, each with all its periods."""

    unit_code: str
    entries: list[DeskPart]
    changed_at: datetime


@event(publisher="directory", subject="unit_code")
class ShiftsChangedV1(Event):
    """Shifts of duty rosters, each with all its periods."""

    unit_code: str
    entries: list[ShiftPart]
    changed_at: datetime


@event(publisher="directory", subject="unit_code")
class ActingChangedV1(Event):
    """Who acts for whom, each with all its periods."""

    unit_code: str
    entries: list[ActingPart]
    changed_at: datetime


@event(publisher="directory", subject="unit_code")
class StaffChangedV1(Event):
    """Members of staff, each with all its periods."""

    unit_code: str
    entries: list[StaffPart]
    changed_at: datetime


@event(publisher="directory", subject="unit_code")
class DeputiesChangedV1(Event):
    """Deputies and experts, each with all its periods."""

    unit_code: str
    entries: list[DeputyPart]
    changed_at: datetime


@event(publisher="directory", subject="unit_code")
class HallsChangedV1(Event):
    """Halls, each with all its periods."""

    unit_code: str
    entries: list[HallPart]
    changed_at: datetime


@event(publisher="directory", subject="unit_code")
class DutiesChangedV1(Event):
    """Lines of the duty list, each with all its periods."""

    unit_code: str
    entries: list[DutyPart]
    changed_at: datetime


@event(publisher="directory", subject="unit_code")
class DirectoryToldV1(Event):
    """All that is in the directory was told before this. From here on a copy is whole."""

    unit_code: str
    entries: int = checked(validate.Range(min=0))
    told_at: datetime
