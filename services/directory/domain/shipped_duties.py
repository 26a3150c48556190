"""The duty list 职责清单 as it ships: which organisations of a tier lead or assist in a category, in which order.

Art. 17 of the hotline's law: a community may not lead a matter outside its duty list.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from shared.contracts.directory import DutyFacts
from shared.contracts.directory_words import Lead
from shared.units import Tier


@dataclass(frozen=True)
class Duty:
    """A category's lowest lead tier, and its organisations per tier in order of competence."""

    category: str
    lead_tier: Tier
    departments: Mapping[Tier, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class TierPosts:
    """What every unit of a tier has: the leader's title, and departments that take what nobody else is named for."""

    leader_title: str
    departments: tuple[str, ...]


@dataclass(frozen=True)
class ShippedDuties:
    """The duties of all categories."""

    duties: tuple[Duty, ...]
    tiers: Mapping[Tier, TierPosts]

    def lines(self) -> Iterator[DutyFacts]:
        """One for each organisation of a tier in a category."""
        for duty in self.duties:
            for tier in Tier:
                lead = Lead.LEADS if tier >= duty.lead_tier else Lead.ASSISTS
                for rank, name in enumerate(self._competent(duty, tier), start=1):
                    yield DutyFacts(category=duty.category, tier=tier, lead=lead, organisation=name, rank=rank)

    def departments_of(self, tier: Tier) -> tuple[str, ...]:
        """All that a unit of the tier has, those at large first; none twice."""
        named = (name for duty in self.duties for name in duty.departments.get(tier, ()))
        return tuple(dict.fromkeys((*self.tiers[tier].departments, *named)))

    def _competent(self, duty: Duty, tier: Tier) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*duty.departments.get(tier, ()), *self.tiers[tier].departments)))
