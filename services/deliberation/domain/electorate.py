"""Who may vote over a window 表决权人: households, or owners with heads and areas. Frozen when the poll opens.

A household is one voter. Owners are counted by heads and by area: who owns several flats is one head, as is a developer
with all that is unsold; so are the joint owners of a flat together. All of their area counts (民法典 278; judicial
interpretation on 建筑物区分所有权, Art. 8 and 9).
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

from services.deliberation.domain.errors import ElectorateRefused
from services.deliberation.domain.journal import canonical
from shared.contracts.vocabulary import ElectorateKind
from shared.errors import Fields

AREA_UNITS = 100
"""Areas are kept in whole hundredths of a square metre, so that shares are exact."""


@dataclass(frozen=True)
class Dwelling:
    """A row of the register: a flat 专有部分 with whoever holds it, by their ids there."""

    id: str
    holders: tuple[str, ...]
    area: int = 0


@dataclass(frozen=True)
class RowFault:
    """What is wrong in a field of a row; the first row has the place 0."""

    place: int
    field: str
    told: str


@dataclass(frozen=True)
class Voter:
    """One head: its dwellings, who holds them jointly, and its area in all."""

    dwellings: tuple[str, ...]
    holders: tuple[str, ...]
    area: int = 0


@dataclass(frozen=True)
class Count:
    """Heads with their area."""

    heads: int = 0
    area: int = 0

    def plus(self, voter: Voter) -> "Count":
        return Count(self.heads + 1, self.area + voter.area)


def voters_of(kind: ElectorateKind, register: Sequence[Dwelling]) -> tuple[Voter, ...]:
    """Raises ElectorateRefused, naming each row that can't be."""
    faults: Fields = {f"register.{one.place}.{one.field}": [one.told] for one in faults_in(kind, register)}
    if faults or not register:
        raise ElectorateRefused(fields=faults or {"register": ["Names at least one dwelling."]})
    if kind is ElectorateKind.HOUSEHOLDS:
        return tuple(Voter((one.id,), one.holders, one.area) for one in register)
    by_holders: dict[tuple[str, ...], list[Dwelling]] = {}
    for one in register:
        by_holders.setdefault(tuple(sorted(one.holders)), []).append(one)
    return tuple(
        Voter(tuple(one.id for one in theirs), holders, sum(one.area for one in theirs))
        for holders, theirs in by_holders.items()
    )


def base_of(voters: Iterable[Voter]) -> Count:
    """All that may vote."""
    count = Count()
    for voter in voters:
        count = count.plus(voter)
    return count


def proof_of(voters: Sequence[Voter]) -> str:
    """sha256 over the electorate, so that anybody who has it can show that it was not changed."""
    return hashlib.sha256(canonical([asdict(voter) for voter in voters]).encode()).hexdigest()


def faults_in(kind: ElectorateKind, register: Sequence[Dwelling]) -> Iterator[RowFault]:
    """Why rows can't be, by the place of each."""
    seen: set[str] = set()
    for place, one in enumerate(register):
        if one.id in seen:
            yield RowFault(place, "dwelling", f"{one.id} is named twice.")
        if kind is ElectorateKind.OWNERS and not one.area:
            yield RowFault(place, "area_m2", "An owner's vote counts by area too: say how much.")
        if len(set(one.holders)) < len(one.holders):
            yield RowFault(place, "holders", "Names each holder once.")
        seen.add(one.id)
