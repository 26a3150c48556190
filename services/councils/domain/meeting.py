"""Finding the first hour at which a hall, the deputies and the experts of a session are all free."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from services.councils.domain.hall import Hall
from services.councils.domain.invitation import Mix, draw_deputies, draw_experts
from services.councils.domain.person import Person
from shared.contracts.vocabulary import SessionKind

Taken = tuple[str, datetime]
"""The id of a hall or person, and the hour."""
Booked = Set[Taken]


@dataclass(frozen=True)
class Council:
    """What a unit can call on for its sessions. Halls stand in the order in which they are tried."""

    halls: Sequence[Hall]
    deputies: Sequence[Person]
    experts: Sequence[Person]

    @property
    def people_ids(self) -> list[str]:
        return [person.id for person in (*self.deputies, *self.experts)]


@dataclass(frozen=True)
class Meeting:
    """Where and when a session can be held, and with whom."""

    starts_at: datetime
    hall: Hall
    deputies: Sequence[Person]
    experts: Sequence[Person]


def first_meeting(
    slots: Iterable[datetime], council: Council, booked: Booked, *, mix: Mix, kind: SessionKind, draw: str
) -> Meeting | None:
    """The first slot that suits everybody needed; None if none of them does."""
    for slot in slots:
        found = _meeting_at(slot, council, booked, mix, kind, draw)
        if found is not None:
            return found
    return None


def _meeting_at(
    slot: datetime, council: Council, booked: Booked, mix: Mix, kind: SessionKind, draw: str
) -> Meeting | None:
    hall = next((hall for hall in council.halls if (hall.id, slot) not in booked), None)
    if hall is None:
        return None
    busy = {taken for taken, at in booked if at == slot}
    deputies = draw_deputies(council.deputies, busy, mix, draw)
    is_mediation = kind is SessionKind.MEDIATION
    experts = draw_experts(council.experts, busy, mix.mediation_experts if is_mediation else mix.experts, draw)
    if deputies is None or (is_mediation and len(experts) < mix.mediation_experts):
        return None
    return Meeting(slot, hall, deputies, experts)


def first_free_slot(
    slots: Iterable[datetime], hall_id: str, people_ids: Iterable[str], booked: Booked
) -> datetime | None:
    """The first slot at which this very hall and all of these people are free."""
    needed = [hall_id, *people_ids]
    return next((slot for slot in slots if not any((one, slot) in booked for one in needed)), None)
