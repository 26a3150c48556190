"""What a unit can call on for its sessions: halls, deputies and experts, each as long as the directory says."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.clock import SHANGHAI
from shared.contracts.directory import DeputyPart, HallPart
from shared.contracts.directory_words import HallKind
from shared.directory.hours import read_hours
from shared.directory.periods import holds


@dataclass(frozen=True)
class HallRules:
    """Which kinds of halls hold sessions, preferred first, and how long one must stay open from the beginning on."""

    order: Sequence[HallKind]
    open_hours: float

    @property
    def open_for(self) -> timedelta:
        return timedelta(hours=self.open_hours)


@dataclass(frozen=True)
class DrawRules:
    """What everything that is drawn follows from, and how many of a community's deputies sit for one of its grids."""

    seed: int
    grid_deputies: int


@dataclass(frozen=True)
class Council:
    """Halls stand in the order in which they are tried, deputies in that in which they have a seat: `seats`, or all."""

    halls: Sequence[HallPart]
    deputies: Sequence[DeputyPart]
    experts: Sequence[DeputyPart]
    open_for: timedelta
    seats: int | None = None

    @property
    def everybody(self) -> Sequence[DeputyPart]:
        """Deputies and experts, whenever their terms run."""
        return (*self.deputies, *self.experts)

    def is_enough(self, least: int) -> bool:
        """Whether there are so many deputies at all, at whatever time."""
        return len({one.person for one in self.deputies}) >= least

    def people_ids(self, start_at: datetime, end_at: datetime) -> set[str]:
        """Everybody who can be invited from one instant to another."""
        found = {one.person for one in self.experts}
        throughout: set[str] = set()
        for one in self.deputies:
            if len(throughout) == self.seats:
                break  # whoever comes behind these has no seat in that time
            found.add(one.person)
            if holds(one, start_at) and holds(one, end_at):
                throughout.add(one.person)
        return found

    def can_meet_in(self, hall: HallPart, instant: datetime) -> bool:
        """Whether there is such a hall then, and it is open."""
        return holds(hall, instant) and is_open(hall, instant, self.open_for)

    def deputies_at(self, instant: datetime) -> list[DeputyPart]:
        """Those whose term runs then, each of them once."""
        return _people_at(self.deputies, instant)[: self.seats]

    def experts_at(self, instant: datetime) -> list[DeputyPart]:
        return _people_at(self.experts, instant)

    def in_office(self, instant: datetime) -> set[str]:
        """Everybody whose term runs then, whether or not they have a seat."""
        return {one.person for one in self.everybody if holds(one, instant)}


def has_room(hall: HallPart, people: int) -> bool:
    """Whether so many can sit there. Where nobody knows how many can, it stops nobody."""
    return hall.capacity is None or people <= hall.capacity


def is_open(hall: HallPart, starts_at: datetime, length: timedelta) -> bool:
    """Not on a day on which it is closed, nor outside its hours. Where these can't be read they stop nobody."""
    if starts_at.astimezone(SHANGHAI).date().isoformat() in hall.closed_on:
        return False
    hours = read_hours(hall.opening_hours)
    return hours is None or hours.covers(starts_at, length)


def halls_for_sessions(own: Iterable[HallPart], above: Iterable[HallPart], order: Sequence[HallKind]) -> list[HallPart]:
    """The halls a unit's sessions may use, its own first and then those of the unit above, each by preferred kind."""

    def fit(halls: Iterable[HallPart]) -> list[HallPart]:
        return sorted(
            (hall for hall in halls if hall.kind in order), key=lambda hall: (order.index(hall.kind), hall.id)
        )

    return fit(own) + fit(above)


def drawn_for_grid(grid_code: str, community: Iterable[DeputyPart], seed: int) -> list[DeputyPart]:
    """A community's deputies in the order in which they sit for one of its grids.

    The same ones for the same seed, also after others have come and gone.
    """
    return sorted(community, key=lambda one: hashlib.sha256(f"{seed}/grid/{grid_code}|{one.person}".encode()).digest())


def _people_at(people: Iterable[DeputyPart], instant: datetime) -> list[DeputyPart]:
    by_person: dict[str, DeputyPart] = {}
    for one in people:
        if holds(one, instant):
            by_person.setdefault(one.person, one)
    return list(by_person.values())
