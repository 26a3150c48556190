"""The community's duty list 社区职责清单 (Art. 17), as far as climbing goes: what a community must try first itself."""

from dataclasses import dataclass

from shared.contracts.vocabulary import EscalationReason
from shared.units import Tier


@dataclass(frozen=True)
class DutyList:
    """Which matters the lower tiers must try first, and against which reasons that holds."""

    version: str
    tiers: frozenset[Tier]
    reasons: frozenset[EscalationReason]
    categories: frozenset[str]

    def must_try_first(self, tier: Tier, category: str, reason: EscalationReason) -> bool:
        return tier in self.tiers and category in self.categories and reason in self.reasons
