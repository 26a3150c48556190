"""Whom a session invites: a broad mix of categories, with enough residents, by a draw that anybody can repeat."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.contracts.directory import DeputyPart
from shared.contracts.directory_words import DeputyRole
from shared.contracts.vocabulary import DeputyCategory, SessionKind
from shared.policy import Threshold

RESIDENTS = frozenset(category.value for category in DeputyCategory if category.is_resident)


@dataclass(frozen=True)
class Mix:
    """How many are invited where there are that many. Residents make up a third of the deputies at least."""

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


@dataclass(frozen=True)
class Seating:
    """How a session is made up: so many as the mix says, or as many as there are from the policy's minimum upwards."""

    mix: Mix
    least: int
    residents: Threshold
    kind: SessionKind = SessionKind.ORDINARY

    @property
    def experts(self) -> int:
        return self.mix.mediation_experts if self.kind is SessionKind.MEDIATION else self.mix.experts

    @property
    def least_experts(self) -> int:
        """An ordinary session does without one where none is free."""
        return self.mix.mediation_experts if self.kind is SessionKind.MEDIATION else 0

    def residents_among(self, deputies: int) -> int:
        """How many of so many deputies must be residents at least."""
        return next(number for number in range(deputies + 1) if self.residents.is_met_by(number, deputies))

    def seat(self, drawn: Sequence[DeputyPart]) -> list[DeputyPart]:
        """Residents first, then whoever's category has the fewest seats; no more of the others than residents allow."""
        seated = _seat([person for person in drawn if is_resident(person)], [], self.mix.least_residents)
        ids = {person.person for person in seated}
        seated = _seat([person for person in drawn if person.person not in ids], seated, self.mix.deputies)
        residents = sum(map(is_resident, seated))
        others = [person for person in seated if not is_resident(person)]
        while others and not self.residents.is_met_by(residents, residents + len(others)):
            seated.remove(others.pop())
        return seated


def drawn(pool: Iterable[DeputyPart], draw: str) -> list[DeputyPart]:
    """In an order that depends on nothing but the draw's name and their ids."""
    return sorted(pool, key=lambda one: hashlib.sha256(f"{draw}|{one.person}".encode()).digest())


def seat_experts(drawn: Sequence[DeputyPart], most: int) -> list[DeputyPart]:
    """Up to so many of the experts, of different fields as far as possible."""
    return _seat(drawn, [], most)


def _seat(candidates: Iterable[DeputyPart], seated: Sequence[DeputyPart], most: int) -> list[DeputyPart]:
    """Always the first one of those whose category has the fewest seats."""
    seats, seated = Counter(person.category for person in seated), list(seated)
    waiting: dict[str, list[tuple[int, DeputyPart]]] = defaultdict(list)
    for place, person in enumerate(candidates):
        waiting[person.category].append((place, person))
    queues = {category: iter(people) for category, people in waiting.items()}
    heads = {category: next(queue) for category, queue in queues.items()}
    while heads and len(seated) < most:
        category = min(heads, key=lambda one: (seats[one], heads[one][0]))
        seated.append(heads.pop(category)[1])
        seats[category] += 1
        if (following := next(queues[category], None)) is not None:
            heads[category] = following
    return seated
