"""Finding the first hour at which a hall, the deputies and the experts of a session are all free."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from services.councils.domain.council import Council
from services.councils.domain.invitation import Mix, draw_deputies, draw_experts
from shared.contracts.directory import DeputyPart, HallPart
from shared.contracts.vocabulary import SessionKind

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
    free = (hall for hall in council.halls if (hall.id, slot) not in booked)
    hall = next((hall for hall in free if council.can_meet_in(hall, slot)), None)
    if hall is None:
        return None
    busy = {taken for taken, at in booked if at == slot}
    deputies = draw_deputies(council.deputies_at(slot), busy, mix, draw)
    if deputies is None:
        return None
    busy |= {one.person for one in deputies}
    is_mediation = kind is SessionKind.MEDIATION
    experts = draw_experts(council.experts_at(slot), busy, mix.mediation_experts if is_mediation else mix.experts, draw)
    if is_mediation and len(experts) < mix.mediation_experts:
        return None
    return Meeting(slot, hall, deputies, experts)


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
