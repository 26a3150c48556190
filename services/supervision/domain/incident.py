"""An incident 异常事件: something that somebody must look at, on a list until it is settled or ends by itself.

At the district, where a matter can't climb any more, the backstop 兜底 must decide; below it, a unit sees to a
session, or says why a caller was not asked.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.supervision.domain.errors import AlreadySettled, DecisionRefused
from shared.contracts.vocabulary import IncidentKind


class Decision(StrEnum):
    """The district takes note and lets it go on, starts over, or ends the case as unsolved, in public."""

    NOTED = "noted"
    AGAIN = "again"
    CLOSE_UNSOLVED = "close_unsolved"


DECISIONS = {
    IncidentKind.BACKSTOP: tuple(Decision),
    IncidentKind.OVERDUE: tuple(Decision),
    IncidentKind.DISPUTED: (Decision.NOTED,),
    IncidentKind.NOT_ASKED: (Decision.NOTED,),
    IncidentKind.LAPSED: (Decision.NOTED,),
    IncidentKind.UNSCHEDULABLE: (),
    IncidentKind.LEFT_OPEN: (),
    IncidentKind.UNSIGNED: (Decision.NOTED,),
    IncidentKind.UNFOLLOWED: (Decision.NOTED,),
}
"""How an incident can be settled by hand. Those without a decision end by themselves, once their cause is mended."""


@dataclass(kw_only=True)
class Incident:
    id: str
    issue_id: str
    unit_code: str
    reason: str
    opened_at: datetime
    kind: IncidentKind = IncidentKind.BACKSTOP
    about: str = ""
    settled_at: datetime | None = None
    settled_by: str = ""
    decision: Decision | None = None
    remark: str = ""

    @property
    def is_open(self) -> bool:
        return self.settled_at is None

    def settle(self, decision: Decision, *, by: str, remark: str, at: datetime) -> None:
        if not self.is_open:
            raise AlreadySettled(f"{self.id} was settled by {self.settled_by}")
        if decision not in DECISIONS[self.kind]:
            allowed = ", ".join(DECISIONS[self.kind]) or "none: it ends by itself once its cause is mended"
            raise DecisionRefused(
                f"{self.id} ({self.kind}) can't be settled by {decision}; possible: {allowed}",
                {"decision": [f"Possible for {self.kind}: {allowed}."]},
            )
        self.decision, self.settled_by, self.remark, self.settled_at = decision, by, remark, at

    def end(self, remark: str, *, by: str, at: datetime) -> None:
        """It is over by itself."""
        self.settled_by, self.remark, self.settled_at = by, remark, at
