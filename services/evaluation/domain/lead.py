"""Who answers for the handling of an issue: segments over time, and what follows for whom its callers' answers count.

Whoever was given the matter first answers for it, and who assists with them by the policy's share. Handing it up or on
improves nobody's figures; what was rightly returned, or corrected, is not charged.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

ALL = Fraction(1)


class LeadEnd(StrEnum):
    """Returned or withdrawn by a correction; passed on to a successor; or it went on higher up."""

    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    PASSED_ON = "passed_on"
    MOVED_UP = "moved_up"


RELEASED = frozenset({LeadEnd.RETURNED, LeadEnd.WITHDRAWN, LeadEnd.PASSED_ON})
"""After these somebody else answers, from the beginning."""


@dataclass
class Lead:
    """An organisation leads a task of an issue, from one hand-off to the next; others assist it."""

    id: str
    issue_id: str
    task_id: str
    unit_code: str
    organisation_id: str
    assisting_ids: list[str]
    from_at: datetime
    until: datetime | None = None
    ended_as: LeadEnd | None = None

    @property
    def is_released(self) -> bool:
        return self.ended_as in RELEASED

    def end(self, ended_as: LeadEnd, *, at: datetime) -> None:
        """Once; what is told of it later changes nothing."""
        if self.until is None:
            self.until, self.ended_as = at, ended_as

    def shares(self, lead_ratio: float) -> dict[str, Fraction]:
        """What each organisation bears of it: the lead its share, those who assist the rest in equal parts."""
        helpers = [one for one in dict.fromkeys(self.assisting_ids) if one != self.organisation_id]
        lead = Fraction(str(lead_ratio)) if helpers else ALL
        return {self.organisation_id: lead} | {one: (ALL - lead) / len(helpers) for one in helpers}


def bearers(leads: Iterable[Lead], *, since: datetime) -> list[tuple[Lead, int]]:
    """Those that bear an answer about an order that was dispatched at `since`, and in how many parts they share it.

    They had the matter first of all since then, and did not rightly give it back.
    """
    standing = [one for one in leads if not one.is_released and (one.until is None or one.until > since)]
    first_at = min((one.from_at for one in standing), default=None)
    first = [one for one in standing if one.from_at == first_at]
    return [(one, len(first)) for one in first]


def shares_of(leads: Iterable[Lead], lead_ratio: float, *, since: datetime) -> dict[str, Fraction]:
    """What each organisation bears of an answer about an order that was dispatched at `since`."""
    borne: dict[str, Fraction] = defaultdict(Fraction)
    for one, parts in bearers(leads, since=since):
        for organisation, share in one.shares(lead_ratio).items():
            borne[organisation] += share / parts
    return dict(borne)
