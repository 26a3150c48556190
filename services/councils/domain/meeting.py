"""Finding the first hour at which a hall, the deputies and the experts of a session are all free."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from services.councils.domain.council import Council, has_room
from services.councils.domain.invitation import Seating, drawn, is_resident, seat_experts
from shared.contracts.directory import DeputyPart, HallPart

Taken = tuple[str, datetime]
"""The id of a hall or person, and the hour."""
Booked = Set[Taken]


@dataclass(frozen=True)
class Meeting:
    """Where and when a session can be held, and with whom."""

    starts_at: datetime
    hall: HallPart
    deputies: Sequence[DeputyPart]
    experts: Sequence[DeputyPart]


def slots_with_hall(slots: Iterable[datetime], council: Council, booked: Booked) -> list[datetime]:
    """Those at which one of the halls is open and free."""
    busy = _by_slot(booked)
    return [slot for slot in slots if _halls_at(slot, council, busy.get(slot, frozenset()))]


def first_meeting(
    slots: Iterable[datetime], council: Council, booked: Booked, *, seating: Seating, draw: str
) -> Meeting | None:
    """The first slot that suits a full session; where there is none, the first with enough for one. None if neither."""
    hours, busy = list(slots), _by_slot(booked)
    places = {one.person: place for place, one in enumerate(drawn(council.everybody, draw))}
    gathering = _Gathering(council, busy, seating, places)
    found = (gathering.at(slot, in_full=in_full) for in_full in (True, False) for slot in hours)
    return next((meeting for meeting in found if meeting is not None), None)


@dataclass(frozen=True)
class _Gathering:
    """Who and which hall can be had for a session, hour by hour; `places` is the order in which people were drawn."""

    council: Council
    busy: Mapping[datetime, Set[str]]
    seating: Seating
    places: Mapping[str, int]

    def at(self, slot: datetime, *, in_full: bool) -> Meeting | None:
        busy = self.busy.get(slot, frozenset())
        halls = _halls_at(slot, self.council, busy)
        deputies = self._deputies_at(slot, busy, in_full) if halls else []
        if not deputies:
            return None
        busy = busy | {one.person for one in deputies}
        experts = seat_experts(self._free(self.council.experts_at(slot), busy), self.seating.experts)
        hall = next((hall for hall in halls if has_room(hall, len(deputies) + len(experts))), None)
        if hall is None or len(experts) < self.seating.least_experts:
            return None
        return Meeting(slot, hall, deputies, experts)

    def _deputies_at(self, slot: datetime, busy: Set[str], in_full: bool) -> Sequence[DeputyPart]:
        """In full: as many, and as many residents, as if nobody were busy. Nobody, where they are too few."""
        there = self.council.deputies_at(slot)
        seated = self.seating.seat(self._free(there, busy))
        if len(seated) < self.seating.least:
            return []
        if not in_full or not busy:
            return seated
        best = self.seating.seat(there)
        is_full = len(seated) == len(best) and _residents(seated) >= min(
            _residents(best), self.seating.mix.least_residents
        )
        return seated if is_full else []

    def _free(self, people: Iterable[DeputyPart], busy: Set[str]) -> list[DeputyPart]:
        free = (one for one in people if one.person not in busy)
        return sorted(free, key=lambda one: self.places[one.person])


def _halls_at(slot: datetime, council: Council, busy: Set[str]) -> list[HallPart]:
    return [hall for hall in council.halls if hall.id not in busy and council.can_meet_in(hall, slot)]


def _residents(people: Iterable[DeputyPart]) -> int:
    return sum(map(is_resident, people))


def _by_slot(booked: Booked) -> dict[datetime, set[str]]:
    busy: dict[datetime, set[str]] = defaultdict(set)
    for taken, at in booked:
        busy[at].add(taken)
    return busy


def first_free_slot(
    slots: Iterable[datetime], council: Council, hall_id: str, people_ids: Iterable[str], booked: Booked, now: datetime
) -> datetime | None:
    """The first slot at which this very hall is open and free, and all of these people are free.

    Nobody's term ends before it either, but of those whose term has ended by `now`.
    """
    needed = [hall_id, *people_ids]
    halls = [hall for hall in council.halls if hall.id == hall_id]
    in_office = council.in_office(now).intersection(needed)

    def suits(slot: datetime) -> bool:
        is_free = not any((one, slot) in booked for one in needed)
        is_open = is_free and any(council.can_meet_in(hall, slot) for hall in halls)
        return is_open and in_office <= council.in_office(slot)

    return next(filter(suits, slots), None)
