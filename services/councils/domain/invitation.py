"""Whom a session invites: a broad mix of categories, with enough residents, by a draw that anybody can repeat."""

import hashlib
from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass

from shared.contracts.directory import DeputyPart
from shared.contracts.vocabulary import DeputyCategory, DeputyRole

RESIDENTS = frozenset(category.value for category in DeputyCategory if category.is_resident)


@dataclass(frozen=True)
class Mix:
    """How many are invited. Residents make up a third of the deputies at least."""

    deputies: int
    least_residents: int
    experts: int
    mediation_experts: int

    def __post_init__(self) -> None:
        if not 0 < self.deputies <= 101:
            raise ValueError("deputies: must be between 1 and 101")
        if not self.deputies <= 3 * self.least_residents <= 3 * self.deputies:
            raise ValueError("least_residents: must be a third of the deputies at least, and not more than all of them")
        if self.experts < 0 or self.mediation_experts < 1:
            raise ValueError("mediation_experts: must be at least 1, and experts not below 0")


@dataclass(frozen=True)
class Invitee:
    """Somebody as named in an invitation."""

    person_id: str
    name: str
    category: str

    @classmethod
    def of(cls, person: DeputyPart) -> "Invitee":
        return cls(person.person, person.person_name, person.category)


def is_resident(person: DeputyPart) -> bool:
    """Whether somebody sits as one who lives there."""
    return person.role is DeputyRole.DEPUTY and person.category in RESIDENTS


def draw_deputies(pool: Iterable[DeputyPart], busy: Container[str], mix: Mix, draw: str) -> list[DeputyPart] | None:
    """Residents first, then whoever's category has the fewest seats. None if too few are free."""
    free = _drawn(pool, busy, draw)
    seated = _seat([person for person in free if is_resident(person)], [], mix.least_residents)
    if len(seated) < mix.least_residents:
        return None
    seated = _seat([person for person in free if person not in seated], seated, mix.deputies)
    return seated if len(seated) == mix.deputies else None


def draw_experts(pool: Iterable[DeputyPart], busy: Container[str], most: int, draw: str) -> list[DeputyPart]:
    """Up to so many of the experts who are free, of different fields as far as possible."""
    return _seat(_drawn(pool, busy, draw), [], most)


def _drawn(pool: Iterable[DeputyPart], busy: Container[str], draw: str) -> list[DeputyPart]:
    """Those who are free, in an order that depends on nothing but the draw's name and their ids."""
    return sorted(
        (person for person in pool if person.person not in busy),
        key=lambda person: hashlib.sha256(f"{draw}|{person.person}".encode()).digest(),
    )


def _seat(candidates: list[DeputyPart], seated: list[DeputyPart], most: int) -> list[DeputyPart]:
    seated, waiting = list(seated), list(candidates)
    seats = Counter(person.category for person in seated)
    while waiting and len(seated) < most:
        chosen = min(waiting, key=lambda person: seats[person.category])
        waiting.remove(chosen)
        seated.append(chosen)
        seats[chosen.category] += 1
    return seated
