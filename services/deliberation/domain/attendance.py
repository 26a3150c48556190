"""Who is in the hall: a ledger of arrivals and departures. Presence is always computed from it, never stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.deliberation.domain.errors import AttendanceRefused


@dataclass(frozen=True)
class Movement:
    """Somebody came in or went out."""

    person_id: str
    has_arrived: bool
    at: datetime


@dataclass(frozen=True)
class Attendance:
    """All movements so far, in the order they were recorded. Changing it makes a new one."""

    movements: tuple[Movement, ...] = ()

    def arrive(self, person_ids: Iterable[str], at: datetime) -> "Attendance":
        """Who is here already stays here; nothing is written twice."""
        present = self.present_at(at)
        newcomers = [person for person in dict.fromkeys(person_ids) if person not in present]
        return Attendance(self.movements + tuple(Movement(person, True, at) for person in newcomers))

    def leave(self, person_ids: Iterable[str], at: datetime) -> "Attendance":
        """Raises AttendanceRefused for somebody who is not here."""
        leaving = list(dict.fromkeys(person_ids))
        absent = [person for person in leaving if person not in self.present_at(at)]
        if absent:
            raise AttendanceRefused("who is not here can't leave", {"person_ids": [f"Not here: {_all(absent)}."]})
        return Attendance(self.movements + tuple(Movement(person, False, at) for person in leaving))

    def present_at(self, instant: datetime) -> frozenset[str]:
        """Those whose last movement up to and at the instant was an arrival."""
        last = {movement.person_id: movement.has_arrived for movement in self.movements if movement.at <= instant}
        return frozenset(person for person, is_here in last.items() if is_here)


def _all(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
