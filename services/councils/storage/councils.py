"""Halls, deputies and experts of units, from the copy of the directory."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TypeVar

from shared.bus.work import Store
from shared.contracts.directory import DeputyPart, EntryPart, HallPart
from shared.contracts.directory_words import DeputyRole

P = TypeVar("P", bound=EntryPart)


class CouncilRepository:
    """Each unit's are read once in a unit of work: all that has not ended when it is asked for first."""

    def __init__(self, work: Store) -> None:
        self._work = work
        self._known: set[str] = set()
        self._halls: dict[str, list[HallPart]] = defaultdict(list)
        self._people: dict[str, list[DeputyPart]] = defaultdict(list)

    def load(self, unit_codes: Collection[str], since: datetime) -> None:
        """Read many at once, so that nothing more is asked for these."""
        new = set(unit_codes) - self._known
        if not new:
            return
        self._known |= new
        for one in self._work.directory.lasting_in((HallPart, DeputyPart), new, since):
            if isinstance(one, HallPart):
                self._halls[one.unit].append(one)
            elif isinstance(one, DeputyPart):
                self._people[one.unit].append(one)

    def halls_of(self, unit_code: str) -> list[HallPart]:
        return _in_order(self._halls[unit_code])

    def deputies_of(self, unit_code: str) -> list[DeputyPart]:
        return self._of(unit_code, DeputyRole.DEPUTY)

    def experts_of(self, unit_code: str) -> list[DeputyPart]:
        return self._of(unit_code, DeputyRole.EXPERT)

    def _of(self, unit_code: str, role: DeputyRole) -> list[DeputyPart]:
        return _in_order(one for one in self._people[unit_code] if one.role is role)


def _in_order(periods: Iterable[P]) -> list[P]:
    return sorted(periods, key=lambda one: (one.id, one.valid_from))
