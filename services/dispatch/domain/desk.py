"""Who gets a matter: the unit that may lead, its organisations in order of competence, a desk, and who sits there.

Work goes to a desk 岗位, never to a name that may be on leave: who is named is on duty there at that instant.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from services.dispatch.domain.errors import NobodyCompetent
from services.dispatch.domain.organisations import Organisations
from services.dispatch.domain.roster import Roster, WorkingDays
from shared.contracts.directory import OrganisationPart
from shared.directory.dated import DatedUnits
from shared.directory.duty_list import DutyList
from shared.directory.periods import holds
from shared.units import tier_of


@dataclass(frozen=True)
class Post:
    """A desk of an organisation that is competent in a unit, with a leader and somebody on duty."""

    unit_code: str
    organisation_id: str
    department: str
    desk_id: str
    desk: str
    leader: str
    person_id: str
    person: str


class Assisting(NamedTuple):
    """Who assists 配合部门, by name, and the id of an organisation that the directory knows."""

    name: str
    organisation_id: str = ""


@dataclass(frozen=True)
class Offices:
    """The directory as dispatch asks it, as of one instant. `rosters` gives those of an organisation, by its id."""

    units: DatedUnits
    duties: DutyList
    organisations: Organisations
    rosters: Callable[[str], Sequence[Roster]]
    calendar: WorkingDays
    now: datetime
    excluded: frozenset[str] = frozenset()
    """Organisations that are given nothing, because they are complained about."""

    def without(self, organisation_ids: Iterable[str]) -> "Offices":
        return replace(self, excluded=frozenset(organisation_ids))

    def seats_at(self, organisation_id: str, desk_id: str, person_id: str) -> bool:
        """Whether somebody is at a desk of an organisation now, whoever they belong to."""
        desks = (one for one in self.rosters(organisation_id) if one.desk.id == desk_id and holds(one.desk, self.now))
        return any(one.seats(person_id, self.now, self.calendar) for one in desks)

    def lead_units(self, unit_code: str, category: str) -> list[str]:
        """The units that may lead, the nearest first: the unit itself or what came after it, and those above."""
        heir = self.units.heir_of(unit_code)
        around = self.units.lineage_of(heir)
        return [unit for unit in around if self.duties.may_lead(tier_of(unit), category)] or [around[-1]]

    def competent(self, unit_code: str, category: str) -> Iterator[OrganisationPart]:
        """The organisations of one unit that may lead, in order of competence."""
        for name in self.duties.leading(tier_of(unit_code), category):
            yield from self._serving(unit_code, name)

    def posts(self, unit_code: str, category: str) -> Iterator[Post]:
        """The desks of one unit at which somebody sits, one of each organisation, in order of competence."""
        for organisation in self.competent(unit_code, category):
            post = self._post(unit_code, organisation, category)
            if post is not None:
                yield post

    def lead_post(self, unit_code: str, category: str, before: Mapping[str, str] | None = None) -> Post:
        """Of the nearest unit that has one; in each unit the department that did it `before`, if it is there still.

        Raises NobodyCompetent where there is no desk up to the district.
        """
        for unit in self.lead_units(unit_code, category):
            earlier = (before or {}).get(unit)
            posts = self.posts(unit, category)
            if earlier is not None:
                found = list(posts)
                posts = iter([one for one in found if one.department == earlier] or found)
            if (post := next(posts, None)) is not None:
                return post
        raise NobodyCompetent(
            f"nobody can be given a matter of the category {category} in {unit_code}: enter in the directory a line of "
            f"the duty list, an organisation of its name in {self.units.district or 'the district'} and a desk of it "
            "with a leader"
        )

    def named_post(self, unit_code: str, category: str, department: str) -> Post:
        """A desk of the department of that name, whatever its duties; where there is none, of who leads and answers."""
        named = (self._post(unit_code, one, category) for one in self._serving(unit_code, department))
        return next(filter(None, named), None) or self.lead_post(unit_code, category)

    def next_post(self, unit_code: str, category: str, department: str) -> Post:
        """Who is next in competence after a department: in its unit in turn; where it is alone, of the units above."""
        posts = list(self.posts(unit_code, category))
        names = [post.department for post in posts]
        if department not in names and posts:
            return posts[0]
        if len(posts) > 1:
            return posts[(names.index(department) + 1) % len(posts)]
        above = self.units.parent_of(unit_code)
        try:
            return self.lead_post(above or unit_code, category)
        except NobodyCompetent:
            if not posts:
                raise
            return posts[0]

    def assisting(self, unit_code: str, department: str, category: str, *, helper: str) -> tuple[Assisting, ...]:
        """Who assists a department: whom the duty list names there, else the next in competence; and the lower unit.

        `helper` is the unit that has the matter. If it is nobody else, the unit above assists.
        """
        lines = self.duties.assisting(tier_of(unit_code), category)
        named = (one for line in lines for one in self._serving(unit_code, line))
        assisting = [one for one in _all_of(named) if one.name != department]
        others = [one for one in _all_of(self.competent(unit_code, category)) if one.name != department]
        found = assisting or others[:1]
        below, above = self.units.heir_of(helper), self.units.parent_of(unit_code)
        if below != unit_code:
            found.append(Assisting(below))
        return tuple(found or [Assisting(above)] if above else found)

    def known_as(self, unit_code: str, names: Iterable[str]) -> tuple[Assisting, ...]:
        """These, with the ids of those that are organisations which serve the unit."""
        found = ((name, next(self._serving(unit_code, name), None)) for name in names)
        return tuple(Assisting(name, one.id if one else "") for name, one in found)

    def _serving(self, unit_code: str, name: str) -> Iterator[OrganisationPart]:
        found = self.organisations.serving(unit_code, name, self.units)
        return (one for one in found if one.id not in self.excluded)

    def _post(self, unit_code: str, organisation: OrganisationPart, category: str) -> Post | None:
        """A desk at which somebody has the shift comes before one where only the leader stands in, a desk for the
        category before one that takes all, and a desk of the unit before one above it.
        """
        around = (*self.units.lineage_of(unit_code), organisation.unit)
        desks = [one for one in self.rosters(organisation.id) if self._takes(one, around, category)]
        for roster in sorted(desks, key=lambda one: self._rank(one, around)):
            leader, person = roster.leader(self.now), roster.on_duty(self.now, self.calendar)
            if leader is not None and person is not None:
                whose = (unit_code, organisation.id, organisation.name, roster.desk.id, roster.desk.name)
                return Post(*whose, leader.name, person.id, person.name)
        return None

    def _takes(self, roster: Roster, around: Sequence[str], category: str) -> bool:
        desk = roster.desk
        return holds(desk, self.now) and desk.unit in around and (not desk.categories or category in desk.categories)

    def _rank(self, roster: Roster, around: Sequence[str]) -> tuple[bool, bool, int, str]:
        is_empty = roster.on_shift(self.now, self.calendar) is None
        return (is_empty, not roster.desk.categories, around.index(roster.desk.unit), roster.desk.id)


def _all_of(organisations: Iterable[OrganisationPart]) -> list[Assisting]:
    """Each name once."""
    return list({one.name: Assisting(one.name, one.id) for one in reversed(list(organisations))}.values())[::-1]
