"""The duty list 职责清单 as of an instant: who may lead in a category, and who is competent there.

Art. 17 of the hotline's law: a community may not lead a matter outside its duty list. The lowest tier that has a
leading line in a category may lead, and every tier above it. A category that is in the list nowhere is led as the one
named `FALLBACK`, and by a street at least.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from shared.contracts.directory import DutyPart
from shared.contracts.directory_words import Lead
from shared.units import Tier

FALLBACK = "other"


class DutyList:
    """Its lines as they hold at one instant."""

    def __init__(self, lines: Iterable[DutyPart]) -> None:
        self._named: dict[tuple[str, Tier, Lead], list[str]] = defaultdict(list)
        self._lead_tiers: dict[str, Tier] = {}
        for line in sorted(lines, key=lambda one: (one.rank, one.id)):
            self._named[line.category, line.tier, line.lead].append(line.organisation)
            if line.lead is Lead.LEADS:
                lowest = self._lead_tiers.get(line.category, line.tier)
                self._lead_tiers[line.category] = min(lowest, line.tier)
        self._leading = {category: _from(lowest) for category, lowest in self._lead_tiers.items()}
        self._leading_others = _from(max(Tier.STREET, self._lead_tiers.get(FALLBACK, Tier.DISTRICT)))

    @property
    def categories(self) -> Sequence[str]:
        """Those in which somebody leads."""
        return sorted(self._lead_tiers)

    def lead_tier(self, category: str) -> Tier:
        """The lowest tier that may lead; the district, where the list says nothing at all."""
        return min(self._leading.get(category, self._leading_others))

    def may_lead(self, tier: Tier, category: str) -> bool:
        """Below its lead tier a category is over a unit's duty 超过职责; the unit only assists."""
        return tier in self._leading.get(category, self._leading_others)

    def leading(self, tier: Tier, category: str) -> Sequence[str]:
        """Names or ids of the organisations that may lead, in order of competence; those for all else come last."""
        own, others = (self._named.get((one, tier, Lead.LEADS), ()) for one in (category, FALLBACK))
        return tuple(dict.fromkeys((*own, *others))) if self.may_lead(tier, category) else ()

    def assisting(self, tier: Tier, category: str) -> Sequence[str]:
        """Names or ids of the organisations that assist there, in order."""
        return tuple(dict.fromkeys(self._named.get((category, tier, Lead.ASSISTS), ())))


def _from(lowest: Tier) -> frozenset[Tier]:
    return frozenset(tier for tier in Tier if tier >= lowest)
