"""Whether entries agree with each other: what one names is there when it needs it, and is what it has to be.

Used for what a file would enter, and for all that is in the directory.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Protocol

from services.directory.domain.entry import Entry
from services.directory.domain.experts import ExpertField
from services.directory.domain.opening import RIGHT, Unreadable, weekly_openings
from services.directory.domain.restating import last_day
from shared.auth import SYSTEMS, Role
from shared.clock import SHANGHAI
from shared.contracts import directory as told
from shared.contracts.directory import EntryPart
from shared.contracts.directory_words import DeputyRole, OrganisationKind, UnitKind
from shared.contracts.vocabulary import DeputyCategory
from shared.files.tables import plain
from shared.units import BadUnitCode, Tier, parent_of, tier_of

PEOPLE = frozenset(Role) - SYSTEMS
"""What a member of staff can be."""

LOGIN = re.compile("[a-z0-9\u4e00-\u9fff._@/+-]+")
RIGHT_LOGIN = "small letters a to z, digits and Chinese characters, and . _ - + / @ between them"

NAMES = {
    "organisation": "organisation",
    "person": "person",
    "acting": "person",
    "leader": "person",
    "desk": "desk",
    "place": "place",
    "within": "place",
    "unit": "unit",
    "parent": "unit",
    "units": "unit",
    "serves": "unit",
}
"""Fields that name another entry, and its kind. A duty names an organisation by what it is called everywhere."""

TIERS = {
    UnitKind.DISTRICT: Tier.DISTRICT,
    UnitKind.STREET: Tier.STREET,
    UnitKind.AREA: Tier.STREET,
    UnitKind.TOWNSHIP: Tier.STREET,
    UnitKind.TOWN: Tier.STREET,
    UnitKind.COMMUNITY: Tier.COMMUNITY,
    UnitKind.NEIGHBOURHOOD: Tier.COMMUNITY,
    UnitKind.VILLAGE: Tier.COMMUNITY,
    UnitKind.GRID: Tier.GRID,
}


class Known(Protocol):
    """What is known beside an entry."""

    def at(self, kind: str, id: str, instant: datetime) -> EntryPart | None: ...

    def entry(self, kind: str, id: str) -> Entry: ...

    def all_of(self, kind: str) -> list[Entry]: ...

    def is_within(self, code: str, unit: str, instant: datetime) -> bool: ...

    def posts_with(self, login: str) -> list[Entry]: ...


@dataclass(frozen=True)
class Disagreement:
    """What does not fit, in which field of which entry. A remark is worth a look, and may be right all the same."""

    kind: str
    id: str
    field: str
    wrong: str
    right: str
    is_remark: bool = False


Fit = tuple[str, str, str]
"""A field, what is wrong with it, and what would be right."""


def disagreements(
    entry: Entry, known: Known, instants: Callable[[EntryPart], Iterable[datetime]], categories: Collection[str]
) -> Iterator[Disagreement]:
    """What does not fit in an entry, at those instants of each period."""
    seen = set()
    for period in entry.periods:
        for at in instants(period):
            for field, wrong, right in (*_missing(entry.kind.name, period, known, at), *_rules(period, known, at)):
                if (field, wrong) not in seen:
                    seen.add((field, wrong))
                    yield Disagreement(entry.kind.name, entry.id, field, wrong, right)
        for field, unknown in _unknown_categories(period, categories):
            wrong, right = (
                f"has {unknown}, which is no category of the catalogue",
                f"of {', '.join(sorted(categories))}",
            )
            yield Disagreement(entry.kind.name, entry.id, field, wrong, right)
    for field, wrong, right in _as_a_whole(entry, known):
        yield Disagreement(entry.kind.name, entry.id, field, wrong, right)
    for id in dict.fromkeys(id for period in entry.periods for id in period.replaced_by):
        if not known.entry(entry.kind.name, id).periods:
            wrong = f"names {id}, which is no {entry.kind.name} that is known"
            yield Disagreement(entry.kind.name, entry.id, "replaced_by", wrong, "the id of one that is known")


def _unknown_categories(period: EntryPart, categories: Collection[str]) -> Iterator[tuple[str, str]]:
    """The field and the category; none where the catalogue is not at hand."""
    if isinstance(period, told.DutyPart) and categories and period.category not in categories:
        yield "category", period.category
    if isinstance(period, told.DeskPart) and categories:
        yield from (("categories", one) for one in period.categories if one not in categories)


def _as_a_whole(entry: Entry, known: Known) -> Iterator[Fit]:
    """What is wrong with all periods together: an end of the district, and successors that come back to it."""
    last = entry.periods[-1] if entry.periods else None
    if last is not None and _is_district(last) and last.valid_to is not None:
        yield "valid_to", "ends the district itself, with all that lies in it", "长期"
    if last and entry.id in _after(entry, known):
        yield "replaced_by", "comes back to itself by way of what comes after it", "what takes its place for good"


def _after(entry: Entry, known: Known) -> set[str]:
    """All that comes after an entry, however far."""
    found, waiting = set[str](), list(entry.periods[-1].replaced_by)
    while waiting:
        if (id := waiting.pop()) not in found:
            found.add(id)
            waiting += [one for period in known.entry(entry.kind.name, id).periods[-1:] for one in period.replaced_by]
    return found


def terms(entries: Sequence[Entry]) -> Iterator[Disagreement]:
    """Gaps within entries, and what holds twice at the same time: a person's seat, a place's contract."""
    for entry in entries:
        for one, following in pairwise(entry.periods):
            if one.valid_to is not None and one.valid_to < following.valid_from:
                wrong = f"does not hold between {last_day(one.valid_to)} and {_day(following.valid_from)}"
                yield Disagreement(
                    entry.kind.name, entry.id, "valid_from", wrong, "a term that begins the day after", True
                )
    by_seat: dict[tuple[str, ...], list[tuple[Entry, EntryPart]]] = defaultdict(list)
    for entry in entries:
        for period in entry.periods:
            if (seat := _seat(period)) is not None:
                by_seat[seat].append((entry, period))
    for held in by_seat.values():
        held.sort(key=lambda one: one[1].valid_from)
        for (first, one), (second, following) in pairwise(held):
            if first is not second and (one.valid_to is None or following.valid_from < one.valid_to):
                wrong = f"holds at the same time as {first.id}, from {_day(following.valid_from)} on"
                yield Disagreement(
                    second.kind.name, second.id, "valid_from", wrong, "one of them, or terms apart", True
                )


def _seat(period: EntryPart) -> tuple[str, ...] | None:
    """What only one entry may hold at a time."""
    if isinstance(period, told.DeputyPart) and period.role is DeputyRole.DEPUTY:
        return "deputy", period.person, period.unit
    if isinstance(period, told.ContractPart):
        return "contract", period.place, period.subject
    return None


def _missing(kind: str, period: EntryPart, known: Known, at: datetime) -> Iterator[Fit]:
    """References to what is not there at an instant."""
    for field, named in NAMES.items():
        value = vars(period).get(field)
        if not value or kind == "duty":
            continue
        for id in value if isinstance(value, list) else [value]:
            if known.at(named, id, at) is None:
                yield (field, *_why_missing(known.entry(named, id), at))


def _why_missing(entry: Entry, at: datetime) -> tuple[str, str]:
    if not entry.periods:
        return f"names {entry.id}, which is no {entry.kind.name} that is known", "enter it first, or name another"
    first, last = entry.periods[0], entry.periods[-1]
    name = vars(last).get("name") or entry.id
    if at < first.valid_from:
        return f"is {name}, known only from {_day(first.valid_from)} on", "an earlier 有效自 there, a later one here"
    successors = f", which is replaced by {', '.join(last.replaced_by)}" if last.replaced_by else ""
    ended = last_day(last.valid_to) if last.valid_to else "before"
    return f"is {name}, which ended on {ended}{successors}", f"at most {ended} in 有效至, or another"


def _rules(period: EntryPart, known: Known, at: datetime) -> Iterator[Fit]:
    if isinstance(period, told.UnitPart):
        yield from _unit(period, known, at)
    elif isinstance(period, told.PlaceEntryPart):
        yield from _place(period, known, at)
    elif isinstance(period, told.ActingPart):
        yield from _acting(period)
    elif isinstance(period, told.ContractPart):
        yield from _contract(period, known, at)
    elif isinstance(period, told.DeputyPart):
        yield from _deputy(period)
    elif isinstance(period, told.DeskPart):
        yield from _desk(period, known, at)
    elif isinstance(period, told.HallPart):
        yield from _hall(period)
    elif isinstance(period, told.StaffPart):
        yield from _staff(period, known)
    elif isinstance(period, told.DutyPart):
        yield from _duty(period, known, at)


def _unit(unit: told.UnitPart, known: Known, at: datetime) -> Iterator[Fit]:
    if unit.kind is UnitKind.ELSEWHERE:
        yield from _elsewhere(unit, known, at)
        return
    try:
        tier = tier_of(unit.id)
    except BadUnitCode:
        yield "id", "is no unit's code", "6, 9, 12 or 15 digits"
        return
    if TIERS[unit.kind] is not tier:
        yield "kind", f"is {unit.kind.value}, but its code is that of a {tier.value}", f"a kind of {tier.value}"
    if unit.kind is UnitKind.DISTRICT and any(one != unit.id for one in _districts(known, at)):
        yield "kind", "is a district, and there is one already", "外区, for one that is not ours"
    parent = unit.parent or parent_of(unit.id)
    if tier.above and parent and tier_of(parent) is not tier.above:
        yield "parent", f"is no {tier.above.value}", f"the {tier.above.value} in which it lies"
    elif parent and not unit.parent and known.at("unit", parent, at) is None:
        yield "parent", *_why_missing(known.entry("unit", parent), at)


def _elsewhere(unit: told.UnitPart, known: Known, at: datetime) -> Iterator[Fit]:
    district = unit.id[:6]
    if district == unit.id and not any(_districts(known, at)):
        yield "kind", "leaves no district that is ours", "区"
    if district != unit.id and _is_district(known.at("unit", district, at)):
        yield (
            "kind",
            "is 外区, but its code is one of ours",
            "its own kind, and an end in 有效至 if it is ours no longer",
        )


def _districts(known: Known, at: datetime) -> Iterator[str]:
    return (one.id for one in known.all_of("unit") if _is_district(one.at(at)))


def _is_district(period: EntryPart | None) -> bool:
    return isinstance(period, told.UnitPart) and period.kind is UnitKind.DISTRICT


def _place(place: told.PlaceEntryPart, known: Known, at: datetime) -> Iterator[Fit]:
    if not place.units:
        yield "units", "is empty", "the units in which it lies"
    seen, around = set[str](), place.within
    while around and around not in seen and around != place.id:
        seen.add(around)
        around = getattr(known.at("place", around, at), "within", "")
    if around == place.id:
        yield "within", "lies in itself", "a larger place, or nothing"


def _acting(acting: told.ActingPart) -> Iterator[Fit]:
    if acting.person == acting.acting:
        yield "acting", "is the person who is away", "somebody else"


def _contract(contract: told.ContractPart, known: Known, at: datetime) -> Iterator[Fit]:
    organisation = known.at("organisation", contract.organisation, at)
    is_one = isinstance(organisation, told.OrganisationPart)
    if is_one and organisation.kind is not OrganisationKind.PROPERTY_COMPANY:  # type: ignore[union-attr]
        yield "organisation", "is no property company", "an organisation of the kind 物业企业"


def _deputy(deputy: told.DeputyPart) -> Iterator[Fit]:
    allowed = DeputyCategory if deputy.role is DeputyRole.DEPUTY else ExpertField
    if deputy.category not in {one.value for one in allowed}:
        what = "one of the thirteen categories" if deputy.role is DeputyRole.DEPUTY else "a field of experts"
        yield "category", f"is not {what}", "one of " + ", ".join(one.value for one in allowed)


def _staff(staff: told.StaffPart, known: Known) -> Iterator[Fit]:
    """A login is one person's for ever: tokens and journals name people by it. None may look like another."""
    unknown = [role for role in staff.roles if role not in PEOPLE]
    if unknown:
        yield "roles", f"names {', '.join(unknown)}, which a person can't be", f"of {', '.join(sorted(PEOPLE))}"
    if staff.login and not LOGIN.fullmatch(staff.login):
        plainer = plain(staff.login).casefold()
        right = f"{plainer}?" if LOGIN.fullmatch(plainer) else RIGHT_LOGIN
        yield "login", "may be taken for another, or has a blank or a sign in it", right
    posts = known.posts_with(staff.login) if staff.login else []
    periods = (period for post in posts for period in post.periods if isinstance(period, told.StaffPart))
    others = {f"{period.person_name} ({period.organisation})" for period in periods if period.person != staff.person}
    if others:
        yield "login", f"is the login of {', '.join(sorted(others))}", "a login of their own"


