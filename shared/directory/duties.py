"""The duty list 职责清单 as of an instant: who may lead in a category, and who is competent there.

Art. 17 of the hotline's law: a community may not lead a matter outside its duty list. The lowest tier that has a
leading line in a category may lead, and every tier above it. A category that is in the list nowhere is led as the one
named `FALLBACK`, and by a street at least.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from shared.contracts.directory import DutyPart
from shared.contracts.vocabulary import Lead
from shared.directory.as_of import AsOf
from shared.directory.copy import DirectoryCopy
from shared.directory.periods import holds
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

    @property
    def categories(self) -> Sequence[str]:
        """Those in which somebody leads."""
        return sorted(self._lead_tiers)

    def lead_tier(self, category: str) -> Tier:
        """The lowest tier that may lead; the district, where the list says nothing at all."""
        if category in self._lead_tiers:
            return self._lead_tiers[category]
        return max(Tier.STREET, self._lead_tiers.get(FALLBACK, Tier.DISTRICT))

    def may_lead(self, tier: Tier, category: str) -> bool:
        """Below its lead tier a category is over a unit's duty 超过职责; the unit only assists."""
        return tier >= self.lead_tier(category)

    def leading(self, tier: Tier, category: str) -> Sequence[str]:
        """Names or ids of the organisations that may lead, in order of competence; those for all else come last."""
        own, others = (self._named.get((one, tier, Lead.LEADS), ()) for one in (category, FALLBACK))
        return tuple(dict.fromkeys((*own, *others))) if self.may_lead(tier, category) else ()

    def assisting(self, tier: Tier, category: str) -> Sequence[str]:
        """Names or ids of the organisations that assist there, in order."""
        return tuple(dict.fromkeys(self._named.get((category, tier, Lead.ASSISTS), ())))


def duties_as_of(copy: DirectoryCopy, now: datetime) -> DutyList:
    """The duty list at an instant. Raises NotTold where it is not wholly known yet."""
    return _duties.at(copy, now)


def _as_of(lines: Sequence[DutyPart], now: datetime) -> DutyList:
    return DutyList(line for line in lines if holds(line, now))


_duties = AsOf(DutyPart, _as_of)
