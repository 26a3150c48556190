"""What dispatch makes of its copy of the directory, kept in memory for each database: organisations, and their desks.

Organisations are all kept, because one may serve units anywhere. Desks with their people are read when they are first
asked for, many at once where a batch says which it will need, and anew after any of them has changed.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Pool

from services.dispatch.domain.organisations import Organisations
from services.dispatch.domain.roster import Roster
from shared.contracts.directory import ActingPart, DeskPart, OrganisationPart, ShiftPart, StaffPart
from shared.directory.as_of import AsOf
from shared.directory.copy import DirectoryCopy
from shared.directory.periods import holds

SEEN = (DeskPart, ShiftPart, ActingPart, StaffPart)


class Rosters:
    """The desks of organisations with all that is known of who sits there and when."""

    def __init__(self, copy: DirectoryCopy) -> None:
        self._copy = copy

    def of(self, organisation_id: str) -> Sequence[Roster]:
        return self.load([organisation_id])[organisation_id]

    def load(self, organisation_ids: Collection[str]) -> Mapping[str, Sequence[Roster]]:
        """Read many at once, so that `of` asks no more. Others may be reading the same: what is kept is kept whole."""
        known = self._known()
        if wanted := {one for one in organisation_ids if one not in known}:
            found: dict[str, list[Roster]] = {one: [] for one in wanted}
            for roster in self._read(wanted):
                found[roster.desk.organisation].append(roster)
            known.update(found)
        return known

    def _known(self) -> dict[str, list[Roster]]:
        pool, changes = self._copy.connection.engine.pool, tuple(map(self._copy.changes_of, SEEN))
        kept = _rosters.get(pool)
        if kept is None or kept[0] != changes:
            kept = _rosters[pool] = (changes, {})
        return kept[1]

    def _read(self, organisation_ids: Collection[str]) -> list[Roster]:
        desks = self._copy.periods_about(DeskPart, organisation_ids)
        shifts: dict[str, list[ShiftPart]] = defaultdict(list)
        for shift in self._copy.periods_about(ShiftPart, {one.id for one in desks}) if desks else ():
            shifts[shift.desk].append(shift)
        people = {one.person for some in shifts.values() for one in some} | {one.leader for one in desks}
        acting = self._read_acting(people)
        staff: dict[str, list[StaffPart]] = defaultdict(list)
        for member in self._copy.periods_in(StaffPart, {one.unit for one in desks}) if desks else ():
            staff[member.unit].append(member)
        return [Roster(desk, shifts[desk.id], acting, staff[desk.unit]) for desk in desks]

    def _read_acting(self, people: Collection[str]) -> list[ActingPart]:
        """Also who acts for those who act, as far as it goes."""
        found: list[ActingPart] = []
        asked: set[str] = set()
        while unasked := {one for one in people if one} - asked:
            asked |= unasked
            acting = self._copy.periods_about(ActingPart, unasked)
            found += acting
            people = {one.acting for one in acting}
        return found


_rosters: WeakKeyDictionary[Pool, tuple[tuple[int, ...], dict[str, list[Roster]]]] = WeakKeyDictionary()


def organisations_as_of(copy: DirectoryCopy, now: datetime) -> Organisations:
    """Raises NotTold where they are not all known yet."""
    return _organisations.at(copy, now)


def _as_of(periods: Sequence[OrganisationPart], now: datetime) -> Organisations:
    return Organisations(one for one in periods if holds(one, now))


_organisations = AsOf(OrganisationPart, _as_of)
