"""Who is competent for what: the duty list 职责清单, and the lowest tier that may lead in a category.

Art. 17 of the hotline's law: a community may not lead a matter outside its duty list. Where a category is not in
the list at all, the one named `fallback` holds, whose lead tier is the street or higher.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from shared.units import Tier, ancestors_of, tier_of


class Lead(Enum):
    """What a tier is in a category: it may lead, or it only assists."""

    LEADS = "主办"
    ASSISTS = "协办"


@dataclass(frozen=True)
class Duty:
    """A category's lead tier, and its departments per tier in order of competence."""

    category: str
    lead_tier: Tier
    departments: Mapping[Tier, tuple[str, ...]] = field(default_factory=dict)

    def part_of(self, tier: Tier) -> Lead:
        return Lead.LEADS if tier >= self.lead_tier else Lead.ASSISTS


@dataclass(frozen=True)
class TierDesk:
    """What every unit of a tier has: the leader's title, and departments that take what nobody else is named for."""

    leader_title: str
    departments: tuple[str, ...]


@dataclass(frozen=True)
class DutyList:
    """The duties of all categories."""

    duties: Mapping[str, Duty]
    tiers: Mapping[Tier, TierDesk]
    fallback: str = "other"

    def duty_for(self, category: str) -> Duty:
        return self.duties.get(category) or self.duties[self.fallback]

    def lead_unit(self, unit_code: str, category: str) -> str:
        """The unit itself if it may lead, else the nearest unit above that may."""
        duty = self.duty_for(category)
        chain = (unit_code, *ancestors_of(unit_code))
        return next((unit for unit in chain if duty.part_of(tier_of(unit)) is Lead.LEADS), chain[-1])

    def departments_for(self, tier: Tier, category: str) -> tuple[str, ...]:
        """In order of competence, those of the tier at large last; none twice."""
        named = self.duty_for(category).departments.get(tier, ())
        return tuple(dict.fromkeys((*named, *self.tiers[tier].departments)))