def _desk(desk: told.DeskPart, known: Known, at: datetime) -> Iterator[Fit]:
    organisation = known.at("organisation", desk.organisation, at)
    if not isinstance(organisation, told.OrganisationPart):
        return
    served = organisation.serves or [organisation.unit]
    if not any(known.is_within(desk.unit, unit, at) for unit in served):
        yield "unit", f"is not served by {organisation.name}", f"a unit in {', '.join(served)}, or another organisation"


def _hall(hall: told.HallPart) -> Iterator[Fit]:
    try:
        weekly_openings(hall.opening_hours)
    except Unreadable as fault:
        yield "opening_hours", str(fault), RIGHT
    for one in hall.closed_on:
        try:
            date.fromisoformat(one)
        except ValueError:
            yield "closed_on", f"has {one}, which is no day", "days like 2026-10-01"


def _duty(duty: told.DutyPart, known: Known, at: datetime) -> Iterator[Fit]:
    organisations = [entry.at(at) for entry in known.all_of("organisation")]
    if not any(_does(one, duty) for one in organisations):
        wrong = f"is the name of no organisation of a {duty.tier.value}"
        yield "organisation", wrong, "the name of one that is known, or its id"


def _does(one: EntryPart | None, duty: told.DutyPart) -> bool:
    if not isinstance(one, told.OrganisationPart):
        return False
    return duty.organisation == one.id or (duty.organisation == one.name and tier_of(one.unit) is duty.tier)


def _day(instant: datetime) -> str:
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d}"
