"""How many halls and people an exercise has, and what their names are put together from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from shared.contracts.directory_words import HallKind
from shared.contracts.vocabulary import DeputyCategory
from shared.units import Tier


@dataclass(frozen=True)
class HallPlan:
    """Each unit of a tier has so many halls of a kind; in the full form, the whole tier has `full` of them."""

    tier: Tier
    kind: HallKind
    label: str
    opening_hours: str
    each: int = 0
    full: int | None = None
    capacity: int | None = None


@dataclass(frozen=True)
class DeskPlan:
    """What a desk is called, and the tiers at which its leader is on duty outside the hours of working days."""

    desk: str
    on_call: Sequence[Tier]
    starts: str
    ends: str


@dataclass(frozen=True)
class Names:
    """What names and addresses are put together from."""

    surnames: str
    given: Sequence[str]
    roads: Sequence[str]

    def person(self, draw: Random) -> str:
        return draw.choice(self.surnames) + draw.choice(self.given)


@dataclass(frozen=True)
class ExercisePlan:
    """The small form and the full one. Totals are for `full_for_communities` communities, and follow their number."""

    full_for_communities: int
    full_deputies: int
    deputies: Mapping[Tier, int]
    categories: Mapping[DeputyCategory, int]
    experts: Mapping[str, int]
    halls: Sequence[HallPlan]
    desks: DeskPlan
    names: Names

    def halls_for(self, plan: HallPlan, codes: Sequence[str], communities: int, *, full: bool) -> dict[str, int]:
        """How many of a kind each of these units has."""
        if full and plan.full is not None:
            return spread(self._scaled(plan.full, communities), codes)
        return dict.fromkeys(codes, plan.each)

    def deputies_for(self, codes: Mapping[Tier, Sequence[str]], *, full: bool) -> dict[str, int]:
        """How many each unit has; in the full form communities have what is left of all."""
        found = {code: count for tier, count in self.deputies.items() for code in codes[tier]}
        if full:
            communities = codes[Tier.COMMUNITY]
            others = sum(count for code, count in found.items() if len(code) != len(next(iter(communities), "")))
            found |= spread(max(0, self._scaled(self.full_deputies, len(communities)) - others), communities)
        return found

    def _scaled(self, total: int, communities: int) -> int:
        return round(total * communities / self.full_for_communities)


def spread(total: int, codes: Sequence[str]) -> dict[str, int]:
    """So many in all, as evenly as it goes; the first ones have one more."""
    each, left = divmod(total, len(codes)) if codes else (0, 0)
    return {code: each + (number < left) for number, code in enumerate(codes)}


def shared_out(total: int, weights: Mapping[DeputyCategory, int]) -> dict[DeputyCategory, int]:
    """Seats by category in proportion to the weights, largest remainders first; they add up to the total."""
    whole = sum(weights.values())
    seats = {category: total * weight // whole for category, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda category: (-(total * weights[category] % whole), category))
    for category in by_remainder[: total - sum(seats.values())]:
        seats[category] += 1
    return seats
