"""Whether enough of those invited are here: counted anew at the opening and at the moment of every vote.

Those recused from a motion are not counted as present for it, and stay among those invited.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor

from shared.contracts.vocabulary import DeputyCategory
from shared.policy.deliberations import Quorum
from shared.policy.fields import Threshold

AFFECTED = frozenset(category.value for category in DeputyCategory if category.is_resident)
"""The categories of deputies who live where the matter is: they stand for the affected residents."""


@dataclass(frozen=True)
class Invitee:
    """A deputy 议事代表 or an expert 议事能手 who is invited to a session."""

    person_id: str
    name: str
    category: str

    @property
    def is_resident(self) -> bool:
        return self.category in AFFECTED


@dataclass(frozen=True)
class QuorumCount:
    """How many are here, and how many it takes."""

    invited: int
    present: int
    needed: int
    residents: int
    residents_needed: int

    @property
    def has_enough_deputies(self) -> bool:
        return self.present >= self.needed

    @property
    def is_met(self) -> bool:
        return self.has_enough_deputies and self.residents >= self.residents_needed


def count_quorum(
    deputies: Iterable[Invitee], present: frozenset[str], recused: frozenset[str], rule: Quorum
) -> QuorumCount:
    """Count the deputies in the hall who may vote; experts and guests are never counted."""
    invited = list(deputies)
    here = [deputy for deputy in invited if deputy.person_id in present - recused]
    return QuorumCount(
        invited=len(invited),
        present=len(here),
        needed=max(least_part(rule.council, len(invited)), rule.council_least_deputies),
        residents=sum(deputy.is_resident for deputy in here),
        residents_needed=least_part(rule.affected_residents, len(here)),
    )


def least_part(bar: Threshold, whole: int) -> int:
    """The smallest number that meets the bar. Nothing of nothing meets none, so it is at least one."""
    share = bar.share * whole
    return max(1, floor(share) + 1 if bar.strict else ceil(share))
