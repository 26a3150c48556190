"""A change of an entry: who wanted it, why, and what became of it. The journal keeps every one."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from shared.auth import Caller
from shared.requests.request import AskedFor

LAPSED = "逾期无人批复"


class Action(StrEnum):
    """What a change does."""

    ENTER = "enter"
    CHANGE = "change"
    END = "end"


class ChangeState(StrEnum):
    """A change that needs no second opinion is done at once."""

    PROPOSED = "proposed"
    DONE = "done"
    REJECTED = "rejected"


@dataclass(eq=False, kw_only=True)
class Change(AskedFor):
    """One change. From `valid_from` on the facts hold, until `valid_to` if it is named."""

    kind: str
    entry_id: str
    unit_code: str
    action: Action
    facts: dict[str, Any]
    valid_from: datetime
    valid_to: datetime | None
    replaced_by: list[str]
    why: str
    decide_by: datetime | None = None
    state: ChangeState = ChangeState.PROPOSED
    reason: str = ""

    @classmethod
    def of_many(cls, what: str, named: str, *, unit_code: str, why: str, by: str, at: datetime) -> "Change":
        """What is put in by thousands is one line in the journal."""
        made = cls(
            id=f"{at:%Y%m%dT%H%M%S}-{what}-{uuid.uuid4().hex[:12]}",
            kind=what,
            entry_id=named,
            unit_code=unit_code,
            action=Action.ENTER,
            facts={},
            valid_from=at,
            valid_to=None,
            replaced_by=[],
            why=why,
            asked_by=by,
            asked_person=by,
            asked_at=at,
        )
        made.do(at=at)
        return made

    def decide(self, *, approve: bool, by: Caller, at: datetime, reason: str) -> None:
        """Raises OwnRequest for whoever asked for it, AlreadyDecided the second time."""
        self.decided(by, at=at)
        self.state, self.reason = ChangeState.DONE if approve else ChangeState.REJECTED, reason

    def lapse(self, *, by: str, at: datetime) -> None:
        """Nobody decided in time: all stays as it was. `by` is who says so."""
        self.went_by_rule(by, at=at)
        self.state, self.reason = ChangeState.REJECTED, LAPSED

    def do(self, *, at: datetime) -> None:
        """Nobody else needs to agree."""
        self.went_by_rule(self.asked_by, at=at)
        self.state = ChangeState.DONE
