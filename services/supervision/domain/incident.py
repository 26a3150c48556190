"""An incident 异常事件: somebody must look.

The matter can't climb any more, and the district as backstop 兜底 must decide; or a caller was not asked.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.supervision.domain.errors import AlreadySettled, WrongDecision
from shared.contracts.vocabulary import IncidentKind


class Decision(StrEnum):
    """The district takes note and lets it go on, starts over, or ends the case as unsolved, in public."""

    NOTED = "noted"
    AGAIN = "again"
    CLOSE_UNSOLVED = "close_unsolved"


@dataclass(kw_only=True)
class Incident:
    id: str
    issue_id: str
    unit_code: str
    kind: IncidentKind
    about: str = ""
    reason: str
    opened_at: datetime
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
        if self.kind is not IncidentKind.BACKSTOP and decision is not Decision.NOTED:
            raise WrongDecision(f"{self.id} holds up no case", {"decision": ["Must be noted: it holds up no case."]})
        self.decision, self.settled_by, self.remark, self.settled_at = decision, by, remark, at
